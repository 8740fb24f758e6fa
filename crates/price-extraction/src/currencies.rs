//! Currencies by the words and signs that shops use for them, and by the country of a site.

use std::collections::HashMap;
use std::sync::LazyLock;

use pricing_domain::Currency;

/// Every currency a token may stand for, the most usual first.
pub(crate) type Candidates = Vec<Currency>;

/// ISO 4217 codes in use, and some that old pages still carry.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
BYR BZD CAD CDF CHF CLF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR \
LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR \
PLN PTE PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP \
TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL";

/// Codes that are also common words, so that they count only in capitals.
const WORDS_TOO: [&str; 7] = ["all", "top", "try", "mad", "cup", "sos", "lak"];

struct Tokens {
    /// Exact spelling.
    exact: HashMap<String, Candidates>,
    /// Lower case, for tokens of three or more letters.
    folded: HashMap<String, Candidates>,
    longest: usize,
    /// The first letters and lengths of all, as bits of a table.
    shapes: [u64; SHAPES / 64],
}

/// Bits of the table of first letters and lengths.
const SHAPES: usize = 4_096;

/// The place of a first letter, in any case, and a length in characters in that table.
fn shape(first: char, length: usize) -> usize {
    let lower = first.to_lowercase().next().unwrap_or(first);
    (lower as usize * 31 + length) % SHAPES
}

static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
    let (exact, folded) = (HashMap::new(), HashMap::new());
    let mut tokens = Tokens { exact, folded, longest: 3, shapes: [0; SHAPES / 64] };
    for code in CODES.split_whitespace() {
        let currency = Currency::new(code).expect("the list holds codes");
        tokens.add(code, currency);
    }
    for line in include_str!("../data/currencies.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (code, spellings) = line.split_once('\t').expect("two columns");
        let currency = Currency::new(code).expect("the first column holds codes");
        for spelling in spellings.split('|') {
            tokens.add(spelling, currency);
        }
    }
    tokens
});

impl Tokens {
    fn add(&mut self, spelling: &str, currency: Currency) {
        let length = spelling.chars().count();
        self.longest = self.longest.max(length);
        let place = shape(spelling.chars().next().unwrap_or(' '), length);
        self.shapes[place / 64] |= 1 << (place % 64);
        push_once(self.exact.entry(spelling.to_owned()).or_default(), currency);
        let folded = spelling.to_lowercase();
        if length >= 3 && !WORDS_TOO.contains(&folded.as_str()) {
            push_once(self.folded.entry(folded).or_default(), currency);
        }
    }
}

fn push_once(list: &mut Candidates, currency: Currency) {
    if !list.contains(&currency) {
        list.push(currency);
    }
}

/// Whether a text of this length in characters that begins so may stand for a currency. Most are told apart by that.
pub(crate) fn may_be_named(first: char, length: usize) -> bool {
    let place = shape(first, length);
    TOKENS.shapes[place / 64] >> (place % 64) & 1 == 1
}

/// The currencies that exactly this text stands for; empty when it is no currency.
pub(crate) fn named(token: &str) -> &'static [Currency] {
    let tokens = &*TOKENS;
    if let Some(found) = tokens.exact.get(token) {
        return found;
    }
    if token.is_ascii() && token.len() < 3 {
        return &[];
    }
    tokens.folded.get(token.to_lowercase().as_str()).map_or(&[], Vec::as_slice)
}

/// Tokens that are also weights, things sold, or abbreviations of something else on pages of other countries.
const ALSO_WORDS: [&str; 24] = [
    "pound", "pounds", "gel", "pen", "cup", "all", "try", "top", "mad", "sos", "lak", "bob", "cop", "mop", "bam",
    "amd", "php", "sek", "den", "som", "won", "rand", "lira", "sar",
];

/// Whether a token is also an ordinary letter or abbreviation, so that it needs the right country beside it.
pub(crate) fn is_weak(token: &str) -> bool {
    const ESTABLISHED: [&str; 14] =
        ["kr", "zł", "zl", "Ft", "Kč", "lv", "kn", "Rs", "Rp", "RM", "TL", "Tk", "Fr", "SR"];
    if ALSO_WORDS.iter().any(|word| token.eq_ignore_ascii_case(word)) {
        return true;
    }
    let letters = token.chars().all(char::is_alphabetic);
    letters && token.chars().count() <= 2 && token.chars().all(|c| (c as u32) < 0x590) && !ESTABLISHED.contains(&token)
}

/// Length in characters of the longest token.
pub(crate) fn longest_token() -> usize {
    TOKENS.longest
}

/// The currency of an ISO code in any case, only if such a currency is in use.
pub(crate) fn by_code(code: &str) -> Option<Currency> {
    let code = code.trim();
    let known = code.len() == 3 && CODES.split_whitespace().any(|known| known.eq_ignore_ascii_case(code));
    if !known {
        return None;
    }
    match code.to_ascii_uppercase().as_str() {
        "BYR" => Currency::new("BYN").ok(),
        "RUR" => Currency::new("RUB").ok(),
        other => Currency::new(other).ok(),
    }
}

/// Reads a currency from markup: a code, or a sign that stands for one currency only.
pub(crate) fn in_markup(text: &str) -> Option<Currency> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("RUR") {
        return Currency::new("RUB").ok();
    }
    by_code(text).or_else(|| match named(text) {
        [only] => Some(*only),
        _ => None,
    })
}

/// Country (ISO 3166, lower case), its currency, and the decimal separator of its shops.
const COUNTRIES: &[(&str, &str, char)] = &[
    ("ad", "EUR", ','),
    ("ae", "AED", '.'),
    ("al", "ALL", ','),
    ("am", "AMD", ','),
    ("ar", "ARS", ','),
    ("at", "EUR", ','),
    ("au", "AUD", '.'),
    ("az", "AZN", '.'),
    ("ba", "BAM", ','),
    ("bd", "BDT", '.'),
    ("be", "EUR", ','),
    ("bg", "BGN", ','),
    ("bh", "BHD", '.'),
    ("bo", "BOB", ','),
    ("br", "BRL", ','),
    ("by", "BYN", ','),
    ("ca", "CAD", '.'),
    ("ch", "CHF", '.'),
    ("cl", "CLP", ','),
    ("cn", "CNY", '.'),
    ("co", "COP", ','),
    ("cr", "CRC", ','),
    ("cy", "EUR", ','),
    ("cz", "CZK", ','),
    ("de", "EUR", ','),
    ("dk", "DKK", ','),
    ("do", "DOP", '.'),
    ("dz", "DZD", ','),
    ("ec", "USD", ','),
    ("ee", "EUR", ','),
    ("eg", "EGP", '.'),
    ("es", "EUR", ','),
    ("et", "ETB", '.'),
    ("fi", "EUR", ','),
    ("fr", "EUR", ','),
    ("gb", "GBP", '.'),
    ("ge", "GEL", '.'),
    ("gh", "GHS", '.'),
    ("gr", "EUR", ','),
    ("gt", "GTQ", '.'),
    ("hk", "HKD", '.'),
    ("hn", "HNL", '.'),
    ("hr", "EUR", ','),
    ("hu", "HUF", ','),
    ("id", "IDR", ','),
    ("ie", "EUR", '.'),
    ("il", "ILS", '.'),
    ("in", "INR", '.'),
    ("iq", "IQD", '.'),
    ("ir", "IRR", '.'),
    ("is", "ISK", ','),
    ("it", "EUR", ','),
    ("jo", "JOD", '.'),
    ("jp", "JPY", '.'),
    ("ke", "KES", '.'),
    ("kg", "KGS", ','),
    ("kh", "KHR", '.'),
    ("kr", "KRW", '.'),
    ("kw", "KWD", '.'),
    ("kz", "KZT", ','),
    ("lb", "LBP", '.'),
    ("lk", "LKR", '.'),
    ("lt", "EUR", ','),
    ("lu", "EUR", ','),
    ("lv", "EUR", ','),
    ("ma", "MAD", ','),
    ("md", "MDL", ','),
    ("me", "EUR", ','),
    ("mk", "MKD", ','),
    ("mt", "EUR", '.'),
    ("mx", "MXN", '.'),
    ("my", "MYR", '.'),
    ("ng", "NGN", '.'),
    ("nl", "EUR", ','),
    ("no", "NOK", ','),
    ("np", "NPR", '.'),
    ("nz", "NZD", '.'),
    ("om", "OMR", '.'),
    ("pa", "PAB", '.'),
    ("pe", "PEN", '.'),
    ("ph", "PHP", '.'),
    ("pk", "PKR", '.'),
    ("pl", "PLN", ','),
    ("pt", "EUR", ','),
    ("py", "PYG", ','),
    ("qa", "QAR", '.'),
    ("ro", "RON", ','),
    ("rs", "RSD", ','),
    ("ru", "RUB", ','),
    ("sa", "SAR", '.'),
    ("se", "SEK", ','),
    ("sg", "SGD", '.'),
    ("si", "EUR", ','),
    ("sk", "EUR", ','),
    ("th", "THB", '.'),
    ("tn", "TND", ','),
    ("tr", "TRY", ','),
    ("tw", "TWD", '.'),
    ("tz", "TZS", '.'),
    ("ua", "UAH", ','),
    ("ug", "UGX", '.'),
    ("uk", "GBP", '.'),
    ("us", "USD", '.'),
    ("uy", "UYU", ','),
    ("uz", "UZS", ','),
    ("ve", "VES", ','),
    ("vn", "VND", ','),
    ("za", "ZAR", '.'),
    ("zm", "ZMW", '.'),
];

/// Languages that are spoken in one country above all, with that country.
const LANGUAGES: &[(&str, &str)] = &[
    ("bg", "bg"),
    ("cs", "cz"),
    ("da", "dk"),
    ("de", "de"),
    ("el", "gr"),
    ("et", "ee"),
    ("fi", "fi"),
    ("fr", "fr"),
    ("he", "il"),
    ("hr", "hr"),
    ("hu", "hu"),
    ("id", "id"),
    ("is", "is"),
    ("it", "it"),
    ("ja", "jp"),
    ("ka", "ge"),
    ("kk", "kz"),
    ("ko", "kr"),
    ("lt", "lt"),
    ("lv", "lv"),
    ("mk", "mk"),
    ("nb", "no"),
    ("nl", "nl"),
    ("nn", "no"),
    ("no", "no"),
    ("pl", "pl"),
    ("ro", "ro"),
    ("ru", "ru"),
    ("sk", "sk"),
    ("sl", "si"),
    ("sr", "rs"),
    ("sv", "se"),
    ("th", "th"),
    ("tr", "tr"),
    ("uk", "ua"),
    ("vi", "vn"),
    ("hi", "in"),
    ("ms", "my"),
];

/// Top-level domains of countries that are used by everybody.
const EVERYBODYS: [&str; 8] = ["co", "me", "tv", "io", "ai", "cc", "to", "ly"];

/// The country that a host's name tells: its last label, or `xx` in a first label such as `xx`, `xx-yy`, `yy-xx`.
pub(crate) fn country_of_host(host: &str) -> Option<&'static str> {
    let last = host.rsplit('.').next()?;
    let second_level = host.rsplit('.').nth(1).unwrap_or("");
    let owned = !EVERYBODYS.contains(&last) || matches!(second_level, "com" | "net" | "org");
    if owned && let Some(country) = country(last) {
        return Some(country);
    }
    let first = host.split('.').next()?;
    locale_country(first).or_else(|| if first.len() == 2 { country(first) } else { None })
}

/// The country in a locale such as `en-IE`, `de_AT`, `ar-sa` or `sa-ar` (only of two parts).
pub(crate) fn locale_country(locale: &str) -> Option<&'static str> {
    let (left, right) = locale.split_once(['-', '_'])?;
    let (left, right) = (left.trim(), right.trim().get(..2)?);
    if left.len() != 2 {
        return None;
    }
    country(&right.to_ascii_lowercase())
}

/// The usual country of a language such as `cs` or `cs-CZ`; `None` for languages of many countries.
pub(crate) fn language_country(language: &str) -> Option<&'static str> {
    let language = language.split(['-', '_']).next()?.to_ascii_lowercase();
    LANGUAGES.iter().find(|(known, _)| *known == language).map(|(_, country)| *country)
}

fn country(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(known, ..)| *known == code).map(|(known, ..)| *known)
}

/// The currency of a country.
pub(crate) fn of_country(code: &str) -> Option<Currency> {
    COUNTRIES.iter().find(|(known, ..)| *known == code).and_then(|(_, currency, _)| Currency::new(currency).ok())
}

/// The decimal separator of a country's shops.
pub(crate) fn decimal_separator_of(code: &str) -> Option<char> {
    COUNTRIES.iter().find(|(known, ..)| *known == code).map(|(.., separator)| *separator)
}

/// Whether amounts in this currency are written without a fraction in shops.
pub(crate) fn written_whole(currency: Currency) -> bool {
    currency.minor_digits() == 0
        || matches!(
            currency.code(),
            "HUF"
                | "IDR"
                | "TWD"
                | "COP"
                | "IRR"
                | "IRT"
                | "LBP"
                | "UZS"
                | "KHR"
                | "LAK"
                | "MMK"
                | "MNT"
                | "AMD"
                | "RSD"
        )
}

#[cfg(test)]
mod tests {
    use super::{by_code, country_of_host, in_markup, locale_country, named, of_country};

    #[test]
    fn signs_and_names_lead_to_their_currencies() {
        assert_eq!(named("zł")[0].code(), "PLN");
        assert_eq!(named("EURO")[0].code(), "EUR");
        assert!(named("kr").len() > 2);
        assert!(named("x").is_empty());
        assert_eq!(in_markup("€").map(|c| c.to_string()), Some("EUR".to_owned()));
        assert_eq!(in_markup("kr"), None);
        assert_eq!(by_code("byr").map(|c| c.to_string()), Some("BYN".to_owned()));
        assert_eq!(by_code("abc"), None);
    }

    #[test]
    fn hosts_and_locales_tell_their_country() {
        assert_eq!(country_of_host("www.shop.co.uk"), Some("uk"));
        assert_eq!(country_of_host("ar-sa.shop.com"), Some("sa"));
        assert_eq!(country_of_host("shop.co"), None);
        assert_eq!(locale_country("en-ie"), Some("ie"));
        assert_eq!(of_country("ca").map(|c| c.to_string()), Some("CAD".to_owned()));
    }
}
