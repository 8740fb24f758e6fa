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
        /// Items in stock, by location.
        Stock = "stock",
        /// Exchange rates by day.
        Rates = "rates",
    }
}

text_enum! {
    /// Which program wrote a file, or for which one it is written.
    FileFormat {
        /// The project's own columns.
        Own = "own",
        /// Columns that a person or a saved profile has mapped.
        Mapped = "mapped",
        /// A product feed for Google Merchant: TSV, RSS or Atom.
        GoogleMerchant = "google_merchant",
        /// Shopify's products CSV, of either generation.
        Shopify = "shopify",
        /// WooCommerce's product CSV, in any language.
        WooCommerce = "woocommerce",
        /// The product CSV of Magento and Adobe Commerce.
        Magento = "magento",
        /// PrestaShop's product CSV.
        PrestaShop = "prestashop",
        /// ERPNext's Item Price.
        ErpNext = "erpnext",
        /// Rules of an Odoo price list.
        Odoo = "odoo",
        /// Pages by SKU, as Wiser takes them.
        Wiser = "wiser",
        /// Competitor prices from Prisync.
        Prisync = "prisync",
        /// Competitor prices from Price2Spy.
        Price2Spy = "price2spy",
        /// Reference rates of the European Central Bank.
        Ecb = "ecb",
    }
}

impl FileFormat {
    /// What it is called, in words that follow on a file.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Own => "in our own columns",
            Self::Mapped => "with mapped columns",
            Self::GoogleMerchant => "for Google Merchant",
            Self::Shopify => "of Shopify",
            Self::WooCommerce => "of WooCommerce",
            Self::Magento => "of Magento",
            Self::PrestaShop => "of PrestaShop",
            Self::ErpNext => "of ERPNext",
            Self::Odoo => "of Odoo",
            Self::Wiser => "of Wiser",
            Self::Prisync => "of Prisync",
            Self::Price2Spy => "of Price2Spy",
            Self::Ecb => "of the European Central Bank",
        }
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

text_enum! {
    /// Which part of a date stands first, where a file leaves it open: `03/04/2026`.
    DateOrder {
        /// Day, month, year.
        DayFirst = "day_first",
        /// Month, day, year.
        MonthFirst = "month_first",
    }
}
