//! The plain answer of a scenario, in one wording for every host: what happens, and what the range beside it covers.

use pricing_domain::Currency;

use super::{Expected, ScenarioTotals, ScenarioView};

/// A rounded figure that a host writes in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeFigure {
    /// Whole units of a currency.
    Amount(i64, Currency),
    /// A whole number.
    Number(i64),
}

/// What a scenario is told by: the margin, or what else can be told where costs or VAT rates are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioFigure {
    /// Net revenue less cost.
    Margin,
    /// No product's margin is known.
    Revenue,
    /// Nor its revenue.
    Units,
}

impl ScenarioFigure {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Margin => "margin",
            Self::Revenue => "revenue",
            Self::Units => "units",
        }
    }

    /// The amount in minor units; `None` of units, which are none.
    pub const fn amount(self, totals: &ScenarioTotals) -> Option<Expected<i64>> {
        match self {
            Self::Margin => Some(totals.margin),
            Self::Revenue => Some(totals.revenue),
            Self::Units => None,
        }
    }
}

/// A figure that the answer is about: what it is called, today, at the end, without the changes and what they add.
struct Told {
    name: &'static str,
    is_money: bool,
    today: f64,
    after: Expected<f64>,
    /// All weeks together: as today, and with the scenario.
    period: (f64, Expected<f64>),
    /// With the rules as they are, and what the changes add to that.
    effect: Option<(f64, Expected<f64>)>,
}

impl ScenarioView {
    /// What happens to the margin, or to what else can be told where costs or VAT rates are missing, and how sure that
    /// is. Amounts are whole units of the currency: cents would claim what nobody knows.
    pub fn plain_answer(&self, written: &dyn Fn(WholeFigure) -> String) -> String {
        let told = self.told();
        let write = |value: f64| match told.is_money {
            true => written(WholeFigure::Amount(value.round() as i64, self.currency)),
            false => written(WholeFigure::Number(value.round() as i64)),
        };
        let between = |of: &Expected<f64>| match of.low.round() == of.high.round() {
            true => String::new(),
            false => format!(" (between {} and {})", write(of.low), write(of.high)),
        };
        let (name, today, after) = (told.name, write(told.today), write(told.after.value));
        let (mut said, range) = match &told.effect {
            Some((unchanged, added)) => {
                let (unchanged, size) = (write(*unchanged), write(added.value.abs()));
                let verb = match added.value.round() as i64 {
                    0 => "hardly changes".to_owned(),
                    1.. => format!("rises by about {size}{}", between(added)),
                    _ => format!("falls by about {size}{}", between(&negated(added))),
                };
                let said = format!(
                    "With the changes the {name} {verb}, from {unchanged} with the rules as they are to {after}. Today it is \
                     {today}."
                );
                (said, *added)
            }
            None => {
                let change = told.after.value - told.today;
                let verb = match change.round() as i64 {
                    0 => "hardly changes".to_owned(),
                    1.. => format!("rises by about {}", write(change)),
                    _ => format!("falls by about {}", write(-change)),
                };
                (format!("The {name} {verb}, from {today} to {after}{}.", between(&told.after)), told.after)
            }
        };
        let mut is_sure = range.low.round() == range.high.round();
        if let Some((change, is_unsure)) = self.other_weeks(&told) {
            is_sure &= !is_unsure;
            let verb = match change.round() as i64 {
                0 => "hardly changes".to_owned(),
                1.. => format!("rises by about {}", write(change)),
                _ => format!("falls by about {}", write(-change)),
            };
            let (from, to) = (write(told.period.0), write(told.period.1.value));
            let between = if is_unsure { between(&told.period.1) } else { String::new() };
            said.push_str(&format!(
                " That is the last week; over all {} weeks together it {verb}, from {from} as today to {to}{between}.",
                self.weeks.len()
            ));
        }
        said.push_str(match is_sure {
            true => " No elasticity makes a difference to that.",
            false => {
                " The range holds 95 % of what is unsure about how demand answers prices; errors in costs and the ups and \
                 downs of sales come on top."
            }
        });
        said
    }

    /// What the weeks together change, and whether that is unsure, where the last one does not speak for the others: a
    /// promotion has ended, or prices move step by step.
    fn other_weeks(&self, told: &Told) -> Option<(f64, bool)> {
        /// The mean week is another than the last by so much of the larger change, and of a week as today.
        const OTHER: f64 = 0.2;
        const MATTERS: f64 = 0.001;
        let weeks = self.weeks.len();
        if weeks < 2 {
            return None;
        }
        let (all, last) = (told.period.1.value - told.period.0, told.after.value - told.today);
        let mean = all / weeks as f64;
        let apart = (mean - last).abs();
        let is_other = apart > OTHER * mean.abs().max(last.abs()) && apart > MATTERS * told.today.abs();
        is_other.then_some((all, told.period.1.low.round() < told.period.1.high.round()))
    }

    /// What it is told by. Earlier versions played only products whose margin is known.
    pub fn figure(&self) -> ScenarioFigure {
        match self.coverage {
            Some(found) if found.revenue_products == 0 => ScenarioFigure::Units,
            Some(found) if found.margin_products == 0 => ScenarioFigure::Revenue,
            _ => ScenarioFigure::Margin,
        }
    }

    fn told(&self) -> Told {
        let major = 10_f64.powi(i32::from(self.currency.minor_digits()));
        let minor = |of: Expected<i64>| Expected {
            value: of.value as f64 / major,
            low: of.low as f64 / major,
            high: of.high as f64 / major,
        };
        let effect = self.effect.as_ref();
        let of_money = |name: &'static str, of: fn(&ScenarioTotals) -> Expected<i64>| Told {
            name,
            is_money: true,
            today: minor(of(&self.today)).value,
            after: minor(of(&self.after)),
            period: (minor(of(&self.period_today)).value, minor(of(&self.period))),
            effect: effect.map(|all| (minor(of(&all.unchanged)).value, minor(of(&all.added)))),
        };
        match self.figure() {
            ScenarioFigure::Margin => of_money("weekly margin", |totals| totals.margin),
            ScenarioFigure::Revenue => of_money("weekly revenue", |totals| totals.revenue),
            ScenarioFigure::Units => Told {
                name: "number of units sold a week",
                is_money: false,
                today: self.today.units.value,
                after: self.after.units,
                period: (self.period_today.units.value, self.period.units),
                effect: effect.map(|all| (all.unchanged.units.value, all.added.units)),
            },
        }
    }
}

fn negated(of: &Expected<f64>) -> Expected<f64> {
    Expected { value: -of.value, low: -of.high, high: -of.low }
}

#[cfg(test)]
mod tests {
    use super::WholeFigure;
    use crate::{Expected, ScenarioCoverage, ScenarioEffect, ScenarioTotals, ScenarioView};

    fn view() -> ScenarioView {
        let text = r#"{
            "name": "", "price_list": "DE", "currency": "EUR", "elapsed_ms": 0, "products": 3, "left_out": [],
            "grades": [], "weeks": [], "optimum": null, "learnt": [], "price_war": false, "raised": 0, "lowered": 0,
            "unchanged": 3, "exceptions": 0, "indexes": [], "categories": [], "brands": [], "biggest": [],
            "sensitivity": [], "remarks": [], "today": T, "after": T, "period_today": T, "period": T
        }"#;
        let totals = r#"{"units": {"value": 15.0, "low": 15.0, "high": 15.0},
            "revenue": {"value": 40000, "low": 40000, "high": 40000},
            "margin": {"value": 16601, "low": 16601, "high": 16601}, "price_change": 0.0, "extrapolated": 0.0}"#;
        serde_json::from_str(&text.replace(": T", &format!(": {totals}"))).expect("a view as it was kept before")
    }

    fn margin(value: i64, low: i64, high: i64) -> ScenarioTotals {
        ScenarioTotals { margin: Expected { value, low, high }, ..view().today }
    }

    fn said(view: &ScenarioView) -> String {
        view.plain_answer(&|figure| match figure {
            WholeFigure::Amount(major, currency) => format!("{major} {}", currency.code()),
            WholeFigure::Number(value) => value.to_string(),
        })
    }

    #[test]
    fn the_range_says_what_it_covers_and_cents_are_not_claimed() {
        let view = ScenarioView { after: margin(20_171, 18_249, 22_093), ..view() };
        assert_eq!(
            said(&view),
            "The weekly margin rises by about 36 EUR, from 166 EUR to 202 EUR (between 182 EUR and 221 EUR). The range holds \
             95 % of what is unsure about how demand answers prices; errors in costs and the ups and downs of sales come on \
             top."
        );
        let still = said(&ScenarioView { after: margin(16_640, 16_640, 16_640), ..view });
        assert!(
            still.starts_with("The weekly margin hardly changes, from 166 EUR to 166 EUR. No elasticity"),
            "{still}"
        );
    }

    #[test]
    fn what_the_rules_would_do_anyway_is_told_apart_from_the_changes() {
        let effect =
            ScenarioEffect { unchanged: margin(19_000, 18_000, 20_000), added: margin(-3_000, -4_000, -2_000) };
        let view = ScenarioView { after: margin(16_000, 15_000, 17_000), effect: Some(effect), ..view() };
        let said = said(&view);
        assert!(
            said.starts_with(
                "With the changes the weekly margin falls by about 30 EUR (between 20 EUR and 40 EUR), from 190 EUR with the \
                 rules as they are to 160 EUR. Today it is 166 EUR. The range holds"
            ),
            "{said}"
        );
    }

    #[test]
    fn weeks_that_the_last_one_does_not_speak_for_are_told_beside_it() {
        let ended = vec![margin(10_000, 9_000, 11_000), margin(16_601, 16_601, 16_601)];
        let view = ScenarioView {
            weeks: ended,
            period_today: margin(33_202, 33_202, 33_202),
            period: margin(26_601, 25_601, 27_601),
            ..view()
        };
        let told = said(&view);
        assert!(
            told.starts_with(
                "The weekly margin hardly changes, from 166 EUR to 166 EUR. That is the last week; over all 2 weeks together it \
                 falls by about 66 EUR, from 332 EUR as today to 266 EUR (between 256 EUR and 276 EUR). The range holds"
            ),
            "{told}"
        );
        let even = ScenarioView { period: margin(33_202, 33_202, 33_202), ..view };
        assert!(!said(&even).contains("together"), "{}", said(&even));
    }

    #[test]
    fn without_costs_or_rates_the_answer_is_about_what_can_be_told() {
        let coverage =
            |revenue_products| ScenarioCoverage { revenue_products, margin_products: 0, margin_units_percent: 0.0 };
        let of = |revenue| said(&ScenarioView { coverage: Some(coverage(revenue)), ..view() });
        assert!(of(2).starts_with("The weekly revenue hardly changes, from 400 EUR"), "{}", of(2));
        assert!(of(0).starts_with("The number of units sold a week hardly changes, from 15 to 15"), "{}", of(0));
    }
}
