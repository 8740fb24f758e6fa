//! `omnipricex science optimise`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::pricing_science::{LadderLimits, Order};
use app_commands::science::{Optimised, optimise_file};
use clap::Args;

use crate::output;

pub const EXAMPLES: &str = "\
A price ladder is a CSV file with a row for each allowed price: item,group,brand,opt,price,profit,revenue,basket,changed;
the first row of an item is today's price. Bounds are shares of the sums at today's prices. Variants:
  A  --basket-max 0.98
  B  as A, --revenue-min 1.0 --changes-max 0.3 (rounded down to whole prices)
  C  as B, --order '2<=1.6*1' --order '6<=1.95*5' --order '11<=2.3*10' --order '10<=0.75*5'
An order BRAND<=FACTOR*BRAND holds in each group; where today's prices break it, the ratio may stay as it is today.
An option given beside --variant replaces the variant's own.

JSON problems have a `kind`: constant_elasticity, linear, exponential, logit, logit_family, linear_family, stock,
markdown, stochastic_markdown, cross_effects, proportions, means, gittins. A collection of named problems with stated
answers (the shared data's closed_forms.json) is solved entry by entry: answer, what is stated, and the difference.

Examples:
  omnipricex science optimise ladder.csv.gz --variant C --json
  omnipricex science optimise ladder.csv --basket-max 0.97 --changes-max 0.1 --order 'large<=1.5*small'
  echo '{\"kind\":\"constant_elasticity\",\"cost\":6,\"elasticity\":-2.5,\"vat\":0.2}' > p.json && \\
      omnipricex science optimise p.json";

/// What to optimise.
#[derive(Args)]
pub struct OptimiseWords {
    /// A ladder (CSV, gzip is fine), a problem or a list of problems (JSON), or cross effects (plain numbers).
    file: PathBuf,
    /// Bounds that belong together: A, B or C.
    #[arg(long)]
    variant: Option<String>,
    /// The basket costs at most this share of today's.
    #[arg(long, value_name = "SHARE")]
    basket_max: Option<f64>,
    /// Revenue is at least this share of today's.
    #[arg(long, value_name = "SHARE")]
    revenue_min: Option<f64>,
    /// At most this share of the prices changes.
    #[arg(long, value_name = "SHARE")]
    changes_max: Option<f64>,
    /// An order inside each group; may be given several times.
    #[arg(long = "order", value_name = "BRAND<=FACTOR*BRAND")]
    orders: Vec<String>,
    /// Nodes of branch and bound; 0 leaves the proof out.
    #[arg(long, value_name = "NUMBER")]
    nodes: Option<usize>,
}

impl OptimiseWords {
    fn limits(&self) -> Result<LadderLimits> {
        let mut limits = match &self.variant {
            Some(name) => LadderLimits::variant(&name.to_uppercase())?,
            None => LadderLimits::default(),
        };
        limits.basket_at_most = self.basket_max.or(limits.basket_at_most);
        limits.revenue_at_least = self.revenue_min.or(limits.revenue_at_least);
        limits.changes_at_most = self.changes_max.or(limits.changes_at_most);
        if !self.orders.is_empty() {
            limits.orders = self.orders.iter().map(|text| Order::parse(text)).collect::<Result<_, _>>()?;
        }
        Ok(limits)
    }
}

/// Optimises and prints.
pub fn run(words: &OptimiseWords, json: bool) -> Result<ExitCode> {
    let optimised = optimise_file(&words.file, &words.limits()?, words.nodes)?;
    let Optimised::Ladder { solution, prices, solve_ms } = &optimised else {
        println!("{}", serde_json::to_string_pretty(&optimised).context("writing the answer")?);
        return Ok(ExitCode::SUCCESS);
    };
    output::answer(json, &optimised, |_| {
        let proof = if solution.is_optimal { "optimal, proven" } else { "proven to be within the gap" };
        println!("margin {:.6}, bound {:.6}, gap {:.2e} ({proof})", solution.objective, solution.bound, solution.gap);
        println!("today {:.6}; {} of {} prices change", solution.base_objective, solution.changes, prices.len());
        for limit in &solution.limits {
            println!(
                "  {:<8} bound {:.4}, used {:.4}, one unit more is worth {:.6}",
                limit.name, limit.bound, limit.used, limit.shadow_price
            );
        }
        println!("solved in {solve_ms} ms; the prices are in the answer with --json");
    });
    Ok(ExitCode::SUCCESS)
}
