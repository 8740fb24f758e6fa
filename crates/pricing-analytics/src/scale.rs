//! Axes of numbers: round steps, ticks, and the way from a value to a place.

use crate::number_style::NumberStyle;

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that divides the range into at most `most` parts.
pub(crate) fn round_step(range: i128, most: i128) -> i128 {
    let mut power = 1;
    loop {
        let quarter = if power == 1 { 5 } else { power * 5 / 2 };
        for step in [power, power * 2, quarter, power * 5] {
            if range / step <= most {
                return step;
            }
        }
        power *= 10;
    }
}

/// The multiples of `step` from `low` to `high`.
pub(crate) fn amounts(low: i128, high: i128, step: i128) -> impl Iterator<Item = i128> {
    let first = -(-low).div_euclid(step);
    let last = high.div_euclid(step);
    (first..=last).map(move |place| place * step)
}

/// A range of values with round ticks, from low to high.
pub(crate) struct Scale {
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) ticks: Vec<i128>,
}

impl Scale {
    /// A range around the values with at most `most` parts. It is widened to whole steps, and where it would be empty.
    pub(crate) fn around(values: impl IntoIterator<Item = i128>, most: i128, least_range: i128) -> Self {
        let (mut low, mut high) = values
            .into_iter()
            .fold((i128::MAX, i128::MIN), |(low, high): (i128, i128), value| (low.min(value), high.max(value)));
        if low > high {
            (low, high) = (0, least_range.max(1));
        }
        let missing = (least_range - (high - low)).max(0);
        (low, high) = (low - missing / 2, high + (missing + 1) / 2);
        let step = round_step((high - low).max(1), most.max(1));
        let (low, high) = (low.div_euclid(step) * step, (high + step - 1).div_euclid(step) * step);
        let high = if high > low { high } else { low + step };
        Self { low, high, ticks: amounts(low, high, step).collect() }
    }

    /// The place of a value between `start` (at `low`) and `end` (at `high`), to the nearest unit.
    pub(crate) fn place(&self, value: i128, start: i32, end: i32) -> i32 {
        let range = self.high - self.low;
        let past = value.clamp(self.low, self.high) - self.low;
        let scaled = past * i128::from(end - start);
        let nearest = (2 * scaled + range).div_euclid(2 * range);
        start + i32::try_from(nearest).expect("a share is at most the length")
    }

    /// The ticks as text: value ÷ 10^`digits`, without decimals that all of them lack.
    pub(crate) fn texts(&self, style: NumberStyle, digits: u8) -> Vec<String> {
        let mut unit = 1;
        let mut kept = digits;
        while kept > 0 && self.ticks.iter().all(|tick| tick % (unit * 10) == 0) {
            unit *= 10;
            kept -= 1;
        }
        self.ticks.iter().map(|tick| style.decimal(tick / unit, kept)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Scale, amounts, round_step};
    use crate::number_style::NumberStyle;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!(round_step(6, 5), 2);
        assert_eq!(round_step(1000, 5), 200);
        assert_eq!(round_step(1100, 5), 200);
        assert_eq!(round_step(1300, 5), 250);
        assert_eq!(round_step(2600, 5), 500);
        assert_eq!(amounts(-7, 12, 5).collect::<Vec<_>>(), [-5, 0, 5, 10]);
    }

    #[test]
    fn a_scale_holds_its_values_on_whole_steps() {
        let scale = Scale::around([9_870, 10_240], 5, 100);
        assert_eq!((scale.low, scale.high), (9_800, 10_300));
        assert_eq!(
            (scale.place(9_800, 0, 100), scale.place(10_300, 0, 100), scale.place(10_050, 100, 0)),
            (0, 100, 50)
        );
        let style = NumberStyle { decimal_separator: '.', grouping: ',' };
        assert_eq!(scale.texts(style, 2)[0], "98");
        let single = Scale::around([500], 4, 100);
        assert!(single.low <= 450 && single.high >= 550 && single.ticks.len() >= 2);
        assert!(!Scale::around([], 4, 10).ticks.is_empty());
    }
}
