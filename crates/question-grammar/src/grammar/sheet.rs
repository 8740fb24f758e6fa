//! Questions about a file of competitors' prices that a person has at hand: “where are they cheaper than us?”, “welche
//! Zeilen konnten nicht zugeordnet werden?”. Whatever is asked beyond what a file can answer is not understood; nothing
//! of it is left aside.

use pricing_domain::BasisPoints;

use super::conditions::{limit, stance};
use super::decide::asks_which_competitor;
use super::groups::competitors;
use super::items::{Items, Mark};
use super::thresholds::side_of;
use crate::file_questions::{FileAspect, FileQuestion};
use crate::intents::{Quantity, Side, Stance};
use crate::lexicon::Concept;

/// What a question was to a file.
pub(super) enum Asked {
    /// Of the file.
    Of(FileQuestion),
    /// Of the file, and of something that a file cannot tell: these words.
    Beyond(Vec<String>),
    /// Not of the file.
    Else,
}

/// The file itself and what it is made of.
const FILE: &[&str] = &[
    "file",
    "spreadsheet",
    "sheet",
    "excel",
    "xlsx",
    "csv",
    "row",
    "line",
    "attach",
    "upload",
    "datei",
    "tabelle",
    "zeile",
    "anhang",
    "angehaengt",
    "hochgeladen",
    "spalte",
    "column",
];
/// Those that a file is of.
const THEY: &[&str] =
    &["they", "them", "their", "theirs", "sie", "ihre", "ihren", "deren", "die anderen", "the others"];
/// Rows that do not go in.
const REFUSED: &[&str] = &[
    "refus",
    "reject",
    "abgelehn",
    "abgewies",
    "skip",
    "uebersprung",
    "invalid",
    "unguelt",
    "unmatched",
    "unzugeordn",
    "not matched",
    "unknown",
    "unbekannt",
    "problem",
    "fehler",
    "wrong",
    "error",
    "left out",
    "dropped",
];
/// Rows that do.
const MATCHED: &[&str] =
    &["match", "recogni", "zugeordn", "zuordn", "erkannt", "erkenn", "assign", "gefunden", "found"];
/// What is in the workspace already.
const STORED: &[&str] = &[
    "stored",
    "gespeichert",
    "hinterlegt",
    "bisher",
    "already",
    "bereits",
    "before",
    "vorher",
    "known",
    "bekannt",
    "workspace",
    "last time",
];
/// Differences.
const DIFFERENT: &[&str] = &["differ", "unterschied", "unterscheid", "abweich", "weich", "deviat"];
/// What puts it in.
const TAKEN_IN: &[&str] =
    &["import", "einles", "einlies", "einspiel", "uebernehm", "uebernimm", "uebernomm", "take over"];
/// What stands in it.
const HELD: &[&str] = &[
    "say",
    "sagt",
    "contain",
    "enthaelt",
    "enthalten",
    "steht",
    "drin",
    "inhalt",
    "content",
    "inside",
    "show",
    "zeig",
    "read",
    "lies",
    "list",
    "liste",
];
/// Words with a meaning for a file.
const VOCABULARY: [&[&str]; 8] = [FILE, THEY, REFUSED, MATCHED, STORED, DIFFERENT, TAKEN_IN, HELD];

fn begins(word: &str, beginnings: &[&str]) -> bool {
    let starts = |text: &str| beginnings.iter().any(|beginning| text.starts_with(beginning));
    starts(word) || word.split(' ').any(starts)
}

/// Whether a word is one of those; pronouns count as whole words only.
fn is_known(word: &str) -> bool {
    let pronoun = word.split(' ').any(|one| THEY.contains(&one)) || THEY.contains(&word);
    pronoun || VOCABULARY.iter().filter(|list| **list != THEY).any(|list| begins(word, list))
}

/// What is asked of the file.
pub(super) fn asked(items: &mut Items) -> Asked {
    let names_file = items.list.iter().any(|item| begins(&item.word, FILE));
    let they = items.list.iter().any(|item| item.word.split(' ').any(|word| THEY.contains(&word)));
    settle(items);
    let has = |beginnings: &[&str]| items.list.iter().any(|item| begins(&item.word, beginnings));
    let negated = items.any(&[Concept::Not, Concept::Without]);
    let refused = has(REFUSED) || (has(MATCHED) && negated) || items.has(Concept::Problem);
    let stored = has(STORED);
    let changed = items.any(&[Concept::Change, Concept::WhatsNew, Concept::NewProduct]);
    let different = has(DIFFERENT);
    let threshold = threshold(items);
    let side = compared(&without_side(items, threshold));
    let beside = items.any(&[Concept::Position, Concept::Against]) || (different && !stored);
    let about = if has(TAKEN_IN) {
        Some(FileAspect::Import)
    } else if refused {
        Some(FileAspect::Refused)
    } else if changed || (different && stored) {
        Some(FileAspect::Changed)
    } else if let Some(stance) = side {
        Some(if stance == Stance::Cheaper { FileAspect::Cheaper } else { FileAspect::Dearer })
    } else if beside {
        Some(FileAspect::Compared)
    } else if asks_which_competitor(items) || (items.word(&["who", "wer"]) && names_file) {
        Some(FileAspect::Competitors)
    } else if items.product().is_some() {
        Some(FileAspect::Rows)
    } else if items.has(Concept::Summary) || has(HELD) || names_file {
        Some(FileAspect::Overview)
    } else {
        None
    };
    let of_file = names_file
        || they
        || matches!(about, Some(FileAspect::Refused | FileAspect::Cheaper | FileAspect::Dearer | FileAspect::Import))
        || (stored && matches!(about, Some(FileAspect::Changed)));
    let Some(about) = about.filter(|_| of_file) else { return Asked::Else };
    let differs = matches!(about, FileAspect::Cheaper | FileAspect::Dearer | FileAspect::Changed);
    let (beyond, used) = match threshold.filter(|_| differs) {
        Some((place, side, share)) => (Some((side, share)), Some(place)),
        None => (None, None),
    };
    let others = items.list.iter().enumerate().filter(|(place, _)| Some(*place) != used);
    let left: Vec<String> = others.filter_map(|(_, item)| left(item, about)).collect();
    let missing = items.not_here.clone().filter(|word| !is_known(&crate::tokens::fold(word)));
    let strange = items.strange.iter().filter(|word| !is_known(&crate::tokens::fold(word))).cloned();
    let left: Vec<String> = left.into_iter().chain(missing).chain(strange).collect();
    match left.is_empty() {
        true => Asked::Of(FileQuestion {
            about,
            competitors: competitors(items),
            scope: items.scope(),
            beyond,
            limit: limit(items),
        }),
        // A comparison that says more than a file can tell may well be one of the workspace.
        false if !names_file && !they => Asked::Else,
        false => Asked::Beyond(left),
    }
}

/// Words of files lose what they mean elsewhere, and pronouns stand for the competitors.
fn settle(items: &mut Items) {
    let named = items.competitor().is_some();
    for item in &mut items.list {
        let pronoun = item.word.split(' ').any(|word| THEY.contains(&word));
        let of_file = begins(&item.word, FILE) || begins(&item.word, TAKEN_IN);
        if pronoun && !named {
            item.mark = Mark::Concept(Concept::Competitor);
        } else if of_file && !matches!(item.mark, Mark::Name(_)) {
            item.mark = Mark::Concept(Concept::Spreadsheet);
        } else if is_known(&item.word)
            && (matches!(item.mark, Mark::Strange | Mark::ProductWord(_) | Mark::Concept(Concept::CompetitorPrice))
                || matches!(item.mark, Mark::Concept(concept) if !TOLD.contains(&concept)))
        {
            item.mark = Mark::Concept(Concept::Stop);
        }
    }
    let only_own = |item: &super::items::Item| matches!(item.mark, Mark::Concept(Concept::NewProduct));
    // “New products” are those of the range, “new prices” those of the file.
    if items.has(Concept::Product) {
        return;
    }
    for item in &mut items.list {
        if only_own(item) {
            item.mark = Mark::Concept(Concept::Change);
        }
    }
    items.corrected.retain(|(written, _)| !is_known(&crate::tokens::fold(written)));
}

/// Who is said to be cheaper; “where are we dearer?” too, with nobody else named.
fn compared(items: &Items) -> Option<Stance> {
    if let Some(stance) = stance(items) {
        return Some(stance);
    }
    let others = items.competitor().is_some() || items.any(&[Concept::Competitor, Concept::Lowest]);
    if others || !items.has(Concept::We) {
        return None;
    }
    match (items.has(Concept::Dearer), items.has(Concept::Cheaper)) {
        (true, false) => Some(Stance::Cheaper),
        (false, true) => Some(Stance::Dearer),
        _ => None,
    }
}

/// “By more than 5 %”: the place of its number, the side, the share.
fn threshold(items: &Items) -> Option<(usize, Side, BasisPoints)> {
    let found = items.list.iter().enumerate().find_map(|(place, item)| match item.mark {
        Mark::Quantity(Quantity::Percent(share), None) => Some((place, share)),
        _ => None,
    });
    found.and_then(|(place, share)| Some((place, side_of(items, place)?, share)))
}

/// The question without the words of its threshold: “more than” compares no prices.
fn without_side(items: &Items, threshold: Option<(usize, Side, BasisPoints)>) -> Items {
    let mut own = items.clone();
    let Some((place, ..)) = threshold else { return own };
    for item in &mut own.list[place.saturating_sub(2)..place] {
        if matches!(item.mark, Mark::Concept(Concept::Above | Concept::Below | Concept::AtLeast | Concept::AtMost)) {
            item.mark = Mark::Concept(Concept::Stop);
        }
    }
    own
}

/// What has a meaning for a file.
const TOLD: &[Concept] = &[
    Concept::Stop,
    Concept::We,
    Concept::Competitor,
    Concept::CompetitorPrice,
    Concept::Price,
    Concept::Product,
    Concept::Sku,
    Concept::Than,
    Concept::Cheaper,
    Concept::Dearer,
    Concept::Below,
    Concept::Above,
    Concept::AtMost,
    Concept::AtLeast,
    Concept::Undercut,
    Concept::ExpensiveThanUs,
    Concept::CheaperThanOurs,
    Concept::Biggest,
    Concept::Position,
    Concept::Against,
    Concept::Change,
    Concept::WhatsNew,
    Concept::Not,
    Concept::Without,
    Concept::Problem,
    Concept::Spreadsheet,
    Concept::Summary,
    Concept::Count,
    Concept::Kvi,
    Concept::OwnBrand,
    Concept::Traffic,
    Concept::ProfitRole,
    Concept::Tail,
    Concept::PhaseOut,
    Concept::NewProduct,
    Concept::Brands,
    Concept::Categories,
];

/// A word that a file says nothing about.
fn left(item: &super::items::Item, about: FileAspect) -> Option<String> {
    let known = match &item.mark {
        // “How does it differ” asks for no reason; the reason of a refusal is told.
        Mark::Concept(Concept::Why) => item.word.starts_with("how") || about == FileAspect::Refused,
        Mark::Concept(concept) => TOLD.contains(concept),
        Mark::Name(_) | Mark::Sku(_) | Mark::ProductWord(_) | Mark::Number(_) => true,
        // Said by the list of strange words.
        Mark::Strange => true,
        Mark::Choices(..) | Mark::Quantity(..) | Mark::Excluded(_) | Mark::Period(_) => false,
    };
    (!known).then(|| item.word.clone())
}
