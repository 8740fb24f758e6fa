//! Proposed prices: what they are, where they stand, and why a person is needed.

use crate::text_enum::text_enum;

text_enum! {
    /// Where a proposal stands.
    ProposalStatus {
        /// Waits for a decision.
        Pending = "pending",
        /// Accepted by a person or a policy.
        Approved = "approved",
        /// Turned down.
        Rejected = "rejected",
        /// Accepted, and on its way to a shop.
        Publishing = "publishing",
        /// Handed to the shop.
        Exported = "exported",
        /// A newer run answered the same question.
        Superseded = "superseded",
    }
}

text_enum! {
    /// Whether a proposal is an ordinary change or needs a person.
    ProposalKind {
        /// A price to change.
        Change = "change",
        /// A person must decide.
        Exception = "exception",
    }
}

text_enum! {
    /// Why a person is needed, most urgent first. New reasons come last, because stored ones are numbered.
    ExceptionReason {
        /// The price that stands today is below its floor.
        BelowFloorToday = "below_floor_today",
        /// The bounds contradict each other.
        BoundsConflict = "bounds_conflict",
        /// The price that stands today is below cost.
        BelowCostToday = "below_cost_today",
        /// Out of order within its family.
        FamilyOrder = "family_order",
        /// No price ending lies inside the bounds.
        NoEndingInside = "no_ending_inside",
        /// No cost, so no margin can be guaranteed.
        NoCost = "no_cost",
        /// The change is larger than the approval limit.
        LargeChange = "large_change",
        /// No price in this list yet.
        NoPriceYet = "no_price_yet",
        /// A fixed price lies outside floor and ceiling.
        FixedOutsideBounds = "fixed_outside_bounds",
        /// More prices would change than labels can be changed that day.
        LabelCapacity = "label_capacity",
        /// Products that follow each other in a circle.
        FollowCircle = "follow_circle",
        /// Approved, and the catalogue changed before it was handed over.
        LeftBehind = "left_behind",
    }
}

impl ExceptionReason {
    /// In words, as a heading over the products concerned.
    pub const fn title(self) -> &'static str {
        match self {
            Self::BelowFloorToday => "Below floor today",
            Self::BoundsConflict => "Bounds contradict each other",
            Self::BelowCostToday => "Below cost today",
            Self::FamilyOrder => "Out of family order",
            Self::NoEndingInside => "No price ending inside the bounds",
            Self::NoCost => "No cost known",
            Self::LargeChange => "Large change",
            Self::NoPriceYet => "No price yet",
            Self::FixedOutsideBounds => "Fixed price outside its limits",
            Self::LabelCapacity => "Waits for a label",
            Self::FollowCircle => "Products that follow each other",
            Self::LeftBehind => "Approved, and not handed over",
        }
    }
}

text_enum! {
    /// Whether an offer took part in a price, and if not, why.
    OfferUse {
        /// Took part.
        Used = "used",
        /// Cannot be bought there.
        SoldOut = "sold_out",
        /// Too long ago.
        Expired = "expired",
        /// Far from the others.
        Outlier = "outlier",
        /// Another currency.
        OtherCurrency = "other_currency",
        /// Not the competitor the rule names.
        NotNamed = "not_named",
        /// Only exact matches count here.
        NotExact = "not_exact",
        /// A member or coupon price.
        NotForEverybody = "not_for_everybody",
        /// Used or refurbished goods.
        NotNew = "not_new",
        /// Below the product's own floor.
        BelowFloor = "below_floor",
        /// It contains VAT, our price does not, and the product's rate is not known.
        VatUnknown = "vat_unknown",
    }
}

impl OfferUse {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::SoldOut => "left out: cannot be bought there",
            Self::Expired => "left out: seen too long ago",
            Self::Outlier => "left out: far from what the others charge",
            Self::OtherCurrency => "left out: another currency",
            Self::NotNamed => "left out: not a competitor this rule names",
            Self::NotExact => "left out: only exact matches count",
            Self::NotForEverybody => "left out: for members or with a coupon only",
            Self::NotNew => "left out: not new",
            Self::BelowFloor => "left out: below the product's own floor",
            Self::VatUnknown => "left out: contains VAT, and the product's rate is not known",
        }
    }
}
