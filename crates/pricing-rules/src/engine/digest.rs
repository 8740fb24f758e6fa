//! One number for the whole result of a run, to compare it across machines, platforms and numbers of threads.

use super::outcome::{PricingRun, RuleCounts};

/// The digest of everything a run decided and counted: 64-bit FNV-1a over the fields as little-endian numbers, so that
/// native code and wasm give the same. It tells results apart, and is no protection against anybody.
pub fn digest(run: &PricingRun) -> u64 {
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for decision in &run.decisions {
        let amounts = [
            decision.old_minor,
            decision.new_minor,
            decision.lawful_minor,
            decision.floor_minor,
            decision.ceiling_minor,
            i64::from(decision.row),
            i64::from(decision.rule),
            decision.kind as i64,
            decision.reason.map_or(-1, |reason| reason as i64),
        ];
        amounts.into_iter().for_each(|amount| digest.number(amount as u64));
    }
    let counts = &run.counts;
    let sums = [
        counts.products,
        counts.ended,
        counts.on_promotion,
        counts.locked,
        counts.without_price,
        counts.without_cost,
        counts.raised,
        counts.lowered,
        counts.unchanged,
        counts.refused,
    ];
    sums.into_iter().chain(counts.exceptions.iter().copied()).for_each(|sum| digest.number(sum));
    counts.rules.iter().chain([&counts.otherwise]).for_each(|rule| digest.rule(rule));
    let effect = &run.effect;
    for amount in
        [effect.revenue_before_micro, effect.revenue_after_micro, effect.margin_before_micro, effect.margin_after_micro]
    {
        digest.number(amount as u64);
        digest.number((amount >> 64) as u64);
    }
    digest.0
}

struct Digest(u64);

impl Digest {
    fn number(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn rule(&mut self, rule: &RuleCounts) {
        [rule.products, rule.raised, rule.lowered, rule.unchanged, rule.exceptions]
            .into_iter()
            .for_each(|count| self.number(count));
    }
}

#[cfg(test)]
mod tests {
    use super::digest;
    use crate::engine::{PricingRun, RunCounts};

    #[test]
    fn a_cent_more_is_another_digest_and_the_same_run_the_same() {
        let run =
            |unchanged| PricingRun { counts: RunCounts { unchanged, ..RunCounts::default() }, ..PricingRun::default() };
        assert_eq!(digest(&run(1)), digest(&run(1)));
        assert_ne!(digest(&run(1)), digest(&run(2)));
    }
}
