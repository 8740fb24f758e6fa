//! The products of “Nordlicht Electronics”, a retailer that does not exist: about two thousand, in families.

mod families;
mod kinds;

use std::sync::OnceLock;

use pricing_domain::{ContentUnit, Lifecycle, MicroAmount, Role};

pub(crate) use kinds::Season;

/// A product of the demo's own catalogue.
#[derive(Clone, Debug)]
pub struct SampleProduct {
    /// The stock-keeping unit.
    pub sku: String,
    /// A GTIN-13 with a valid check digit.
    pub gtin: String,
    /// The maker's number.
    pub mpn: String,
    /// An invented brand.
    pub brand: &'static str,
    /// The name with the variant.
    pub name: String,
    /// The path of its category.
    pub category: &'static str,
    /// The family of its variants; none for a product that stands alone.
    pub family: Option<String>,
    /// The net content in millionths of its unit.
    pub net_content: Option<(MicroAmount, ContentUnit)>,
    /// Items in a pack.
    pub pack_items: u32,
    /// Who supplies it.
    pub supplier: &'static str,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// Today's price with VAT, in cents.
    pub price_minor: i64,
    /// The price shown struck through.
    pub compare_at_minor: Option<i64>,
    /// The landed cost, without VAT.
    pub cost: Option<MicroAmount>,
    /// The lowest price allowed for it.
    pub min_price_minor: Option<i64>,
    /// The maker's recommended price.
    pub rrp_minor: i64,
    /// Pieces in stock.
    pub stock: i64,
    /// The part it plays.
    pub role: Role,
    /// Whether customers judge us by it.
    pub key_value: bool,
    /// Labels.
    pub tags: Vec<&'static str>,
    /// What the market asks for it, in cents with VAT: the centre of all simulated prices.
    pub(crate) market_minor: i64,
    /// Units sold in a thousand days at the market's price.
    pub(crate) units_per_1000_days: i64,
    pub(crate) season: Season,
}

impl SampleProduct {
    /// Whether it is sold under the retailer's own brand.
    pub fn own_brand(&self) -> bool {
        self.brand == kinds::OWN_BRAND
    }
}

/// All products; made once, always the same.
pub fn products() -> &'static [SampleProduct] {
    static PRODUCTS: OnceLock<Vec<SampleProduct>> = OnceLock::new();
    PRODUCTS.get_or_init(families::build)
}

/// The next lower price a shopkeeper would write: ending on 99 cents, from 100 euros on whole nines.
pub(crate) fn shelf_price(minor: i64) -> i64 {
    match minor {
        ..100 => minor.max(29),
        100..2_000 => (minor + 25) / 50 * 50 - 1,
        2_000..10_000 => (minor + 50) / 100 * 100 - 1,
        10_000..50_000 => (minor + 500) / 1_000 * 1_000 - 100,
        _ => (minor + 1_000) / 2_000 * 2_000 - 100,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use pricing_domain::{Gtin, Lifecycle};

    use super::products;

    #[test]
    fn about_two_thousand_products_with_distinct_numbers() {
        let all = products();
        assert!((1_950..=2_050).contains(&all.len()), "{} products", all.len());
        let skus: HashSet<_> = all.iter().map(|product| product.sku.as_str()).collect();
        let gtins: HashSet<_> = all.iter().map(|product| product.gtin.as_str()).collect();
        let names: HashSet<_> = all.iter().map(|product| product.name.as_str()).collect();
        assert_eq!((skus.len(), gtins.len(), names.len()), (all.len(), all.len(), all.len()));
        assert!(all.iter().all(|product| Gtin::parse(&product.gtin).is_ok()));
    }

    #[test]
    fn the_exceptions_of_the_story_are_there() {
        let all = products();
        let net = |minor: i64| minor * 10_000 * 100 / 119;
        let below_cost = all.iter().filter(|p| p.cost.is_some_and(|cost| cost.0 > net(p.price_minor))).count();
        let without_cost = all.iter().filter(|p| p.cost.is_none()).count();
        let leaving = all.iter().filter(|p| p.lifecycle == Lifecycle::PhaseOut).count();
        assert_eq!(below_cost, 2);
        assert!((4..=12).contains(&without_cost), "{without_cost}");
        assert!((40..=80).contains(&leaving), "{leaving} leaving");
    }
}
