//! Amounts that hold only under a condition, and counts of points that are no money at all.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that lead from a price to the coupon that makes it.
const LEADING: [&str; 40] = [
    "after",
    "with",
    "using",
    "w/",
    "nach",
    "mit",
    "abzgl.",
    "abzüglich",
    "après",
    "avec",
    "con",
    "después de",
    "tras",
    "dopo",
    "na",
    "met",
    "po",
    "z",
    "ze",
    "se",
    "s",
    "so",
    "után",
    "după",
    "cu",
    "после",
    "с",
    "після",
    "з",
    "след",
    "efter",
    "med",
    "após",
    "com",
    "when",
    "if you",
    "less",
    "minus",
    "before",
    "moins",
];
/// What such coupons are called.
const COUPONS: [&str; 30] = [
    "coupon",
    "voucher",
    "promo",
    "rebate",
    "mail-in",
    "trade-in",
    "cashback",
    "code",
    "gutschein",
    "rabattcode",
    "gutscheincode",
    "cupón",
    "cupon",
    "vale",
    "buono",
    "codice",
    "kortingscode",
    "kupon",
    "bon",
    "kod",
    "kód",
    "kupón",
    "poukaz",
    "купон",
    "промокод",
    "код",
    "rabattkod",
    "gavekort",
    "cupom",
    "utalvány",
];
/// Most words between one of the leading words and the coupon's amount: “after clipping $20 coupon”.
const MOST_BETWEEN: usize = 2;
/// The coupon's name is one of so many words after its amount: “$20 instant rebate”.
const MOST_AFTER: usize = 3;

static POINTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../data/points.txt").split_whitespace().collect());

/// The names of points in scripts that set no blanks between words.
const JOINED: [&str; 12] =
    ["ポイント", "コイン", "マイル", "포인트", "코인", "마일리지", "적립금", "积分", "積分", "點數", "点数", "金币"];

/// Words for the lowest price of the days before a reduction, which shops in the European Union must tell.
const LOWEST: [&str; 22] = [
    "lowest",
    "niedrigst",
    "plus bas",
    "più basso",
    "más bajo",
    "mais baixo",
    "laagste",
    "najniż",
    "nejnižší",
    "najnižš",
    "lägst",
    "lavest",
    "alin",
    "legalacsonyabb",
    "mai mic",
    "най-ниска",
    "χαμηλότερη",
    "najniža",
    "najnižja",
    "madalaim",
    "zemākā",
    "mažiausia",
];

/// Whether words speak of the lowest price of some days.
pub(crate) fn names_lowest(text: &str) -> bool {
    let lower = text.to_lowercase();
    LOWEST.iter().any(|word| lower.contains(word))
}

/// Whether words announce the lowest price of the last days: “Lowest price in the last 30 days:”. “Lowest price guaranteed!
/// 30-day returns” praises a shop.
pub(crate) fn says_lowest_of_days(text: &str) -> bool {
    let Some((before, days)) = text.split_once("30") else { return false };
    let counts_days = days.starts_with(char::is_whitespace) && !before.ends_with(|c: char| c.is_alphanumeric());
    let lower = text.to_lowercase();
    let is_praise = text.contains(['!', '·', '|', '•', '✓', '?', ';'])
        || ["garant", "guarant", "return", "refund", "rückgabe", "zwrot", "retour"]
            .iter()
            .any(|word| lower.contains(word));
    counts_days && !is_praise && names_lowest(&lower)
}

/// Whether a plus sign ends the words before an amount, which is paid on top of another then: `(+ 89,00 €)`. One behind a
/// letter or a digit belongs to a name: `Galaxy S9+ 499 €`.
pub(crate) fn is_surcharge(before: &[char]) -> bool {
    let mut back = before.iter().rev().skip_while(|c| c.is_whitespace());
    matches!(back.next(), Some('+' | '＋')) && !back.next().is_some_and(|c| c.is_alphanumeric() || *c == '+')
}

/// Whether a word names points, miles or coins of a shop, which are no money. In lower case.
pub(crate) fn is_points(word: &str) -> bool {
    POINTS.contains(word) || JOINED.iter().any(|name| word.starts_with(name))
}

/// Whether a price is joined to a count of points by what stands between them: `499 + 50 coins`, `500 points + $20`.
pub(crate) fn is_with_points(between: &str, after: &str) -> bool {
    let word = |text: &str| text.split_whitespace().next().unwrap_or("").trim_matches(['.', ',', ')']).to_lowercase();
    let before = between.trim().strip_suffix(['+', '＋']);
    match before.map(str::trim) {
        Some("") => is_points(&word(after)),
        Some(name) => name.split_whitespace().count() <= 2 && name.split_whitespace().any(|one| is_points(&word(one))),
        None => false,
    }
}

/// Whether a price followed by `between`, a number and `after` is one that a coupon still has to be taken off:
/// `$79.99 after $20 coupon`, `79,99 € mit 20 € Gutschein`.
pub(crate) fn is_deduction(between: &str, after: &str) -> bool {
    let between = between.trim_start_matches(['(', '-', '–', '*', ',']).trim();
    leads(between) && names_coupon(after)
}

/// Whether the words before a coupon's amount end in one that leads to it: `After $20 coupon: $79.99`.
pub(crate) fn is_deducted_before(before: &str, after: &str) -> bool {
    if !names_coupon(after) {
        return false;
    }
    let before = before.to_lowercase();
    let words: Vec<&str> = before.split_whitespace().collect();
    let longest = words.len().min(MOST_BETWEEN + 2);
    (1..=longest).any(|count| leads(&words[words.len() - count..].join(" ")))
}

/// Whether a text beside a price says that a coupon is taken off it: `after $20 coupon`.
pub(crate) fn is_coupon_note(lower: &str) -> bool {
    let is_sign = |c: char| !c.is_alphanumeric();
    let Some(start) = lower.find(|c: char| c.is_ascii_digit()) else { return false };
    let rest = lower[start..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\''));
    let rest = rest.trim_start_matches(is_sign);
    is_deduction(lower[..start].trim_end_matches(is_sign), rest)
}

fn leads(between: &str) -> bool {
    LEADING.iter().any(|word| {
        between.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(' ') && rest.split_whitespace().count() <= MOST_BETWEEN
        })
    })
}

fn names_coupon(after: &str) -> bool {
    let said = after.trim_start_matches(['%', ' ', '-', '–']);
    let said = said.split(['.', ';', ':', '(', ')', ',']).next().unwrap_or("");
    said.split_whitespace().take(MOST_AFTER).any(|said| {
        let said = said.to_lowercase();
        COUPONS.iter().any(|word| {
            said.strip_prefix(word)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic() && !word.is_ascii()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{
        is_coupon_note, is_deducted_before, is_deduction, is_points, is_surcharge, is_with_points, says_lowest_of_days,
    };

    #[test]
    fn a_price_that_needs_a_coupon_is_known() {
        for (between, after) in [
            ("after", " coupon"),
            ("after", " instant rebate"),
            ("after clipping", " coupon"),
            ("when you apply", " off coupon"),
            ("mit", " rabatt gutschein"),
            ("(with", "% off code SAVE20)"),
        ] {
            assert!(is_deduction(between, after), "{between} {after}");
        }
        assert!(!is_deduction("with", " lamps"));
        assert!(!is_deduction("plus", " coupon"));
        assert!(!is_deduction("with two lamps and a", " coupon"));
        assert!(is_deducted_before("Only after ", " coupon: "));
        assert!(!is_deducted_before("Get a ", " coupon: "));
        assert!(is_coupon_note("after $20 coupon") && is_coupon_note("mit 20 € gutschein"));
        assert!(!is_coupon_note("save $20 with coupon") && !is_coupon_note("with 2 lamps"));
    }

    #[test]
    fn what_is_added_to_a_price_is_known_by_its_sign() {
        let ends = |text: &str| is_surcharge(&text.chars().collect::<Vec<char>>());
        assert!(ends("mit Füllung (+ ") && ends("+") && ends("with wheels + "));
        assert!(!ends("Galaxy S9+ ") && !ends("A++ ") && !ends("only ") && !ends(""));
    }

    #[test]
    fn the_lowest_price_of_days_is_told_from_praise() {
        for text in [
            "Najniższa cena z 30 dni przed obniżką:",
            "Lowest price in the last 30 days",
            "Niedrigster Preis der letzten 30 Tage:",
            "Az elmúlt 30 nap legalacsonyabb ára:",
            "Prix le plus bas des 30 derniers jours",
        ] {
            assert!(says_lowest_of_days(text), "{text}");
        }
        for text in [
            "Lowest price guaranteed! 30-day returns",
            "Lowest price · 30 days to return",
            "Lowest prices and 30 day refunds",
            "Ships within 30 days",
        ] {
            assert!(!says_lowest_of_days(text), "{text}");
        }
    }

    #[test]
    fn points_are_no_money() {
        assert!(["credits", "punkte", "miles", "ポイント獲得"].into_iter().all(is_points));
        assert!(!is_points("euro") && !is_points("pieces"));
        assert!(is_with_points(" + ", " SuperCoins") && is_with_points(" points + ", ""));
        assert!(!is_with_points(" + ", " lamps") && !is_with_points(" points or ", ""));
    }
}
