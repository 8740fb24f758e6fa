//! What holds for one site beyond the collection's settings.

use std::time::Duration;

use pricing_domain::Instant;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

/// Which headers a site sees. Each profile is always the same, so that a visit looks like the one before, and each
/// names this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    /// The program's name and what it reads.
    #[default]
    Plain,
    /// What browsers send when a person opens a page, in a language (`de-AT`), with the program's name.
    Browser {
        /// For `Accept-Language`; none: English.
        language: Option<String>,
    },
}

/// Whether robots.txt binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RobotsUse {
    /// As the collection's settings say.
    #[default]
    AsUsual,
    /// The user owns the site and said so.
    OwnSite,
}

/// Through which route pages are fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// Directly.
    #[default]
    Direct,
    /// Through the proxies of the settings, one at a time for each site.
    Proxies,
}

/// How a page comes to stand as a buyer sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rendering {
    /// As the shop sends it.
    #[default]
    None,
    /// In an installed browser, which runs the page's scripts.
    Browser,
}

/// A shorter way to what a page says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shortcut {
    /// The page itself.
    #[default]
    None,
    /// A Shopify shop: the product's JSON where the currency is known; the page where that does not answer.
    ShopifyProduct,
}

/// What holds for one site. The default: as the collection's settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteRules {
    /// Least gap between two requests.
    pub delay: Option<Duration>,
    /// Whether robots.txt binds.
    pub robots: RobotsUse,
    /// Most requests to an origin in a day (UTC).
    pub daily_requests: Option<u32>,
    /// When it is left alone: from, to.
    pub quiet: Vec<(Instant, Instant)>,
    /// Which headers it sees.
    pub headers: Headers,
    /// Through which route.
    pub route: Route,
    /// Whether its pages need a browser. That one goes directly, whatever the route.
    pub rendering: Rendering,
    /// Whether there is a shorter way.
    pub shortcut: Shortcut,
}

impl SiteRules {
    /// Until when the site is left alone, where it is now.
    pub fn quiet_until(&self, now: Instant) -> Option<Instant> {
        self.quiet.iter().find(|(from, to)| (*from..*to).contains(&now)).map(|(_, to)| *to)
    }
}

const PLAIN_ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5";
const BROWSER_ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
/// In the order in which browsers send them.
const BROWSER_HEADERS: &[(&str, &str)] = &[
    ("upgrade-insecure-requests", "1"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "none"),
    ("sec-fetch-user", "?1"),
];

impl Headers {
    /// The headers of a request; `name` is the program's (`OmniPriceX/1.0`).
    pub(crate) fn of(&self, name: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut put = |header: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(header, value);
            }
        };
        match self {
            Self::Plain => {
                put(USER_AGENT, name);
                put(ACCEPT, PLAIN_ACCEPT);
            }
            Self::Browser { language } => {
                put(USER_AGENT, &format!("Mozilla/5.0 (compatible; {name})"));
                put(ACCEPT, BROWSER_ACCEPT);
                put(ACCEPT_LANGUAGE, &accepted_languages(language.as_deref()));
                for (header, value) in BROWSER_HEADERS {
                    put(HeaderName::from_static(header), value);
                }
            }
        }
        headers
    }
}

/// `de-AT,de;q=0.9,en;q=0.5`
fn accepted_languages(language: Option<&str>) -> String {
    match language.map(str::trim).filter(|language| !language.is_empty()) {
        None => "en".to_owned(),
        Some(language) => match language.split_once('-') {
            Some((short, _)) => format!("{language},{short};q=0.9,en;q=0.5"),
            None => format!("{language},en;q=0.5"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn every_profile_names_the_program_and_the_language_of_the_shop() {
        let plain = Headers::Plain.of("OmniPriceX/1.0");
        assert_eq!(plain["user-agent"], "OmniPriceX/1.0");
        let browser = Headers::Browser { language: Some("de-AT".into()) }.of("OmniPriceX/1.0");
        assert_eq!(browser["user-agent"], "Mozilla/5.0 (compatible; OmniPriceX/1.0)");
        assert_eq!(browser["accept-language"], "de-AT,de;q=0.9,en;q=0.5");
    }
}
