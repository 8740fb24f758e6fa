//! Measured figures, with their targets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Megabytes,
    Kilobytes,
    RowsPerSecond,
    Count,
}

/// One measured figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// Products in the catalogue; 0: the sample.
    pub(crate) products: u32,
    /// What was measured.
    pub(crate) name: String,
    /// How much.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: Unit,
    /// At most this much.
    pub(crate) target: Option<f64>,
}

impl Figure {
    /// Whether the target is met; `None` without one.
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target.map(|target| self.value <= target)
    }

    /// A value in the figure's unit.
    pub(crate) fn words(&self, value: f64) -> String {
        match self.unit {
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Milliseconds => format!("{value:.1} ms"),
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
    products: u32,
    list: Vec<Figure>,
}

/// Stands for figures that are about no catalogue.
pub(crate) const NO_CATALOGUE: u32 = u32::MAX;

/// The size that the targets of a catalogue are about.
const TARGET_PRODUCTS: u32 = 1_000_000;

impl Figures {
    pub(crate) fn new(products: u32) -> Self {
        Self { products, list: Vec::new() }
    }

    /// A figure without a target.
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: Unit) {
        self.list.push(Figure { products: self.products, name: name.into(), value, unit, target: None });
    }

    /// A figure with a target for the large catalogue, or for the sample.
    pub(crate) fn aim(&mut self, name: impl Into<String>, value: f64, unit: Unit, target: f64) {
        self.add(name, value, unit);
        if matches!(self.products, TARGET_PRODUCTS | 0 | NO_CATALOGUE) {
            self.list.last_mut().expect("just added").target = Some(target);
        }
    }

    /// A figure with a target for each of some sizes.
    pub(crate) fn aim_by_size(&mut self, name: impl Into<String>, value: f64, unit: Unit, targets: &[(u32, f64)]) {
        self.add(name, value, unit);
        let target = targets.iter().find(|(products, _)| *products == self.products);
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

fn grouped(value: f64) -> String {
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
