//! Two amounts with words between them: the ends of a range (`9,99 € bis 29,99 €`), or a price before and one now
//! (“from £50 to £35”).

use super::{Mention, Span};
use crate::amount::Amount;
use crate::price_text::number::NumberHints;
use crate::price_text::words::Role;

/// Words that lead to the end of a range.
pub(crate) const LEADING: [&str; 33] = [
    "to",
    "through",
    "up to",
    "and",
    "bis",
    "bis zu",
    "à",
    "jusqu'à",
    "et",
    "a",
    "hasta",
    "y",
    "al",
    "fino a",
    "e",
    "até",
    "tot",
    "en met",
    "do",
    "až",
    "až do",
    "až po",
    "до",
    "till",
    "til",
    "upp till",
    "kuni",
    "līdz",
    "iki",
    "έως",
    "până la",
    "la",
    "-ig",
];
/// Words before the first amount of a range that need no sign of their own to be known.
const OPENING: [&str; 12] =
    ["von", "from", "between", "zwischen", "entre", "de", "da", "van", "tussen", "mellem", "mellan", "między"];

/// Notes what two amounts with such words between them are. `first` is the mention of the first number, if it is one.
pub(super) fn note(chars: &[char], (one, other): (&Span, &Span), first: Option<&mut Mention>, second: &mut Mention) {
    let Some(first) = first.filter(|first| first.number.has_same_digits(&one.number)) else { return };
    let (start, end) = (one.outer_end(), other.outer_start());
    let between: String = chars[start.min(end)..end].iter().collect::<String>().trim().to_lowercase();
    if !LEADING.contains(&between.as_str()) || second.currencies.is_empty() {
        return;
    }
    let opening: String = chars[..one.outer_start()].iter().collect::<String>().trim().to_lowercase();
    let is_opened = first.role == Role::From || OPENING.iter().any(|word| opening.ends_with(word));
    // “and” joins a range only after “between”.
    if matches!(between.as_str(), "and" | "et" | "y" | "e" | "a" | "la" | "al" | "do") && !is_opened {
        return;
    }
    let amount = |mention: &Mention| -> Option<Amount> { Some(mention.number.read(&NumberHints::default())?.amount) };
    match amount(first).zip(amount(second)) {
        Some((low, high)) if low < high => {
            second.range_end = true;
            second.role = Role::Plain;
            if matches!(first.role, Role::Plain | Role::Now | Role::Was) {
                first.role = Role::From;
            }
            if first.currencies.is_empty() && !first.inside_word {
                first.currencies.clone_from(&second.currencies);
            }
        }
        Some((high, low)) if high > low && is_opened && !first.currencies.is_empty() => first.role = Role::Was,
        _ => {}
    }
}
