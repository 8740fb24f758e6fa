//! The path of an address, and whether a pattern with `*` and a closing `$` matches it.

use std::borrow::Cow;

/// The path, parameters and query of a URL or path; `/` where there is none. The fragment is left out.
pub(super) fn path_of(url: &str) -> Cow<'_, str> {
    let search_start = if url.starts_with("//") { 2 } else { 0 };
    let find = |from: usize, set: &[char]| url.get(from..).and_then(|rest| rest.find(set)).map(|at| from + at);
    let first_delimiter = find(search_start, &['/', '?', ';']);
    let scheme = url.get(search_start..).and_then(|rest| rest.find("://")).map(|at| search_start + at);
    let host_start = match scheme {
        Some(end) if first_delimiter.is_none_or(|delimiter| delimiter >= end) => end + 3,
        _ => search_start,
    };
    let Some(path_start) = find(host_start, &['/', '?', ';']) else { return Cow::Borrowed("/") };
    let fragment = find(search_start, &['#']);
    if fragment.is_some_and(|hash| hash < path_start) {
        return Cow::Borrowed("/");
    }
    let path = &url[path_start..fragment.unwrap_or(url.len())];
    if path.starts_with('/') { Cow::Borrowed(path) } else { Cow::Owned(format!("/{path}")) }
}

/// Whether `pattern` matches the beginning of `path`, or all of it when the pattern ends with `$`.
pub(super) fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_the_end) = match pattern.split_last() {
        Some((b'$', before)) => (before, true),
        _ => (pattern, false),
    };
    let mut pieces = pattern.split(|byte| *byte == b'*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !to_the_end || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if to_the_end && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(found) = find(rest, piece) else { return false };
        rest = &rest[found + piece.len()..];
    }
    true
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() { Some(0) } else { text.windows(piece.len()).position(|window| window == piece) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{matches, path_of};

    /// The definition, tried letter by letter.
    fn matches_by_definition(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => true,
            [b'$'] => path.is_empty(),
            [b'*', rest @ ..] => (0..=path.len()).any(|skipped| matches_by_definition(rest, &path[skipped..])),
            [letter, rest @ ..] => path.first() == Some(letter) && matches_by_definition(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_definition(pattern in "[/ab*$]{0,8}", path in "[/ab$]{0,10}") {
            let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
            prop_assert_eq!(matches(pattern, path), matches_by_definition(pattern, path));
        }

        #[test]
        fn no_bytes_and_no_address_break_the_reader(body: Vec<u8>, agent: String, url: String) {
            let robots = crate::robots::Robots::parse(&body);
            robots.allowed(&agent, &url);
            robots.crawl_delay(&agent);
        }
    }

    #[test]
    fn stars_stand_for_anything_and_a_dollar_for_the_end() {
        for (pattern, path, expected) in [
            ("/a", "/ab", true),
            ("/a$", "/ab", false),
            ("/a$", "/a", true),
            ("/a*c", "/abbc/d", true),
            ("/a*c$", "/acbc", true),
            ("/a*c$", "/acb", false),
            ("*$", "/", true),
            ("$", "/", false),
            ("/a$b", "/a$b", true),
            ("/*aa*a$", "/aa", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), path.as_bytes()), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn paths_are_found_in_every_spelling_of_an_address() {
        for (url, path) in [
            ("", "/"),
            ("http://shop.example", "/"),
            ("http://shop.example/a?b#c", "/a?b"),
            ("shop.example/a;b", "/a;b"),
            ("//shop.example/a", "/a"),
            ("http://shop.example?q", "/?q"),
            ("http://shop.example#/a", "/"),
            ("/a/http://b", "/a/http://b"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }
}
