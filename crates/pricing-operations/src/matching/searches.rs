//! A shop's own search, asked for each of our products that has no page there.

use std::collections::HashSet;
use std::sync::Arc;

use app_contract::{MatchSearch, MatchingReport};
use price_extraction::result_links;
use pricing_domain::ReadState;
use pricing_store::{Durability, MatchableProduct};
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::sites::Visits;
use crate::{OperationError, Workspace};

/// Stands in the address of a search for its words.
pub(super) const QUERY: &str = "{query}";
/// Pages of one search that are read: the shop's first answer is not always the right one.
const READ_OF_A_SEARCH: usize = 3;
/// A search that found nothing is made again after so long.
const AGAIN_DAYS: i64 = 30;
/// Searches noted in one transaction.
const SEARCHES_A_WRITE: usize = 100;
/// Words of a title that are asked for: many shops look for all of them.
const MOST_WORDS: usize = 6;
/// Maker's numbers that tell a product.
const TELLING_NUMBER: std::ops::RangeInclusive<usize> = 3..=30;

impl Workspace {
    /// Asks a shop's search for the products without a page there and reads the pages that it answers with.
    pub(super) async fn search_site(
        &self,
        search: &MatchSearch,
        competitor: i64,
        visits: &Visits<'_>,
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        let site = search.site.trim();
        search_address(site, "words")?;
        let products = self.products_to_search(competitor, search.most_pages).await?;
        let total = Some(products.len() as u64);
        let words: Vec<String> = products.iter().map(search_words).collect();
        let addresses = words.iter().map(|words| search_address(site, words)).collect::<Result<Vec<_>, _>>()?;
        let mut answers = self.visit(addresses, Arc::clone(&visits.rules), visits).await?;
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        let (mut asked, mut problem) = (Vec::new(), None);
        while let Some(answer) = answers.recv().await {
            let place = usize::try_from(answer.key).ok().filter(|place| *place < products.len());
            let Some(place) = place else { continue };
            let Some(body) = answer.body.as_ref().filter(|_| answer.status == Some(200)) else {
                problem.get_or_insert(format!("{}: {}", answer.url, answer.reason));
                continue;
            };
            report.searched += 1;
            asked.push(products[place].sku.clone());
            // A search for a product's own number often leads to its page at once.
            let is_page =
                matches!(answer.state, ReadState::Product | ReadState::SoldOut) && !is_search(site, &answer.url);
            let mut links = if is_page { vec![answer.url.clone()] } else { Vec::new() };
            links.extend(result_links(body, &answer.url, &words[place], READ_OF_A_SEARCH));
            links.truncate(READ_OF_A_SEARCH);
            links.retain(|link| link.contains(search.containing.trim()) && seen.insert(link.clone()));
            found.extend(links);
            if asked.len() >= SEARCHES_A_WRITE {
                self.note_searches(competitor, &mut asked).await?;
            }
            visits.progress.at(report.searched, total, "Asking the shop's search");
        }
        self.note_searches(competitor, &mut asked).await?;
        if let Some(problem) = problem.filter(|_| report.searched == 0) {
            return Err(OperationError::refused(format!(
                "The shop's search did not answer ({problem}). Check the address, give that of the shop or its sitemap, or \
                 import a file of matches."
            )));
        }
        let known: HashSet<String> = self.store.known_addresses(competitor).await?.into_iter().collect();
        report.listed = found.len() as u64;
        found.retain(|address| !known.contains(address));
        report.known = report.listed - found.len() as u64;
        found.truncate(search.most_pages.max(1) as usize);
        self.read_pages(found, competitor, visits, report).await
    }

    /// Products that are sold, have no page of the competitor, and were not asked for lately.
    async fn products_to_search(&self, competitor: i64, most: u32) -> Result<Vec<MatchableProduct>, OperationError> {
        let listed = self.store.listed_products(competitor).await?;
        let matched: HashSet<i64> = listed.iter().filter(|one| one.is_accepted).map(|one| one.product_key).collect();
        let asked = self.store.searched_skus(competitor, self.now().plus_days(-AGAIN_DAYS)).await?;
        let mut products = self.store.matchable_products(self.now()).await?;
        products.retain(|product| !matched.contains(&product.key) && !asked.contains(&product.sku));
        products.truncate(most.max(1) as usize);
        Ok(products)
    }

    async fn note_searches(&self, competitor: i64, skus: &mut Vec<String>) -> Result<(), OperationError> {
        if skus.is_empty() {
            return Ok(());
        }
        let mut op = self.begin("find_matches", Durability::Facts).await?;
        op.record_searches(competitor, skus, self.now()).await?;
        op.concern_only([]);
        op.commit(&format!("Asked a shop's search for {} products", skus.len()), false).await?;
        skus.clear();
        Ok(())
    }
}

/// The address of a search for these words.
fn search_address(site: &str, words: &str) -> Result<String, OperationError> {
    let encoded: String = byte_serialize(words.as_bytes()).collect();
    let address = site.replace(QUERY, &encoded.replace('+', "%20"));
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    // Words that are part of the host would ask other servers.
    let host = |text: &str| Url::parse(text).ok().filter(is_web).and_then(|url| url.host_str().map(str::to_owned));
    let plain = host(&site.replace(QUERY, "x"));
    match host(&address).filter(|host| Some(host) == plain.as_ref()) {
        Some(_) => Ok(address),
        None => Err(OperationError::refused(
            "Give the whole address of the shop's search with {query} where its words go, such as \
             https://shop.example/search?q={query}.",
        )),
    }
}

/// Whether an address is the search itself, whatever its words.
fn is_search(site: &str, address: &str) -> bool {
    let path = |text: &str| Url::parse(text).map(|url| url.path().to_owned()).unwrap_or_default();
    path(&site.replace(QUERY, "x")) == path(address) && !site.split('?').next().unwrap_or_default().contains(QUERY)
}

/// What a product is looked for by: brand and the maker's number, else brand and the first words of its name, without
/// what sets variants apart behind a dash, a comma or a bracket.
fn search_words(product: &MatchableProduct) -> String {
    let number = product.mpn.as_deref().map(str::trim).filter(|number| {
        TELLING_NUMBER.contains(&number.len()) && number.contains(|letter: char| letter.is_ascii_digit())
    });
    let cut = product.name.split([',', '(', '|']).next().unwrap_or_default();
    let cut = cut.split(" - ").next().and_then(|cut| cut.split(" – ").next()).unwrap_or_default();
    let plain = if cut.split_whitespace().nth(1).is_some() { cut } else { product.name.as_str() };
    let name: Vec<&str> = plain.split_whitespace().take(MOST_WORDS).collect();
    let words = number.map_or_else(|| name.join(" "), str::to_owned);
    match product.brand.as_deref().map(str::trim).filter(|brand| !brand.is_empty()) {
        Some(brand) if !words.to_lowercase().contains(&brand.to_lowercase()) => format!("{brand} {words}"),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use pricing_store::MatchableProduct;

    use super::{is_search, search_address, search_words};

    #[test]
    fn words_go_into_the_address_and_never_into_its_host() {
        let address = |site: &str| search_address(site, "Tonari WH-820 & more+").ok();
        assert_eq!(
            address("https://shop.example/search?q={query}&sort=1").as_deref(),
            Some("https://shop.example/search?q=Tonari%20WH-820%20%26%20more%2B&sort=1")
        );
        assert_eq!(
            address("https://shop.example/s/{query}").as_deref(),
            Some("https://shop.example/s/Tonari%20WH-820%20%26%20more%2B")
        );
        for wrong in ["https://{query}.example/", "{query}", "ftp://shop.example/{query}", "https://a@{query}/"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
        assert!(is_search("https://shop.example/search?q={query}", "https://shop.example/search?q=x"));
        assert!(!is_search("https://shop.example/search?q={query}", "https://shop.example/p/1"));
    }

    #[test]
    fn a_product_is_looked_for_by_what_shops_find() {
        let words = |name: &str, brand: &str, mpn: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            search_words(&MatchableProduct {
                key: 1,
                sku: "A1".to_owned(),
                name: name.to_owned(),
                brand: some(brand),
                mpn: some(mpn),
                gtins: String::new(),
                price_minor: None,
            })
        };
        assert_eq!(words("Headphones WH-820N, black", "Tonari", "WH820N/B"), "Tonari WH820N/B");
        assert_eq!(words("Tonari Headphones WH-820N - black, large", "Tonari", "none"), "Tonari Headphones WH-820N");
        assert_eq!(words("Kettle, 1.7 l", "", ""), "Kettle, 1.7 l");
        assert_eq!(
            words("A very long name of a thing that nobody asks for", "Boilo", ""),
            "Boilo A very long name of a"
        );
    }
}
