//! Reads the labelled set and scores the matcher on it.

use pricing_domain::MatchVerdict;
use product_matching::{Catalogue, Item};
use serde::Deserialize;

const SET: &str = include_str!("../labelled.json");

#[derive(Deserialize)]
struct Labelled {
    products: Vec<Product>,
    pages: Vec<Page>,
}

#[derive(Deserialize)]
struct Product {
    sku: String,
    title: String,
    brand: Option<String>,
    price_minor: i64,
}

#[derive(Deserialize)]
struct Page {
    title: String,
    brand: Option<String>,
    /// The SKU it offers; none: we do not sell it.
    truth: Option<String>,
    kind: String,
    price_minor: i64,
}

/// What came of it.
pub struct LabelledScore {
    pub pages: usize,
    pub same: usize,
    pub accepted: usize,
    pub right: usize,
    /// The right product is among the five candidates.
    pub offered: usize,
    pub wrong: Vec<String>,
    pub missed: Vec<String>,
}

impl LabelledScore {
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.accepted.max(1) as f64
    }

    pub fn recall(&self) -> f64 {
        self.right as f64 / self.same.max(1) as f64
    }

    pub fn table(&self) -> String {
        format!(
            "pages {}, of our products {}; accepted {}, right {}; precision {:.4}, recall {:.4}, offered {:.4}",
            self.pages,
            self.same,
            self.accepted,
            self.right,
            self.precision(),
            self.recall(),
            self.offered as f64 / self.same.max(1) as f64
        )
    }
}

/// Matches every page of the set.
pub fn score() -> LabelledScore {
    let set: Labelled = serde_json::from_str(SET).expect("the labelled set is JSON");
    let item = |title: &String, brand: &Option<String>, price: i64| Item {
        title: title.clone(),
        brand: brand.clone(),
        price_minor: Some(price),
        ..Item::default()
    };
    let products = set.products.iter().map(|product| item(&product.title, &product.brand, product.price_minor));
    let catalogue = Catalogue::new(products.collect());
    let mut score = LabelledScore {
        pages: set.pages.len(),
        same: set.pages.iter().filter(|page| page.truth.is_some()).count(),
        accepted: 0,
        right: 0,
        offered: 0,
        wrong: Vec::new(),
        missed: Vec::new(),
    };
    for page in &set.pages {
        let found = catalogue.find(&item(&page.title, &page.brand, page.price_minor));
        let sku = |place: usize| set.products[place].sku.as_str();
        let offered = found.iter().any(|found| Some(sku(found.product)) == page.truth.as_deref());
        score.offered += usize::from(offered);
        let accepted = found.first().filter(|found| found.comparison.verdict == MatchVerdict::Certain);
        let right = accepted.is_some_and(|found| Some(sku(found.product)) == page.truth.as_deref());
        score.accepted += usize::from(accepted.is_some());
        score.right += usize::from(right);
        if let Some(found) = accepted.filter(|_| !right) {
            score.wrong.push(format!("{} “{}” as “{}”", page.kind, page.title, set.products[found.product].title));
        } else if page.truth.is_some() && !right {
            let first = found.first();
            let why = first.map_or_else(String::new, |first| {
                format!(
                    "{} {} {:?}",
                    set.products[first.product].title, first.comparison.score, first.comparison.conflicts
                )
            });
            score.missed.push(format!("“{}”: {why}", page.title));
        }
    }
    score
}
