//! Pages in the ways of real platforms and countries that were written, with their answers, before the reader had ever run
//! over them. `docs/measurements.md` has the figures of the first run beside those of today, and says how they came to be.

#[path = "support/unseen.rs"]
mod unseen;

use std::path::Path;

use price_extraction::{PageAnswer, PageInput, SiteHints, extract};
use serde_json::Value;

fn read(folder: &Path, row: &Value) -> PageAnswer {
    let file = folder.join(row["file"].as_str().expect("a row names its file"));
    let body = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let url = row["url"].as_str().expect("an address");
    extract(&PageInput { body: &body, content_type: None, status: None, url, hints: SiteHints::default() }).into()
}

#[test]
fn pages_written_unseen_are_read_as_the_document_says() {
    let document = Path::new("../../docs/measurements.md");
    let document = std::fs::read_to_string(document).expect("the document is there");
    for set in unseen::SETS {
        let score = unseen::score(set, &read);
        let table = score.in_document();
        println!("{}{}", score.printed(), score.misses.join("\n"));
        assert!(score.confident_wrong.is_empty(), "wrong with high confidence: {:?}", score.confident_wrong);
        assert!(document.contains(&table), "docs/measurements.md tells other figures; these are of today:\n{table}");
    }
}
