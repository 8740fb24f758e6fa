//! Which reads are stale. Each cache tag has a mark that rises; a read that depends on the tag is made again.

use std::time::Duration;

use app_contract::Tag;
use leptos::prelude::*;

/// A write tells of its staleness twice, by its answer and by an event; together they cause one reading.
const GATHERING: Duration = Duration::from_millis(40);

/// The marks of all tags.
#[derive(Clone, Copy)]
pub struct Freshness {
    marks: [RwSignal<u64>; Tag::ALL.len()],
    gathered: StoredValue<Vec<Tag>>,
}

impl Freshness {
    /// Everything is fresh.
    pub fn new() -> Self {
        Self { marks: std::array::from_fn(|_| RwSignal::new(0)), gathered: StoredValue::new(Vec::new()) }
    }

    /// Makes whoever asks depend on the tags; the sum of their marks.
    pub fn track(&self, tags: &[Tag]) -> u64 {
        tags.iter().map(|tag| self.mark(*tag).get()).sum()
    }

    /// Makes reads with these tags stale, a moment later and together with others.
    pub fn stale(&self, tags: &[Tag]) {
        if tags.is_empty() {
            return;
        }
        let waits = self.gathered.with_value(|gathered| !gathered.is_empty());
        self.gathered.update_value(|gathered| gathered.extend_from_slice(tags));
        if !waits {
            let this = *self;
            set_timeout(move || this.flush(), GATHERING);
        }
    }

    /// Makes every read stale.
    pub fn all_stale(&self) {
        self.stale(Tag::ALL);
    }

    fn flush(self) {
        let mut tags = Vec::new();
        self.gathered.update_value(|gathered| tags = std::mem::take(gathered));
        for tag in Tag::ALL.iter().filter(|tag| tags.contains(tag)) {
            self.mark(*tag).update(|mark| *mark += 1);
        }
    }

    fn mark(&self, tag: Tag) -> RwSignal<u64> {
        // Tags stand in their list in the order of their numbers.
        self.marks[tag as usize]
    }
}
