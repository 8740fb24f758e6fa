//! What is read on a competitor's page, and whether it counts.

use serde::{Deserialize, Serialize};

use crate::money::{Ratio, Rounding};
use crate::text_enum::text_enum;

text_enum! {
    /// What kind of price an offer is.
    OfferKind {
        /// For everybody.
        Regular = "regular",
        /// For some days.
        Promotion = "promotion",
        /// For members only.
        Member = "member",
        /// With a coupon.
        Coupon = "coupon",
    }
}

text_enum! {
    /// Availability by its schema.org name.
    Availability {
        /// Can be bought now.
        InStock = "InStock",
        /// Few left.
        LimitedAvailability = "LimitedAvailability",
        /// Can be ordered, comes later.
        BackOrder = "BackOrder",
        /// Not published yet.
        PreOrder = "PreOrder",
        /// Sold only in stores.
        InStoreOnly = "InStoreOnly",
        /// Sold only online.
        OnlineOnly = "OnlineOnly",
        /// Cannot be bought now.
        OutOfStock = "OutOfStock",
        /// Sold out for good.
        SoldOut = "SoldOut",
        /// Not made any more.
        Discontinued = "Discontinued",
        /// The page does not say.
        Unknown = "Unknown",
    }
}

impl Availability {
    /// Whether a buyer could order it today. A page that does not say counts as buyable.
    pub const fn buyable(self) -> bool {
        !matches!(self, Self::OutOfStock | Self::SoldOut | Self::Discontinued)
    }
}

text_enum! {
    /// Condition of what is sold.
    Condition {
        /// New.
        New = "new",
        /// Used.
        Used = "used",
        /// Refurbished.
        Refurbished = "refurbished",
        /// Damaged or opened.
        Damaged = "damaged",
    }
}

text_enum! {
    /// How sure a reading is.
    Confidence {
        /// Several pieces of evidence agree.
        High = "high",
        /// One good piece of evidence.
        Medium = "medium",
        /// Weak evidence.
        Low = "low",
    }
}

text_enum! {
    /// How a price was found on its page.
    ExtractionMethod {
        /// A script of type `application/ld+json`.
        JsonLd = "json_ld",
        /// `itemprop` attributes.
        Microdata = "microdata",
        /// `property` attributes of RDFa.
        Rdfa = "rdfa",
        /// OpenGraph and product metas.
        OpenGraph = "open_graph",
        /// State embedded in a script.
        EmbeddedState = "embedded_state",
        /// A CSS selector given for the site.
        Selector = "selector",
        /// The element a buyer sees as the price.
        Visible = "visible",
        /// Imported from a file.
        File = "file",
    }
}

text_enum! {
    /// What a page turned out to be.
    ReadState {
        /// A product that can be bought, with its price.
        Product = "product",
        /// A product that cannot be bought now.
        SoldOut = "sold_out",
        /// More than one reading, none certain.
        Ambiguous = "ambiguous",
        /// A block, CAPTCHA, queue or login page.
        Blocked = "blocked",
        /// Not the page of one product.
        NotProduct = "not_product",
        /// A product page without a price.
        NoPrice = "no_price",
        /// robots.txt forbids it.
        Disallowed = "disallowed",
        /// The page is gone (404, 410).
        Gone = "gone",
        /// The shop did not answer, or with an error.
        Unreachable = "unreachable",
        /// Longer or deeper than the limits allow.
        TooLarge = "too_large",
    }
}

impl ReadState {
    /// What happened and what to do, in words.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Product => "Read.",
            Self::SoldOut => "Sold out there. The last price is kept with its age and decides nothing.",
            Self::Ambiguous => {
                "More than one reading, or one that waits in quarantine; each page says which. A recipe settles the first, you the other."
            }
            Self::Blocked => "The shop asked for a person. Collect more slowly, or less often.",
            Self::NotProduct => "Not the page of one product. Check the address of the match.",
            Self::NoPrice => {
                "No price on the page. If a browser shows one, let a browser load this shop's pages; it may need a log-in."
            }
            Self::Disallowed => "The shop's robots.txt forbids this address.",
            Self::Gone => "The page no longer exists. Match the product anew.",
            Self::Unreachable => {
                "The shop did not answer, or may not be visited; each page says which. It is tried again at the next collection."
            }
            Self::TooLarge => "The page is larger than 10 MiB or nested too deeply.",
        }
    }
}

text_enum! {
    /// How close a competitor's product is to ours.
    MatchType {
        /// The same product.
        Exact = "exact",
        /// A comparable product.
        Equivalent = "equivalent",
    }
}

text_enum! {
    /// What is unusual about a reading. It is kept; a policy decides whether it counts.
    OfferFlag {
        /// Far from the listing's usual range.
        UnusualForListing = "unusual_for_listing",
        /// Far from what the others charge.
        FarFromOthers = "far_from_others",
        /// Far from our cost.
        FarFromCost = "far_from_cost",
        /// Another currency than the price list's.
        OtherCurrency = "other_currency",
        /// Not seen for longer than the rule allows.
        Expired = "expired",
        /// Equal to what another product of the same shop costs.
        EqualToNeighbour = "equal_to_neighbour",
        /// A reduced price.
        Promotion = "promotion",
        /// For members, or with a coupon.
        UnderConditions = "under_conditions",
        /// The page does not say clearly that it is the price.
        LowConfidence = "low_confidence",
    }
}

impl OfferFlag {
    /// What is unusual, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnusualForListing => "far from what this page usually shows",
            Self::FarFromOthers => "far from what the others charge",
            Self::FarFromCost => "far from our cost",
            Self::OtherCurrency => "in another currency than the price list",
            Self::Expired => "seen too long ago",
            Self::EqualToNeighbour => "equal to the price of another product of this shop",
            Self::Promotion => "a reduced price",
            Self::UnderConditions => "for members or with a coupon only",
            Self::LowConfidence => "read with little certainty",
        }
    }
}

/// Several flags, as one number that can be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfferFlags(pub u32);

impl OfferFlags {
    /// Whether a flag is set.
    pub const fn has(self, flag: OfferFlag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }

    /// The flags that are set, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = OfferFlag> {
        OfferFlag::ALL.iter().copied().filter(move |flag| self.has(*flag))
    }
}

impl FromIterator<OfferFlag> for OfferFlags {
    fn from_iter<I: IntoIterator<Item = OfferFlag>>(flags: I) -> Self {
        Self(flags.into_iter().fold(0, |bits, flag| bits | 1 << flag as u8))
    }
}

text_enum! {
    /// Why a reading may be no price of this product at all. It waits for a person and is not used.
    QuarantineCause {
        /// A person rejected this amount on this listing before.
        RejectedBefore = "rejected_before",
        /// Ten, a hundred or a thousand times the usual price, or that part of it.
        DecimalSlip = "decimal_slip",
        /// The price of a neighbour, and none that this product ever had.
        NeighboursPrice = "neighbours_price",
        /// So little that it is rather a price per unit, a fee or an instalment.
        UnitPrice = "unit_price",
        /// Another currency than all readings before: the page of another country.
        OtherCountry = "other_country",
    }
}

impl QuarantineCause {
    /// In words, for the person who decides.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::RejectedBefore => "this amount was rejected on this page before",
            Self::DecimalSlip => "the usual price with its decimal point moved",
            Self::NeighboursPrice => "the price of another product of this shop, far from what this one costs",
            Self::UnitPrice => "so low that it may be a price per unit, a fee or an instalment",
            Self::OtherCountry => "in another currency than before: perhaps the page of another country",
        }
    }
}

text_enum! {
    /// What a person decided about a reading in quarantine.
    QuarantineDecision {
        /// Nothing yet.
        Waiting = "waiting",
        /// It is a price of this product.
        Accepted = "accepted",
        /// It is none, and its amount is remembered.
        Rejected = "rejected",
    }
}

/// How many of ours one of theirs is: their price ÷ coefficient compares with ours.
/// A pack of six of our single has 6; a half pack has 1/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackCoefficient {
    /// Above the line; at least 1.
    pub numerator: u32,
    /// Below the line; at least 1.
    pub denominator: u32,
}

impl PackCoefficient {
    /// Like for like.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Reads `6`, `1/2`, `0.5`, and numbers that are multiplied and divided one after the other (`6 * 0.5`,
    /// `24 × 330 / 500`), exactly. `None` when it is not a positive number.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut numerator, mut denominator) = (1u64, 1u64);
        let mut divides = false;
        let mut rest = text;
        loop {
            let end = rest.find(['*', '×', '/']);
            let scaled = crate::parse_scaled(rest[..end.unwrap_or(rest.len())].trim(), 4)?;
            let scaled = u64::try_from(scaled).ok().filter(|scaled| *scaled > 0)?;
            let (above, below) = if divides { (10_000, scaled) } else { (scaled, 10_000) };
            (numerator, denominator) = (numerator.checked_mul(above)?, denominator.checked_mul(below)?);
            let divisor = greatest_common_divisor(numerator, denominator);
            (numerator, denominator) = (numerator / divisor, denominator / divisor);
            let Some(end) = end else { break };
            let mut letters = rest[end..].chars();
            divides = letters.next() == Some('/');
            rest = letters.as_str();
        }
        Some(Self { numerator: u32::try_from(numerator).ok()?, denominator: u32::try_from(denominator).ok()? })
    }

    /// The amount for the quantity we sell, rounded to the nearest minor unit.
    pub fn like_for_like(self, amount_minor: i64) -> i64 {
        if self == Self::ONE {
            return amount_minor;
        }
        Ratio {
            numerator: i128::from(amount_minor) * i128::from(self.denominator),
            denominator: i128::from(self.numerator),
        }
        .round(Rounding::Nearest)
    }
}

impl std::fmt::Display for PackCoefficient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            below => write!(f, "{}/{below}", self.numerator),
        }
    }
}

const fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::{OfferFlag, OfferFlags, PackCoefficient};

    #[test]
    fn flags_are_kept_in_one_number() {
        let flags: OfferFlags = [OfferFlag::Promotion, OfferFlag::FarFromCost].into_iter().collect();
        assert!(flags.has(OfferFlag::Promotion) && !flags.has(OfferFlag::Expired));
        assert_eq!(flags.iter().collect::<Vec<_>>(), [OfferFlag::FarFromCost, OfferFlag::Promotion]);
        assert_eq!(flags.0, 0b100_0100, "stored numbers keep their meaning");
    }

    #[test]
    fn packs_compare_like_for_like() {
        let six = PackCoefficient::parse("6").expect("a coefficient");
        assert_eq!(six.like_for_like(1200), 200);
        assert_eq!(PackCoefficient::parse("0.5"), Some(PackCoefficient { numerator: 1, denominator: 2 }));
        assert_eq!(PackCoefficient::parse("1/2").map(|half| half.like_for_like(500)), Some(1000));
        for (text, numerator, denominator) in
            [("6 * 0.5", 3, 1), ("24 × 330 / 500", 396, 25), ("1/3", 1, 3), ("2/4", 1, 2), ("12/2*0.75", 9, 2)]
        {
            assert_eq!(PackCoefficient::parse(text), Some(PackCoefficient { numerator, denominator }), "{text}");
        }
        for text in ["0", "-1", "", "6 *", "/2", "1/0", "6 + 1", "××2", "99999999 * 99999999"] {
            assert_eq!(PackCoefficient::parse(text), None, "{text}");
        }
    }
}
