//! What the meanings of a question amount to: an ordered list of tests, the most certain first.

use pricing_domain::{ExceptionReason, GridColumn, GridFilter};

use super::about_product::about_product;
use super::advice::{grades, import_file, scenarios, strategy};
use super::assumed::{draft, what_if};
use super::break_even::break_even;
use super::conditions::{beside_competitor, conditions, limit, order, stance};
use super::developing::{batch_notes, leaders, movers, trend, within_time};
use super::groups::{each, rank};
use super::items::{Items, Mark};
use super::matters::{alerts, cover, demand, freshness, order_given, promotions};
use super::price_lists::between_lists;
use super::statistics::{asks_stock_value, price_for_margin, statistic, stock_value};
use super::thresholds::thresholds;
use super::totals::{asks_figure, totals};
use crate::intents::{
    Aspect, Condition, Direction, Intent, Limit, Measure, Quantity, RuleQuestion, Side, Stance, Total,
};
use crate::lexicon::Concept;

/// “By how many percent may a price drop in one step”, “wie stark darf ein Preis steigen”: what limits prices.
fn asks_how_far(items: &Items) -> bool {
    const MAY: [&str; 11] =
        ["may", "allowed", "permitted", "darf", "duerfen", "erlaubt", "zulaessig", "can", "could", "kann", "koennen"];
    const HOW: [&str; 8] = ["how", "what", "wie", "welche", "which", "um", "maximum", "largest"];
    const ONCE: [&str; 14] = [
        "step",
        "schritt",
        "once",
        "einmal",
        "go",
        "time",
        "most",
        "maximal",
        "hoechstens",
        "schritten",
        "run",
        "max",
        "maximally",
        "auf einmal",
    ];
    let says = |words: &[&str]| items.list.iter().any(|item| item.word.split(' ').any(|word| words.contains(&word)));
    let moves = items.any(&[Concept::Up, Concept::Down, Concept::Change]);
    moves
        && says(&MAY)
        && says(&HOW)
        && says(&ONCE)
        && items.scope().is_all()
        && items.percent().is_none()
        && items.amount().is_none()
        && !items.any(&[Concept::WhatIf, Concept::Proposal, Concept::BreakEven, Concept::Competitor])
        && items.competitor().is_none()
}

/// What the question asks for.
pub(super) fn intent(items: &mut Items) -> Intent {
    if let Some(choices) = items.list.iter().find_map(|item| match &item.mark {
        Mark::Choices(word, choices) => Some((word.clone(), choices.clone())),
        _ => None,
    }) {
        return Intent::Choose { word: choices.0, choices: choices.1 };
    }
    if let Some(word) = items.not_here.clone() {
        return Intent::NotHere { word };
    }
    if let Some(place) = items.place(Concept::OutOfScope) {
        return Intent::OutOfScope { word: items.list[place].word.clone() };
    }
    if let Some(word) = super::beyond::of_competitors(items) {
        return Intent::OutOfScope { word };
    }
    let found = each(items, &one).unwrap_or_else(|| one(items));
    without_what_is_left_out(items, found)
}

/// Only a search can leave products out; any other answer would count them in.
fn without_what_is_left_out(items: &mut Items, intent: Intent) -> Intent {
    let leaves_out = items.excluded().next().is_some()
        || (items.has(Concept::Except) && !items.has(Concept::OutOfStock) && !items.has(Concept::OnlyWe));
    if !leaves_out || can_leave_out(&intent) {
        return intent;
    }
    let words = items.list.iter().filter_map(|item| match &item.mark {
        Mark::Excluded(_) | Mark::Concept(Concept::Except) => Some(item.word.clone()),
        _ => None,
    });
    let words = words.collect::<Vec<_>>().join(" ");
    items.strange.push(words);
    Intent::NotUnderstood
}

/// Whether an intent looks only at products that are not left out, or at none.
fn can_leave_out(intent: &Intent) -> bool {
    match intent {
        Intent::Find { .. } | Intent::Help | Intent::Order { .. } => true,
        Intent::Total { conditions, .. } | Intent::Statistic { conditions, .. } | Intent::Rank { conditions, .. } => {
            conditions.iter().any(|one| matches!(one, Condition::Except(_)))
        }
        Intent::Each(intents) => intents.iter().all(can_leave_out),
        _ => false,
    }
}

/// What a question about one thing asks for.
fn one(items: &mut Items) -> Intent {
    let tests: &[fn(&Items) -> Option<Intent>] = &[
        help,
        order_given,
        alerts,
        break_even,
        between_lists,
        strategy,
        import_file,
        scenarios,
        draft,
        price_for_margin,
        what_if,
        rules,
        stock_value,
        about_product,
        promotions,
        cover,
        batch_notes,
        trend,
        statistic,
        rank,
        leaders,
        movers,
        grades,
        demand,
        science,
        publishing,
        moves,
        freshness,
        needs,
        summary,
        with_competitor,
        with_competitors,
        changes,
        find,
        totals,
    ];
    let found = tests.iter().find_map(|test| test(items)).unwrap_or(Intent::NotUnderstood);
    within_time(items, found)
}

fn help(items: &Items) -> Option<Intent> {
    let others = [Concept::Margin, Concept::Cost, Concept::Rule, Concept::WhatIf, Concept::Why, Concept::Needs];
    (items.has(Concept::Help) && !items.any(&others) && items.competitor().is_none()).then_some(Intent::Help)
}

fn rules(items: &Items) -> Option<Intent> {
    // “A rule that never fires” begins like one to be drafted.
    let named = items.has(Concept::Never)
        && items.list.iter().any(|item| {
            item.mark == Mark::Concept(Concept::Draft)
                && item.word.split(' ').any(|word| word.starts_with("rule") || word.starts_with("regel"))
        });
    let about_rules = items.has(Concept::Rule) || named;
    if items.product().is_none() && asks_how_far(items) {
        return Some(Intent::Rules(RuleQuestion::Guardrails));
    }
    if !about_rules && !items.has(Concept::Guardrail) {
        return None;
    }
    if let Some(words) = items.product() {
        let aspect = if about_rules && !items.has(Concept::Why) { Aspect::Rule } else { Aspect::Why };
        return Some(Intent::Product { words, aspect, competitor: None, moved: None });
    }
    let idle = items.has(Concept::Never)
        || (items.any(&[Concept::Not, Concept::Without]) && items.any(&[Concept::Fire, Concept::Product]));
    let question = if idle {
        RuleQuestion::NeverFire
    } else if items.has(Concept::Guardrail) {
        RuleQuestion::Guardrails
    } else if items.has(Concept::Problem) {
        RuleQuestion::Doubts
    } else if items.any(&[Concept::Biggest, Concept::Fire, Concept::Product, Concept::Needs]) {
        RuleQuestion::Shares
    } else if items.has(Concept::Count) {
        return Some(Intent::Total { figure: Total::Rules, scope: items.scope(), conditions: Vec::new() });
    } else {
        RuleQuestion::List
    };
    Some(Intent::Rules(question))
}

fn science(items: &Items) -> Option<Intent> {
    items.has(Concept::Science).then_some(Intent::Science)
}

fn publishing(items: &Items) -> Option<Intent> {
    items.has(Concept::Stopped).then(|| Intent::Total {
        figure: Total::Publishing,
        scope: items.scope(),
        conditions: Vec::new(),
    })
}

/// Who moved their prices.
fn moves(items: &Items) -> Option<Intent> {
    let competitor = items.competitor();
    let they = competitor.is_some() || items.has(Concept::Competitor) || items.word(&["who", "wer"]);
    let moved = items.any(&[Concept::Change, Concept::Down, Concept::Up, Concept::WhatsNew]);
    let compared = items.any(&[
        Concept::Than,
        Concept::We,
        Concept::Below,
        Concept::Above,
        Concept::Against,
        Concept::Needs,
        Concept::Count,
        Concept::Lose,
        Concept::Position,
        Concept::Without,
        Concept::Proposal,
        Concept::OutOfStock,
    ]);
    let counted_moves = items.has(Concept::Count) && items.has(Concept::Price);
    (they && moved && (!compared || counted_moves))
        .then(|| Intent::Moves { competitor: competitor.map(|(_, name)| name) })
}

fn needs(items: &Items) -> Option<Intent> {
    let scope = items.scope();
    let reason = if items.has(Concept::ReasonFloor) {
        Some(ExceptionReason::BelowFloorToday)
    } else if items.has(Concept::ReasonLarge) {
        Some(ExceptionReason::LargeChange)
    } else if items.has(Concept::ReasonFamily) {
        Some(ExceptionReason::FamilyOrder)
    } else {
        None
    };
    if reason.is_some() {
        return Some(Intent::Needs { scope, reason });
    }
    let effect = |item: &super::items::Item| item.word.starts_with("effe") || item.word.starts_with("impact");
    let effect = items.list.iter().any(effect) && items.has(Concept::Proposal);
    if (items.has(Concept::Money) || effect) && items.any(&[Concept::Change, Concept::Proposal, Concept::Needs]) {
        return Some(Intent::Total { figure: Total::Proposals, scope, conditions: Vec::new() });
    }
    let exceptions = items
        .list
        .iter()
        .any(|item| item.word.split(' ').any(|word| word.starts_with("exception") || word.starts_with("ausnahme")));
    let of_changes = items.has(Concept::Change) && items.has(Concept::Needs) && !exceptions;
    let direction = match directions(items) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    };
    if of_changes && (!scope.is_all() || direction.is_some()) {
        return Some(Intent::Changes { scope, direction, conditions: Vec::new(), limit: limit(items) });
    }
    if items.has(Concept::Proposal) && !scope.is_all() && items.any(&[Concept::Needs, Concept::Summary]) {
        return Some(Intent::Changes { scope, direction: None, conditions: Vec::new(), limit: Limit::Usual });
    }
    if items.has(Concept::Summary) && items.has(Concept::Proposal) {
        return Some(Intent::Total { figure: Total::Proposals, scope, conditions: Vec::new() });
    }
    if items.has(Concept::Count) && items.has(Concept::Proposal) {
        let of = |direction| Intent::Changes {
            scope: items.scope(),
            direction,
            conditions: Vec::new(),
            limit: Limit::CountOnly,
        };
        return Some(match directions(items) {
            (true, true) => Intent::Each(vec![of(Some(Direction::Up)), of(Some(Direction::Down))]),
            (true, false) => of(Some(Direction::Up)),
            (false, true) => of(Some(Direction::Down)),
            _ if !items.scope().is_all() => of(None),
            _ => Intent::Total { figure: Total::Proposals, scope: items.scope(), conditions: Vec::new() },
        });
    }
    (items.has(Concept::Needs) && !items.has(Concept::Summary)).then_some(Intent::Needs { scope, reason: None })
}

fn summary(items: &Items) -> Option<Intent> {
    let narrower =
        items.competitor().is_some() || items.any(&[Concept::Count, Concept::Margin]) && !items.has(Concept::Write);
    (items.any(&[Concept::Summary, Concept::WhatsNew]) && !narrower).then_some(Intent::Summary)
}

/// Questions that name a competitor.
fn with_competitor(items: &Items) -> Option<Intent> {
    let (_, name) = items.competitor()?;
    let scope = items.scope();
    let find = |stance: Stance| {
        let mut conditions = vec![Condition::Competitor { name: name.clone(), stance }];
        // “… but in stock with us”.
        if stance == Stance::SoldOut && items.has(Concept::Stock) && items.has(Concept::We) {
            let value = Quantity::Count(1);
            conditions.push(Condition::Beyond { column: GridColumn::Stock, side: Side::AtLeast, value });
        }
        conditions.extend(beside_competitor(items));
        conditions.dedup();
        Some(Intent::Find { scope: items.scope(), conditions, order: None, limit: limit(items) })
    };
    let compare = |measure| {
        let (competitor, scope) = (Some(name.clone()), scope.clone());
        Some(Intent::Compare { competitor, measure, scope, limit: limit(items) })
    };
    if items.has(Concept::OutOfStock) || (items.has(Concept::Stock) && items.any(&[Concept::Without, Concept::Not])) {
        return find(Stance::SoldOut);
    }
    let bounds = thresholds(items);
    if bounds.iter().any(|one| matches!(one, Condition::Apart { .. })) {
        return Some(Intent::Find { scope, conditions: conditions(items), order: None, limit: limit(items) });
    }
    if let Some(stance) = stance(items).filter(|_| !bounds.is_empty()) {
        let mut conditions = vec![Condition::Competitor { name: name.clone(), stance }];
        conditions.extend(bounds);
        let more: Vec<Condition> =
            beside_competitor(items).into_iter().filter(|one| !conditions.contains(one)).collect();
        conditions.extend(more);
        return Some(Intent::Find { scope, conditions, order: None, limit: limit(items) });
    }
    if items.has(Concept::Margin) {
        return compare(Measure::Margin);
    }
    if items.has(Concept::Lose) && !items.has(Concept::Position) {
        return compare(Measure::Above);
    }
    if items.any(&[Concept::Without, Concept::Not]) {
        return find(Stance::Missing);
    }
    if let Some(stance) = stance(items) {
        if items.any(&[Concept::Count, Concept::Share]) {
            return find(stance);
        }
        return compare(if stance == Stance::Cheaper { Measure::Above } else { Measure::Below });
    }
    if items.has(Concept::Lowest) && items.has(Concept::We) {
        return compare(Measure::Below);
    }
    if items.any(&[Concept::Position, Concept::Against, Concept::Cheaper, Concept::Dearer, Concept::Summary]) {
        return compare(Measure::Position);
    }
    if items.any(&[Concept::Count, Concept::Product, Concept::Stock, Concept::CompetitorPrice]) {
        return find(Stance::Offers);
    }
    compare(Measure::Position)
}

/// Questions about competitors that name none.
fn with_competitors(items: &Items) -> Option<Intent> {
    let who = items.word(&["who", "wer"]) || asks_which_competitor(items);
    if !who && !items.has(Concept::Competitor) {
        return None;
    }
    let scope = items.scope();
    // The market as a whole, and not each of those in it.
    if !who && items.word(&["market", "markt"]) && items.any(&[Concept::Position, Concept::Against]) {
        return Some(Intent::Total { figure: Total::Position, scope, conditions: Vec::new() });
    }
    // “The largest gap to the cheapest competitor”: of products, and no standing against each.
    let gap = |item: &super::items::Item| {
        let beginnings = ["gap", "price gap", "abstand", "preisabstand", "differen", "unterschied", "preisunterschied"];
        item.mark == Mark::Concept(Concept::Position) && beginnings.iter().any(|word| item.word.starts_with(word))
    };
    if !who && items.any(&[Concept::Biggest, Concept::Smallest]) && items.list.iter().any(gap) {
        return None;
    }
    let each = |measure| Some(Intent::Compare { competitor: None, measure, scope: items.scope(), limit: Limit::Usual });
    if who
        && items.any(&[
            Concept::Undercut,
            Concept::Lowest,
            Concept::Cheaper,
            Concept::Dearer,
            Concept::Biggest,
            Concept::Position,
            Concept::Smallest,
        ])
    {
        return each(Measure::Position);
    }
    if items.any(&[Concept::Without, Concept::Not, Concept::OnlyWe]) || !thresholds(items).is_empty() {
        return None;
    }
    if items.any(&[Concept::Lose, Concept::Margin]) && items.has(Concept::Against) {
        return each(Measure::Margin);
    }
    if stance(items).is_some() {
        return None;
    }
    if items.any(&[Concept::Position, Concept::Against, Concept::Summary]) {
        return each(Measure::Position);
    }
    if items.any(&[Concept::Count, Concept::CompetitorPrice]) || who || !items.has(Concept::Product) {
        return Some(Intent::Total { figure: Total::Competitors, scope, conditions: Vec::new() });
    }
    None
}

/// “Which competitor …”: the question word and the noun stand together.
pub(super) fn asks_which_competitor(items: &Items) -> bool {
    let Some(place) = items.place(Concept::Competitor) else { return false };
    let before = place.checked_sub(1).and_then(|before| items.list.get(before));
    before.is_some_and(|item| {
        let words = ["which", "what", "welcher", "welche", "welchen", "welches", "welchem"];
        words.iter().any(|word| item.word == *word || item.word.ends_with(&format!(" {word}")))
    })
}

/// Whether increases and whether cuts are named.
fn directions(items: &Items) -> (bool, bool) {
    let by_word = |beginnings: &[&str]| {
        items.list.iter().any(|item| beginnings.iter().any(|beginning| item.word.starts_with(beginning)))
    };
    let cut = by_word(&["preissenk", "price cut", "price drop", "price reduc"]);
    let rise = by_word(&["preiserhoeh", "price increas", "price rise"]);
    (rise || items.has(Concept::Up), cut || items.has(Concept::Down))
}

/// Waiting price changes.
fn changes(items: &Items) -> Option<Intent> {
    let up = items.any(&[Concept::Up])
        || (items.has(Concept::Dearer) && !items.any(&[Concept::Than, Concept::Biggest, Concept::Lowest]));
    let down = items.any(&[Concept::Down])
        || (items.has(Concept::Cheaper) && !items.any(&[Concept::Than, Concept::Biggest, Concept::Lowest]));
    let about_changes = items.any(&[Concept::Change, Concept::Proposal]);
    let others = [Concept::Competitor, Concept::CompetitorPrice, Concept::Lowest, Concept::Undercut];
    let compared = items.any(&others) || stance(items).is_some();
    if compared && !about_changes {
        return None;
    }
    if !about_changes
        && (!(up || down) || !thresholds(items).is_empty() || items.any(&[Concept::Margin, Concept::Cost]))
    {
        return None;
    }
    let (rise, cut) = directions(items);
    let direction = match (up || rise, down || cut) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    };
    Some(Intent::Changes { scope: items.scope(), direction, conditions: Vec::new(), limit: limit(items) })
}

fn find(items: &Items) -> Option<Intent> {
    let conditions = conditions(items);
    let order = order(items);
    let scope = items.scope();
    if items.has(Concept::Average) || asks_figure(items) || asks_stock_value(items) {
        return None;
    }
    if conditions.is_empty() && order.is_none() {
        return None;
    }
    // “Margin without headphones” asks for a figure, and no figure can leave products out.
    let only_left_out = conditions.iter().all(|one| matches!(one, Condition::Except(_)));
    let figures = [Concept::Margin, Concept::Position, Concept::Science, Concept::Cost, Concept::Stock];
    if only_left_out && order.is_none() && items.any(&figures) {
        return None;
    }
    let order = order.filter(|order| {
        // An order by what a filter already says adds nothing.
        !(order.column == GridColumn::Price && conditions.contains(&Condition::Grid(GridFilter::LowestOrEqual)))
    });
    Some(Intent::Find { scope, conditions, order, limit: limit(items) })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
