//! The kinds of staged rows and their columns.

/// What the staged rows are, with their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StagedKind {
    /// One row a product, with its price, cost, limits and stock.
    Products,
    /// Prices by list, type and dates. Without a beginning: in force from now.
    Prices,
    /// Prices that were posted. Without an end: until the next one begins, or still.
    PriceHistory,
    /// Costs. Without a beginning: in force from now.
    Costs,
    /// Promotions.
    Promotions,
    /// Price locks. Without a list: on every list.
    Locks,
    /// Our products on competitors' pages.
    Matches,
    /// Competitor prices read elsewhere.
    Observations,
    /// Units sold by day.
    Sales,
    /// Items in stock, by location.
    Stock,
    /// Exchange rates by day.
    Rates,
}

impl StagedKind {
    /// The columns of a staged row, in order; the first is the file's line.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Products => &[
                "line",
                "id",
                "sku",
                "name",
                "mpn",
                "brand",
                "own_brand",
                "supplier",
                "category",
                "item_group_id",
                "family",
                "net_content_micro",
                "content_unit",
                "pack_items",
                "deposit_minor",
                "lifecycle",
                "role",
                "key_value",
                "vat_class",
                "tags",
                "attributes",
                "image_url",
                "gtins",
                "price_minor",
                "compare_at_minor",
                "min_minor",
                "max_minor",
                "map_minor",
                "rrp_minor",
                "cost_micro",
                "cost_type",
                "cost_currency",
                "currency",
                "quantity",
                "in_stock",
                "sale_state",
                "sale_minor",
                "sale_from",
                "sale_to",
            ],
            Self::Prices | Self::PriceHistory => &[
                "line",
                "sku",
                "price_list",
                "price_type",
                "min_quantity_milli",
                "amount_minor",
                "currency",
                "valid_from",
                "valid_to",
                "state",
            ],
            Self::Costs => &["line", "sku", "cost_type", "supplier", "amount_micro", "currency", "unit", "valid_from"],
            Self::Promotions => &[
                "line",
                "sku",
                "price_list",
                "code",
                "name",
                "mechanic",
                "value_text",
                "price_minor",
                "currency",
                "valid_from",
                "valid_to",
                "funding_micro",
            ],
            Self::Locks => {
                &["line", "sku", "price_list", "kind", "valid_from", "valid_to", "reason", "amount_minor", "currency"]
            }
            Self::Matches => &[
                "line",
                "id",
                "competitor_id",
                "sku",
                "competitor",
                "url",
                "match_type",
                "pack_numerator",
                "pack_denominator",
            ],
            Self::Observations => &[
                "line",
                "id",
                "competitor_id",
                "sku",
                "competitor",
                "url",
                "at",
                "amount_minor",
                "currency",
                "kind",
                "availability",
                "was_minor",
                "shipping_minor",
                "deposit_minor",
                "promotion_text",
                "seller",
                "page",
                "source",
            ],
            Self::Sales => {
                &["line", "sku", "day", "units_milli", "net_revenue_micro", "price_micro", "promotion", "price_list"]
            }
            Self::Stock => &["line", "sku", "location", "quantity", "inbound", "inbound_day"],
            Self::Rates => &["line", "base", "quote", "day", "mantissa", "scale", "source"],
        }
    }

    /// Whether each row is about one product.
    pub(super) const fn names_products(self) -> bool {
        !matches!(self, Self::Products | Self::Rates)
    }

    /// Columns by which two rows of one file are the same; the reader has already refused doubled products.
    pub(super) const fn identity(self) -> &'static str {
        match self {
            Self::Products => "",
            Self::Prices | Self::PriceHistory => "sku, price_list, price_type, min_quantity_milli, valid_from",
            Self::Costs => "sku, cost_type, supplier, valid_from",
            Self::Promotions => "sku, price_list, code, valid_from",
            Self::Locks => "sku, price_list, valid_from",
            Self::Matches => "sku, url",
            Self::Observations => "sku, url, at",
            Self::Sales => "sku, day, price_list",
            Self::Stock => "sku, location",
            Self::Rates => "base, quote, day",
        }
    }
}
