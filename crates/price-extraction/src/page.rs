//! What a page is about, before any price is judged: its language, country, currency, its title and where that stands.

use std::ops::Range;

use pricing_domain::Currency;
use url::Url;

use crate::currencies::{country_of_host, decimal_separator_of, language_country, locale_country, of_country};
use crate::dom::{Dom, Kind, NodeId, Tag};
use crate::extraction::SiteHints;
use crate::sources::metas::Head;

/// How much less a heading that leads to the site's first page looks like a product's name.
const SITE_NAME: f64 = 1.2;

/// A parsed page with what is known about it.
pub(crate) struct Page<'a> {
    pub dom: &'a Dom<'a>,
    pub head: Head,
    pub url: Option<Url>,
    pub hints: &'a SiteHints,
    /// The country of the site, ISO 3166 in lower case.
    pub country: Option<&'static str>,
    /// The title and where it stands.
    pub title: Option<String>,
    pub title_node: Option<NodeId>,
    /// For each node, how many visible texts come before it.
    pub text_index: Vec<u32>,
}

impl<'a> Page<'a> {
    /// Collects what the page tells about itself.
    pub fn new(dom: &'a Dom<'a>, head: Head, url: &str, hints: &'a SiteHints) -> Self {
        let url = Url::parse(url).ok();
        let country = country(url.as_ref(), &head);
        let mut page =
            Self { dom, head, url, hints, country, title: None, title_node: None, text_index: text_index(dom) };
        page.title_node = page.find_title();
        page.title = page
            .title_node
            .map(|id| dom.text(id, 300))
            .or_else(|| page.head.og_title.clone())
            .or_else(|| page.head.title.clone());
        page
    }

    /// The currency that the site's country uses.
    pub fn local_currency(&self) -> Option<Currency> {
        self.hints.currency.or_else(|| self.country.and_then(of_country))
    }

    /// The decimal separator that the site's country uses.
    pub fn usual_separator(&self) -> Option<char> {
        self.country.and_then(decimal_separator_of)
    }

    /// How many visible texts lie between two nodes; negative when the second comes first.
    pub fn distance(&self, from: NodeId, to: NodeId) -> i64 {
        i64::from(self.text_index[to as usize]) - i64::from(self.text_index[from as usize])
    }

    /// The nodes within so many visible texts of another, those before it by negative numbers.
    pub fn around(&self, node: NodeId, reach: Range<i64>) -> Range<NodeId> {
        let own = i64::from(self.text_index[node as usize]);
        let first = |distance: i64| self.text_index.partition_point(|index| i64::from(*index) - own < distance);
        first(reach.start) as NodeId..first(reach.end) as NodeId
    }

    /// Whether an address is this page's, or one of its forms: the same path, told apart by nothing but a query that
    /// this page's own address does not have.
    pub fn leads_here(&self, address: &str) -> bool {
        let Some(own) = self.url.as_ref() else { return false };
        let Ok(other) = own.join(address.trim()) else { return false };
        let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
        path(own) == path(&other) && (own.query().is_none() || own.query() == other.query())
    }

    /// How much of the words of a text are words of the page's own titles, from 0 to 1.
    pub fn title_likeness(&self, text: &str) -> f64 {
        let titles = [self.title.as_deref(), self.head.og_title.as_deref(), self.head.title.as_deref()];
        titles.into_iter().flatten().map(|title| likeness(text, title)).fold(0.0, f64::max)
    }

    /// The heading that names the product: the first-level heading most like the page's title.
    fn find_title(&self) -> Option<NodeId> {
        let wanted: Vec<&str> =
            [self.head.og_title.as_deref(), self.head.title.as_deref()].into_iter().flatten().collect();
        let like = |text: &str| wanted.iter().map(|title| likeness(text, title)).fold(0.0, f64::max);
        let mut best: Option<(f64, NodeId)> = None;
        for id in 0..self.dom.nodes.len() as NodeId {
            let base = match self.dom.node(id).tag {
                Tag::H1 => 0.5,
                Tag::H2 | Tag::H3 => 0.0,
                Tag::Text => continue,
                _ if self.dom.raw_attribute(id, "itemprop").is_some_and(|name| name == "name") => 0.1,
                _ => continue,
            };
            let text = self.dom.text(id, 300);
            if text.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                continue;
            }
            let score = base + like(&text) - if self.leads_home(id) { SITE_NAME } else { 0.0 };
            if score > 0.45 && best.is_none_or(|(known, _)| score > known + 1e-9) {
                best = Some((score, id));
            }
        }
        best.map(|(_, id)| id).or_else(|| self.named_like(&wanted))
    }

    /// Whether a text is a link to the site's first page, as its name is.
    fn leads_home(&self, id: NodeId) -> bool {
        let is_link = |id: &NodeId| self.dom.node(*id).tag == Tag::A;
        let link =
            self.dom.self_and_ancestors(id).take(4).find(is_link).or_else(|| self.dom.descendants(id).find(is_link));
        let href = link.and_then(|link| self.dom.raw_attribute(link, "href")).map(str::trim);
        let Some((own, href)) = self.url.as_ref().zip(href.filter(|href| !href.is_empty() && !href.starts_with('#')))
        else {
            return false;
        };
        let is_home = |url: &Url| url.path() == "/" && url.query().is_none() && url.host() == own.host();
        own.path() != "/" && own.join(href).is_ok_and(|url| is_home(&url))
    }

    /// Without a heading: the first visible text that says nearly what the page's title says.
    fn named_like(&self, titles: &[&str]) -> Option<NodeId> {
        let mut unseen_until = 0;
        let mut best: Option<(f64, NodeId)> = None;
        for (id, node) in self.dom.nodes.iter().enumerate() {
            let id = id as NodeId;
            if node.tag.is_unseen() {
                unseen_until = unseen_until.max(node.end);
            }
            let Kind::Text(text) = node.kind else { continue };
            if id < unseen_until || !(6..400).contains(&text.len()) || words(text).len() > 40 {
                continue;
            }
            let covered = titles.iter().map(|title| covered(title, text).max(is_part(title, text))).fold(0.0, f64::max);
            if covered > 0.3 && best.is_none_or(|(known, _)| covered > known + 1e-9) && !self.leads_home(id) {
                best = Some((covered, id));
            }
        }
        best.map(|(_, id)| id)
    }
}

/// Which part of a title's characters a text repeats word by word, and nothing else.
fn covered(title: &str, text: &str) -> f64 {
    let (title_words, text_words) = (words(title), words(text));
    let length = |words: &[String]| words.iter().map(|word| word.chars().count()).sum::<usize>() as f64;
    if text_words.is_empty() || !text_words.iter().all(|word| title_words.contains(word)) {
        return 0.0;
    }
    length(&text_words) / length(&title_words).max(1.0)
}

/// How much a text is one of the parts that a title is made of, as in “Wool scarf – Highland Mill”: mostly the first is
/// the product and the last the site.
fn is_part(title: &str, text: &str) -> f64 {
    let parts: Vec<&str> = [" – ", " — ", " | ", " - ", " :: ", " » "]
        .into_iter()
        .find(|sign| title.contains(sign))
        .map_or_else(Vec::new, |sign| title.split(sign).collect());
    let is_same = |part: &&str| words(part).len() >= 2 && covered(part, text) > 0.95;
    match parts.iter().position(is_same) {
        Some(0) => 0.9,
        Some(_) => 0.5,
        None => 0.0,
    }
}

fn text_index(dom: &Dom<'_>) -> Vec<u32> {
    let mut index = Vec::with_capacity(dom.nodes.len());
    let (mut count, mut unseen_until) = (0, 0);
    for (id, node) in dom.nodes.iter().enumerate() {
        index.push(count);
        let id = id as NodeId;
        if node.tag.is_unseen() {
            unseen_until = unseen_until.max(node.end);
        }
        if node.tag == Tag::Text && id >= unseen_until {
            count += 1;
        }
    }
    index
}

fn country(url: Option<&Url>, head: &Head) -> Option<&'static str> {
    let host = url.and_then(Url::host_str).unwrap_or("");
    let from_path = || {
        let first: Vec<&str> = url?.path_segments()?.take(2).collect();
        first.iter().find_map(|segment| if segment.len() == 5 { locale_country(segment) } else { None })
    };
    let locale = || head.locale.as_deref().or(head.language.as_deref()).and_then(locale_country);
    let language = || head.language.as_deref().and_then(language_country);
    country_of_host(host).or_else(from_path).or_else(locale).or_else(language)
}

/// The words of a text, in lower case.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// How alike two titles are: shared words over the words of the shorter, damped for very short ones.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let shared = one.iter().filter(|word| other.contains(word)).count() as f64;
    let shorter = one.len().min(other.len()) as f64;
    shared / shorter * (shorter / (shorter + 0.5))
}
