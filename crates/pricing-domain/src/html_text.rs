//! Character references of HTML in text that is no HTML: shops keep names as they show them (`TV &amp; Audio`).

use std::borrow::Cow;

use crate::html_names::NAMED_REFERENCES;

const LONGEST: usize = 10;

/// The text with its references resolved, each once: `&amp;lt;` becomes `&lt;`. What is no known reference stays.
pub fn resolve_references(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let (mut resolved, mut rest) = (text[..first].to_owned(), &text[first..]);
    while let Some(place) = rest.find('&') {
        resolved.push_str(&rest[..place]);
        rest = &rest[place..];
        let end = rest.bytes().take(LONGEST + 2).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, meaning(&rest[1..end])?))) {
            Some((end, meaning)) => {
                resolved.push_str(&meaning);
                rest = &rest[end + 1..];
            }
            None => {
                resolved.push('&');
                rest = &rest[1..];
            }
        }
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

fn meaning(reference: &str) -> Option<Cow<'static, str>> {
    let Some(number) = reference.strip_prefix('#') else {
        return NAMED_REFERENCES
            .iter()
            .find(|(name, _)| *name == reference)
            .map(|(_, meaning)| Cow::Borrowed(*meaning));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let letter = char::from_u32(code).filter(|letter| !letter.is_control())?;
    Some(Cow::Owned(letter.to_string()))
}

#[cfg(test)]
mod tests {
    use super::resolve_references;

    #[test]
    fn references_become_what_they_stand_for_once() {
        for (text, expected) in [
            ("TV &amp; Audio", "TV & Audio"),
            ("Men&#8217;s &#x26; boys&#039;", "Men’s & boys'"),
            ("a &amp;lt; b", "a &lt; b"),
            ("R&B, Q&A; AT&T", "R&B, Q&A; AT&T"),
            ("&amp", "&amp"),
            ("&#0;&#1114112;&unknown;", "&#0;&#1114112;&unknown;"),
            ("Gr&ouml;&szlig;e &frac12; m&sup2;", "Größe ½ m²"),
            ("plain", "plain"),
            ("ä&&amp;&", "ä&&&"),
        ] {
            assert_eq!(resolve_references(text), expected);
        }
    }
}
