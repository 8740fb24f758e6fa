//! What is known of all subjects of an alert, and what its next look makes of it.

use std::collections::BTreeMap;

use crate::judging::{Known, News, Side, Watch, judge};

/// What an alert watches: a product, a competitor, or a product at a competitor, by their keys; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The product.
    pub product: i64,
    /// The competitor.
    pub competitor: i64,
}

/// Everything that is known of an alert's subjects. What is calm about a level or band is not kept: a catalogue of a
/// million products costs nothing until something crosses its limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    known: BTreeMap<Subject, Known>,
}

impl Watched {
    /// From what was kept.
    pub fn from_kept(kept: impl IntoIterator<Item = (Subject, Known)>) -> Self {
        Self { known: kept.into_iter().collect() }
    }

    /// What is to be kept, in the order of the subjects.
    pub fn kept(&self) -> impl Iterator<Item = (Subject, Known)> + '_ {
        self.known.iter().map(|(subject, known)| (*subject, *known))
    }

    /// How many subjects are beyond their limit.
    pub fn beyond(&self) -> u64 {
        self.known.values().filter(|known| known.side != Side::Calm).count() as u64
    }

    /// Judges a reading without taking it in: what would be known, where that differs, and what would be told. Subjects
    /// can be judged in any order and in parallel; then [`Self::take_in`] takes them in.
    pub fn judge(&self, watch: Watch, subject: Subject, value: i64, first_look: bool) -> Option<(Known, Option<News>)> {
        let before = self.known.get(&subject).copied();
        let (after, news) = judge(watch, value, before, first_look);
        let is_kept = after.side != Side::Calm || matches!(watch, Watch::Move { .. });
        let changed = if is_kept { before != Some(after) } else { before.is_some() };
        (changed || news.is_some()).then_some((after, news))
    }

    /// Takes in what became known of a subject.
    pub fn take_in(&mut self, watch: Watch, subject: Subject, known: Known) {
        if known.side == Side::Calm && !matches!(watch, Watch::Move { .. }) {
            self.known.remove(&subject);
        } else {
            self.known.insert(subject, known);
        }
    }

    /// Forgets subjects that are gone.
    pub fn keep_only(&mut self, mut is_there: impl FnMut(Subject) -> bool) {
        self.known.retain(|subject, _| is_there(*subject));
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{AlertDirection, AlertTurn};

    use super::{Subject, Watched};
    use crate::Watch;

    fn look(watched: &mut Watched, watch: Watch, subject: Subject, value: i64, first: bool) -> Option<AlertTurn> {
        let (known, news) = watched.judge(watch, subject, value, first)?;
        watched.take_in(watch, subject, known);
        news.map(|news| news.turn)
    }

    #[test]
    fn what_is_calm_is_not_kept_and_what_is_beyond_is_kept_once() {
        let (mut watched, watch) = (Watched::default(), Watch::Level { limit: 100, tolerance: 0 });
        let product = |product| Subject { product, competitor: 0 };
        assert_eq!(look(&mut watched, watch, product(1), 150, true), None);
        assert_eq!(look(&mut watched, watch, product(2), 50, true), None);
        assert_eq!(watched.kept().count(), 1);
        assert_eq!(look(&mut watched, watch, product(1), 90, false), Some(AlertTurn::Fell));
        assert_eq!(look(&mut watched, watch, product(1), 90, false), None);
        assert_eq!(watched.beyond(), 2);
        assert_eq!(look(&mut watched, watch, product(2), 101, false), Some(AlertTurn::Rose));
        watched.keep_only(|subject| subject.product != 1);
        assert_eq!(watched.kept().count(), 0);
    }

    #[test]
    fn moves_keep_their_reference() {
        let watch = Watch::Move { change_bp: 1_000, direction: AlertDirection::Either };
        let (mut watched, subject) = (Watched::default(), Subject { product: 7, competitor: 3 });
        assert_eq!(look(&mut watched, watch, subject, 100, true), None);
        assert_eq!(look(&mut watched, watch, subject, 95, false), None);
        let again = Watched::from_kept(watched.kept());
        assert_eq!(again, watched);
        assert_eq!(look(&mut watched, watch, subject, 90, false), Some(AlertTurn::Fell));
        assert_eq!(watched.kept().map(|(_, known)| known.reference).collect::<Vec<_>>(), [90]);
        assert_eq!(watched.beyond(), 0);
    }
}
