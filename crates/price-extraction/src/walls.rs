//! Pages that stand before the shop: blocks, CAPTCHAs, queues, log-ins, walls by country.

use std::sync::LazyLock;

use memchr::memmem;

use crate::dom::Tag;
use crate::page::Page;
use crate::sources::Found;
use crate::visible::zones::{Zone, Zones};
use crate::visible::{buttons, candidates};

/// What scripts and forms of such pages carry. Ordinary pages carry some of them too, so length decides.
const MACHINERY: [&str; 31] = [
    "_Incapsula_Resource",
    "cf-challenge",
    "cf_chl_",
    "challenge-platform",
    "cf-browser-verification",
    "g-recaptcha",
    "h-captcha",
    "hcaptcha.com",
    "px-captcha",
    "perimeterx",
    "captcha-delivery.com",
    "datadome",
    "ak-challenge",
    "distil_",
    "perfdrive",
    "queue-it",
    "geetest",
    "awswaf",
    "aws-waf-token",
    "validateCaptcha",
    "opfcaptcha",
    "akamai-bm",
    "sec-if-cpt",
    "kasada",
    "cf-turnstile",
    "funcaptcha",
    "KPSDK",
    "anubis_challenge",
    "cmd/anubis",
    "sucuri_cloudproxy",
    "ddos-guard",
];

/// Those that pages carry only while they ask.
const CHALLENGES: [&str; 10] = [
    "cf_chl_",
    "cf-challenge",
    "captcha-delivery.com",
    "px-captcha",
    "validateCaptcha",
    "KPSDK",
    "anubis_challenge",
    "cmd/anubis",
    "sucuri_cloudproxy",
    "awswaf",
];

/// Words that such pages say, in lower case.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../data/wall_words.txt").trim().split('|').collect());

/// What the titles of pages say that ask for consent before the shop.
const CONSENT_TITLES: [&str; 47] = [
    "before you continue",
    "your privacy",
    "cookie consent",
    "cookie settings",
    "bevor sie fortfahren",
    "ihre privatsphäre",
    "cookie-einstellungen",
    "vie privée",
    "sans accepter",
    "avant de continuer",
    "tu privacidad",
    "su privacidad",
    "tua privacy",
    "jouw privacy",
    "uw privacy",
    "twoja prywatność",
    "vaše soukromí",
    "gizliliğiniz",
    "zustimmung erforderlich",
    "zustimmung zur",
    "einwilligung",
    "wir und unsere",
    "bevor sie zu google",
    "willkommen bei google",
    "pur-abo",
    "mit werbung",
    "we and our",
    "your choices",
    "your consent",
    "nous et nos",
    "consentement",
    "bevor du fortfährst",
    "consentimiento",
    "nosotros y nuestros",
    "noi e i nostri",
    "consenso",
    "toestemming",
    "wij en onze",
    "zgoda na",
    "my i nasi",
    "souhlas s",
    "my a naši",
    "súhlas s",
    "hozzájárulás",
    "samtycke",
    "samtykke",
    "suostumus",
];
/// What the buttons say that agree.
const AGREEING: [&str; 21] = [
    "accept",
    "agree",
    "akzeptier",
    "zustimm",
    "einverstanden",
    "acepta",
    "accett",
    "akkoord",
    "akcept",
    "zgadzam",
    "souhlas",
    "přijmout",
    "kabul",
    "allow",
    "elfogad",
    "godkänn",
    "godkend",
    "godta",
    "hyväksy",
    "приня",
    "соглас",
];

/// Longest visible text, in characters, of a page that is only a wall.
const SHORT: usize = 1_500;

/// Whether a body that came with an error carries the machinery of a wall.
pub(crate) fn in_bytes(body: &[u8]) -> bool {
    let head = &body[..body.len().min(200_000)];
    MACHINERY.iter().any(|mark| memmem::find(head, mark.as_bytes()).is_some())
}

/// Why a page is a wall, if it is one. A page that states a product is none, and neither is one that sells something and
/// only says what walls say: “protected by reCAPTCHA”, a log-in beside the price, a game called “Access Denied”.
pub(crate) fn find(page: &Page<'_>, found: &[Found]) -> Option<String> {
    let priced = found.iter().any(|product| product.offers.iter().any(|offer| offer.price.is_some()));
    if priced {
        return None;
    }
    let reason = suspect(page)?;
    (!sells(page)).then_some(reason)
}

/// The mark of a wall on a page with next to no text, which an application would otherwise fill. The place where an
/// application puts its page tells the two apart.
pub(crate) fn instead_of_application(page: &Page<'_>) -> Option<&'static str> {
    const ROOTS: [&str; 6] = ["root", "app", "__next", "__nuxt", "main", "___gatsby"];
    let dom = page.dom;
    let is_root = |id: u32| dom.raw_attribute(id, "id").is_some_and(|name| ROOTS.contains(&name));
    if dom.elements(Tag::Div).any(is_root) {
        return None;
    }
    machinery(page).filter(|mark| CHALLENGES.contains(mark))
}

/// Whether an amount and a button that buys it stand after the page's title.
fn sells(page: &Page<'_>) -> bool {
    let Some(title) = page.title_node else { return false };
    let mut zones = Zones::new(page.dom, page.title_node);
    let shown = candidates::collect(page, &mut zones);
    let button = buttons::find(page, &mut zones);
    button.is_some_and(|button| button > title)
        && shown
            .iter()
            .any(|candidate| candidate.has_sign && candidate.node > title && !candidate.zone.contains(Zone::ELSEWHERE))
}

fn suspect(page: &Page<'_>) -> Option<String> {
    let plain = |text: &str| text.to_lowercase().replace('’', "'");
    let text = plain(&page.dom.text(0, SHORT * 4));
    let length = text.chars().count();
    let title = plain(page.head.title.as_deref().unwrap_or(""));
    let heading = page.title_node.map(|id| plain(&page.dom.text(id, 200))).unwrap_or_default();
    if let Some(word) =
        WORDS.iter().find(|word| length < 3 * SHORT && (title.contains(**word) || heading.contains(**word)))
    {
        return Some(format!("the page's title says “{word}”"));
    }
    if length < SHORT
        && let Some(word) = WORDS.iter().find(|word| text.contains(**word))
    {
        return Some(format!("a short page that says “{word}”"));
    }
    if let Some(reason) = asks_for_login(page, length).or_else(|| asks_for_consent(page, length, [&title, &heading])) {
        return Some(reason);
    }
    let bare = length < 200 && (title.trim().len() < 3 || not_for_indexes(page));
    let mark = bare.then(|| machinery(page)).flatten()?;
    Some(format!("a page without content that carries {mark}"))
}

/// A short page about privacy with a button that agrees and few ways on.
fn asks_for_consent(page: &Page<'_>, length: usize, titles: [&String; 2]) -> Option<String> {
    const MOST_LINKS: usize = 15;
    let about = titles.iter().any(|title| CONSENT_TITLES.iter().any(|said| title.contains(said)));
    if !about || length >= SHORT || page.dom.elements(Tag::A).nth(MOST_LINKS).is_some() {
        return None;
    }
    let agrees = page.dom.elements(Tag::Button).any(|id| {
        let label = page.dom.text(id, 60).to_lowercase();
        AGREEING.iter().any(|word| label.contains(word))
    });
    agrees.then(|| "a page that asks for consent".to_owned())
}

/// A short page with a field for a password and nothing to sell.
fn asks_for_login(page: &Page<'_>, length: usize) -> Option<String> {
    let is_password =
        |id: u32| page.dom.raw_attribute(id, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
    let asks = length < SHORT / 2 && page.dom.elements(Tag::Input).any(is_password);
    let address = page.url.as_ref().map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    let log_in =
        ["login", "signin", "sign-in", "sign_in", "anmelden", "account"].iter().any(|word| address.contains(word));
    let titled = [
        "log in",
        "login",
        "sign in",
        "anmelden",
        "connexion",
        "iniciar sesión",
        "accedi",
        "zaloguj",
        "вход",
        "přihlášení",
        "prihlásenie",
    ];
    let title = page.head.title.as_deref().unwrap_or("").to_lowercase();
    (asks && (log_in || titled.iter().any(|word| title.contains(word))))
        .then(|| "a page that asks for a log-in".to_owned())
}

/// Whether the page tells search engines to leave it out, as walls do.
fn not_for_indexes(page: &Page<'_>) -> bool {
    page.dom.elements(Tag::Meta).any(|id| {
        let named = page.dom.raw_attribute(id, "name").is_some_and(|name| name.eq_ignore_ascii_case("robots"));
        named
            && page
                .dom
                .raw_attribute(id, "content")
                .is_some_and(|content| content.to_ascii_lowercase().contains("noindex"))
    })
}

fn machinery(page: &Page<'_>) -> Option<&'static str> {
    let dom = page.dom;
    MACHINERY.iter().copied().find(|mark| {
        dom.nodes.iter().enumerate().any(|(id, node)| match node.tag {
            Tag::Script => {
                let id = id as u32;
                dom.raw_attribute(id, "src").is_some_and(|src| src.contains(mark)) || dom.raw_text(id).contains(mark)
            }
            Tag::Text => false,
            _ => ["class", "id", "src", "action"]
                .iter()
                .any(|name| dom.raw_attribute(id as u32, name).is_some_and(|value| value.contains(mark))),
        })
    })
}
