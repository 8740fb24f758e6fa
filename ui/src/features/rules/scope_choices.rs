//! What the products of a rule can be chosen by, with one key a kind.

use pricing_domain::{Lifecycle, Role, ScopeTest, parse_scaled};

use crate::components::criteria::Kind;
use crate::components::fields::names;

/// Kinds of tests.
pub const KINDS: [Kind; 19] = [
    Kind::valued("brand", "Brand", "Sony, Bose"),
    Kind::valued("category", "Category or above", "TV & Audio > Headphones"),
    Kind::valued("supplier", "Supplier", ""),
    Kind::valued("tag", "Tag", "clearance"),
    Kind::valued("price_list", "Price list", "DE, AT"),
    Kind::plain("key_value", "Key-value items"),
    Kind::plain("not_key_value", "Not key-value items"),
    Kind::plain("own_brand", "Own brand"),
    Kind::plain("not_own_brand", "Not own brand"),
    Kind::plain("traffic", "Role traffic"),
    Kind::plain("profit", "Role profit"),
    Kind::plain("tail", "Role tail"),
    Kind::plain("new", "New products"),
    Kind::plain("phase_out", "Products that phase out"),
    Kind::valued("offers", "At least so many competitor prices", "2"),
    Kind::valued("stock_at_least", "Stock of at least", "20"),
    Kind::valued("stock_at_most", "Stock of at most", "5"),
    Kind::plain("cost", "With a cost"),
    Kind::plain("no_cost", "Without a cost"),
];

/// The test of a kind with a value; `None` while the value cannot be read.
pub fn test_of(kind: &str, value: &str) -> Option<ScopeTest> {
    let name = || Some(value.trim().to_owned()).filter(|name| !name.is_empty());
    let several = || Some(names(value)).filter(|names| !names.is_empty());
    let number = || parse_scaled(value.trim(), 0);
    Some(match kind {
        "brand" => ScopeTest::Brand(several()?),
        "category" => ScopeTest::Category(name()?),
        "supplier" => ScopeTest::Supplier(name()?),
        "tag" => ScopeTest::Tag(name()?),
        "price_list" => ScopeTest::PriceList(several()?),
        "key_value" => ScopeTest::KeyValue(true),
        "not_key_value" => ScopeTest::KeyValue(false),
        "own_brand" => ScopeTest::OwnBrand(true),
        "not_own_brand" => ScopeTest::OwnBrand(false),
        "traffic" => ScopeTest::Role(vec![Role::Traffic]),
        "profit" => ScopeTest::Role(vec![Role::Profit]),
        "tail" => ScopeTest::Role(vec![Role::Tail]),
        "new" => ScopeTest::Lifecycle(vec![Lifecycle::New]),
        "phase_out" => ScopeTest::Lifecycle(vec![Lifecycle::PhaseOut]),
        "offers" => ScopeTest::OffersAtLeast(u32::try_from(number()?).ok()?),
        "stock_at_least" => ScopeTest::StockAtLeast(number()?),
        "stock_at_most" => ScopeTest::StockAtMost(number()?),
        "cost" => ScopeTest::HasCost(true),
        "no_cost" => ScopeTest::HasCost(false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind, test_of};

    #[test]
    fn every_kind_gives_a_test_and_no_two_the_same() {
        let mut tests = Vec::new();
        for Kind { key, example, .. } in KINDS {
            let value = if example.is_empty() { "A, B" } else { example };
            let test = test_of(key, value).expect(key);
            assert!(!tests.contains(&test), "{key}");
            tests.push(test);
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_gives_no_test() {
        assert_eq!(test_of("brand", " , "), None);
        assert_eq!(test_of("offers", "many"), None);
        assert_eq!(test_of("offers", "-1"), None);
    }
}
