//! What an alert says: the rule, each thing that happened, and why it is told.

use app_contract::AlertItem;
use pricing_domain::{
    AlertCondition, AlertDirection, AlertKind, AlertPrice, AlertRule, AlertTurn, Currency, Instant, ProductId, Ratio,
    Rounding, format_scaled,
};

use price_alerts::{Side, Watch};
use pricing_rules::{MarketView, PriceMove};

use super::looks::{LookTask, Seen};
use crate::today::moves::places_since;

/// The words of one look.
pub(super) struct Words<'a> {
    task: &'a LookTask,
    currency: Currency,
    view: MarketView<'a>,
}

impl<'a> Words<'a> {
    /// The words for a look.
    pub(super) fn of(task: &'a LookTask) -> Self {
        let view = MarketView::new(&task.snapshot, task.list, &task.rule.filter, task.now);
        Self { task, currency: task.snapshot.lists[task.list].currency, view }
    }

    /// The rule.
    pub(super) fn rule(&self) -> String {
        let list = &self.task.snapshot.lists[self.task.list];
        rule_words(&self.task.rule, Some((list.name.as_str(), list.currency)))
    }

    /// One thing that happened, or that is so.
    pub(super) fn item(&self, seen: &Seen, product: Option<ProductId>) -> AlertItem {
        let products = &self.task.snapshot.products;
        let text = |column: &pricing_rules::TextColumn| {
            seen.row.map_or_else(String::new, |row| column.get(row as usize).to_owned())
        };
        let place = seen.competitor.or_else(|| self.lowest_of(seen));
        let competitor = place.map(|place| &self.task.snapshot.competitors[usize::from(place)].name);
        let competitor = competitor.cloned().unwrap_or_else(|| seen.name.clone());
        let (value, limit) = (self.amount(seen.value), self.limit(seen));
        let before = seen.news.and_then(|news| news.before).or_else(|| self.moved_from(seen));
        let before = before.map(|before| self.amount(before)).unwrap_or_default();
        let seen_at = seen.seen_s.map(|seconds| Instant(i64::from(seconds) * 1_000_000));
        AlertItem {
            product,
            sku: text(&products.sku),
            name: text(&products.name),
            turn: turn_of(seen, self.task.rule.condition),
            words: self.happened(seen, &competitor, &value, &limit),
            why: why(&before, &limit, &self.task.rule, seen_at),
            competitor,
            value,
            before,
            limit,
            seen_at,
        }
    }

    /// Whose the lowest offer is, where the alert is about its price.
    fn lowest_of(&self, seen: &Seen) -> Option<u16> {
        use AlertCondition::{ChangesBy, PriceCrosses};
        let condition = self.task.rule.condition;
        let (PriceCrosses { whose, .. } | ChangesBy { whose, .. }) = condition else { return None };
        seen.lowest_of.filter(|_| whose == AlertPrice::Lowest)
    }

    /// What a price of ours or of one competitor was before, where it moved lately to what it is now.
    fn moved_from(&self, seen: &Seen) -> Option<i64> {
        let (row, task) = (seen.row?, self.task);
        let whose = match task.rule.condition {
            AlertCondition::PriceCrosses { whose, .. } => whose,
            AlertCondition::MapViolated if seen.competitor.is_none() => AlertPrice::Own,
            AlertCondition::MapViolated => AlertPrice::Competitor,
            AlertCondition::PositionLost { .. } => return self.place_before(seen),
            AlertCondition::MarginBelow { .. } => return self.margin_before(seen),
            _ => return None,
        };
        let is_of = |one: &&PriceMove| match whose {
            AlertPrice::Own => one.by == PriceMove::OWN && usize::from(one.list_or_currency) == task.list,
            AlertPrice::Competitor => Some(one.by) == seen.competitor,
            AlertPrice::Lowest => Some(one.by) == seen.lowest_of,
        };
        let moves = task.snapshot.moves.get(row as usize);
        let newest = moves.iter().rev().find(is_of).filter(|newest| newest.amount_minor == seen.value)?;
        let earlier = |one: &&PriceMove| is_of(one) && one.listing == newest.listing && one.at_s < newest.at_s;
        moves.iter().rev().find(earlier).map(|one| one.amount_minor)
    }

    /// Our place before the newest move of a price, where that move made it what it is.
    fn place_before(&self, seen: &Seen) -> Option<i64> {
        let row = seen.row? as usize;
        let moves = self.task.snapshot.moves.get(row);
        let newest = moves.last()?.at_s;
        let places = self.view.with_row(row, |market| places_since(&self.view, market, moves, newest))?;
        (i64::from(places.now) == seen.value && places.before != places.now).then(|| i64::from(places.before))
    }

    /// The margin at our price before the newest one and at today's cost, where that price alone took it across the limit.
    fn margin_before(&self, seen: &Seen) -> Option<i64> {
        let row = seen.row? as usize;
        let Watch::Least { limit, .. } = seen.watch else { return None };
        let own = |one: &&PriceMove| one.by == PriceMove::OWN && usize::from(one.list_or_currency) == self.task.list;
        let mut moves = self.task.snapshot.moves.get(row).iter().rev().filter(own);
        let (now, before) = (moves.next()?.amount_minor, moves.next()?.amount_minor);
        let is_in_force = self.task.snapshot.lists[self.task.list].price_minor.get(row) == now && now > 0;
        let (net, cost) = self.view.net_and_cost_micro(row).filter(|_| is_in_force && before > 0)?;
        let net_before = Ratio { numerator: i128::from(net) * i128::from(before), denominator: i128::from(now) };
        let net_before = i128::from(net_before.round(Rounding::Nearest));
        let ratio = Ratio { numerator: (net_before - i128::from(cost)) * 10_000, denominator: net_before.max(1) };
        let margin = ratio.round(Rounding::Nearest);
        let crossed = (margin >= limit) != (seen.value >= limit);
        crossed.then_some(margin)
    }

    fn happened(&self, seen: &Seen, competitor: &str, value: &str, limit: &str) -> String {
        let began = seen.known.side != Side::Calm;
        let fell = seen.news.map_or(began, |news| news.turn == AlertTurn::Fell);
        match self.task.rule.condition {
            AlertCondition::PriceCrosses { whose, .. } => {
                let who = who(whose, competitor);
                if fell {
                    format!("{who} is {value}, below {limit}")
                } else {
                    format!("{who} is {value}, above {limit}")
                }
            }
            AlertCondition::ChangesBy { whose, .. } => {
                let before = seen.news.and_then(|news| news.before).unwrap_or(seen.value);
                let change = (i128::from(seen.value) - i128::from(before)) * 10_000 / i128::from(before.max(1));
                let change = percent(i64::try_from(change.abs()).unwrap_or(i64::MAX));
                let verb = if fell { "fell" } else { "rose" };
                format!("{} {verb} by {change} to {value}", who(whose, competitor))
            }
            AlertCondition::PositionLost { place } if began => format!("We are at place {value} instead of {place}"),
            AlertCondition::PositionLost { .. } => format!("We are at place {value} again"),
            AlertCondition::OutOfStock if began => format!("{competitor} has sold out"),
            AlertCondition::OutOfStock => format!("{competitor} can deliver again"),
            AlertCondition::MapViolated => {
                let who = if competitor.is_empty() { "We advertise" } else { competitor };
                let verb = if competitor.is_empty() { "" } else { " advertises" };
                let end = if began { format!("below MAP {limit}") } else { format!("MAP {limit} is kept again") };
                format!("{who}{verb} {value}, {end}")
            }
            AlertCondition::IndexOutside { .. } if began => {
                format!("The index against {competitor} is {value}, outside {limit}")
            }
            AlertCondition::IndexOutside { .. } => {
                format!("The index against {competitor} is {value}, inside {limit} again")
            }
            AlertCondition::CollectionFailing { .. } if began => {
                format!("{value} of {competitor}'s pages give no price, more than {limit}")
            }
            AlertCondition::CollectionFailing { .. } => {
                format!("{competitor}'s pages are read again: {value} give no price")
            }
            AlertCondition::MarginBelow { .. } if began => format!("The margin is {value}, below {limit}"),
            AlertCondition::MarginBelow { .. } => format!("The margin is {value}, not below {limit} any more"),
        }
    }

    fn amount(&self, value: i64) -> String {
        match self.task.rule.condition.kind() {
            AlertKind::PriceCrosses | AlertKind::ChangesBy | AlertKind::MapViolated => money(value, self.currency),
            AlertKind::IndexOutside => format_scaled(value, 2),
            AlertKind::CollectionFailing | AlertKind::MarginBelow => percent(value),
            AlertKind::PositionLost => value.to_string(),
            AlertKind::OutOfStock if value == 0 => "in stock".to_owned(),
            AlertKind::OutOfStock => "sold out".to_owned(),
        }
    }

    fn limit(&self, seen: &Seen) -> String {
        match (seen.watch, self.task.rule.condition) {
            (Watch::Move { change_bp, .. }, _) => percent(i64::from(change_bp)),
            (Watch::Level { limit, .. } | Watch::Least { limit, .. }, _) => self.amount(limit),
            (Watch::Band { from, to, .. }, AlertCondition::IndexOutside { .. }) => {
                format!("{} to {}", self.amount(from), self.amount(to))
            }
            (Watch::Band { .. }, AlertCondition::OutOfStock) => self.amount(0),
            (Watch::Band { to, .. }, _) => self.amount(to),
        }
    }
}

/// What became of a subject: for what lasts, that it began or is over.
fn turn_of(seen: &Seen, condition: AlertCondition) -> AlertTurn {
    let began = seen.known.side != Side::Calm;
    if condition.lasts() {
        return if began { AlertTurn::Began } else { AlertTurn::Ended };
    }
    seen.news.map_or(if began { AlertTurn::Fell } else { AlertTurn::Rose }, |news| news.turn)
}

fn why(before: &str, limit: &str, rule: &AlertRule, seen_at: Option<Instant>) -> String {
    let mut parts = Vec::new();
    parts.extend((!before.is_empty()).then(|| format!("Before: {before}.")));
    let tolerance = if rule.tolerance_bp > 0 && !matches!(rule.condition, AlertCondition::ChangesBy { .. }) {
        let unit = if is_share_of_price(rule.condition.kind()) { " %" } else { " points" };
        format!(", tolerance {}{unit}", format_scaled(i64::from(rule.tolerance_bp), 2))
    } else {
        String::new()
    };
    parts.push(format!("Limit: {limit}{tolerance}."));
    parts.extend(seen_at.map(|at| format!("Read {} UTC.", minute(at))));
    parts.join(" ")
}

const fn is_share_of_price(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::PriceCrosses | AlertKind::MapViolated | AlertKind::PositionLost)
}

/// One line about everything that is told.
pub(super) fn summary(kind: AlertKind, count: u64, items: &[AlertItem]) -> String {
    let Some(first) = items.first() else { return String::new() };
    let named = if first.sku.is_empty() {
        first.words.clone()
    } else {
        format!("{} {}: {}", first.sku, first.name, first.words)
    };
    if count == 1 {
        return named;
    }
    let what = match kind {
        AlertKind::PriceCrosses => "prices crossed their limit",
        AlertKind::ChangesBy => "prices changed",
        AlertKind::PositionLost => "positions changed",
        AlertKind::OutOfStock => "stocks changed",
        AlertKind::MapViolated => "advertised prices crossed MAP",
        AlertKind::IndexOutside => "indexes crossed their band",
        AlertKind::CollectionFailing => "competitors' collections changed",
        AlertKind::MarginBelow => "margins crossed their limit",
    };
    format!("{count} {what}; {named}")
}

/// A rule in words: “ElektroMax's price falls below 95.00 EUR · Germany · TV & Audio · also when it is over”.
pub(super) fn rule_words(rule: &AlertRule, list: Option<(&str, Currency)>) -> String {
    let money_of = |amount: i64| list.map_or_else(|| amount.to_string(), |(_, currency)| money(amount, currency));
    let each = if rule.filter.competitors.is_empty() { "a competitor" } else { "one of them" };
    let condition = match rule.condition {
        AlertCondition::PriceCrosses { whose, amount_minor, direction } => {
            let verb = match direction {
                AlertDirection::Down => "falls below",
                AlertDirection::Up => "rises above",
                AlertDirection::Either => "crosses",
            };
            format!("{} {verb} {}", whose_words(whose), money_of(amount_minor))
        }
        AlertCondition::ChangesBy { whose, change_bp, direction } => {
            let verb = match direction {
                AlertDirection::Down => "falls",
                AlertDirection::Up => "rises",
                AlertDirection::Either => "falls or rises",
            };
            format!("{} {verb} by {} or more", whose_words(whose), percent(i64::from(change_bp)))
        }
        AlertCondition::PositionLost { place: 1 } => "We are not the cheapest any more".to_owned(),
        AlertCondition::PositionLost { place } => format!("We are not among the {place} cheapest any more"),
        AlertCondition::OutOfStock => format!("{} has sold out", upper(each)),
        AlertCondition::MapViolated => "Somebody advertises below MAP".to_owned(),
        AlertCondition::IndexOutside { from_centi, to_centi } => {
            format!("The price index leaves {} to {}", format_scaled(from_centi, 2), format_scaled(to_centi, 2))
        }
        AlertCondition::CollectionFailing { share_bp } => {
            format!("More than {} of a competitor's pages give no price", percent(i64::from(share_bp)))
        }
        AlertCondition::MarginBelow { margin_bp } => {
            format!("Our margin falls below {}", percent(i64::from(margin_bp)))
        }
    };
    let filter = &rule.filter;
    let mut parts = vec![condition];
    parts.extend(list.map(|(name, _)| name.to_owned()));
    parts.extend([&filter.categories, &filter.brands].into_iter().filter(|n| !n.is_empty()).map(|n| n.join(", ")));
    let roles: Vec<&str> = filter.roles.iter().map(|role| role.as_str()).collect();
    parts.extend((!roles.is_empty()).then(|| format!("role {}", roles.join(", "))));
    parts.extend((!filter.competitors.is_empty()).then(|| format!("against {}", filter.competitors.join(", "))));
    parts.extend((!rule.words.is_empty()).then(|| format!("“{}”", rule.words)));
    parts.extend((rule.tell_end && rule.condition.lasts()).then(|| "also when it is over".to_owned()));
    parts.join(" · ")
}

const fn whose_words(whose: AlertPrice) -> &'static str {
    match whose {
        AlertPrice::Own => "Our price",
        AlertPrice::Lowest => "The lowest offer",
        AlertPrice::Competitor => "A competitor's price",
    }
}

fn who(whose: AlertPrice, competitor: &str) -> String {
    match whose {
        AlertPrice::Competitor => format!("{competitor}'s price"),
        AlertPrice::Lowest if !competitor.is_empty() => format!("The lowest offer, {competitor}'s,"),
        _ => whose_words(whose).to_owned(),
    }
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn money(amount: i64, currency: Currency) -> String {
    format!("{} {currency}", format_scaled(amount, currency.minor_digits()))
}

fn percent(bp: i64) -> String {
    format!("{} %", pricing_domain::decimal_text(bp, 2, 0))
}

/// “2026-11-25 22:51”.
pub(super) fn minute(at: Instant) -> String {
    let text = at.to_string().replace('T', " ");
    text.chars().take("2026-11-25 22:51".len()).collect()
}
