//! Questions about what happened over time: the newest batch, how figures developed, who changes prices how often.

use super::decide::asks_which_competitor;
use super::items::Items;
use crate::intents::{Intent, TrendFigure};
use crate::lexicon::Concept;

/// What the newest batch did. Of some products or of a competitor it has no notes.
pub(super) fn batch_notes(items: &Items) -> Option<Intent> {
    let narrower = !items.scope().is_all() || items.competitor().is_some();
    let other = [Concept::Count, Concept::Why, Concept::Needs, Concept::WhatIf, Concept::Proposal, Concept::Money];
    let about_batch = items.has(Concept::Batch) && !items.any(&other);
    ((items.has(Concept::ReleaseNotes) || about_batch) && !narrower).then_some(Intent::BatchNotes)
}

/// How the index or the margin developed.
pub(super) fn trend(items: &Items) -> Option<Intent> {
    let days = items.days();
    let developed = items.has(Concept::History) || (days.is_some() && items.has(Concept::Change));
    let competitor = items.competitor().map(|(_, name)| name);
    let (scope, margin) = (items.scope(), items.has(Concept::Margin));
    if items.has(Concept::Bridge) || (developed && margin && competitor.is_none()) {
        return Some(Intent::Trend { figure: TrendFigure::Margin, competitor: None, scope, days });
    }
    let compared = items.any(&[Concept::Position, Concept::Against]);
    let theirs = items.has(Concept::History) && (competitor.is_some() || items.has(Concept::Competitor));
    (developed && (compared || theirs) && !margin).then_some(Intent::Trend {
        figure: TrendFigure::Index,
        competitor,
        scope,
        days,
    })
}

/// Who changes prices how often.
pub(super) fn movers(items: &Items) -> Option<Intent> {
    let competitor = items.competitor().map(|(_, name)| name);
    let they = competitor.is_some()
        || asks_which_competitor(items)
        || items.has(Concept::Competitor)
        || items.word(&["who", "wer"]);
    let often = items.any(&[Concept::Often, Concept::Biggest]) || items.days().is_some();
    let other = [Concept::Proposal, Concept::Needs, Concept::Undercut, Concept::Position, Concept::Lose, Concept::Than];
    let asked = they && often && items.has(Concept::Change) && !items.any(&other) && items.scope().is_all();
    asked.then(|| Intent::Movers { competitor, days: items.days() })
}
