//! Every name and function of the language: one table each, from which checking, completion and help are made.

use pricing_domain::{ContentUnit, CostType, Lifecycle, Role, attribute_name};

use super::lexer::is_word_start;
use super::print::quoted;
use super::typed::{OfferFigure, Type};

/// A field that is a number, an amount, a percentage or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberField {
    Price,
    MinPrice,
    MaxPrice,
    Rrp,
    MapPrice,
    Cost,
    Vat,
    Stock,
    Units,
    DaysOfCover,
    Content,
    UnitPrice,
    Today,
    Weekday,
    Hour,
    PriceChanged,
    Listed,
}

/// A field that is text; tests ignore case and blanks at the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextField {
    /// Article number.
    Sku,
    /// Name.
    Name,
    /// Brand.
    Brand,
    /// Category path.
    Category,
    /// Supplier.
    Supplier,
    /// Family.
    Family,
    /// Any of the tags.
    Tag,
    /// Code of the price list.
    PriceList,
    /// Currency of the price list.
    Currency,
    /// A competitor, in `comp("…")`.
    Competitor,
    /// A free attribute, which a wish for a value names.
    Attribute,
    /// The name of a free attribute.
    AttributeName,
}

/// A field with few possible words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnumField {
    Role,
    Lifecycle,
    CostType,
    ContentUnit,
}

/// A field that is yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlagField {
    KeyValue,
    OwnBrand,
    Locked,
    OnPromotion,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Number(NumberField, Type),
    Offer(OfferFigure, Type),
    Text(TextField),
    Enum(EnumField),
    Flag(FlagField),
    Truth(bool),
}

/// A name with its meaning and a line of help.
pub(super) struct Name {
    pub(super) name: &'static str,
    pub(super) meaning: Meaning,
    pub(super) help: &'static str,
}

const fn name(name: &'static str, meaning: Meaning, help: &'static str) -> Name {
    Name { name, meaning, help }
}

const fn number(text: &'static str, field: NumberField, ty: Type, help: &'static str) -> Name {
    name(text, Meaning::Number(field, ty), help)
}

const fn offer(text: &'static str, figure: OfferFigure, ty: Type, help: &'static str) -> Name {
    name(text, Meaning::Offer(figure, ty), help)
}

const fn text(words: &'static str, field: TextField, help: &'static str) -> Name {
    name(words, Meaning::Text(field), help)
}

/// Every name, in the order in which they are shown.
pub(super) const NAMES: &[Name] = &[
    number("price", NumberField::Price, Type::Money, "today's price in this list"),
    number("cost", NumberField::Cost, Type::Money, "the cost that margins are computed with, without VAT"),
    offer("comp.lowest", OfferFigure::Lowest, Type::Money, "the lowest usable offer"),
    offer("comp.second", OfferFigure::Nth(2), Type::Money, "the second lowest usable offer"),
    offer("comp.third", OfferFigure::Nth(3), Type::Money, "the third lowest usable offer"),
    offer("comp.highest", OfferFigure::Highest, Type::Money, "the highest usable offer"),
    offer("comp.average", OfferFigure::Average, Type::Money, "the arithmetic mean of the usable offers"),
    offer("comp.median", OfferFigure::Median, Type::Money, "the middle one of the usable offers"),
    offer("comp.count", OfferFigure::Count, Type::Number, "how many offers are usable"),
    offer("comp.rank", OfferFigure::Rank, Type::Number, "place of today's price among the usable offers, from 1"),
    number("rrp", NumberField::Rrp, Type::Money, "the supplier's recommended price"),
    number("min_price", NumberField::MinPrice, Type::Money, "the product's own lowest price"),
    number("max_price", NumberField::MaxPrice, Type::Money, "the product's own highest price"),
    number("map_price", NumberField::MapPrice, Type::Money, "the lowest advertised price"),
    number("vat", NumberField::Vat, Type::Percent, "the VAT rate of the product"),
    number("stock", NumberField::Stock, Type::Number, "pieces in stock"),
    number("units_28d", NumberField::Units, Type::Number, "pieces sold in the last 28 days"),
    number(
        "days_of_cover",
        NumberField::DaysOfCover,
        Type::Number,
        "days that the stock lasts at the sales of 28 days; 9,999 where nothing was sold",
    ),
    number("content", NumberField::Content, Type::Content, "net content in its unit"),
    number("unit_price", NumberField::UnitPrice, Type::UnitMoney, "today's price ÷ net content"),
    number("today", NumberField::Today, Type::Day, "the day in the price list's time zone"),
    number("weekday", NumberField::Weekday, Type::Number, "1 for Monday to 7 for Sunday"),
    number("hour", NumberField::Hour, Type::Number, "the hour of the day, 0 to 23"),
    number("price_changed", NumberField::PriceChanged, Type::Day, "the day since which today's price holds"),
    number("listed", NumberField::Listed, Type::Day, "the day the product was first on sale"),
    name("role", Meaning::Enum(EnumField::Role), "kvi, traffic, profit or tail"),
    name("kvi", Meaning::Flag(FlagField::KeyValue), "carries the key-value flag or has the role kvi"),
    name("own_brand", Meaning::Flag(FlagField::OwnBrand), "is an own brand"),
    name("lifecycle", Meaning::Enum(EnumField::Lifecycle), "new, regular, phase_out or ended"),
    text("brand", TextField::Brand, "the brand"),
    text("category", TextField::Category, "the category path, such as “TV & Audio > Headphones”"),
    text("supplier", TextField::Supplier, "the supplier"),
    text("family", TextField::Family, "any of the product's families"),
    text("tag", TextField::Tag, "any of the product's tags"),
    text("sku", TextField::Sku, "the article number"),
    text("name", TextField::Name, "the name"),
    text("price_list", TextField::PriceList, "the code of the price list"),
    text("currency", TextField::Currency, "the currency of the price list"),
    name("cost_type", Meaning::Enum(EnumField::CostType), "invoice, landed, net_net or replacement"),
    name("content_unit", Meaning::Enum(EnumField::ContentUnit), "kg, l, piece, m or m2"),
    name("locked", Meaning::Flag(FlagField::Locked), "the price is locked"),
    name("on_promotion", Meaning::Flag(FlagField::OnPromotion), "a promotion is running"),
    name("yes", Meaning::Truth(true), "always"),
    name("no", Meaning::Truth(false), "never"),
];

/// Other spellings of names, as people bring them from spreadsheets and other tools.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("tags", "tag"),
    ("list_price", "price"),
    ("own_price", "price"),
    ("current_price", "price"),
    ("our_price", "price"),
    ("min", "min_price"),
    ("max", "max_price"),
    ("map", "map_price"),
    ("msrp", "rrp"),
    ("vat_rate", "vat"),
    ("units", "units_28d"),
    ("sales", "units_28d"),
    ("units_sold", "units_28d"),
    ("cover", "days_of_cover"),
    ("net_content", "content"),
    ("key_value", "kvi"),
    ("comp.min", "comp.lowest"),
    ("comp.max", "comp.highest"),
    ("comp.mean", "comp.average"),
    ("comp.avg", "comp.average"),
    ("true", "yes"),
    ("false", "no"),
];

/// A function with its arguments in words.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) arguments: &'static str,
    pub(super) at_least: usize,
    pub(super) at_most: usize,
    pub(super) help: &'static str,
}

const MANY: usize = 32;

const fn function(
    name: &'static str,
    arguments: &'static str,
    (at_least, at_most): (usize, usize),
    help: &'static str,
) -> Function {
    Function { name, arguments, at_least, at_most, help }
}

/// Every function, in the order in which they are shown.
pub(super) const FUNCTIONS: &[Function] = &[
    function("min", "a, b, …", (2, MANY), "the smallest; missing when one is missing"),
    function("max", "a, b, …", (2, MANY), "the largest; missing when one is missing"),
    function(
        "if",
        "condition, then, else",
        (2, 3),
        "one of two, without else missing; a missing condition counts as no",
    ),
    function("first", "a, b, …", (2, MANY), "the first that is not missing"),
    function("has", "a", (1, 1), "whether it is not missing"),
    function("round", "a, step", (1, 2), "to the nearest multiple of the step; without one, to a whole"),
    function("round_up", "a, step", (1, 2), "up to a multiple of the step"),
    function("round_down", "a, step", (1, 2), "down to a multiple of the step"),
    function("abs", "a", (1, 1), "without its sign"),
    function("margin", "price, cost", (1, 2), "(net price − cost) ÷ net price"),
    function("markup", "price, cost", (1, 2), "(net price − cost) ÷ cost"),
    function("price_for_margin", "cost, margin", (2, 2), "the price, with VAT, that earns the margin of the net price"),
    function("price_for_markup", "cost, markup", (2, 2), "the price, with VAT, that earns the markup"),
    function("with_vat", "amount", (1, 1), "with the VAT that the list's prices contain"),
    function("without_vat", "amount", (1, 1), "without the VAT that the list's prices contain"),
    function(
        "comp",
        "\"A\", \"B\", …",
        (1, MANY),
        "the lowest offer of the first of these competitors that has a usable one",
    ),
    function("comp.nth", "n", (1, 1), "the n-th lowest usable offer"),
    function("comp.weighted", "\"A\", weight, …", (2, MANY), "the weighted mean of these competitors' lowest offers"),
    function(
        "price_in",
        "\"list\"",
        (1, 1),
        "the product's price in another price list: its new one where the same run changes it, else today's",
    ),
    function(
        "price_of",
        "\"sku\"",
        (1, 1),
        "the price of another product in this list: its new one where the same run changes it, else today's",
    ),
    function(
        "attribute",
        "\"name\"",
        (1, 1),
        "a free attribute of the product, to compare with text; attribute.name where the name is one of letters",
    ),
    function("days_since", "day", (1, 1), "days from then to today"),
];

/// The meaning of a name, in any case.
pub(super) fn find_name(written: &str) -> Option<&'static Name> {
    let lower = written.to_lowercase();
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == lower).map_or(lower.as_str(), |(_, name)| name);
    NAMES.iter().find(|one| one.name == name)
}

/// The free attribute that a name stands for: `attribute.material`, `attribute.colour_family`.
pub(super) fn named_attribute(written: &str) -> Option<String> {
    let (before, name) = written.split_once('.')?;
    if before.eq_ignore_ascii_case(ATTRIBUTE) { attribute_name(name) } else { None }
}

/// How a free attribute is written: by its name where that is one of letters and digits, else in quotes.
pub(super) fn attribute_text(name: &str) -> String {
    let words = name.replace(' ', "_");
    let mut letters = words.chars();
    let is_word =
        letters.next().is_some_and(is_word_start) && letters.all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_word && named_attribute(&format!("{ATTRIBUTE}.{words}")).as_deref() == Some(name) {
        format!("{ATTRIBUTE}.{words}")
    } else {
        format!("{ATTRIBUTE}({})", quoted(name))
    }
}

/// The function, and the word before a dot, that free attributes are written with.
pub(super) const ATTRIBUTE: &str = "attribute";

/// A function by its name, in any case.
pub(super) fn find_function(written: &str) -> Option<&'static Function> {
    let lower = written.to_lowercase();
    FUNCTIONS.iter().find(|one| one.name == lower)
}

/// Every name with a line of help, for a reference beside an editor.
pub fn name_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().map(|name| (name.name, name.help))
}

/// Every function as it is written, with a line of help.
pub fn function_list() -> impl Iterator<Item = (String, &'static str)> {
    FUNCTIONS.iter().map(|one| (format!("{}({})", one.name, one.arguments), one.help))
}

impl EnumField {
    /// The words it may be.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::Role => Role::ALL.iter().map(|one| one.as_str()).collect(),
            Self::Lifecycle => Lifecycle::ALL.iter().map(|one| one.as_str()).collect(),
            Self::CostType => CostType::ALL.iter().map(|one| one.as_str()).collect(),
            Self::ContentUnit => ContentUnit::ALL.iter().map(|one| one.as_str()).collect(),
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Lifecycle => "lifecycle",
            Self::CostType => "cost_type",
            Self::ContentUnit => "content_unit",
        }
    }
}

impl TextField {
    /// Every field.
    pub const ALL: [Self; 12] = [
        Self::Sku,
        Self::Name,
        Self::Brand,
        Self::Category,
        Self::Supplier,
        Self::Family,
        Self::Tag,
        Self::PriceList,
        Self::Currency,
        Self::Competitor,
        Self::Attribute,
        Self::AttributeName,
    ];

    /// What tells it from every other field: its name, but for the name of a free attribute.
    pub const fn key(self) -> &'static str {
        match self {
            Self::AttributeName => "attribute_name",
            other => other.name(),
        }
    }

    /// The name in the language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Brand => "brand",
            Self::Category => "category",
            Self::Supplier => "supplier",
            Self::Family => "family",
            Self::Tag => "tag",
            Self::PriceList => "price_list",
            Self::Currency => "currency",
            Self::Competitor => "competitor",
            Self::Attribute | Self::AttributeName => "attribute",
        }
    }
}
