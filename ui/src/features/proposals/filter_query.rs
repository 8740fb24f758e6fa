//! Which proposals are shown, as it stands in the address.

use std::str::FromStr;

use app_contract::{ProposalFilter, SnoozeChoice, WorkKind};
use pricing_domain::{ExceptionReason, ProposalKind, ProposalStatus};

use crate::features::products::grid_query::escaped;
use crate::routes::Screen;

/// Reads the filter from the parts of an address, by name. Without a state, what waits is shown.
pub fn read(part: impl Fn(&str) -> Option<String>) -> ProposalFilter {
    let status = match part("status").as_deref() {
        Some("any") => None,
        Some(text) => ProposalStatus::from_str(text).ok().or(Some(ProposalStatus::Pending)),
        None => Some(ProposalStatus::Pending),
    };
    ProposalFilter {
        price_list: part("list").and_then(|text| text.parse().ok()),
        status,
        kind: part("kind").and_then(|text| ProposalKind::from_str(&text).ok()),
        reason: part("reason").and_then(|text| ExceptionReason::from_str(&text).ok()),
        search: part("q").unwrap_or_default(),
        snoozed: if part("snoozed").is_some() { SnoozeChoice::Only } else { SnoozeChoice::Hidden },
        second: part("second").is_some(),
        work: part("work").and_then(|text| work_of(&text)),
        warned: part("warned").is_some(),
    }
}

/// Writes the filter as an address.
pub fn address(filter: &ProposalFilter) -> String {
    let mut parts = Vec::new();
    match filter.status {
        Some(ProposalStatus::Pending) => {}
        Some(status) => parts.push(format!("status={status}")),
        None => parts.push("status=any".to_owned()),
    }
    parts.extend(filter.kind.map(|kind| format!("kind={kind}")));
    parts.extend(filter.reason.map(|reason| format!("reason={reason}")));
    parts.extend(filter.price_list.map(|list| format!("list={list}")));
    if filter.snoozed == SnoozeChoice::Only {
        parts.push("snoozed=yes".to_owned());
    }
    if filter.second {
        parts.push("second=yes".to_owned());
    }
    if filter.warned {
        parts.push("warned=yes".to_owned());
    }
    parts.extend(filter.work.map(|work| format!("work={}", work_name(work))));
    if !filter.search.is_empty() {
        parts.push(format!("q={}", escaped(&filter.search)));
    }
    match parts.is_empty() {
        true => Screen::Proposals.path().to_owned(),
        false => format!("{}?{}", Screen::Proposals.path(), parts.join("&")),
    }
}

/// Lists of work by their name in an address.
const WORK: [(&str, WorkKind); 4] = [
    ("cost-changes", WorkKind::CostChanges),
    ("without-price", WorkKind::WithoutPrice),
    ("promotions-starting", WorkKind::PromotionsStarting),
    ("promotions-ending", WorkKind::PromotionsEnding),
];

fn work_of(text: &str) -> Option<WorkKind> {
    WORK.iter().find(|(name, _)| *name == text).map(|(_, work)| *work)
}

/// The name of a list of work in an address.
pub fn work_name(wanted: WorkKind) -> &'static str {
    WORK.iter().find(|(_, work)| *work == wanted).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use app_contract::ProposalFilter;
    use pricing_domain::{ExceptionReason, ProposalStatus};

    use super::{address, read};

    #[test]
    fn without_anything_in_the_address_what_waits_is_shown() {
        let filter = read(|_| None);
        assert_eq!(filter.status, Some(ProposalStatus::Pending));
        assert_eq!(address(&filter), "/proposals");
    }

    #[test]
    fn an_address_brings_the_same_proposals_back() {
        let filters = [
            ProposalFilter { reason: Some(ExceptionReason::FamilyOrder), ..read(|_| None) },
            ProposalFilter { search: "tv 4".into(), status: None, ..ProposalFilter::default() },
            ProposalFilter { snoozed: app_contract::SnoozeChoice::Only, second: true, ..read(|_| None) },
            ProposalFilter { work: Some(app_contract::WorkKind::PromotionsEnding), ..read(|_| None) },
            ProposalFilter { warned: true, ..read(|_| None) },
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
