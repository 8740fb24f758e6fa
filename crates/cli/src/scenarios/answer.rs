//! The answer to a scenario, for people.

use app_contract::{Expected, LearntReaction, ScenarioGroup, ScenarioOptimum, ScenarioTotals, ScenarioView};
use pricing_domain::{Currency, Money};

/// Prints it, the plain answer first.
pub fn print(view: &ScenarioView) {
    const GROUPS: usize = 8;
    let currency = view.currency;
    let change = view.after.margin.value - view.today.margin.value;
    let verb = if change < 0 { "falls" } else { "rises" };
    println!(
        "{}: margin a week {verb} by {} {}, from {} to {} (between {} and {})",
        if view.name.is_empty() { "Scenario" } else { &view.name },
        amount(change.abs(), currency),
        currency.code(),
        amount(view.today.margin.value, currency),
        amount(view.after.margin.value, currency),
        amount(view.after.margin.low, currency),
        amount(view.after.margin.high, currency)
    );
    println!(
        "{} products on {}, {} weeks, {} ms; {} raised, {} lowered, {} unchanged, {} need you",
        view.products,
        view.price_list,
        view.weeks.len(),
        view.elapsed_ms,
        view.raised,
        view.lowered,
        view.unchanged,
        view.exceptions
    );
    view.left_out.iter().for_each(|(reason, count)| println!("  {count} left out: {reason}"));
    println!("{:<12} {:>16} {:>16}   95 % interval", "", "today", "then");
    let units = |of: &Expected<f64>| format!("{:.0} to {:.0}", of.low, of.high);
    println!(
        "{:<12} {:>16.0} {:>16.0}   {}",
        "units",
        view.today.units.value,
        view.after.units.value,
        units(&view.after.units)
    );
    let row = |name: &str, of: &dyn Fn(&ScenarioTotals) -> Expected<i64>| {
        let (today, after) = (of(&view.today), of(&view.after));
        let interval = format!("{} to {}", amount(after.low, currency), amount(after.high, currency));
        println!("{name:<12} {:>16} {:>16}   {interval}", amount(today.value, currency), amount(after.value, currency));
    };
    row("revenue", &|totals| totals.revenue);
    row("margin", &|totals| totals.margin);
    println!("mean price change {:+.2} %", view.after.price_change);
    for (name, before, after) in &view.indexes {
        println!("  index against {name:<20} {:>8.2} → {:>8.2}", *before as f64 / 100.0, *after as f64 / 100.0);
    }
    groups("By category", &view.categories, currency, GROUPS);
    groups("By brand", &view.brands, currency, GROUPS);
    groups("By our position among competitors", &view.positions, currency, GROUPS);
    if let Some(optimum) = &view.optimum {
        print_optimum(optimum, currency);
    }
    view.learnt.iter().for_each(print_learnt);
    println!("What moves the margin most:");
    for bar in &view.sensitivity {
        let (low, high) = (amount(bar.low, currency), amount(bar.high, currency));
        println!("  {:<54} {low:>14} ({}) {high:>14} ({})", bar.assumption, bar.low_words, bar.high_words);
    }
    println!("Rests on:");
    for grade in &view.grades {
        let (title, share) = (grade.grade.title(), grade.revenue_percent);
        println!("  {title:<40} {:>7} products, {share:>5.1} % of the revenue", grade.products);
    }
    view.remarks.iter().for_each(|remark| println!("! {remark}"));
}

fn groups(title: &str, groups: &[ScenarioGroup], currency: Currency, shown: usize) {
    println!("{title}, a week as today and then, 95 % interval:");
    for group in groups.iter().take(shown) {
        let name = if group.name.is_empty() { "(none)" } else { &group.name };
        let then = group.products_after.map(|count| format!(", {count} then")).unwrap_or_default();
        println!("  {name}: {} products{then}", group.products);
        let (today, after) = (&group.today, &group.after);
        println!(
            "    {:<8} {:>14.0} → {:>14.0}   {:.0} to {:.0}",
            "units", today.units.value, after.units.value, after.units.low, after.units.high
        );
        for (word, before, then) in [("revenue", today.revenue, after.revenue), ("margin", today.margin, after.margin)]
        {
            println!(
                "    {word:<8} {:>14} → {:>14}   {} to {}",
                amount(before.value, currency),
                amount(then.value, currency),
                amount(then.low, currency),
                amount(then.high, currency)
            );
        }
    }
}

pub fn amount(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).amount_text()
}

fn print_optimum(optimum: &ScenarioOptimum, currency: Currency) {
    let proof = if optimum.proven { "proven to be the best" } else { "no allowed prices give more than the bound" };
    println!(
        "Best prices: the objective gives {} a week instead of {}; bound {} ({proof})",
        amount(optimum.value, currency),
        amount(optimum.before, currency),
        amount(optimum.bound, currency)
    );
    println!(
        "  {} prices chosen, {} change, {} may not move, guardrails moved {}; {:.0} % of the gain stand on prices never \
         charged before",
        optimum.products, optimum.changes, optimum.fixed, optimum.moved_by_guardrails, optimum.extrapolated_gain
    );
    if let Some((stock, today, chosen)) = optimum.cleared {
        println!(
            "  of {stock:.0} units to be cleared {today:.0} would be sold at today's prices, {chosen:.0} at these"
        );
    }
    for limit in &optimum.limits {
        let worth = match limit.binds {
            true => format!("binds; one more is worth {} a week", amount(limit.worth, currency)),
            false => "does not bind".to_owned(),
        };
        println!("  {:<44} limit {:.2}, comes to {:.2}: {worth}", limit.name, limit.bound, limit.used);
    }
}

fn print_learnt(learnt: &LearntReaction) {
    let what = if learnt.cuts { "cuts" } else { "rises" };
    let days = learnt.days.map(|days| format!(" after {days:.0} days")).unwrap_or_default();
    let enough = if learnt.enough { "" } else { " (too few to be played)" };
    println!(
        "  {} followed {} of {} of our {what}{days}, {:.0} % of them by chance; moves by {:.0} % of ours beyond that{enough}",
        learnt.competitor, learnt.followed, learnt.moves, learnt.by_chance, learnt.share
    );
}
