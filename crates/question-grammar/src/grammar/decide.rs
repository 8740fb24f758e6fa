//! What the meanings of a question amount to: an ordered list of tests, the most certain first.

use pricing_domain::{ExceptionReason, GridColumn, GridFilter};

use super::advice::{grades, import_file, scenarios, strategy};
use super::assumed::{draft, what_if};
use super::break_even::break_even;
use super::conditions::{conditions, limit, order, stance, thresholds};
use super::developing::{batch_notes, leaders, movers, product_over_time, sold, trend, within_time};
use super::groups::{each, rank};
use super::items::{Items, Mark};
use super::matters::{alerts, cover, demand, freshness, order_given, promotions};
use super::price_lists::between_lists;
use super::spans::Span;
use crate::intents::{
    Aspect, Condition, Direction, Intent, Limit, Measure, Quantity, RuleQuestion, Side, Stance, Total, TrendFigure,
};
use crate::lexicon::Concept;
use crate::names::Target;

/// More products than this share the words: they are a group and not a product.
const FEW_PRODUCTS: usize = 20;

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
    if !leaves_out || matches!(intent, Intent::Find { .. } | Intent::Help | Intent::Order { .. }) {
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
        what_if,
        rules,
        about_product,
        promotions,
        cover,
        batch_notes,
        trend,
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
        return Some(Intent::Total { figure: Total::Rules, scope: items.scope() });
    } else {
        RuleQuestion::List
    };
    Some(Intent::Rules(question))
}

fn about_product(items: &Items) -> Option<Intent> {
    let words = items.product()?;
    let few = items.has_sku() || items.product_matches <= FEW_PRODUCTS;
    let competitor = items.competitor().map(|(_, name)| name);
    let others = competitor.is_some() || items.any(&[Concept::Competitor, Concept::CompetitorPrice]);
    let usual_sales = sold(items) && items.span().is_some_and(Span::is_usual);
    let over_time = items.has(Concept::History) || (items.span().is_some() && !usual_sales);
    let wants_list = !items.has_sku() && (!thresholds(items).is_empty() || items.has(Concept::Count));
    let aspect = if let Some(aspect) = super::matters::aspect(items) {
        aspect
    } else if items.has(Concept::Why) && !items.has(Concept::History) {
        Aspect::Why
    } else if wants_list {
        return None;
    } else if items.any(&[Concept::Science, Concept::Grade]) {
        Aspect::Elasticity
    } else if over_time {
        match product_over_time(items) {
            Some(series) => return few.then(|| Intent::NotKept { series, scope: items.scope() }),
            None => Aspect::History,
        }
    } else if items.any(&[Concept::OutOfStock, Concept::Stock]) && competitor.is_none() {
        Aspect::Stock
    } else if competitor.is_none()
        && (items.has(Concept::Lowest) || (items.any(&[Concept::Cheaper, Concept::Undercut]) && others))
    {
        Aspect::Cheapest
    } else if others || items.any(&[Concept::Position, Concept::Against, Concept::Undercut]) {
        Aspect::Offers
    } else if items.has(Concept::Cost) && items.word(&["does", "do"]) && !items.has(Concept::We) {
        // “What does it cost”: the verb.
        Aspect::Price
    } else if items.any(&[Concept::Margin, Concept::Cost, Concept::BelowCost]) {
        Aspect::Margin
    } else if items.any(&[Concept::Brands, Concept::Categories, Concept::Suppliers]) {
        Aspect::Kind
    } else if items.has(Concept::Change) && tells_when(items) {
        Aspect::History
    } else if is_new_price(items) {
        Aspect::Why
    } else if items.any(&[Concept::Promotion, Concept::Locked]) {
        Aspect::State
    } else if items.any(&[
        Concept::Up,
        Concept::Down,
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Change,
        Concept::Proposal,
    ]) {
        Aspect::Why
    } else if sold(items) {
        Aspect::Units
    } else if items.has(Concept::Price) {
        Aspect::Price
    } else {
        Aspect::Overview
    };
    let moved = moved(items).filter(|_| aspect == Aspect::Why && competitor.is_none());
    let of = |aspect| Intent::Product { words: words.clone(), aspect, competitor: competitor.clone(), moved };
    let several = several_aspects(items, aspect);
    if few && several.len() > 1 {
        return Some(Intent::Each(several.into_iter().map(of).collect()));
    }
    (few || aspect == Aspect::Why).then(|| of(aspect))
}

/// “Price, margin and stock of …”: each of the figures that are named, in their order.
fn several_aspects(items: &Items, aspect: Aspect) -> Vec<Aspect> {
    let plain = [Aspect::Price, Aspect::Margin, Aspect::Stock, Aspect::Units, Aspect::Offers, Aspect::Cheapest];
    if !plain.contains(&aspect) || items.any(&[Concept::BelowCost, Concept::OutOfStock, Concept::WhatIf]) {
        return Vec::new();
    }
    let others = matches!(aspect, Aspect::Offers | Aspect::Cheapest);
    let mut found: Vec<Aspect> = Vec::new();
    for item in &items.list {
        let named = match item.mark {
            Mark::Concept(Concept::Stock) => Aspect::Stock,
            Mark::Concept(Concept::Margin) => Aspect::Margin,
            Mark::Concept(Concept::Cost) if aspect != Aspect::Price => Aspect::Margin,
            Mark::Concept(Concept::Units) => Aspect::Units,
            Mark::Concept(Concept::Price) if !others => Aspect::Price,
            Mark::Concept(Concept::Competitor | Concept::CompetitorPrice | Concept::Lowest)
            | Mark::Name(Target::Competitor(_))
                if others =>
            {
                aspect
            }
            _ => continue,
        };
        if !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// “The new price”: what is proposed, beside what stands.
fn is_new_price(items: &Items) -> bool {
    items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Price) && ["new ", "neue"].iter().any(|word| item.word.starts_with(word))
    })
}

/// “When did we last change it”, “zuletzt geändert”.
fn tells_when(items: &Items) -> bool {
    items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Collected)
            && ["when", "wann", "zuletzt", "since", "seit", "last"].iter().any(|word| item.word.starts_with(word))
    })
}

/// The way that a price is said to have gone already: “why did we drop …”, not “why should …” and not “why is … so dear”.
fn moved(items: &Items) -> Option<Direction> {
    const NOT_YET: &[&str] = &[
        "want", "wants", "supposed", "should", "will", "would", "could", "can", "may", "soll", "sollen", "sollte",
        "will", "willst", "wollen", "kann", "muss", "must",
    ];
    if items.any(&[Concept::Not, Concept::Without, Concept::Than, Concept::Proposal, Concept::Needs]) {
        return None;
    }
    if items.list.iter().any(|item| item.word.split(' ').any(|word| NOT_YET.contains(&word))) {
        return None;
    }
    let compared = |beginnings: &[&str]| {
        items.list.iter().any(|item| beginnings.iter().any(|beginning| item.word.starts_with(beginning)))
    };
    let down = items.has(Concept::Down) || compared(&["cheaper", "billiger", "guenstiger", "preiswerter"]);
    let up = items.has(Concept::Up) || compared(&["dearer", "more expensive", "pricier", "costlier", "teurer"]);
    match (up, down) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    }
}

fn science(items: &Items) -> Option<Intent> {
    items.has(Concept::Science).then_some(Intent::Science)
}

fn publishing(items: &Items) -> Option<Intent> {
    items.has(Concept::Stopped).then(|| Intent::Total { figure: Total::Publishing, scope: items.scope() })
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
        return Some(Intent::Total { figure: Total::Proposals, scope });
    }
    let exceptions = items
        .list
        .iter()
        .any(|item| item.word.split(' ').any(|word| word.starts_with("exception") || word.starts_with("ausnahme")));
    let of_changes = items.has(Concept::Change) && items.has(Concept::Needs) && !exceptions;
    if of_changes && !scope.is_all() {
        return Some(Intent::Changes { scope, direction: None, limit: limit(items) });
    }
    if items.has(Concept::Proposal) && !scope.is_all() && items.any(&[Concept::Needs, Concept::Summary]) {
        return Some(Intent::Changes { scope, direction: None, limit: Limit::Usual });
    }
    if items.has(Concept::Summary) && items.has(Concept::Proposal) {
        return Some(Intent::Total { figure: Total::Proposals, scope });
    }
    if items.has(Concept::Count) && items.has(Concept::Proposal) {
        let of = |direction| Intent::Changes { scope: items.scope(), direction, limit: Limit::CountOnly };
        return Some(match directions(items) {
            (true, true) => Intent::Each(vec![of(Some(Direction::Up)), of(Some(Direction::Down))]),
            (true, false) => of(Some(Direction::Up)),
            (false, true) => of(Some(Direction::Down)),
            _ if !items.scope().is_all() => of(None),
            _ => Intent::Total { figure: Total::Proposals, scope: items.scope() },
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
    if let Some(stance) = stance(items).filter(|_| !bounds.is_empty()) {
        let mut conditions = vec![Condition::Competitor { name: name.clone(), stance }];
        conditions.extend(bounds);
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
        return Some(Intent::Total { figure: Total::Position, scope });
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
        return Some(Intent::Total { figure: Total::Competitors, scope });
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
    Some(Intent::Changes { scope: items.scope(), direction, limit: limit(items) })
}

fn find(items: &Items) -> Option<Intent> {
    let conditions = conditions(items);
    let order = order(items);
    let scope = items.scope();
    let is_total = items.any(&[Concept::Average]) || (items.has(Concept::Units) && is_revenue(items));
    if is_total {
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

pub(super) fn is_revenue(items: &Items) -> bool {
    let word = |item: &super::items::Item| ["revenue", "umsatz", "umsaetze", "turnover"].contains(&item.word.as_str());
    items.list.iter().any(word) && !items.has(Concept::Biggest)
}

fn totals(items: &Items) -> Option<Intent> {
    let scope = items.scope();
    let total = |figure| Some(Intent::Total { figure, scope: items.scope() });
    // “What do tripods cost on average”: the verb.
    let costs = items.has(Concept::Cost) && !items.has(Concept::We) && items.word(&["do", "does", "kosten"]);
    if items.has(Concept::Average) && (items.has(Concept::Price) || costs) {
        return total(Total::AveragePrice);
    }
    let stock = items.has(Concept::Stock) && !items.has(Concept::Product) && items.product().is_none();
    let named =
        [(items.has(Concept::Margin), Total::Margin), (is_revenue(items), Total::Revenue), (stock, Total::Stock)];
    let figures: Vec<Intent> =
        named.into_iter().filter(|(named, _)| *named).filter_map(|(_, one)| total(one)).collect();
    if figures.len() > 1 {
        return Some(Intent::Each(figures));
    }
    if items.has(Concept::Margin) {
        return total(Total::Margin);
    }
    if is_revenue(items) {
        return total(Total::Revenue);
    }
    if items.any(&[Concept::Position, Concept::Undercut]) || (items.has(Concept::Lowest) && items.has(Concept::We)) {
        return total(Total::Position);
    }
    let nouns = [
        (Concept::Brands, Total::Brands),
        (Concept::Categories, Total::Categories),
        (Concept::Suppliers, Total::Suppliers),
    ];
    if let Some((_, figure)) = nouns.iter().find(|(concept, _)| items.has(*concept) && scope.is_all()) {
        return total(*figure);
    }
    if items.has(Concept::PriceLists) {
        return total(Total::PriceLists);
    }
    if stock {
        return total(Total::Stock);
    }
    // “How many did we sell”: pieces, of the usual stretch.
    let past = items.has(Concept::Units) || (sold(items) && items.word(&["did", "have", "haben"]));
    if items.has(Concept::Count) && past && !items.any(&[Concept::WhatIf, Concept::Not, Concept::Without]) {
        return Some(Intent::Trend { figure: TrendFigure::Units, competitor: None, scope, days: items.days() });
    }
    if items.has(Concept::Count) && (items.has(Concept::Product) || !scope.is_all()) {
        return total(Total::Products);
    }
    if items.has(Concept::Needs) {
        return Some(Intent::Needs { scope, reason: None });
    }
    let named =
        items.list.iter().any(|item| matches!(item.mark, Mark::Name(Target::Products(_)) | Mark::ProductWord(_)));
    if (named || !scope.is_all()) && !items.has(Concept::Average) {
        return Some(Intent::Find { scope, conditions: Vec::new(), order: None, limit: limit(items) });
    }
    match limit(items) {
        Limit::CountOnly if items.has(Concept::Product) => total(Total::Products),
        _ => None,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
