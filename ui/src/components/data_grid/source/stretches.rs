//! The stretches that have been read, and which one to read next.

use std::collections::{HashMap, HashSet};

/// Rows read at once.
pub const STRETCH: u64 = 100;
/// Stretches kept; those furthest from the viewport go first.
const KEPT: usize = 80;

/// Read stretches by their place: rows `place × STRETCH` and following.
pub struct Stretches<R> {
    generation: u64,
    replacing: bool,
    kept: HashMap<u64, (u64, Vec<R>)>,
    pending: HashSet<u64>,
    wanted: (u64, u64),
}

impl<R> Stretches<R> {
    /// Nothing read; the first rows are wanted.
    pub fn new() -> Self {
        Self { generation: 0, replacing: false, kept: HashMap::new(), pending: HashSet::new(), wanted: (0, STRETCH) }
    }

    /// Which asking the present answers belong to.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A row, if it has been read.
    pub fn row(&self, row: u64) -> Option<&R> {
        self.kept.get(&(row / STRETCH))?.1.get((row % STRETCH) as usize)
    }

    /// Everything is asked anew. For another question the first rows are wanted, and its first answer takes the place
    /// of all that is kept; for the same question each stretch is replaced by itself.
    pub fn begin(&mut self, other_question: bool) {
        self.generation += 1;
        self.pending.clear();
        if other_question {
            self.replacing = true;
            self.wanted = (0, STRETCH);
        }
    }

    /// The rows to read now.
    pub fn want(&mut self, first: u64, end: u64) {
        self.wanted = (first, end);
    }

    /// Lets failed requests be made again.
    pub fn forget_pending(&mut self) {
        self.pending.clear();
    }

    /// The next stretch to read, which is then awaited.
    pub fn next(&mut self) -> Option<u64> {
        let (first, end) = self.wanted;
        let last = end.saturating_sub(1).max(first);
        let current = |place: &u64| self.kept.get(place).is_some_and(|(generation, _)| *generation == self.generation);
        let next = (first / STRETCH..=last / STRETCH)
            .find(|place| !self.pending.contains(place) && (self.replacing || !current(place)))?;
        self.pending.insert(next);
        Some(next)
    }

    /// Keeps a stretch.
    pub fn put(&mut self, place: u64, rows: Vec<R>) {
        self.pending.remove(&place);
        if self.replacing {
            self.replacing = false;
            self.kept.clear();
        }
        self.kept.insert(place, (self.generation, rows));
        while self.kept.len() > KEPT {
            let middle = (self.wanted.0 + self.wanted.1) / 2 / STRETCH;
            let furthest = self.kept.keys().copied().max_by_key(|place| place.abs_diff(middle));
            self.kept.remove(&furthest.expect("more than none are kept"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{STRETCH, Stretches};

    fn rows(mark: u64) -> Vec<u64> {
        (0..STRETCH).map(|row| mark + row).collect()
    }

    #[test]
    fn a_stretch_is_asked_for_once() {
        let mut stretches: Stretches<u64> = Stretches::new();
        stretches.begin(true);
        stretches.want(90, 130);
        assert_eq!((stretches.next(), stretches.next(), stretches.next()), (Some(0), Some(1), None));
        stretches.put(1, rows(100));
        assert_eq!(stretches.row(105), Some(&105));
        assert_eq!(stretches.row(5), None);
    }

    #[test]
    fn old_rows_stay_until_the_answer_to_another_question_comes() {
        let mut stretches = Stretches::new();
        stretches.begin(true);
        assert_eq!(stretches.next(), Some(0));
        stretches.put(0, rows(0));
        stretches.begin(true);
        assert_eq!(stretches.row(3), Some(&3));
        assert_eq!(stretches.next(), Some(0));
        stretches.put(0, rows(7000));
        assert_eq!(stretches.row(3), Some(&7003));
    }

    #[test]
    fn a_refresh_replaces_stretch_by_stretch() {
        let mut stretches = Stretches::new();
        stretches.begin(true);
        stretches.want(0, 200);
        stretches.next();
        stretches.next();
        stretches.put(0, rows(0));
        stretches.put(1, rows(100));
        stretches.begin(false);
        assert_eq!(stretches.next(), Some(0));
        stretches.put(0, rows(9000));
        assert_eq!((stretches.row(1), stretches.row(101)), (Some(&9001), Some(&101)));
        assert_eq!(stretches.next(), Some(1));
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let mut stretches = Stretches::new();
        stretches.begin(true);
        for place in 0..200 {
            stretches.want(place * STRETCH, place * STRETCH + 40);
            assert_eq!(stretches.next(), Some(place));
            stretches.put(place, rows(0));
        }
        assert!(stretches.row(0).is_none());
        assert!(stretches.row(199 * STRETCH).is_some());
    }
}
