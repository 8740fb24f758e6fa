//! A change of a scenario as it is typed, and as the host reads it.

use app_contract::ScenarioChange;
use pricing_domain::{GridFilter, RuleSet};

/// A change as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedChange {
    /// Which kind, by its key.
    pub kind: String,
    /// Percent, a rate, points, or an index.
    pub amount: String,
    /// Whose prices, where it is about competitors; empty: everybody's.
    pub competitor: String,
    /// Percent of their prices, or of the cost; empty: all.
    pub share: String,
    /// Weeks of a promotion.
    pub weeks: String,
    /// Percent that a promotion sells beside the lower price.
    pub lift: String,
    /// Percent of the reduction that the supplier pays.
    pub funding: String,
    /// Percent of the additional units that other products lose.
    pub cannibalised: String,
    /// The least margin of guardrails.
    pub floor: String,
    /// The largest rise of guardrails.
    pub step_up: String,
    /// The largest cut of guardrails.
    pub step_down: String,
    /// Other rules.
    pub rules: Option<RuleSet>,
    /// Which products; none: all.
    pub only: Vec<GridFilter>,
}

impl Default for TypedChange {
    fn default() -> Self {
        let empty = String::new;
        Self {
            kind: "cost".to_owned(),
            amount: "4".to_owned(),
            competitor: empty(),
            share: empty(),
            weeks: "2".to_owned(),
            lift: empty(),
            funding: empty(),
            cannibalised: empty(),
            floor: empty(),
            step_up: empty(),
            step_down: empty(),
            rules: None,
            only: Vec::new(),
        }
    }
}

/// Kinds: key and words before the amount.
pub const KINDS: [(&str, &str); 12] = [
    ("cost", "Costs change by"),
    ("competitor", "Competitors' prices change by"),
    ("price", "Our prices change by"),
    ("currency", "A currency gets dearer by"),
    ("vat", "VAT becomes"),
    ("volume", "Demand changes by"),
    ("stock", "Stock changes by"),
    ("promotion", "A promotion takes off"),
    ("index", "The index is held at"),
    ("targets", "Target margins change by"),
    ("guardrails", "Guardrails become"),
    ("rules", "Other rules decide"),
];

impl TypedChange {
    /// Whether the kind has an amount.
    pub fn has_amount(kind: &str) -> bool {
        !matches!(kind, "guardrails" | "rules")
    }

    /// Whether the kind can be about some products only.
    pub fn has_products(kind: &str) -> bool {
        !matches!(kind, "index" | "targets" | "guardrails" | "rules")
    }

    /// What is asked of the host; `None` while something cannot be read.
    pub fn change(&self) -> Option<ScenarioChange> {
        let amount = || number(&self.amount);
        let competitor = Some(self.competitor.trim().to_owned()).filter(|name| !name.is_empty());
        let only = self.only.clone();
        Some(match self.kind.as_str() {
            "cost" => ScenarioChange::Cost { percent: amount()?, only },
            "competitor" => {
                let share = optional(&self.share)?;
                ScenarioChange::Competitor { percent: amount()?, name: competitor, share, only }
            }
            "price" => ScenarioChange::Price { percent: amount()?, only },
            "currency" => {
                let share = optional(&self.share)?.unwrap_or(100.0);
                ScenarioChange::Currency { percent: amount()?, share, only }
            }
            "volume" => ScenarioChange::Volume { percent: amount()?, only },
            "stock" => ScenarioChange::Stock { percent: amount()?, only },
            "vat" => ScenarioChange::Vat { rate: amount()?, only },
            "promotion" => ScenarioChange::Promotion {
                percent: amount()?,
                weeks: self.weeks.trim().parse().ok()?,
                lift: optional(&self.lift)?.unwrap_or(0.0),
                funding: optional(&self.funding)?.unwrap_or(0.0),
                cannibalised: optional(&self.cannibalised)?.unwrap_or(0.0),
                only,
            },
            "index" => ScenarioChange::Index { target: amount()?, competitor: competitor? },
            "targets" => ScenarioChange::Targets { points: amount()? },
            "guardrails" => {
                let floor_margin = optional(&self.floor)?;
                let (step_up, step_down) = (optional(&self.step_up)?, optional(&self.step_down)?);
                floor_margin.or(step_up).or(step_down)?;
                ScenarioChange::Guardrails { floor_margin, step_up, step_down }
            }
            "rules" => ScenarioChange::Rules { rule_set: Box::new(self.rules.clone()?) },
            _ => return None,
        })
    }

    /// The same as it would have been typed.
    pub fn of(change: &ScenarioChange) -> Self {
        let text = |value: &f64| value.to_string();
        let maybe = |value: &Option<f64>| value.as_ref().map(text).unwrap_or_default();
        let plain = |kind: &str, amount: &f64, only: &[GridFilter]| Self {
            kind: kind.to_owned(),
            amount: text(amount),
            only: only.to_vec(),
            ..Self::default()
        };
        match change {
            ScenarioChange::Cost { percent, only } => plain("cost", percent, only),
            ScenarioChange::Price { percent, only } => plain("price", percent, only),
            ScenarioChange::Volume { percent, only } => plain("volume", percent, only),
            ScenarioChange::Stock { percent, only } => plain("stock", percent, only),
            ScenarioChange::Vat { rate, only } => plain("vat", rate, only),
            ScenarioChange::Competitor { percent, name, share, only } => Self {
                competitor: name.clone().unwrap_or_default(),
                share: maybe(share),
                ..plain("competitor", percent, only)
            },
            ScenarioChange::Currency { percent, share, only } => {
                Self { share: text(share), ..plain("currency", percent, only) }
            }
            ScenarioChange::Promotion { percent, weeks, lift, funding, cannibalised, only } => Self {
                weeks: weeks.to_string(),
                lift: text(lift),
                funding: text(funding),
                cannibalised: text(cannibalised),
                ..plain("promotion", percent, only)
            },
            ScenarioChange::Index { target, competitor } => {
                Self { competitor: competitor.clone(), ..plain("index", target, &[]) }
            }
            ScenarioChange::Targets { points } => plain("targets", points, &[]),
            ScenarioChange::Guardrails { floor_margin, step_up, step_down } => Self {
                kind: "guardrails".to_owned(),
                floor: maybe(floor_margin),
                step_up: maybe(step_up),
                step_down: maybe(step_down),
                ..Self::default()
            },
            ScenarioChange::Rules { rule_set } => {
                Self { kind: "rules".to_owned(), rules: Some((**rule_set).clone()), ..Self::default() }
            }
        }
    }
}

/// A number as it is typed.
pub fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number that may be left out; the outer `None`: it cannot be read.
pub fn optional(text: &str) -> Option<Option<f64>> {
    if text.trim().is_empty() { Some(None) } else { number(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use app_contract::ScenarioChange;
    use pricing_domain::{GridFilter, Guardrails, RuleSet, Strategy};

    use super::{KINDS, TypedChange};

    fn rules() -> RuleSet {
        RuleSet {
            name: "Others".into(),
            rules: Vec::new(),
            otherwise: Strategy::Keep,
            guardrails: Guardrails::default(),
            endings: Vec::new(),
            approval_limit: None,
            tests: Vec::new(),
        }
    }

    #[test]
    fn every_kind_is_read_and_typed_again_as_it_was() {
        for (kind, _) in KINDS {
            let typed = TypedChange {
                kind: kind.to_owned(),
                competitor: "ElektroMax".to_owned(),
                step_down: "5".to_owned(),
                rules: Some(rules()),
                ..TypedChange::default()
            };
            let change = typed.change().expect(kind);
            assert_eq!(TypedChange::of(&change).change(), Some(change), "{kind}");
        }
    }

    #[test]
    fn what_is_not_complete_or_no_number_is_not_asked() {
        let typed = |kind: &str| TypedChange { kind: kind.to_owned(), ..TypedChange::default() };
        assert_eq!(typed("index").change(), None, "an index needs a competitor");
        assert_eq!(typed("rules").change(), None);
        assert_eq!(typed("guardrails").change(), None);
        assert_eq!(TypedChange { amount: "much".into(), ..TypedChange::default() }.change(), None);
        assert_eq!(TypedChange { share: "half".into(), ..typed("competitor") }.change(), None);
        let only = vec![GridFilter::Brand("Sony".to_owned())];
        let named = TypedChange { amount: "-2,5".to_owned(), only: only.clone(), ..TypedChange::default() };
        assert_eq!(named.change(), Some(ScenarioChange::Cost { percent: -2.5, only }));
    }
}
