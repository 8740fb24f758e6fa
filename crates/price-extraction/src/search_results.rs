//! The pages that a shop's search answers with: links whose words are those that were looked for.

use std::collections::{BTreeSet, HashMap};

use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::encoding::decode;
use crate::reading::LONGEST_PAGE;

/// Links looked at on one page; lists of results have fewer.
const MOST_LINKS: usize = 5_000;
/// Pieces of text taken of one link.
const MOST_TEXTS: usize = 40;
/// Of the words' weight that a link has to have, in percent.
const LEAST_ALIKE: usize = 50;
/// A word with a digit is mostly a model's.
const MODEL_WEIGHT: usize = 3;
/// A model's word is also found within another one when it is as long as this: `WH820` in `wh-820n`.
const TELLING_LENGTH: usize = 4;

/// The addresses on a page of results that `words` speak of, the most alike first and otherwise in the order of the page,
/// at most so many. Only those of the same site.
pub fn result_links(body: &[u8], address: &str, words: &str, most: usize) -> Vec<String> {
    let Ok(base) = Url::parse(address) else { return Vec::new() };
    let wanted: BTreeSet<String> = words_of(words).collect();
    let body = &body[..body.len().min(LONGEST_PAGE)];
    let document = Html::parse_document(&decode(body, None));
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, String)> = Vec::new();
    let [links, pictures] = ["a[href]", "img[alt]"].map(|selector| Selector::parse(selector).expect("a selector"));
    for link in document.select(&links).take(MOST_LINKS) {
        let Some(target) = link.attr("href").and_then(|href| target(&base, href)) else { continue };
        let place = *places.entry(target.clone()).or_insert_with(|| {
            found.push((target, String::new()));
            found.len() - 1
        });
        say(link, &pictures, &mut found[place].1);
    }
    let mut alike: Vec<(usize, String)> = found
        .into_iter()
        .map(|(target, text)| (likeness(&wanted, &format!("{text} {}", path_of(&target))), target))
        .filter(|(likeness, _)| *likeness >= LEAST_ALIKE)
        .collect();
    alike.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    alike.into_iter().map(|(_, target)| target).take(most).collect()
}

/// A link's target on the same site, without its fragment; none to the page itself.
fn target(base: &Url, href: &str) -> Option<String> {
    let mut url = base.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    let is_here = host(&url) == host(base) && url.port_or_known_default() == base.port_or_known_default();
    (is_here && url.path() != base.path() && url.path() != "/").then(|| url.into())
}

/// What a person sees of a link.
fn say(link: ElementRef<'_>, pictures: &Selector, into: &mut String) {
    let mut add = |text: &str| {
        into.push(' ');
        into.push_str(text);
    };
    link.text().take(MOST_TEXTS).for_each(&mut add);
    for name in ["title", "aria-label"] {
        link.attr(name).into_iter().for_each(&mut add);
    }
    link.select(pictures).filter_map(|picture| picture.attr("alt")).for_each(&mut add);
}

fn path_of(address: &str) -> String {
    Url::parse(address).map(|url| url.path().to_owned()).unwrap_or_default()
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    words.map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// How much of what is wanted a text has, in percent.
fn likeness(wanted: &BTreeSet<String>, text: &str) -> usize {
    let said: BTreeSet<String> = words_of(text).collect();
    let joined: String = text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let weight = |word: &String| if word.contains(|letter: char| letter.is_ascii_digit()) { MODEL_WEIGHT } else { 1 };
    let is_said = |word: &&String| {
        let is_telling = weight(word) > 1 && word.len() >= TELLING_LENGTH;
        said.contains(*word) || (is_telling && joined.contains(word.as_str()))
    };
    let all: usize = wanted.iter().map(weight).sum();
    let met: usize = wanted.iter().filter(is_said).map(weight).sum();
    met * 100 / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::result_links;

    const PAGE: &str = "<html><body><nav><a href=/>Home</a><a href=/cart>Cart</a><a href=/c/headphones>Headphones</a></nav>\
        <a href='/search?q=x&page=2'>Next</a>\
        <div><a href='/p/wh-820n-case?ref=1#top'><img alt='Case for Tonari WH-820N'></a></div>\
        <div><a href='/p/4711'><img src=x></a><a href='/p/4711' title='Tonari WH-820N headphones, black'>Details</a></div>\
        <div><a href='//www.shop.example/p/tonari-wh820n-white'>White</a></div>\
        <div><a href='https://elsewhere.example/tonari-wh-820n'>Tonari WH-820N headphones</a></div>\
        <div><a href='/p/tonari-hs-3'>Tonari HS-3 headset</a></div></body></html>";

    #[test]
    fn results_are_told_from_the_rest_of_the_page_by_their_words() {
        let links = |words: &str, most| result_links(PAGE.as_bytes(), "https://shop.example/search?q=x", words, most);
        assert_eq!(
            links("Tonari WH820N headphones", 5),
            [
                "https://shop.example/p/4711",
                "https://shop.example/p/wh-820n-case?ref=1",
                "https://www.shop.example/p/tonari-wh820n-white"
            ]
        );
        assert_eq!(links("Tonari WH820N headphones", 1).len(), 1);
        assert_eq!(links("Boilo Kettle K-100", 5), Vec::<String>::new());
        assert_eq!(links("", 5), Vec::<String>::new());
        assert_eq!(result_links(b"\xff\xfe<a href", "no address", "x", 5), Vec::<String>::new());
    }
}
