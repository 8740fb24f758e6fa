//! New, used or refurbished, where words say so.

use pricing_domain::Condition;

use crate::dom::{Kind, NodeId, unescape};
use crate::page::{Page, words};
use crate::visible::zones::{Zone, Zones};

const REFURBISHED: [&str; 10] = [
    "refurbished",
    "renewed",
    "reconditioned",
    "generalüberholt",
    "reconditionné",
    "reacondicionado",
    "ricondizionato",
    "odnowiony",
    "repasovaný",
    "восстановленный",
];
const USED: [&str; 14] = [
    "used",
    "preowned",
    "gebraucht",
    "occasion",
    "usado",
    "usada",
    "usato",
    "używany",
    "použité",
    "použitý",
    "tweedehands",
    "begagnad",
    "brugt",
    "б/у",
];
/// Words that announce a condition.
const LABELS: [&str; 13] = [
    "condition",
    "item condition",
    "zustand",
    "artikelzustand",
    "état",
    "estado",
    "condizione",
    "condizioni",
    "stan",
    "stav",
    "staat",
    "skick",
    "состояние",
];
/// How many visible texts after the title a condition may stand.
const REACH: i64 = 120;

fn of_words(text: &str) -> Option<Condition> {
    let said = words(text);
    let any = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str())) || list.contains(&text.trim());
    match () {
        () if any(&REFURBISHED) => Some(Condition::Refurbished),
        () if any(&USED) => Some(Condition::Used),
        () => None,
    }
}

/// The condition that a title tells in words.
pub(crate) fn of_title(title: &str) -> Option<Condition> {
    of_words(&title.to_lowercase()).filter(|told| *told == Condition::Refurbished || title.contains('('))
}

/// The condition that a label near the title tells: `Condition: Used`, `Zustand` and then `Gebraucht`.
pub(crate) fn shown(page: &Page<'_>, zones: &mut Zones<'_>) -> Option<Condition> {
    let title = page.title_node?;
    let mut is_announced = false;
    for id in title..page.dom.nodes.len() as NodeId {
        let node = page.dom.node(id);
        let Kind::Text(text) = node.kind else { continue };
        if text.trim().is_empty() || page.dom.node(node.parent).tag.is_unseen() {
            continue;
        }
        if page.distance(title, id) > REACH {
            return None;
        }
        let lower = unescape(text).trim().to_lowercase();
        let (label, value) = lower.split_once(':').unwrap_or((&lower, ""));
        let is_label = LABELS.contains(&label.trim());
        let told = match () {
            () if is_label && !value.trim().is_empty() => of_words(value),
            () if is_announced && lower.len() < 60 => of_words(&lower),
            () => None,
        };
        if told.is_some() && !zones.around(node.parent).contains(Zone::ELSEWHERE) {
            return told;
        }
        is_announced = is_label && value.trim().is_empty();
    }
    None
}
