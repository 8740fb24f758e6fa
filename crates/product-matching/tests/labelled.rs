//! How well pages are told apart, on products and pages with known answers: titles only, and hard negatives (other
//! size, other colour, refurbished, bundle, accessory, several at once, other model).

#[path = "support/labelled_set.rs"]
mod labelled_set;

use labelled_set::score;

#[test]
fn accepted_matches_are_right_and_most_are_found() {
    let score = score();
    println!("{}", score.table());
    score.wrong.iter().for_each(|line| println!("wrong: {line}"));
    if std::env::var_os("MISSES").is_some() {
        score.missed.iter().for_each(|line| println!("missed: {line}"));
    }
    assert!(score.precision() >= 0.995, "precision {:.4}", score.precision());
    assert!(score.recall() >= 0.80, "recall {:.4}", score.recall());
}
