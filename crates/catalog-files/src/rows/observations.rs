//! Competitors' prices as seen.

use pricing_domain::{Availability, Currency, Instant, OfferKind};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Sku = "sku" Optional Text,
    Competitor = "competitor" Optional Text,
    Seller = "seller" Optional Text,
    ObservedAt = "observed_at" Mandatory Date,
    Price = "price" Mandatory Decimal,
    PriceKind = "price_kind" Optional Text,
    WasPrice = "was_price" Optional Decimal,
    Currency = "currency" Mandatory Text,
    Shipping = "shipping" Optional Decimal,
    Deposit = "deposit" Optional Decimal,
    Availability = "availability" Optional Text,
    PromoText = "promo_text" Optional Text,
    Source = "source" Optional Text,
}

/// One offer as somebody saw it. Repetition within a file is allowed: the same price seen twice is two sightings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Our article number; `None`: the source tells which page it was.
    pub sku: Option<String>,
    /// Name of the competitor.
    pub competitor: Option<String>,
    /// Who sells on a marketplace.
    pub seller: Option<String>,
    /// When it was seen.
    pub observed_at: Instant,
    /// Amount in minor units, above zero.
    pub price_minor: i64,
    /// Regular where the file does not say.
    pub price_kind: OfferKind,
    /// The price shown struck through, in minor units.
    pub was_price_minor: Option<i64>,
    /// Of every amount in the row.
    pub currency: Currency,
    /// Shipping in minor units.
    pub shipping_minor: Option<i64>,
    /// Deposit in minor units.
    pub deposit_minor: Option<i64>,
    /// Unknown where the file does not say.
    pub availability: Availability,
    /// What the promotion says.
    pub promo_text: Option<String>,
    /// Address of the page, or the name of who collected.
    pub source: Option<String>,
}

impl FileRow for ObservationRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let sku = cells.find(Column::Sku).map(|_| cells.sku(Column::Sku)).transpose()?;
        let source = cells.text(Column::Source)?;
        if sku.is_none() && source.is_none() {
            let reason = "The row names neither an article (sku) nor a page (source). Fill in one of the two.";
            return Err(cells.refuse(Column::Sku, reason));
        }
        Ok(Self {
            line: cells.row.line,
            sku,
            competitor: cells.text(Column::Competitor)?,
            seller: cells.text(Column::Seller)?,
            observed_at: cells.instant(Column::ObservedAt)?,
            price_minor: cells.needed_price(Column::Price, currency)?,
            price_kind: cells.value(Column::PriceKind)?.unwrap_or(OfferKind::Regular),
            was_price_minor: cells.price(Column::WasPrice, currency)?,
            currency,
            shipping_minor: cells.surcharge(Column::Shipping, currency)?,
            deposit_minor: cells.surcharge(Column::Deposit, currency)?,
            availability: read_availability(cells)?,
            promo_text: cells.text(Column::PromoText)?,
            source,
        })
    }
}

/// The schema.org name, with or without the address before it.
fn read_availability(cells: &Cells<'_>) -> Result<Availability, Refusal> {
    let Some(text) = cells.find(Column::Availability) else { return Ok(Availability::Unknown) };
    let name = text.rsplit_once("schema.org/").map_or(text, |(_, name)| name);
    name.parse().map_err(|reason: String| cells.refuse(Column::Availability, reason))
}
