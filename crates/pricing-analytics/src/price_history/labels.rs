//! The names at the right ends of the lines, moved apart so that none covers another.

use super::dates;
use super::lines::{Line, Lines};
use super::plot::Plot;
use super::{PriceHistoryChart, money_axis};
use crate::canvas::{FONT_SIZE, UNITS, to_units};
use crate::text::{fit_text, text_width};

/// Pixels between the plot and the labels.
pub(super) const INDENT: i32 = 12;
/// Units from one label to the next, at least.
pub(super) const LINE_HEIGHT: i32 = 15 * UNITS;

/// The label of a line; coordinates in units.
pub(super) struct Label {
    /// Place in the lines shown.
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) width: i32,
    /// Middle of the line's end.
    pub(super) line_y: i32,
    /// Middle of the label.
    pub(super) y: i32,
}

/// Writes the labels for a picture that is `width` pixels wide. They take at most a third of it.
pub(super) fn words(chart: &PriceHistoryChart, lines: &Lines, width: i32) -> Vec<Label> {
    let room = f64::from((width / 3).min(210));
    let size = f64::from(FONT_SIZE);
    let label = |(place, line): (usize, &Line)| {
        let text = match width < 480 {
            true => fit_text(&line.name, size, room),
            false => {
                let state = format!(" {}", state_words(chart, line));
                let name = fit_text(&line.name, size, room - text_width(&state, size));
                fit_text(&(name + &state), size, room)
            }
        };
        Label { line: place, width: to_units(text_width(&text, size)), text, line_y: 0, y: 0 }
    };
    lines.shown.iter().enumerate().map(label).collect()
}

/// Moves labels to their lines and then apart. Where not all fit, ours and those with a current price stay.
pub(super) fn place(labels: &mut Vec<Label>, lines: &Lines, plot: &Plot) {
    let (highest, lowest) = (plot.top - 4 * UNITS, plot.bottom + 2 * UNITS);
    let most = usize::try_from((lowest - highest) / LINE_HEIGHT + 1).unwrap_or(1);
    labels.sort_by_key(|label| {
        let line = &lines.shown[label.line];
        (!line.is_own, line.current().is_none(), label.line)
    });
    labels.truncate(most);
    for label in labels.iter_mut() {
        label.line_y = plot.span_y(lines.shown[label.line].last());
    }
    labels.sort_by_key(|label| (label.line_y, label.line));
    let wanted: Vec<i32> = labels.iter().map(|label| label.line_y).collect();
    for (label, y) in labels.iter_mut().zip(apart(&wanted, LINE_HEIGHT, highest, lowest)) {
        label.y = y;
    }
}

fn state_words(chart: &PriceHistoryChart, line: &Line) -> String {
    match line.current() {
        Some(span) if span.available => money_axis::amount_text(chart, span.amount_minor),
        Some(_) => "sold out".to_owned(),
        None => format!("until {}", dates::relative_to(line.last().to, chart.to)),
    }
}

/// The positions nearest to those wanted (least squares) that are `distance` apart and from `least` to `most`.
///
/// Less the distance of each place the positions only have to rise, so blocks that fall are merged to their mean
/// (pool adjacent violators: Ayer et al., 1955). `wanted` rises; all must fit.
fn apart(wanted: &[i32], distance: i32, least: i32, most: i32) -> Vec<i32> {
    let mut blocks: Vec<(i64, i64)> = Vec::with_capacity(wanted.len());
    for (y, offset) in wanted.iter().zip((0..).step_by(distance.unsigned_abs() as usize)) {
        blocks.push((i64::from(*y) - offset, 1));
        while let [.., (sum, count), (next_sum, next_count)] = blocks.as_slice()
            && sum * next_count > next_sum * count
        {
            let merged = (sum + next_sum, count + next_count);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    let last_offset = distance * (i32::try_from(wanted.len()).unwrap_or(1) - 1).max(0);
    let means = blocks.iter().flat_map(|(sum, count)| (0..*count).map(move |_| sum.div_euclid(*count)));
    let kept = means.map(|mean| i32::try_from(mean).unwrap_or(least).clamp(least, (most - last_offset).max(least)));
    kept.zip((0..).step_by(distance.unsigned_abs() as usize)).map(|(mean, offset)| mean + offset).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, proptest};

    use super::apart;

    #[test]
    fn labels_with_room_stay_and_crowded_ones_share_the_way() {
        assert_eq!(apart(&[10, 40, 80], 15, 0, 100), [10, 40, 80]);
        assert_eq!(apart(&[50, 50], 10, 0, 100), [45, 55]);
        assert_eq!(apart(&[2, 3, 80], 10, 0, 100), [0, 10, 80]);
        assert_eq!(apart(&[98, 99], 10, 0, 100), [90, 100]);
        assert_eq!(apart(&[], 10, 0, 100), Vec::<i32>::new());
    }

    proptest! {
        #[test]
        fn labels_that_fit_never_overlap_and_never_leave_the_picture(
            mut wanted in prop::collection::vec(0i32..1000, 1..9),
            distance in 1i32..100,
        ) {
            wanted.sort_unstable();
            let placed = apart(&wanted, distance, 0, 1000);
            prop_assert!(placed.iter().all(|y| (0..=1000).contains(y)));
            prop_assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= distance));
        }
    }
}
