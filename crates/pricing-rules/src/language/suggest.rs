//! The nearest known word to one that is not known.

/// The nearest of `known` to `written`, when it is near enough to be meant.
pub(crate) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = simplified(written);
    let limit = (written.chars().count() / 3).max(1);
    let measured = known.map(|word| {
        let plain = simplified(word);
        // Half of a compound is as good as near: “lowest” for “comp.lowest”.
        let parts = plain.split('_').any(|part| part == written) || written.split('_').any(|part| part == plain);
        (if parts { 1 } else { distance(&written, &plain) }, word)
    });
    measured.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Lower case; dots, hyphens and blanks as underscores; longer spellings of the prefix as the short one.
fn simplified(word: &str) -> String {
    let lower: String = word
        .to_lowercase()
        .chars()
        .map(|letter| if matches!(letter, '.' | '-' | ' ') { '_' } else { letter })
        .collect();
    ["competitors_", "competitor_", "competition_"]
        .iter()
        .find_map(|long| lower.strip_prefix(long))
        .map_or(lower.clone(), |rest| format!("comp_{rest}"))
}

/// Letters to insert, delete, replace or exchange with their neighbour (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1; other.len() + 1];
        for (column, found) in other.iter().enumerate() {
            let replace = last[column] + usize::from(letter != found);
            next[column + 1] = replace.min(last[column + 1] + 1).min(next[column] + 1);
            let exchanged = row > 0 && column > 0 && one[row - 1] == *found && other[column - 1] == *letter;
            if exchanged {
                next[column + 1] = next[column + 1].min(before[column - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, next);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        let known = ["comp.lowest", "comp.highest", "cost", "stock", "min_price"];
        let find = |word| nearest(word, known.into_iter());
        assert_eq!(find("competitor.lowest"), Some("comp.lowest"));
        assert_eq!(find("lowest"), Some("comp.lowest"));
        assert_eq!(find("comp.lowset"), Some("comp.lowest"));
        assert_eq!(find("minprice"), Some("min_price"));
        assert_eq!(find("weather"), None);
    }
}
