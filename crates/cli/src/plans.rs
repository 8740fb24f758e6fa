//! `omnipricex plan` and `omnipricex experiment`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use app_commands::Host;
use app_contract::{
    DesignExperiment, ElasticityGrade, ExperimentDesign, ExperimentInput, ExperimentReading, ExperimentRow,
    KeepExperiment, ListExperiments, MarkdownInput, MarkdownView, PlanMarkdown, PlanPromotion, PromotionInput,
    PromotionView, ProposeExperiment, ProposeMarkdown, ReadExperiment, RemoveExperiment, ScenarioProposals, Switchback,
};
use clap::{Args, Subcommand};
use pricing_domain::{CivilDate, ExperimentId, GridFilter, format_scaled};

use crate::output;
use crate::scenarios::amount;

/// Which products; all that are given must hold.
#[derive(Args)]
pub struct OnlyWords {
    /// Of this category or one below it: 'TV & Audio > Headphones'.
    #[arg(long)]
    category: Option<String>,
    /// Of this brand.
    #[arg(long)]
    brand: Option<String>,
    /// Of this supplier.
    #[arg(long)]
    supplier: Option<String>,
    /// Of this family.
    #[arg(long)]
    family: Option<String>,
    /// With this tag.
    #[arg(long)]
    tag: Option<String>,
    /// Code of the price list; without it the first one.
    #[arg(long, default_value = "")]
    list: String,
}

impl OnlyWords {
    fn filters(&self) -> Vec<GridFilter> {
        let named = [
            self.category.clone().map(GridFilter::Category),
            self.brand.clone().map(GridFilter::Brand),
            self.supplier.clone().map(GridFilter::Supplier),
            self.family.clone().map(GridFilter::Family),
            self.tag.clone().map(GridFilter::Tag),
        ];
        named.into_iter().flatten().collect()
    }
}

/// What can be planned.
#[derive(Subcommand)]
pub enum PlanTask {
    /// Prices by which stock is gone in time: falling paths of allowed prices, week by week.
    Markdown {
        #[command(flatten)]
        only: OnlyWords,
        /// Until when, in weeks.
        #[arg(long, default_value_t = 6)]
        weeks: u32,
        /// At most so many percent of the stock may be left.
        #[arg(long, default_value_t = 5.0)]
        left: f64,
        /// What a unit left over brings, in percent of its cost.
        #[arg(long, default_value_t = 0.0)]
        salvage: f64,
        /// What getting rid of a unit left over costs, in percent of its cost.
        #[arg(long, default_value_t = 0.0)]
        waste: f64,
        /// No price falls below so many percent of today's; guardrails may be narrower.
        #[arg(long, default_value_t = 50.0)]
        lowest: f64,
        /// How often a price changes at most.
        #[arg(long, default_value_t = 3)]
        changes: u32,
        /// Elasticity where the sales cannot say.
        #[arg(long, default_value_t = -1.5, allow_hyphen_values = true)]
        elasticity: f64,
        /// Proposes the first week's prices; what waits is superseded.
        #[arg(long)]
        propose: bool,
    },
    /// What a promotion would bring, take from other products, and may be announced against.
    Promotion {
        #[command(flatten)]
        only: OnlyWords,
        /// The reduction.
        #[arg(long, default_value_t = 20.0)]
        percent: f64,
        /// For how many weeks.
        #[arg(long, default_value_t = 2)]
        weeks: u32,
        /// So many percent more are sold than the lower price alone brings.
        #[arg(long, default_value_t = 0.0)]
        lift: f64,
        /// So many percent of the reduction are paid by the supplier.
        #[arg(long, default_value_t = 0.0)]
        funding: f64,
        /// So many percent of the additional units are missing at others of the category.
        #[arg(long, default_value_t = 0.0)]
        cannibalised: f64,
    },
}

/// What can be done with price tests.
#[derive(Subcommand)]
pub enum ExperimentTask {
    /// Chooses the products of a price test, and says how many it needs and what it would find.
    Design {
        /// Its name; it also decides which products are chosen.
        name: String,
        #[command(flatten)]
        only: OnlyWords,
        /// By how much the tested prices change.
        #[arg(long, default_value_t = -10.0, allow_hyphen_values = true)]
        percent: f64,
        /// How long it runs.
        #[arg(long, default_value_t = 4)]
        weeks: u32,
        /// All products at the new and at the old price in turns, in periods of so many weeks whose order is chance.
        #[arg(long, value_name = "WEEKS")]
        switchback: Option<u32>,
        /// Weeks after each switch that do not count.
        #[arg(long, value_name = "WEEKS", default_value_t = 0, requires = "switchback")]
        carry_over: u32,
        /// The change of units in percent that it has to find.
        #[arg(long, default_value_t = 15.0, allow_hyphen_values = true)]
        effect: f64,
        /// The chance to find it, in percent.
        #[arg(long, default_value_t = 80.0)]
        power: f64,
        /// Products of each group; without it as many as are needed. Of a switchback, products in all.
        #[arg(long)]
        products: Option<u32>,
        /// Keeps the test, with new prices from this day on: 2026-12-01.
        #[arg(long)]
        starts: Option<CivilDate>,
    },
    /// The price tests that are kept.
    List,
    /// What a test says so far: difference in differences, of a switchback differences of its pairs of periods.
    Read {
        /// Its name.
        name: String,
    },
    /// Proposes the new prices of a test; what waits is superseded.
    Propose {
        /// Its name.
        name: String,
    },
    /// Forgets a test.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Plans.
pub async fn plan(host: &Host, task: PlanTask, json: bool) -> Result<ExitCode> {
    match task {
        PlanTask::Markdown { only, weeks, left, salvage, waste, lowest, changes, elasticity, propose } => {
            let plan = MarkdownInput {
                only: only.filters(),
                price_list: only.list,
                weeks,
                left_at_most: left,
                salvage,
                waste,
                lowest,
                changes_at_most: Some(changes),
                elasticity,
            };
            output::answer(json, &host.call(PlanMarkdown { plan: plan.clone() }).await?, print_markdown);
            if propose {
                output::answer(json, &host.call(ProposeMarkdown { plan }).await?, print_proposals);
            }
        }
        PlanTask::Promotion { only, percent, weeks, lift, funding, cannibalised } => {
            let plan = PromotionInput {
                only: only.filters(),
                price_list: only.list,
                percent,
                weeks,
                lift,
                funding,
                cannibalised,
            };
            output::answer(json, &host.call(PlanPromotion { plan }).await?, print_promotion);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Designs, reads and keeps price tests.
pub async fn experiment(host: &Host, task: ExperimentTask, json: bool) -> Result<ExitCode> {
    match task {
        ExperimentTask::Design {
            name,
            only,
            percent,
            weeks,
            switchback,
            carry_over,
            effect,
            power,
            products,
            starts,
        } => {
            let experiment = ExperimentInput {
                name,
                only: only.filters(),
                price_list: only.list,
                percent,
                weeks,
                switchback: switchback.map(|period| Switchback { period, carry_over }),
                effect,
                power,
                products,
                ..ExperimentInput::default()
            };
            let design = host.call(DesignExperiment { experiment: experiment.clone() }).await?;
            output::answer(json, &design, print_design);
            if let Some(starts) = starts {
                let row = host.call(KeepExperiment { experiment, starts }).await?;
                output::answer(json, &row, |row| println!("Kept as “{}”, from {} on.", row.name, row.starts));
            }
        }
        ExperimentTask::List => {
            let rows = host.call(ListExperiments {}).await?;
            output::answer(json, &rows, |rows| rows.iter().for_each(print_row));
        }
        ExperimentTask::Read { name } => {
            let experiment = id_of(host, &name).await?;
            output::answer(json, &host.call(ReadExperiment { experiment }).await?, print_reading);
        }
        ExperimentTask::Propose { name } => {
            let experiment = id_of(host, &name).await?;
            output::answer(json, &host.call(ProposeExperiment { experiment }).await?, print_proposals);
        }
        ExperimentTask::Remove { name } => {
            let experiment = id_of(host, &name).await?;
            let rows = host.call(RemoveExperiment { experiment }).await?;
            output::answer(json, &rows, |rows| println!("Removed; {} are left.", rows.len()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn id_of(host: &Host, name: &str) -> Result<ExperimentId> {
    let all = host.call(ListExperiments {}).await?;
    let wanted = name.trim().to_lowercase();
    match all.iter().find(|one| one.name.to_lowercase() == wanted) {
        Some(found) => Ok(found.id),
        None => bail!("No price test is called “{name}”; `experiment list` names them."),
    }
}

fn print_proposals(made: &ScenarioProposals) {
    println!(
        "{} prices proposed, {} need a person; guardrails and endings moved {} and refused {}; {} that waited are superseded.",
        made.changes, made.exceptions, made.moved, made.refused, made.superseded
    );
    made.held_for.iter().for_each(|reason| println!("! The batch waits as a whole: {reason}"));
}

fn print_markdown(view: &MarkdownView) {
    const SHOWN: usize = 20;
    let money = |minor: i64| amount(minor, view.currency);
    println!(
        "{} products on {} with {:.0} units in stock: {:.0} would be left in {} weeks at today's prices, {:.0} by this plan",
        view.products, view.price_list, view.stock, view.left_as_today, view.weeks, view.left
    );
    println!(
        "it brings {} {} instead of {}; {} reach the target already, {} cannot",
        money(view.value),
        view.currency,
        money(view.value_as_today),
        view.already,
        view.missed
    );
    view.left_out.iter().for_each(|(reason, count)| println!("  {count} left out: {reason}"));
    for row in view.rows.iter().take(SHOWN) {
        let path: Vec<String> = row.prices.iter().map(|price| money(*price)).collect();
        let met = if row.met { "" } else { "  target not reached" };
        println!(
            "  {:<14} {:>9} → {}  left {:.0} of {:.0} (as today {:.0}){met}",
            row.sku,
            money(row.price_minor),
            path.join(" "),
            row.left,
            row.stock,
            row.left_as_today
        );
    }
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn print_promotion(view: &PromotionView) {
    const SHOWN: usize = 20;
    let money = |minor: i64| amount(minor, view.currency);
    let change = view.margin_change;
    println!(
        "{} products for {} weeks on {}: margin {} {} (between {} and {})",
        view.reduced,
        view.weeks,
        view.price_list,
        money(change.value),
        view.currency,
        money(change.low),
        money(change.high)
    );
    println!("  {:.0} units more; others of their categories lose {:.0} units", view.more_units, view.lost_units);
    println!("  and {} of margin; the supplier pays {}", money(view.lost_margin), money(view.funding));
    match view.break_even_lift {
        Some(lift) => println!("  it pays from a lift of {lift:.1} % on"),
        None => println!("  no lift makes it pay: every unit more loses"),
    }
    for grade in &view.grades {
        let (title, share) = (grade.grade.title(), grade.revenue_percent);
        println!("  elasticity from {title}: {} products, {share:.1} % of their revenue", grade.products);
    }
    println!(
        "prior prices (98/6/EC): {} proven, {} unproven; {} must not be announced as reduced",
        view.proven, view.unproven, view.not_reduced
    );
    for row in view.rows.iter().take(SHOWN) {
        let prior = row.prior_minor.map_or_else(|| "–".to_owned(), money);
        let share = match row.reduction_bp {
            Some(bp) if bp > 0 => format!("may be announced as {} %", format_scaled(bp.into(), 2)),
            Some(_) => "no reduction: the prior price is not higher".to_owned(),
            None => "may not be announced in percent: no prior price is known".to_owned(),
        };
        let proven = if row.proven { "proven" } else { "unproven" };
        println!(
            "  {:<14} {:>9} → {:>9}, prior {prior:>9}, {share} ({proven}); elasticity {:.2}, {}{}",
            row.sku,
            money(row.price_minor),
            money(row.reduced_minor),
            row.elasticity,
            row.grade.title(),
            if row.extrapolated { ", price never charged" } else { "" }
        );
    }
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn print_design(design: &ExperimentDesign) {
    println!("{}", design.answer);
    let is_switchback = !design.periods.is_empty();
    println!(
        "{} products could take part; {} move by {:.0} % from one period to the next without a test",
        design.eligible,
        if is_switchback { "together they" } else { "their units" },
        design.deviation
    );
    let (weeks, what) = if is_switchback { ("weeks a period", "pairs") } else { ("weeks", "products") };
    for one in &design.durations {
        let needed =
            one.needed.map_or_else(|| format!("no number of {what} is enough"), |count| format!("{count} {what}"));
        println!("  {:>2} {weeks}: units move by {:.0} %, {needed}", one.weeks, one.deviation);
    }
    design.left_out.iter().for_each(|(reason, count)| println!("  {count} cannot: {reason}"));
    print_grades(&design.grades);
    for (title, group) in [("new price", &design.treated), ("old price", &design.held)] {
        if group.is_empty() {
            continue;
        }
        println!("{title}:");
        for one in group {
            let (now, test) = (amount(one.price_minor, design.currency), amount(one.test_minor, design.currency));
            let known = one.elasticity.map(|value| format!("{value:.2}, ")).unwrap_or_default();
            println!(
                "  {:<14} {now:>9} → {test:>9}, {:.1} a week  {}  (elasticity {known}{})",
                one.sku,
                one.units,
                one.name,
                one.grade.title()
            );
        }
    }
    design.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn print_grades(grades: &[(ElasticityGrade, u64)]) {
    for (grade, count) in grades.iter().filter(|(_, count)| *count > 0) {
        println!("  {count} products with an elasticity from {}", grade.title());
    }
}

fn print_row(row: &ExperimentRow) {
    let who = match row.experiment.switchback {
        Some(switchback) => format!("{} in turns, switched in periods of {} weeks", row.treated, switchback.period),
        None => format!("{} with the new price, {} with the old one", row.treated, row.held),
    };
    println!(
        "  {:<36} from {} for {} weeks, {:+} %: {who}",
        row.name, row.starts, row.experiment.weeks, row.experiment.percent
    );
}

fn print_reading(read: &ExperimentReading) {
    println!("{}", read.answer);
    if read.row.experiment.switchback.is_some() {
        let (old, new) = read.units[0];
        println!(
            "  {} weeks since {}; {} products in turns; p = {:.4}",
            read.weeks, read.row.starts, read.treated, read.p
        );
        println!("  {old:.1} units a week at the old price, {new:.1} at the new one");
    } else {
        println!(
            "  {} weeks since {}; {} products with the new price, {} with the old one; p = {:.4}",
            read.weeks, read.row.starts, read.treated, read.held, read.p
        );
        for (name, (before, after)) in ["new price", "old price"].iter().zip(read.units) {
            println!("  {name}: {before:.1} units a week before, {after:.1} after");
        }
    }
    if let Some(change) = read.price_change {
        println!("  prices charged differ by {change:+.1} %");
    }
    if let Some(elasticity) = read.elasticity {
        let (value, low, high) = (elasticity.value, elasticity.low, elasticity.high);
        println!("  an elasticity of {value:.2} (between {low:.2} and {high:.2})");
    }
    if let Some(value) = read.expected_elasticity {
        println!("  the sales as a whole say {value:.2} for these products on average");
    }
    print_grades(&read.grades);
    read.remarks.iter().for_each(|remark| println!("! {remark}"));
}
