//! The kinds of files the product reads and writes, by their one name.

use crate::text_enum::text_enum;

text_enum! {
    /// What the rows of a file are.
    FileKind {
        /// One row a product.
        Products = "products",
        /// Prices by list, type and dates.
        Prices = "prices",
        /// Dated costs.
        Costs = "costs",
        /// What we charged, from when to when.
        PriceHistory = "price_history",
        /// Promotions.
        Promotions = "promotions",
        /// Price locks.
        Locks = "locks",
        /// Our products on competitors' pages.
        Matches = "matches",
        /// Competitor prices read elsewhere.
        Observations = "observations",
        /// Units sold by day.
        Sales = "sales",
    }
}

text_enum! {
    /// How a table is written.
    OutputFormat {
        /// Comma-separated text.
        Csv = "csv",
        /// An Excel workbook.
        Xlsx = "xlsx",
        /// One JSON object a line.
        Json = "json",
    }
}
