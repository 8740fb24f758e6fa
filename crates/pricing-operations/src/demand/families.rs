//! How products answer the prices of their families, in words.

use pricing_science::{CrossEffect, FamilyPool, ProductDemand, Source};

use super::Demand;

/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;

fn interval(value: f64, error: f64) -> String {
    format!("{value:.2} (95 %: {:.2} to {:.2})", value - WIDTH * error, value + WIDTH * error)
}

impl Demand {
    fn pool(&self, source: Source) -> Option<&FamilyPool> {
        self.fitted.family_pools.iter().find(|pool| pool.source == source)
    }

    /// What a product's cross elasticity rests on, or why none is used.
    pub(super) fn siblings_words(&self, found: &ProductDemand) -> String {
        let answer = &found.family;
        let own = answer.own.map(|own| interval(own.value, own.variance.sqrt()));
        let own = own.map_or_else(String::new, |own| format!(" Its own estimate: {own}."));
        let siblings = match answer.siblings {
            1 => "one other product".to_owned(),
            count => format!("{count} other products"),
        };
        match answer.found {
            CrossEffect::NoSiblings => "It has no family, or no other product of it sells.".to_owned(),
            CrossEffect::NotEnough => {
                "Not asked: its sales are too few for an elasticity of its own. None is used.".to_owned()
            }
            CrossEffect::Together => {
"Its price and its family's varied too little apart from each other and from promotions; where they moved together, \
                 its elasticity is that of all of them. No further effect is used."
                    .to_owned()
            }
            CrossEffect::NotFitted => "The fit with its family's prices did not converge. None is used.".to_owned(),
            CrossEffect::FewEstimates => format!(
                "Not used: too few products have such an estimate, and none stands alone.{own}"
            ),
            CrossEffect::NotDistinct => format!("Not used: it cannot be told from none.{own}"),
            CrossEffect::Implausible => {
                format!(
                "Not used: its family's prices would matter more than its own, or dearer products sell more.{own}"
            )
            }
            CrossEffect::Used { value, own_error, common_error, source, .. } => {
                let (sign, size) = if value < 0.0 { ("less", -value) } else { ("more", value) };
                let towards = self.path(source).unwrap_or_else(|| "the whole catalogue".to_owned());
                let of = self.pool(source).map_or(0, |pool| pool.products);
                format!(
                    "Where {siblings} of its family get one percent dearer, it sells {size:.2} % {sign}: {}, drawn towards \
                     {towards} with {of} estimates.{own}",
                    interval(value, own_error.hypot(common_error))
                )
            }
        }
    }

    /// How products of a category answer the prices of their families; `None`: too few estimates.
    pub(super) fn pool_words(&self, source: Source) -> Option<String> {
        let pool = self.pool(source)?;
        let told = if pool.is_distinct { "told from none" } else { "not told from none" };
        Some(format!(
            "One percent dearer siblings: {} % units, {told}; from {} products of {} families, which differ by {:.2}.",
            interval(pool.mean.value, pool.mean.variance.sqrt()),
            pool.products,
            pool.families,
            pool.tau2.sqrt()
        ))
    }
}
