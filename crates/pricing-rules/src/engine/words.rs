//! Amounts, percentages and tests in plain words.

use pricing_domain::{
    BasisPoints, CostType, Currency, MicroAmount, Money, PriceEnding, Ratio, Rounding, ScopeTest, attribute_name,
    decimal_text,
};

use super::inputs::Case;
use super::labels::LabelPlace;
use super::strategy::MissingInput;
use crate::columns::NONE;
use crate::snapshot::some;

/// Words in the currency of one price list.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    case: &'a Case<'a>,
    currency: Currency,
}

impl<'a> Words<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        Self { case, currency: case.inputs.list.currency }
    }

    pub(super) fn money(&self, amount_minor: i64) -> Money {
        Money::new(amount_minor, self.currency)
    }

    /// The amount alone, with the currency's decimals.
    pub(super) fn amount(&self, amount_minor: i64) -> String {
        self.money(amount_minor).amount_text()
    }

    /// An exact fraction of minor units, to a millionth of the major unit.
    pub(super) fn fraction(&self, numerator: i128, denominator: i128) -> String {
        let per_minor = i128::from(self.currency.micro_per_minor());
        let micro = Ratio { numerator: numerator * per_minor, denominator }.round(Rounding::Nearest);
        decimal_text(micro, 6, self.currency.minor_digits())
    }

    /// Whether a lock keeps the price.
    pub(super) fn is_locked(&self) -> bool {
        self.case.is_locked()
    }

    /// “landed cost 61.44”, with its currency where it is not the list's.
    pub(super) fn cost(&self) -> String {
        let Some(cost) = self.case.inputs.product.cost else { return "no cost".into() };
        let kind = cost_words(cost.cost_type);
        let here = match self.case.snapshot.list_cost(0, 0).filter(|_| cost.currency != self.currency) {
            Some(here) => format!(", here {}", MicroAmount(here)),
            None => String::new(),
        };
        format!("{kind} {}{}{here}", MicroAmount(cost.amount.0), self.cost_currency())
    }

    /// The currency of the cost behind a blank, where it is not the list's.
    pub(super) fn cost_currency(&self) -> String {
        let cost = self.case.inputs.product.cost.filter(|cost| cost.currency != self.currency);
        cost.map_or_else(String::new, |cost| format!(" {}", cost.currency))
    }

    /// How the cost became one in the list's currency, with rate and day; `None`: it is in that currency, or no rate
    /// is known.
    pub(super) fn cost_conversion(&self) -> Option<String> {
        let cost = self.case.inputs.product.cost?;
        let conversion = self.case.snapshot.conversion_to(0, cost.currency)?;
        let here = MicroAmount(conversion.micro(cost.amount.0)?);
        let kind = cost_words(cost.cost_type);
        Some(format!(
            "The {kind} {} {} is {here} {}: {}.",
            cost.amount,
            cost.currency,
            self.currency,
            conversion.words()
        ))
    }

    /// Where margin and fees leave nothing of a price.
    pub(super) fn unreachable_floor(&self) -> String {
        "No price reaches the floor: the margin and the channel's fee, which is taken of the price with VAT, leave \
         nothing of it"
            .into()
    }

    /// Why no margin can be computed.
    pub(super) fn why_no_cost(&self) -> String {
        match self.case.inputs.product.cost {
            None => "no cost is known".into(),
            Some(cost) if cost.amount.0 <= 0 => format!("a cost of {} is not believed", cost.amount),
            Some(cost) if cost.currency != self.currency && self.case.snapshot.list_cost(0, 0).is_none() => {
                format!(
                    "the cost is in {0} and the price list in {1}, and no exchange rate of {0} and {1} is known on or \
                     before {2}; import exchange rates",
                    cost.currency,
                    self.currency,
                    self.case.inputs.now.utc_date()
                )
            }
            Some(_) => "the VAT rate is not known".into(),
        }
    }

    /// The products that follow each other.
    pub(super) fn circle(&self) -> String {
        let circle = &self.case.inputs.later.circle;
        let next = circle.iter().cycle().skip(1).take(circle.len());
        let links: Vec<String> =
            circle.iter().zip(next).map(|(one, other)| format!("“{one}” follows “{other}”")).collect();
        links.join(", ")
    }

    /// Why a change waits for a label.
    pub(super) fn labels(&self) -> String {
        let Some(LabelPlace { per_day, used, place }) = self.case.inputs.later.labels else {
            return "it waits for a label".into();
        };
        let before = if used == 0 { String::new() } else { format!(", {used} had changed before") };
        format!(
            "at most {} of this list may change a day{before}; by what it moves in 28 days it was number {place} of the \
             run, and it waits for another day",
            counted(per_day as usize, "price")
        )
    }

    /// Why a strategy has nothing to work with.
    pub(super) fn missing(&self, missing: MissingInput) -> String {
        match missing {
            MissingInput::UsableOffer if self.case.inputs.offers.is_empty() => "there is no offer".into(),
            MissingInput::UsableOffer => "no offer is usable".into(),
            MissingInput::FewOffers => "fewer offers are usable than the position asks for".into(),
            MissingInput::NamedOffer => "no named competitor has a usable offer".into(),
            MissingInput::Cost => self.why_no_cost(),
            MissingInput::RecommendedPrice => "there is no recommended price".into(),
            MissingInput::Formula => "an input of its formula is missing".into(),
        }
    }

    /// Why a test does not hold for the product.
    pub(super) fn failing(&self, test: &ScopeTest) -> String {
        let product = &self.case.inputs.product;
        let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        let stock = product.stock.map_or("not known".to_owned(), |stock| stock.to_string());
        match test {
            ScopeTest::Brand(brands) => format!("its brand is {}, not {}", or_none(&product.brand), either(brands)),
            ScopeTest::Category(path) => format!("its category is {}, not within {path}", or_none(&product.category)),
            ScopeTest::Role(roles) => {
                let role = product.role.map_or("it has no role".to_owned(), |role| format!("its role is {role}"));
                format!("{role}, not {}", either(roles))
            }
            ScopeTest::KeyValue(true) => "it is not a key-value product".into(),
            ScopeTest::KeyValue(false) => "it is a key-value product".into(),
            ScopeTest::OwnBrand(true) => "it is not an own brand".into(),
            ScopeTest::OwnBrand(false) => "it is an own brand".into(),
            ScopeTest::Tag(tag) => format!("it does not carry the tag {tag}"),
            ScopeTest::Attribute { name, texts } => {
                let own =
                    self.case.snapshot.attributes_of(0).into_iter().find(|(known, _)| same_attribute(known, name));
                format!(
                    "its {name} is {}, not {}",
                    own.map_or_else(|| "none".to_owned(), |(_, text)| text),
                    either(texts)
                )
            }
            ScopeTest::Lifecycle(stages) => {
                let stage = product.lifecycle.unwrap_or(pricing_domain::Lifecycle::Regular);
                format!("it is {stage}, not {}", either(stages)).replace('_', "-")
            }
            ScopeTest::PriceList(codes) => {
                format!("the price list is {}, not {}", self.case.inputs.list.code, either(codes))
            }
            ScopeTest::Supplier(name) => format!("its supplier is {}, not {name}", or_none(&product.supplier)),
            ScopeTest::StockAtLeast(pieces) => format!("its stock is {stock}, not at least {pieces}"),
            ScopeTest::StockAtMost(pieces) => format!("its stock is {stock}, not at most {pieces}"),
            ScopeTest::OffersAtLeast(1) => "it has no usable offer".into(),
            ScopeTest::OffersAtLeast(count) => format!("it has fewer than {count} usable offers"),
            ScopeTest::HasCost(true) => self.why_no_cost(),
            ScopeTest::HasCost(false) => "it has a cost".into(),
        }
    }

    /// “Ending .99”, “Ending 0.09 of every 0.10”.
    pub(super) fn ending(&self, ending: PriceEnding) -> String {
        let digits = self.currency.minor_digits();
        let whole = 10i64.pow(u32::from(digits));
        if ending.step_minor == whole && digits > 0 {
            return format!("Ending .{:0width$}", ending.ending_minor, width = usize::from(digits));
        }
        if ending.ending_minor == 0 {
            return format!("Multiple of {}", self.amount(ending.step_minor));
        }
        format!("Ending {} of every {}", self.amount(ending.ending_minor), self.amount(ending.step_minor))
    }

    /// The amount, or “none”.
    pub(super) fn amount_or_none(&self, amount_minor: i64) -> String {
        some(amount_minor).map_or_else(|| "none".to_owned(), |amount| self.amount(amount))
    }
}

fn same_attribute(known: &str, name: &str) -> bool {
    attribute_name(name).is_some_and(|name| name == known)
}

/// The name of a cost type.
fn cost_words(cost_type: CostType) -> &'static str {
    match cost_type {
        CostType::Invoice => "invoice cost",
        CostType::Landed => "landed cost",
        CostType::NetNet => "net-net cost",
        CostType::Replacement => "replacement cost",
    }
}

/// “a”, “a or b”, “a, b or c”.
fn either<T: ToString>(values: &[T]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    match texts.split_last() {
        None => "anything".into(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// “1st”, “2nd”, “11th”.
pub(super) fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// “1 offer”, “4 offers”.
pub(super) fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// A change from one amount to another in percent, with its sign.
pub(super) fn change_text(from: i64, to: i64) -> String {
    if from == NONE || to == NONE || from <= 0 {
        return String::new();
    }
    let numerator = (i128::from(to) - i128::from(from)) * i128::from(BasisPoints::ONE);
    let rate = Ratio { numerator, denominator: i128::from(from) }.round(Rounding::Nearest);
    let sign = if rate > 0 { "+" } else { "" };
    format!("{sign}{} %", decimal_text(rate, 2, 0))
}
