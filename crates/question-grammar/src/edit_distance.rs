//! How many slips of the hand lie between two words.

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) between two words, as long
/// as there are at most `limit`.
pub(crate) fn distance_within(one: &str, other: &str, limit: usize) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let mut rows = vec![vec![0usize; other.len() + 1]; one.len() + 1];
    rows[0] = (0..=other.len()).collect();
    for at in 1..=one.len() {
        rows[at][0] = at;
        for place in 1..=other.len() {
            let replaced = rows[at - 1][place - 1] + usize::from(one[at - 1] != other[place - 1]);
            let mut best = replaced.min(rows[at - 1][place] + 1).min(rows[at][place - 1] + 1);
            let swapped = at > 1 && place > 1 && one[at - 1] == other[place - 2] && one[at - 2] == other[place - 1];
            if swapped {
                best = best.min(rows[at - 2][place - 2] + 1);
            }
            rows[at][place] = best;
        }
    }
    Some(rows[one.len()][other.len()]).filter(|distance| *distance <= limit)
}

/// How many slips a word of this length may have: short words have too many neighbours.
pub(crate) const fn slips_allowed(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::distance_within;

    #[test]
    fn swaps_and_gaps_count_once() {
        assert_eq!(distance_within("headphones", "haedphones", 2), Some(1));
        assert_eq!(distance_within("elektromax", "electromax", 2), Some(1));
        assert_eq!(distance_within("brysta", "brista", 1), Some(1));
        assert_eq!(distance_within("strompfeil", "elektromax", 2), None);
    }
}
