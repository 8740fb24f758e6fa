//! Pages that stand before the shop: blocks, CAPTCHAs, queues, log-ins, walls by country.

use memchr::memmem;

use crate::dom::Tag;
use crate::page::Page;
use crate::sources::Found;
use crate::visible::zones::{Zone, Zones};
use crate::visible::{buttons, candidates};

/// What scripts and forms of such pages carry. Ordinary pages carry some of them too, so length decides.
const MACHINERY: [&str; 26] = [
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
];

/// Words that such pages say, in lower case.
const WORDS: [&str; 82] = [
    "captcha",
    "are you a robot",
    "not a robot",
    "you are a bot",
    "are a human",
    "you're human",
    "you are human",
    "verify you are human",
    "human verification",
    "access denied",
    "access to this page has been denied",
    "request blocked",
    "you have been blocked",
    "has been blocked",
    "unusual traffic",
    "automated access",
    "automated requests",
    "pardon our interruption",
    "checking your browser",
    "just a moment",
    "attention required",
    "please enable cookies",
    "enable javascript and cookies",
    "ddos protection",
    "security check",
    "waiting room",
    "you are now in line",
    "you are in the queue",
    "virtual queue",
    "your place in line",
    "you are in line",
    "not available in your area",
    "not available in your country",
    "not available in your region",
    "not available at your location",
    "not currently available at your location",
    "unable to access page",
    "unauthorised source",
    "unauthorized source",
    "too many requests",
    "rate limit",
    "bot detection",
    "suspicious activity",
    "forbidden",
    "error 1020",
    "zugriff verweigert",
    "zugriff wurde gesperrt",
    "sind sie ein mensch",
    "sicherheitsüberprüfung",
    "accès refusé",
    "vous êtes un robot",
    "acceso denegado",
    "accesso negato",
    "toegang geweigerd",
    "dostęp zabroniony",
    "доступ ограничен",
    "доступ запрещен",
    "вы не робот",
    "访问被拒绝",
    "安全验证",
    "アクセスが拒否",
    "vous êtes dans la file d'attente",
    "sie sind in der warteschlange",
    "überprüfen ihren browser",
    "verifying your browser",
    "request could not be satisfied",
    "não é um robô",
    "não sou um robô",
    "no soy un robot",
    "no eres un robot",
    "non sei un robot",
    "geen robot bent",
    "nie jesteś robotem",
    "nejste robot",
    "я не робот",
    "проверка браузера",
    "アクセスが集中",
    "アクセス制限",
    "로봇이 아닙니다",
    "人机验证",
    "滑动验证",
    "请完成验证",
];

/// What the titles of pages say that ask for consent before the shop.
const CONSENT_TITLES: [&str; 18] = [
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
];
/// What the buttons say that agree.
const AGREEING: [&str; 14] = [
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
];

/// Longest visible text, in characters, of a page that is only a wall.
const SHORT: usize = 1_500;

/// Whether a body that came with an error carries the machinery of a wall.
pub(crate) fn in_bytes(body: &[u8]) -> bool {
    let head = &body[..body.len().min(200_000)];
    MACHINERY.iter().any(|mark| memmem::find(head, mark.as_bytes()).is_some())
}

/// Why a page is a wall, if it is one. A page that states a product is none, and neither is a short one that sells
/// something and only mentions what walls say: “protected by reCAPTCHA”, a log-in beside the price.
pub(crate) fn find(page: &Page<'_>, found: &[Found]) -> Option<String> {
    let priced = found.iter().any(|product| product.offers.iter().any(|offer| offer.price.is_some()));
    if priced {
        return None;
    }
    let (certainty, reason) = suspect(page)?;
    (certainty == Certainty::Titled || !sells(page)).then_some(reason)
}

/// Where the words of a wall stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Certainty {
    /// In the page's title or heading.
    Titled,
    /// Anywhere on a short page.
    Mentioned,
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

fn suspect(page: &Page<'_>) -> Option<(Certainty, String)> {
    let mentioned = |reason: String| (Certainty::Mentioned, reason);
    let text = page.dom.text(0, SHORT * 4).to_lowercase();
    let length = text.chars().count();
    let title = page.head.title.as_deref().unwrap_or("").to_lowercase();
    let heading = page.title_node.map(|id| page.dom.text(id, 200).to_lowercase()).unwrap_or_default();
    if let Some(word) =
        WORDS.iter().find(|word| length < 3 * SHORT && (title.contains(*word) || heading.contains(*word)))
    {
        return Some((Certainty::Titled, format!("the page's title says “{word}”")));
    }
    if length < SHORT
        && let Some(word) = WORDS.iter().find(|word| text.contains(*word))
    {
        return Some(mentioned(format!("a short page that says “{word}”")));
    }
    if let Some(reason) = asks_for_login(page, length).or_else(|| asks_for_consent(page, length, [&title, &heading])) {
        return Some(mentioned(reason));
    }
    let bare = length < 200 && (title.trim().len() < 3 || not_for_indexes(page));
    let mark = bare.then(|| machinery(page)).flatten()?;
    Some(mentioned(format!("a page without content that carries {mark}")))
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
