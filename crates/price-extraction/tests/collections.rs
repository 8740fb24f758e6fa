//! Pages with known answers, collected by others.

#[path = "support/scoring.rs"]
#[allow(dead_code)]
mod scoring;

#[test]
fn pages_of_real_shops_are_read() {
    let Some(data) = scoring::shared_data("pages_of_real_shops_are_read") else { return };
    let score = scoring::score_pages(&data, &scoring::read_page);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert!(score.get("price F1, published labels") >= 0.94);
    assert!(score.get("price F1, corrected labels") >= 0.96);
    assert!(score.get("sku F1") >= 0.85);
    assert!(score.get("out-of-stock F1") >= 0.80);
    assert!(score.get("price, currency and availability all right") >= 0.85);
    assert!(score.get("answers with high confidence") >= 30.0);
    assert!(score.get("of these right") >= 0.99);
}

#[test]
fn woo_pages_are_read() {
    let Some(data) = scoring::shared_data("woo_pages_are_read") else { return };
    let score = scoring::score_woo(&data, &scoring::read_page);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert_eq!(score.get("all fields"), score.get("pages"));
}

#[test]
fn structured_pages_are_read() {
    let Some(data) = scoring::shared_data("structured_pages_are_read") else { return };
    let score = scoring::score_structured(&data, &scoring::read_page);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert_eq!(score.get("right"), score.get("confirmed pages"));
}

#[test]
fn block_pages_are_known() {
    let Some(data) = scoring::shared_data("block_pages_are_known") else { return };
    let score = scoring::score_block(&data, &scoring::read_page);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert_eq!(score.get("walls found"), score.get("walls"));
    assert_eq!(score.get("prices from walls"), 0.0);
    // One page labelled as ordinary is a shop's waiting room.
    assert!(score.get("false alarms") <= 1.0);
}

#[test]
fn product_numbers_are_told_from_what_looks_like_them() {
    let Some(data) = scoring::shared_data("product_numbers_are_told_from_what_looks_like_them") else { return };
    let score = scoring::score_gtins(&data);
    println!("{}{}", score.table(), score.misses.join("\n"));
    assert!(score.get("right") / score.get("cases") >= 0.97);
}
