//! Notices a gap in the numbers of events.

use std::cell::Cell;
use std::rc::Rc;

use app_contract::EventEnvelope;

/// Hears each event once; `lost` is told when some are missing, because then everything may be stale.
pub fn in_order(heard: impl Fn(EventEnvelope) + 'static, lost: impl Fn() + 'static) -> Rc<dyn Fn(EventEnvelope)> {
    let last = Cell::new(None::<u64>);
    Rc::new(move |envelope| {
        let sequence = envelope.sequence;
        match last.get() {
            Some(before) if sequence == before => return,
            Some(before) if sequence != before + 1 => lost(),
            _ => {}
        }
        last.set(Some(sequence));
        heard(envelope);
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use app_contract::{Event, EventEnvelope};

    use super::in_order;

    #[test]
    fn a_gap_or_a_restart_of_the_numbers_is_told_once() {
        let (heard, lost) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let (heard_in, lost_in) = (heard.clone(), lost.clone());
        let listen = in_order(move |_| heard_in.set(heard_in.get() + 1), move || lost_in.set(lost_in.get() + 1));
        for sequence in [7, 8, 8, 10, 11, 1, 2] {
            listen(EventEnvelope { sequence, event: Event::Stale { tags: vec![] } });
        }
        assert_eq!((heard.get(), lost.get()), (6, 2));
    }
}
