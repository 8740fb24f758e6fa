//! Reads sitemaps (sitemaps.org) and the lines of robots.txt that name them.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The protocol allows so many addresses in one file; more are left out.
const MOST_ADDRESSES: usize = 50_000;

/// What a sitemap lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages, with the day of their last change where it is told.
    pub pages: Vec<SitemapPage>,
    /// Further sitemaps.
    pub sitemaps: Vec<String>,
}

/// A page of a sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitemapPage {
    /// Its address.
    pub url: String,
    /// As written (W3C date and time), which sorts by time.
    pub last_changed: Option<String>,
}

/// Reads an XML sitemap, an index of sitemaps, or a plain list with an address on each line. What cannot be read is left
/// out; other documents give nothing. Linear.
pub fn read_sitemap(bytes: &[u8]) -> Sitemap {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') { read_xml(text) } else { read_lines(text) }
}

/// The sitemaps that a robots.txt names.
pub fn sitemaps_of_robots(text: &str) -> Vec<String> {
    let named = text.lines().filter_map(|line| {
        let (field, value) = line.split_once(':')?;
        let is_address = field.trim().eq_ignore_ascii_case("sitemap").then_some(value.trim())?;
        is_address.starts_with("http").then(|| is_address.to_owned())
    });
    named.collect()
}

fn read_lines(text: &str) -> Sitemap {
    let is_address = |line: &&str| line.starts_with("http://") || line.starts_with("https://");
    let pages = text.lines().map(str::trim).filter(is_address).take(MOST_ADDRESSES);
    let pages = pages.map(|url| SitemapPage { url: url.to_owned(), last_changed: None });
    Sitemap { pages: pages.collect(), sitemaps: Vec::new() }
}

/// The entry that is being read.
#[derive(Default)]
struct Entry {
    url: String,
    last_changed: String,
    /// The element whose text comes next.
    inside: Option<Field>,
}

#[derive(Clone, Copy)]
enum Field {
    Url,
    LastChanged,
}

fn read_xml(text: &str) -> Sitemap {
    let mut reader = Reader::from_str(text);
    let mut sitemap = Sitemap::default();
    let mut entry = Entry::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                entry.inside = match tag.name().as_ref() {
                    "loc" => Some(Field::Url),
                    "lastmod" => Some(Field::LastChanged),
                    "url" | "sitemap" => {
                        entry = Entry::default();
                        None
                    }
                    _ => None,
                };
            }
            Ok(Event::Text(part)) => entry.take(&part),
            Ok(Event::CData(part)) => entry.take(&part),
            Ok(Event::GeneralRef(name)) => entry.take(named_character(&name)),
            Ok(Event::End(tag)) => match tag.name().as_ref() {
                "loc" | "lastmod" => entry.inside = None,
                "url" => sitemap.pages.extend(std::mem::take(&mut entry).page()),
                "sitemap" => sitemap.sitemaps.extend(std::mem::take(&mut entry).page().map(|page| page.url)),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return sitemap,
            Ok(_) => {}
        }
        if sitemap.pages.len() >= MOST_ADDRESSES {
            return sitemap;
        }
    }
}

/// The five characters that XML names; addresses need no others.
fn named_character(name: &str) -> &'static str {
    match name {
        "amp" | "#38" => "&",
        "apos" | "#39" => "'",
        "quot" | "#34" => "\"",
        "lt" => "<",
        "gt" => ">",
        _ => "",
    }
}

impl Entry {
    fn take(&mut self, text: &str) {
        match self.inside {
            Some(Field::Url) => self.url.push_str(text.trim()),
            Some(Field::LastChanged) => self.last_changed.push_str(text.trim()),
            None => {}
        }
    }

    fn page(self) -> Option<SitemapPage> {
        let last_changed = Some(self.last_changed).filter(|day| !day.is_empty());
        self.url.starts_with("http").then_some(SitemapPage { url: self.url, last_changed })
    }
}

#[cfg(test)]
mod tests {
    use super::{read_sitemap, sitemaps_of_robots};

    #[test]
    fn pages_are_read_with_their_days_and_their_escapes() {
        let sitemap = read_sitemap(
            b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
              <url><loc>https://shop.example/a?x=1&amp;y=2</loc><lastmod>2026-11-02</lastmod>\
              <image:image xmlns:image='i'><image:loc>https://shop.example/a.jpg</image:loc></image:image></url>\
              <url><loc><![CDATA[ https://shop.example/b ]]></loc></url><url><loc>mailto:x</loc></url></urlset>",
        );
        let pages: Vec<_> =
            sitemap.pages.iter().map(|page| (page.url.as_str(), page.last_changed.as_deref())).collect();
        assert_eq!(pages, [("https://shop.example/a?x=1&y=2", Some("2026-11-02")), ("https://shop.example/b", None)]);
        assert!(sitemap.sitemaps.is_empty());
    }

    #[test]
    fn an_index_names_further_sitemaps() {
        let index = b"<sitemapindex><sitemap><loc>https://shop.example/1.xml.gz</loc></sitemap></sitemapindex>";
        assert_eq!(read_sitemap(index).sitemaps, ["https://shop.example/1.xml.gz"]);
        assert!(read_sitemap(index).pages.is_empty());
    }

    #[test]
    fn a_plain_list_is_read_and_other_documents_give_nothing() {
        assert_eq!(read_sitemap(b"https://shop.example/a\r\nnot an address\n").pages.len(), 1);
        assert_eq!(read_sitemap(b"<html><body>404</body></html>"), super::Sitemap::default());
        assert_eq!(read_sitemap(b"<urlset><url><loc>https://shop.example/a</lo"), super::Sitemap::default());
    }

    #[test]
    fn robots_name_sitemaps_in_any_case() {
        let robots = "User-agent: *\nDisallow: /x\nSITEMAP: https://shop.example/map.xml\nSitemap: /relative.xml\n";
        assert_eq!(sitemaps_of_robots(robots), ["https://shop.example/map.xml"]);
    }
}
