//! Coefficients, standard errors and tests against published and twice recomputed values of public data.

#[path = "support/reference.rs"]
mod reference;

#[test]
fn known_values_are_reproduced_to_their_printed_precision() {
    let Some(data) = reference::shared_data("known_values_are_reproduced_to_their_printed_precision") else { return };
    let comparisons = reference::compare_all(&data);
    assert_eq!(comparisons.len(), 261);
    let missed: Vec<String> = comparisons
        .iter()
        .filter(|comparison| !comparison.agrees)
        .map(|c| format!("{} {}: {} instead of {}", c.id, c.what, c.computed, c.expected))
        .collect();
    assert!(missed.is_empty(), "{} of 261 missed:\n{}", missed.len(), missed.join("\n"));
}
