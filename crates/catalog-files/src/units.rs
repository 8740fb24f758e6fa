//! What an amount is for: one piece, or a case of so many.

/// Words for one piece.
const PIECE: &[&str] = &[
    "piece", "pieces", "pc", "pcs", "pce", "nos", "no", "stk", "st", "stück", "stuck", "ea", "each", "unit", "units",
    "s", "item", "items", "pièce", "pièces", "pieza", "piezas", "pezzo", "pezzi", "stuk", "stuks", "szt", "ks", "db",
];
/// UN/ECE codes of one piece, which hold a digit.
const PIECE_CODES: &[&str] = &["c62", "h87"];
/// Words around the number of pieces in a case.
const CASE: &[&str] = &[
    "case", "box", "carton", "karton", "pack", "packs", "pk", "pkg", "set", "of", "à", "a", "x", "er", "ve", "tray",
    "bundle", "per", "für", "for",
];

/// How many pieces a unit is: `piece` 1, `case of 12` 12; `None` where its text does not say.
pub(crate) fn pieces_of(unit: &str) -> Option<i64> {
    let unit = unit.trim().to_lowercase();
    if unit.is_empty() || PIECE_CODES.contains(&unit.as_str()) {
        return Some(1);
    }
    let (mut number, mut is_case) = (None, false);
    for word in words(&unit) {
        match word.parse::<i64>() {
            Ok(pieces) if pieces > 0 && number.is_none() => number = Some(pieces),
            Ok(_) => return None,
            Err(_) if PIECE.contains(&word) => {}
            Err(_) if CASE.contains(&word) => is_case = true,
            Err(_) => return None,
        }
    }
    // A case that does not say how many are in it is no number of pieces.
    number.or((!is_case).then_some(1))
}

/// Runs of letters and runs of digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let first = rest.chars().next()?;
        let end = rest
            .find(|letter: char| !letter.is_alphanumeric() || letter.is_ascii_digit() != first.is_ascii_digit())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces_of;

    #[test]
    fn a_unit_is_a_number_of_pieces_or_nothing() {
        for (unit, pieces) in [
            ("", Some(1)),
            ("Nos", Some(1)),
            ("Stk.", Some(1)),
            ("Unit(s)", Some(1)),
            ("C62", Some(1)),
            ("case of 12", Some(12)),
            ("12 pcs", Some(12)),
            ("Karton à 6 Stück", Some(6)),
            ("6er Pack", Some(6)),
            ("box/24", Some(24)),
            ("case", None),
            ("kg", None),
            ("500 g", None),
            ("2 x 6", None),
            ("case of 0", None),
        ] {
            assert_eq!(pieces_of(unit), pieces, "{unit}");
        }
    }
}
