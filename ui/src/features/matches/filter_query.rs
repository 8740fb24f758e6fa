//! Which matches are shown, as it stands in the address.

use std::str::FromStr;

use app_contract::MatchFilter;
use pricing_domain::{MatchState, MatchVerdict};

use crate::features::products::grid_query::escaped;
use crate::routes::Screen;

/// Reads the filter from the parts of an address, by name. Without a state, what is open is shown.
pub fn read(part: impl Fn(&str) -> Option<String>) -> MatchFilter {
    MatchFilter {
        state: Some(part("state").and_then(|text| MatchState::from_str(&text).ok()).unwrap_or(MatchState::Open)),
        verdict: part("verdict").and_then(|text| MatchVerdict::from_str(&text).ok()),
        competitor: None,
        least_score: part("above").and_then(|text| text.parse().ok()),
        search: part("q").unwrap_or_default(),
    }
}

/// Writes the filter as an address.
pub fn address(filter: &MatchFilter) -> String {
    let mut parts = Vec::new();
    parts.extend(filter.state.filter(|state| *state != MatchState::Open).map(|state| format!("state={state}")));
    parts.extend(filter.verdict.map(|verdict| format!("verdict={verdict}")));
    parts.extend(filter.least_score.map(|score| format!("above={score}")));
    if !filter.search.is_empty() {
        parts.push(format!("q={}", escaped(&filter.search)));
    }
    match parts.is_empty() {
        true => Screen::Matches.path().to_owned(),
        false => format!("{}?{}", Screen::Matches.path(), parts.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use app_contract::MatchFilter;
    use pricing_domain::{MatchState, MatchVerdict};

    use super::{address, read};

    #[test]
    fn an_address_brings_the_same_matches_back() {
        let open = read(|_| None);
        assert_eq!((open.state, address(&open)), (Some(MatchState::Open), "/matches".to_owned()));
        let filters = [
            MatchFilter { verdict: Some(MatchVerdict::Review), least_score: Some(800), ..open.clone() },
            MatchFilter { state: Some(MatchState::Rejected), search: "tv 4".into(), ..open },
        ];
        for filter in filters {
            let address = address(&filter);
            let parts = address.split_once('?').expect("parts").1.replace("%20", " ");
            let again = read(|name| {
                let part = parts.split('&').filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name);
                part.map(|(_, value)| value.to_owned())
            });
            assert_eq!(again, filter);
        }
    }
}
