//! Finds for each page the products of ours that it may offer: by equal codes, then by rare words that both have.

use std::collections::HashMap;

use pricing_domain::{Gtin, MatchVerdict};

use crate::comparison::{Comparison, Shared, compare};
use crate::titles::{Item, Title, compact};

/// Words that more products share than this find nobody.
const MOST_PRODUCTS_OF_A_WORD: usize = 2_000;
/// Candidates that are compared for a page.
const COMPARED: usize = 40;
/// Candidates that are given.
const GIVEN: usize = 5;
/// A second product that comes so close leaves the decision to a person.
const CLOSE: u16 = 15;

/// A product that a page may offer.
#[derive(Clone, Debug)]
pub struct Match {
    /// Its place in the catalogue.
    pub product: usize,
    /// How alike they are.
    pub comparison: Comparison,
}

/// Our products, ready to be searched.
pub struct Catalogue {
    titles: Vec<Title>,
    items: Vec<Item>,
    by_gtin: HashMap<Gtin, Vec<u32>>,
    by_mpn: HashMap<String, Vec<u32>>,
    by_sku: HashMap<String, u32>,
    by_word: HashMap<String, Vec<u32>>,
}

impl Catalogue {
    /// Reads the titles of our products. Cost: linear.
    pub fn new(items: Vec<Item>) -> Self {
        let titles: Vec<Title> = items.iter().map(Title::read).collect();
        let mut catalogue = Self {
            titles,
            items,
            by_gtin: HashMap::new(),
            by_mpn: HashMap::new(),
            by_sku: HashMap::new(),
            by_word: HashMap::new(),
        };
        for (place, (item, title)) in catalogue.items.iter().zip(&catalogue.titles).enumerate() {
            let place = place as u32;
            for gtin in &item.gtins {
                catalogue.by_gtin.entry(*gtin).or_default().push(place);
            }
            if let Some(mpn) = &title.mpn {
                catalogue.by_mpn.entry(mpn.clone()).or_default().push(place);
            }
            if let Some(sku) = item.sku.as_deref().map(compact).filter(|sku| sku.len() >= 4) {
                catalogue.by_sku.insert(sku, place);
            }
            for word in title.words.iter().chain(title.joined.iter().map(|(joined, _)| joined)) {
                catalogue.by_word.entry(word.clone()).or_default().push(place);
            }
        }
        catalogue
    }

    /// How telling a word is: the rarer among our products, the more. A word that none has says little.
    fn weight(&self, word: &str) -> f32 {
        let count = self.by_word.get(word).map_or(0, Vec::len);
        let all = self.titles.len() as f32 + 1.0;
        match count {
            0 => 1.0,
            count => (all / count as f32).ln().max(0.2),
        }
    }

    /// The products that a page may offer, most alike first.
    pub fn find(&self, page: &Item) -> Vec<Match> {
        let title = Title::read(page);
        let mut matches: Vec<Match> = self
            .candidates(page, &title)
            .into_iter()
            .map(|place| Match { product: place as usize, comparison: self.compare(place as usize, page, &title) })
            .collect();
        matches.sort_by_key(|found| std::cmp::Reverse((found.comparison.verdict, found.comparison.score)));
        matches.truncate(GIVEN);
        self.leave_close_ones_open(&mut matches);
        matches
    }

    /// Where a second product is as much like the page, nobody but a person can tell.
    fn leave_close_ones_open(&self, matches: &mut [Match]) {
        let [first, second, ..] = matches else { return };
        let certain = first.comparison.score == 1_000 && second.comparison.score < 1_000;
        if second.comparison.verdict == MatchVerdict::Certain
            && !certain
            && first.comparison.score - second.comparison.score < CLOSE
        {
            first.comparison.verdict = MatchVerdict::Review;
            let other = &self.items[second.product].title;
            first.comparison.conflicts.push(format!("“{other}” is as much like it"));
        }
    }

    fn candidates(&self, page: &Item, title: &Title) -> Vec<u32> {
        let mut scores: HashMap<u32, f32> = HashMap::new();
        let mut add = |places: &[u32], weight: f32| {
            for place in places {
                *scores.entry(*place).or_default() += weight;
            }
        };
        for gtin in &page.gtins {
            add(self.by_gtin.get(gtin).map_or(&[][..], Vec::as_slice), 1_000.0);
        }
        for code in title.mpn.iter().chain(&title.models) {
            add(self.by_mpn.get(code).map_or(&[][..], Vec::as_slice), 100.0);
        }
        if let Some(place) = page.sku.as_deref().map(compact).and_then(|sku| self.by_sku.get(&sku)) {
            add(&[*place], 100.0);
        }
        for word in title.words.iter().chain(title.joined.iter().map(|(joined, _)| joined)) {
            let places = self.by_word.get(word).map_or(&[][..], Vec::as_slice);
            if places.len() <= MOST_PRODUCTS_OF_A_WORD {
                add(places, self.weight(word));
            }
        }
        let mut ranked: Vec<(u32, f32)> = scores.into_iter().collect();
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if ranked.len() > COMPARED {
            ranked.select_nth_unstable_by(COMPARED, order);
            ranked.truncate(COMPARED);
        }
        ranked.sort_by(order);
        ranked.into_iter().map(|(place, _)| place).collect()
    }

    fn compare(&self, place: usize, page: &Item, title: &Title) -> Comparison {
        let (item, ours) = (&self.items[place], &self.titles[place]);
        let mpn = ours.mpn.as_ref().is_some_and(|mpn| title.mpn.as_ref() == Some(mpn) || title.models.contains(mpn));
        let brand = ours.brand.is_some() && ours.brand == title.brand;
        let same_sku = |sku: &String| page.sku.as_ref().is_some_and(|theirs| compact(theirs) == compact(sku));
        let shared = Shared {
            gtin: item.gtins.iter().any(|gtin| page.gtins.contains(gtin)),
            mpn: mpn && brand,
            sku: item.sku.as_ref().is_some_and(same_sku),
            prices: item.price_minor.zip(page.price_minor),
            weight: &|word| self.weight(word),
        };
        compare(ours, title, &shared)
    }
}
