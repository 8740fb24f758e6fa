//! The plain answer of a scenario, in one wording for every host: what happens, and what the range beside it covers.

use pricing_domain::Currency;

use super::{Expected, ScenarioView};

/// A rounded figure that a host writes in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeFigure {
    /// Whole units of a currency.
    Amount(i64, Currency),
    /// A whole number.
    Number(i64),
}

/// A figure that the answer is about: what it is called, today, at the end, without the changes and what they add.
struct Told {
    name: &'static str,
    is_money: bool,
    today: f64,
    after: Expected<f64>,
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
        said.push_str(match range.low.round() == range.high.round() {
            true => " No elasticity makes a difference to that.",
            false => {
                " The range holds 95 % of what is unsure about how demand answers prices; errors in costs and the ups and \
                 downs of sales come on top."
            }
        });
        said
    }

    fn told(&self) -> Told {
        let (revenue, margin) =
            self.coverage.map_or((u64::MAX, u64::MAX), |found| (found.revenue_products, found.margin_products));
        let major = 10_f64.powi(i32::from(self.currency.minor_digits()));
        let minor = |of: Expected<i64>| Expected {
            value: of.value as f64 / major,
            low: of.low as f64 / major,
            high: of.high as f64 / major,
        };
        let effect = self.effect.as_ref();
        if margin > 0 {
            return Told {
                name: "weekly margin",
                is_money: true,
                today: minor(self.today.margin).value,
                after: minor(self.after.margin),
                effect: effect.map(|all| (minor(all.unchanged.margin).value, minor(all.added.margin))),
            };
        }
        if revenue > 0 {
            return Told {
                name: "weekly revenue",
                is_money: true,
                today: minor(self.today.revenue).value,
                after: minor(self.after.revenue),
                effect: effect.map(|all| (minor(all.unchanged.revenue).value, minor(all.added.revenue))),
            };
        }
        Told {
            name: "number of units sold a week",
            is_money: false,
            today: self.today.units.value,
            after: self.after.units,
            effect: effect.map(|all| (all.unchanged.units.value, all.added.units)),
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
    fn without_costs_or_rates_the_answer_is_about_what_can_be_told() {
        let coverage =
            |revenue_products| ScenarioCoverage { revenue_products, margin_products: 0, margin_units_percent: 0.0 };
        let of = |revenue| said(&ScenarioView { coverage: Some(coverage(revenue)), ..view() });
        assert!(of(2).starts_with("The weekly revenue hardly changes, from 400 EUR"), "{}", of(2));
        assert!(of(0).starts_with("The number of units sold a week hardly changes, from 15 to 15"), "{}", of(0));
    }
}
