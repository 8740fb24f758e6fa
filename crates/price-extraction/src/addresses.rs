//! One spelling for every address of a page, so that two ways to write it are known as one.

use url::Url;

/// The canonical form of an absolute address: the host in lower case and punycode, no default port, no fragment, escapes
/// only where they are needed and in capitals, parameters in order. `None` when it is no
/// absolute address of the web.
///
/// Two addresses with the same form name the same page; pages may still be reached by several forms.
pub fn canonical_address(text: &str) -> Option<String> {
    let mut url = Url::parse(text.trim()).ok()?;
    let known = matches!(url.scheme(), "http" | "https");
    if !known || !url.host_str().is_some_and(is_host) {
        return None;
    }
    url.set_fragment(None);
    let path = canonical_path(url.path());
    url.set_path(&path);
    let query = url.query().map(canonical_query).filter(|query| !query.is_empty());
    url.set_query(query.as_deref());
    Some(url.into())
}

/// Whether every part of a host's name is there and no longer than names may be.
fn is_host(host: &str) -> bool {
    host.trim_end_matches('.').split('.').all(|label| (1..=63).contains(&label.len()))
}

/// Takes escapes away where the character itself may stand, and writes the others in capitals.
fn canonical_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match escape_at(bytes, at) {
            Some(byte) if stands_plain(byte) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                push_escape(&mut out, byte);
                at += 3;
            }
            None => {
                // A parsed path is ASCII.
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

fn stands_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

/// The parameters in order of name and value, each with an equals sign.
fn canonical_query(query: &str) -> String {
    let decoded = |text: &str| {
        let bytes = text.as_bytes();
        let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
        while at < bytes.len() {
            match escape_at(bytes, at) {
                Some(byte) => {
                    out.push(byte);
                    at += 3;
                }
                None => {
                    out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                    at += 1;
                }
            }
        }
        out
    };
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    pairs.sort();
    let mut out = String::with_capacity(query.len());
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        push_encoded(&mut out, &name);
        out.push('=');
        push_encoded(&mut out, &value);
    }
    out
}

fn push_encoded(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b' ' => out.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => out.push(char::from(*byte)),
            byte => push_escape(out, *byte),
        }
    }
}

fn push_escape(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let digits = bytes.get(at..at + 3).filter(|digits| digits[0] == b'%')?;
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(digits[1])? * 16 + value(digits[2])?).ok()
}

#[cfg(test)]
mod tests {
    use super::canonical_address;

    #[test]
    fn spellings_of_one_address_become_one() {
        let form = canonical_address("https://Shop.Example:443/p/caf%c3%a9?b=2&a=x%20y#reviews");
        assert_eq!(form.as_deref(), Some("https://shop.example/p/caf%C3%A9?a=x+y&b=2"));
        assert_eq!(canonical_address("https://shop.example/p/café?a=x+y&b=2"), form);
        assert_eq!(canonical_address(form.as_deref().unwrap_or("")), form);
        assert_eq!(canonical_address("/p/lamp"), None);
    }

    #[test]
    fn collected_addresses_have_their_canonical_form() {
        let Some(folder) = std::env::var_os("SHARED_DATA").map(std::path::PathBuf::from) else {
            eprintln!("skipped: collected_addresses_have_their_canonical_form needs SHARED_DATA");
            return;
        };
        let text = std::fs::read_to_string(folder.join("url_canonicalize.jsonl")).expect("the collection is there");
        let (mut checked, mut wrong) = (0, Vec::new());
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a JSON row");
            let plain = case["kwargs"].as_object().is_some_and(serde_json::Map::is_empty);
            let (Some(address), Some(expected)) = (case["args"][0].as_str(), case["expected"].as_str()) else {
                continue;
            };
            if case["fn"] != "canonicalize_url" || !plain || !address.trim().starts_with("http") {
                continue;
            }
            checked += 1;
            let form = canonical_address(address);
            // Where the host is none, the collection leaves it as it is; here it is no address.
            let no_host = !expected.is_ascii() && form.is_none();
            if form.as_deref() != Some(expected) && !no_host {
                wrong.push(format!("{address}: {form:?}, not {expected}"));
            }
        }
        println!("{checked} addresses, {} other forms: {wrong:#?}", wrong.len());
        assert!(checked >= 50);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
