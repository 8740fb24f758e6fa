//! Numbers that look random and depend on nothing but what is given: the same on every machine and in every run.

/// Mixes any parts into 64 bits (SplitMix64's finaliser over each part in turn).
pub(crate) fn mix(parts: &[i64]) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for part in parts {
        state = state.wrapping_add(*part as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^= state >> 31;
    }
    state
}

/// A number from `low` to `high`, both included.
pub(crate) fn between(low: i64, high: i64, parts: &[i64]) -> i64 {
    low + (mix(parts) % (high - low + 1) as u64) as i64
}

/// Whether something with this chance, in hundredths of a percent, happens.
pub(crate) fn happens(chance_bp: i64, parts: &[i64]) -> bool {
    between(0, 9_999, parts) < chance_bp
}
