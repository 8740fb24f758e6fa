//! Small catalogues for tests.

use pricing_domain::{
    Availability, CompetitorId, Condition, CostType, Currency, Instant, MatchType, MicroAmount, OfferKind, PriceListId,
    TaxMode,
};
use pricing_rules::{
    Competitor, CostRecord, LaterInputs, ListInputs, ListRecord, ListValues, OfferInputs, PriceInputs, ProductRecord,
};

/// The time of every test.
pub const NOW: Instant = Instant(1_800_000_000_000_000);

/// A list in euro with prices that contain VAT.
pub fn euro_list() -> ListRecord {
    ListRecord {
        key: 7,
        id: PriceListId(Default::default()),
        code: "de".into(),
        name: "Germany".into(),
        currency: Currency::EUR,
        tax_mode: TaxMode::Gross,
        utc_offset_s: 0,
        cash_step_minor: 1,
        never_above: Vec::new(),
    }
}

/// A competitor by number.
pub fn competitor(number: u16) -> Competitor {
    Competitor {
        key: i64::from(number) + 100,
        id: CompetitorId(Default::default()),
        name: format!("Competitor {number}"),
    }
}

/// A cost in euro.
pub fn landed(amount: &str) -> Option<CostRecord> {
    let amount = MicroAmount::parse(amount).expect("an amount");
    Some(CostRecord { amount, currency: Currency::EUR, cost_type: CostType::Landed })
}

/// A product with a price and without offers.
pub fn inputs(price_minor: i64, cost: Option<CostRecord>) -> PriceInputs {
    PriceInputs {
        now: NOW,
        product: ProductRecord { key: 1, sku: "A-1".into(), name: "Kettle".into(), cost, ..ProductRecord::default() },
        list: ListInputs {
            code: "de".into(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Gross,
            values: ListValues { price_minor, vat_bp: 1900, ..ListValues::default() },
        },
        offers: Vec::new(),
        family: Vec::new(),
        later: LaterInputs::default(),
    }
}

/// An offer in euro, seen an hour ago.
pub fn offer(competitor: &str, amount_minor: i64) -> OfferInputs {
    OfferInputs {
        competitor: competitor.into(),
        key: 1,
        listing: 1,
        amount_minor,
        currency: Some(Currency::EUR),
        shipping_minor: None,
        last_seen_s: (NOW.0 / 1_000_000 - 3600) as u32,
        availability: Availability::InStock,
        kind: OfferKind::Regular,
        condition: Condition::New,
        match_type: MatchType::Exact,
    }
}
