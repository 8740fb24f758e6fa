//! Measured figures, with their targets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Nanoseconds,
    Megabytes,
    Kilobytes,
    /// More is better.
    RowsPerSecond,
    Count,
}

/// What figures are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum About {
    /// A catalogue of so many products.
    Catalogue(u32),
    /// A catalogue of so many products with two years of competitors' prices.
    History(u32),
    /// The sample workspace.
    Sample,
    /// The engine alone, on a generated snapshot.
    Engine,
    /// Reading pages and robots.txt.
    Reading,
    /// Previews, workbooks, and matching.
    Files,
    /// Demand and optimisation alone, on generated data.
    Demand,
}

/// One measured figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) about: About,
    /// What was measured.
    pub(crate) name: String,
    /// How much.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: Unit,
    /// At most this much; at least, where more is better.
    pub(crate) target: Option<f64>,
}

impl Figure {
    /// Whether the target is met; `None` without one.
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target.map(|target| if self.is_rate() { self.value >= target } else { self.value <= target })
    }

    /// Whether more is better.
    pub(crate) fn is_rate(&self) -> bool {
        self.unit == Unit::RowsPerSecond
    }

    /// A value in the figure's unit.
    pub(crate) fn words(&self, value: f64) -> String {
        match self.unit {
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Milliseconds => format!("{value:.1} ms"),
            Unit::Nanoseconds => format!("{value:.1} ns"),
            Unit::Megabytes => format!("{value:.0} MB"),
            Unit::Kilobytes => format!("{} kB", grouped(value)),
            Unit::RowsPerSecond => format!("{}/s", grouped(value)),
            Unit::Count => grouped(value),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words(self.value))
    }
}

/// Collects the figures of a part; targets hold at one size only.
pub(crate) struct Figures {
    about: About,
    list: Vec<Figure>,
}

/// The size that the targets of a catalogue are about.
const TARGET_PRODUCTS: u32 = 1_000_000;

impl Figures {
    pub(crate) fn new(about: About) -> Self {
        Self { about, list: Vec::new() }
    }

    /// A figure without a target.
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: Unit) {
        self.list.push(Figure { about: self.about, name: name.into(), value, unit, target: None });
    }

    /// A figure with a target, which among catalogues only the large one has.
    pub(crate) fn aim(&mut self, name: impl Into<String>, value: f64, unit: Unit, target: f64) {
        self.add(name, value, unit);
        let is_other_size =
            |about| matches!(about, About::Catalogue(size) | About::History(size) if size != TARGET_PRODUCTS);
        if !is_other_size(self.about) {
            self.list.last_mut().expect("just added").target = Some(target);
        }
    }

    /// A figure with a target for each of some sizes.
    pub(crate) fn aim_by_size(&mut self, name: impl Into<String>, value: f64, unit: Unit, targets: &[(u32, f64)]) {
        self.add(name, value, unit);
        let target = targets.iter().find(|(products, _)| About::Catalogue(*products) == self.about);
        self.list.last_mut().expect("just added").target = target.map(|(_, target)| *target);
    }

    /// Median and 95th percentile of latencies in milliseconds; the target is for the latter.
    pub(crate) fn latencies(&mut self, name: &str, milliseconds: &[f64], target: Option<f64>) {
        let count = milliseconds.len();
        self.add(format!("{name}, median of {count}"), percentile(milliseconds, 50), Unit::Milliseconds);
        let slow = percentile(milliseconds, 95);
        let name = format!("{name}, 95th percentile");
        match target {
            Some(target) => self.aim(name, slow, Unit::Milliseconds, target),
            None => self.add(name, slow, Unit::Milliseconds),
        }
    }

    pub(crate) fn done(self) -> Vec<Figure> {
        self.list
    }
}

/// The nearest-rank percentile; 0 of nothing.
fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// Digits in groups of three.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, percentile};

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=50).map(f64::from).collect();
        assert_eq!((percentile(&values, 50), percentile(&values, 95)), (25.0, 48.0));
        assert_eq!(percentile(&[7.0], 95), 7.0);
    }

    #[test]
    fn large_counts_are_grouped() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0.0, 999.0, 1_000.0, 1_234_567.0].map(grouped).each_ref().map(String::as_str)
        );
    }
}
