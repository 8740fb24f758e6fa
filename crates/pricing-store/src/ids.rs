//! UUIDv7 identifiers (RFC 9562, 5.7): milliseconds, then a counter that starts at random, so that a run of new rows
//! is in ascending order and appends to its index.

use pricing_domain::Instant;
use uuid::{Builder, Uuid};

/// Makes ascending ids for one moment.
pub struct IdMaker {
    milliseconds: u64,
    counter: u128,
}

impl IdMaker {
    /// Starts at `at` with a random counter.
    pub fn new(at: Instant) -> Self {
        let random = Uuid::new_v4().as_u128();
        // 74 bits are free in a UUIDv7; the upper two of the counter stay zero, so that it cannot overflow.
        Self { milliseconds: u64::try_from(at.0 / 1000).unwrap_or(0), counter: random >> 56 }
    }

    /// The next id.
    pub fn next_id(&mut self) -> Uuid {
        self.counter += 1;
        // `Builder` overwrites the version bits (4) and the variant bits (2) inside the ten bytes.
        let low = self.counter & ((1 << 62) - 1);
        let high = (self.counter >> 62) & 0xfff;
        let mut random = [0u8; 10];
        random[..2].copy_from_slice(&u16::try_from(high).expect("12 bits").to_be_bytes());
        random[2..].copy_from_slice(&u64::try_from(low).expect("62 bits").to_be_bytes());
        Builder::from_unix_timestamp_millis(self.milliseconds, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::{IdMaker, Instant};

    #[test]
    fn ids_ascend_and_say_their_version() {
        let mut ids = IdMaker::new(Instant(1_700_000_000_000_000));
        let made: Vec<_> = (0..1000).map(|_| ids.next_id()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
