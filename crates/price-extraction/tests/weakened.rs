//! Real pages with one source of knowledge taken away: what reads a page well must not hang on a single thread.

#[path = "support/scoring.rs"]
#[allow(dead_code)]
mod scoring;

use std::path::Path;

use price_extraction::{PageAnswer, PageInput, SiteHints, extract};
use serde_json::Value;

/// A page without something.
type Weaken = fn(&str) -> String;

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn without_json_ld(text: &str) -> String {
    replaced(text, &[("application/ld+json", "text/x-none")])
}

fn without_microdata(text: &str) -> String {
    replaced(text, &[("itemprop=", "data-q1="), ("itemscope", "data-q2")])
}

fn without_metas(text: &str) -> String {
    replaced(text, &[("<meta", "<nota")])
}

fn without_names(text: &str) -> String {
    replaced(text, &[("class=", "data-q3="), (" id=", " data-q4="), ("data-testid=", "data-q5=")])
}

fn without_headings(text: &str) -> String {
    replaced(text, &[("<h1", "<div"), ("</h1", "</div"), ("<H1", "<div"), ("</H1", "</div")])
}

fn without_scripts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<script") {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("</script>").map_or("", |end| &rest[start + end + 9..]);
    }
    out + rest
}

fn visible_only(text: &str) -> String {
    without_metas(&without_microdata(&without_scripts(text)))
}

fn unchanged(text: &str) -> String {
    text.to_owned()
}

fn reading(weaken: Weaken, with_address: bool) -> impl Fn(&Path, &Value) -> PageAnswer {
    move |folder, row| {
        let body = scoring::page(folder, row);
        let weakened = weaken(&String::from_utf8_lossy(&body));
        let url = if with_address { row["url"].as_str().unwrap_or("") } else { "" };
        let hints = SiteHints::default();
        extract(&PageInput { body: weakened.as_bytes(), content_type: None, status: None, url, hints }).into()
    }
}

#[test]
fn pages_are_still_read_with_one_source_taken_away() {
    let Some(data) = scoring::shared_data("pages_are_still_read_with_one_source_taken_away") else { return };
    let ways: [(&str, Weaken, bool, f64); 8] = [
        ("without address", unchanged, false, 0.96),
        ("without JSON-LD", without_json_ld, true, 0.94),
        ("without microdata", without_microdata, true, 0.95),
        ("without metas", without_metas, true, 0.90),
        ("without scripts", without_scripts, true, 0.94),
        ("without class names", without_names, true, 0.90),
        ("without headings", without_headings, true, 0.96),
        ("visible only", visible_only, true, 0.88),
    ];
    for (name, weaken, with_address, least) in ways {
        let score = scoring::score_pages(&data, &reading(weaken, with_address));
        let price = score.get("price F1, corrected labels");
        let (high, right) = (score.get("answers with high confidence"), score.get("of these right"));
        println!(
            "{name}: price F1 {price:.3}, of {high} confident prices right {right:.3}\n{}",
            score.misses.join("\n")
        );
        assert!(price >= least, "{name}: {price}");
        assert!(high >= 20.0 && right >= 0.99, "{name}: {right} of {high}");
    }
}
