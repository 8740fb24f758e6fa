//! The circuit breaker from the terminal.

use anyhow::Result;
use app_commands::Host;
use app_contract::{CircuitBreakerSettings, GetCircuitBreaker, SaveCircuitBreaker};
use clap::Args;
use pricing_domain::BasisPoints;

use crate::output;
use crate::values::percent;

/// What to change; without anything it is shown.
#[derive(Args)]
#[command(after_help = "Examples:\n  omnipricex breaker\n  omnipricex breaker --share 20 --change 10 --stale 60\n\n\
    A batch that it holds waits as a whole until a person lets it go on.")]
pub struct BreakerWords {
    /// Looks at batches.
    #[arg(long, conflicts_with = "off")]
    on: bool,
    /// Does not look at batches.
    #[arg(long)]
    off: bool,
    /// Most of a list's products, in percent, that may move one way …
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    share: Option<BasisPoints>,
    /// … by more than so many percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    change: Option<BasisPoints>,
    /// Most points by which the margin of the changed products may fall.
    #[arg(long, value_name = "POINTS", value_parser = percent)]
    margin_drop: Option<BasisPoints>,
    /// Least margin of the changed products, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    least_margin: Option<BasisPoints>,
    /// Most of a competitor's prices, in percent, that may move one way at once.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    competitor: Option<BasisPoints>,
    /// Most of all competitor prices, in percent, that may be too old to count.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    stale: Option<BasisPoints>,
}

/// Shows the limits, changed first where that is asked for.
pub async fn run(host: &Host, words: BreakerWords, json: bool) -> Result<()> {
    let before = host.call(GetCircuitBreaker {}).await?;
    let settings = words.applied(&before);
    let settings = if settings == before { before } else { host.call(SaveCircuitBreaker { settings }).await? };
    output::answer(json, &settings, print);
    Ok(())
}

impl BreakerWords {
    fn applied(&self, before: &CircuitBreakerSettings) -> CircuitBreakerSettings {
        let or = |changed: Option<BasisPoints>, before: i32| changed.map_or(before, |rate| rate.0);
        CircuitBreakerSettings {
            enabled: self.on || before.enabled && !self.off,
            share_bp: or(self.share, before.share_bp),
            change_bp: or(self.change, before.change_bp),
            margin_drop_bp: or(self.margin_drop, before.margin_drop_bp),
            least_margin_bp: or(self.least_margin, before.least_margin_bp),
            competitor_share_bp: or(self.competitor, before.competitor_share_bp),
            stale_share_bp: or(self.stale, before.stale_share_bp),
        }
    }
}

fn print(settings: &CircuitBreakerSettings) {
    let CircuitBreakerSettings { enabled, .. } = settings;
    println!("The circuit breaker is {}. It holds a batch where", if *enabled { "on" } else { "off" });
    let rate = |basis_points: i32| BasisPoints(basis_points).to_string();
    println!(
        "  more than {} of a list's products move one way by more than {},",
        rate(settings.share_bp),
        rate(settings.change_bp)
    );
    println!("  the margin of the changed products falls by more than {} points,", settings.margin_drop_bp / 100);
    println!("  their margin falls below {},", rate(settings.least_margin_bp));
    println!("  more than {} of a competitor's prices moved one way at once, or", rate(settings.competitor_share_bp));
    println!("  more than {} of all competitor prices are too old to count.", rate(settings.stale_share_bp));
}
