//! Pages with known answers, collected by others.

#[path = "support/scoring.rs"]
#[allow(dead_code)]
mod scoring;

#[test]
fn pages_of_real_shops_are_read() {
    let Some(data) = scoring::shared_data("pages_of_real_shops_are_read") else { return };
    let score = scoring::score_pages(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
}

#[test]
fn woo_pages_are_read() {
    let Some(data) = scoring::shared_data("woo_pages_are_read") else { return };
    let score = scoring::score_woo(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
}

#[test]
fn structured_pages_are_read() {
    let Some(data) = scoring::shared_data("structured_pages_are_read") else { return };
    let score = scoring::score_structured(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
}

#[test]
fn block_pages_are_known() {
    let Some(data) = scoring::shared_data("block_pages_are_known") else { return };
    let score = scoring::score_block(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
}
