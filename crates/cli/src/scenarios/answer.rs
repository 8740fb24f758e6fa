//! The answer to a scenario, for people.

use app_contract::{
    Expected, LearntFollowing, LearntReaction, ScenarioFigure, ScenarioGroup, ScenarioOptimum, ScenarioTotals,
    ScenarioView, WholeFigure,
};
use pricing_domain::{Currency, Money};

/// Prints it, the plain answer first.
pub fn print(view: &ScenarioView) {
    const GROUPS: usize = 8;
    let currency = view.currency;
    println!("{}: {}", if view.name.is_empty() { "Scenario" } else { &view.name }, view.plain_answer(&whole));
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
    print_totals(view);
    println!("mean price change {:+.2} %", view.after.price_change);
    print_weeks(view);
    for (name, before, after) in &view.indexes {
        println!("  index against {name:<20} {:>8.2} → {:>8.2}", *before as f64 / 100.0, *after as f64 / 100.0);
    }
    groups("By category", &view.categories, view, GROUPS);
    groups("By brand", &view.brands, view, GROUPS);
    groups("By our position among competitors", &view.positions, view, GROUPS);
    if let Some(optimum) = &view.optimum {
        print_optimum(optimum, currency);
    }
    view.learnt.iter().for_each(print_learnt);
    view.following.iter().for_each(print_following);
    if !view.sensitivity.is_empty() {
        println!("What moves the {} most:", view.figure().name());
    }
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

/// A week as today, with the rules as they are where that is known, and at the end.
fn print_totals(view: &ScenarioView) {
    let (currency, effect) = (view.currency, view.effect.as_ref());
    let line = |name: &str, of: &dyn Fn(&ScenarioTotals) -> (String, String)| {
        let unchanged = effect.map(|effect| format!(" {:>16}", of(&effect.unchanged).0)).unwrap_or_default();
        let added = effect.map(|effect| of(&effect.added)).map(|(value, range)| format!("   {value} ({range})"));
        let (after, range) = of(&view.after);
        println!("{name:<10} {:>14}{unchanged} {after:>14}   {range}{}", of(&view.today).0, added.unwrap_or_default());
    };
    let unchanged = effect.map(|_| format!(" {:>16}", "rules as now")).unwrap_or_default();
    let added = effect.map_or("", |_| "   the changes add");
    println!("{:<10} {:>14}{unchanged} {:>14}   95 % of the elasticities{added}", "a week", "today", "then");
    line("units", &|totals| {
        let units = &totals.units;
        (format!("{:.0}", units.value), format!("{:.0} to {:.0}", units.low, units.high))
    });
    let money = |of: Expected<i64>| {
        (amount(of.value, currency), format!("{} to {}", amount(of.low, currency), amount(of.high, currency)))
    };
    for figure in amounts(view.figure()) {
        line(figure.name(), &|totals| figure.amount(totals).map(money).unwrap_or_default());
    }
}

/// Week by week, where they are not all alike.
fn print_weeks(view: &ScenarioView) {
    if view.weeks.windows(2).all(|pair| pair[0] == pair[1]) {
        return;
    }
    let figure = view.figure();
    println!("week by week, {} and units:", figure.name());
    for (place, week) in view.weeks.iter().enumerate() {
        let value = figure.amount(week).map(|of| amount(of.value, view.currency)).unwrap_or_default();
        println!("  {:<3} {value:>14} {:>9.0}   prices {:+.2} %", place + 1, week.units.value, week.price_change);
    }
}

/// The amounts that can be told.
fn amounts(figure: ScenarioFigure) -> &'static [ScenarioFigure] {
    match figure {
        ScenarioFigure::Margin => &[ScenarioFigure::Revenue, ScenarioFigure::Margin],
        ScenarioFigure::Revenue => &[ScenarioFigure::Revenue],
        ScenarioFigure::Units => &[],
    }
}

/// A rounded figure.
fn whole(figure: WholeFigure) -> String {
    match figure {
        WholeFigure::Amount(major, currency) => format!("{major} {}", currency.code()),
        WholeFigure::Number(value) => value.to_string(),
    }
}

fn groups(title: &str, groups: &[ScenarioGroup], view: &ScenarioView, shown: usize) {
    let currency = view.currency;
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
        for figure in amounts(view.figure()) {
            let (Some(before), Some(then)) = (figure.amount(today), figure.amount(after)) else { continue };
            let word = figure.name();
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
    let (left, percent) = optimum.left_at_most();
    let proof = match optimum.proven {
        true => "proven to be the best".to_owned(),
        false => format!("no allowed prices give more: at most {}, {percent:.2} %, is left", amount(left, currency)),
    };
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
    if optimum.families_gain > 0 {
        println!(
            "  choosing families again with what their prices do to each other added {} in {} steps",
            amount(optimum.families_gain, currency),
            optimum.families_steps
        );
    }
    for words in optimum.cut_short() {
        println!("  {words}");
    }
    if optimum.at_bound + optimum.perhaps_at_bound > 0 {
        println!(
            "  {} stand at the highest price that steps and guardrails allow because no best price lies inside (elasticity \
             not below -1); for {} more that cannot be ruled out",
            optimum.at_bound, optimum.perhaps_at_bound
        );
    }
    if let Some((stock, today, chosen)) = optimum.cleared {
        println!(
            "  of {stock:.0} units to be cleared {today:.0} would be sold at today's prices, {chosen:.0} at these"
        );
    }
    for limit in &optimum.limits {
        let worth = match limit.binds {
            _ if limit.broken => "does not hold once guardrails, endings and families are counted".to_owned(),
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

fn print_following(found: &LearntFollowing) {
    let what = if found.cuts { "cuts" } else { "rises" };
    println!(
        "  {} followed {} of {} {what} of {} after {:.0} days, {:.0} % of them by chance; moves by {:.0} % of theirs beyond \
         that",
        found.follower, found.followed, found.moves, found.leader, found.days, found.by_chance, found.share
    );
}
