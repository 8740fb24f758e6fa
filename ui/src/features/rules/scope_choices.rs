//! What the products of a rule can be chosen by, with one key a kind.

use pricing_domain::{Lifecycle, Role, ScopeTest, parse_scaled};

use crate::components::fields::names;

/// How the value of a test is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Names separated by commas.
    Names,
    /// One name.
    Name,
    /// A whole number.
    Number,
    /// Nothing more than the kind.
    Nothing,
}

/// Kinds of tests: key, words, how the value is given, example.
pub const KINDS: [(&str, &str, Given, &str); 19] = [
    ("brand", "Brand", Given::Names, "Sony, Bose"),
    ("category", "Category or above", Given::Name, "TV & Audio > Headphones"),
    ("supplier", "Supplier", Given::Name, ""),
    ("tag", "Tag", Given::Name, "clearance"),
    ("price_list", "Price list", Given::Names, "DE, AT"),
    ("key_value", "Key-value items", Given::Nothing, ""),
    ("not_key_value", "Not key-value items", Given::Nothing, ""),
    ("own_brand", "Own brand", Given::Nothing, ""),
    ("not_own_brand", "Not own brand", Given::Nothing, ""),
    ("traffic", "Role traffic", Given::Nothing, ""),
    ("profit", "Role profit", Given::Nothing, ""),
    ("tail", "Role tail", Given::Nothing, ""),
    ("new", "New products", Given::Nothing, ""),
    ("phase_out", "Products that phase out", Given::Nothing, ""),
    ("offers", "At least so many competitor prices", Given::Number, "2"),
    ("stock_at_least", "Stock of at least", Given::Number, "20"),
    ("stock_at_most", "Stock of at most", Given::Number, "5"),
    ("cost", "With a cost", Given::Nothing, ""),
    ("no_cost", "Without a cost", Given::Nothing, ""),
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
    use super::{Given, KINDS, test_of};

    #[test]
    fn every_kind_gives_a_test_and_no_two_the_same() {
        let mut tests = Vec::new();
        for (kind, _, given, _) in KINDS {
            let value = if given == Given::Number { "3" } else { "A, B" };
            let test = test_of(kind, value).expect(kind);
            assert!(!tests.contains(&test), "{kind}");
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
