//! The screens and their addresses.

use pricing_domain::{ExceptionReason, GridFilter, PriceListId};

use crate::components::icon::Glyph;
use crate::features::products::grid_query::{GridQuery, escaped};

/// A screen of the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Figures and what needs a person.
    Today,
    /// The grid.
    Products,
    /// Pricing rules.
    Rules,
    /// Proposed prices.
    Proposals,
    /// What has to be worked on.
    Work,
    /// What runs by itself.
    Automation,
    /// Who else sells our products.
    Competitors,
    /// Our products on competitors' pages.
    Matches,
    /// Competitor pages.
    Collection,
    /// Shops that prices go to.
    Connections,
    /// What happens if.
    Scenarios,
    /// Figures and reports.
    Analytics,
    /// Settings.
    Settings,
}

impl Screen {
    /// Every screen, in the order of the rail.
    pub const ALL: [Self; 13] = [
        Self::Today,
        Self::Products,
        Self::Competitors,
        Self::Matches,
        Self::Collection,
        Self::Rules,
        Self::Proposals,
        Self::Connections,
        Self::Work,
        Self::Automation,
        Self::Scenarios,
        Self::Analytics,
        Self::Settings,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Today => "/",
            Self::Products => "/products",
            Self::Rules => "/rules",
            Self::Proposals => "/proposals",
            Self::Work => "/work",
            Self::Automation => "/automation",
            Self::Competitors => "/competitors",
            Self::Matches => "/matches",
            Self::Collection => "/collection",
            Self::Connections => "/connections",
            Self::Scenarios => "/scenarios",
            Self::Analytics => "/analytics",
            Self::Settings => "/settings",
        }
    }

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Products => "Products",
            Self::Rules => "Rules",
            Self::Proposals => "Proposals",
            Self::Work => "Work",
            Self::Automation => "Automation",
            Self::Competitors => "Competitors",
            Self::Matches => "Matches",
            Self::Collection => "Collection",
            Self::Connections => "Connections",
            Self::Scenarios => "Scenarios",
            Self::Analytics => "Analytics",
            Self::Settings => "Settings",
        }
    }

    /// Its picture.
    pub const fn glyph(self) -> Glyph {
        match self {
            Self::Today => Glyph::Today,
            Self::Products => Glyph::Products,
            Self::Rules => Glyph::Rules,
            Self::Proposals => Glyph::Proposals,
            Self::Work => Glyph::Check,
            Self::Automation => Glyph::Play,
            Self::Competitors => Glyph::Competitors,
            Self::Matches => Glyph::Matches,
            Self::Collection => Glyph::Collection,
            Self::Connections => Glyph::Connections,
            Self::Scenarios => Glyph::Scenarios,
            Self::Analytics => Glyph::Chart,
            Self::Settings => Glyph::Settings,
        }
    }

    /// Its name in tests.
    pub const fn rail_testid(self) -> &'static str {
        match self {
            Self::Today => "rail-today",
            Self::Products => "rail-products",
            Self::Rules => "rail-rules",
            Self::Proposals => "rail-proposals",
            Self::Work => "rail-work",
            Self::Automation => "rail-automation",
            Self::Competitors => "rail-competitors",
            Self::Matches => "rail-matches",
            Self::Collection => "rail-collection",
            Self::Connections => "rail-connections",
            Self::Scenarios => "rail-scenarios",
            Self::Analytics => "rail-analytics",
            Self::Settings => "rail-settings",
        }
    }
}

/// What the sales say about the demand of a product.
pub fn demand_of(sku: &str) -> String {
    format!("/scenarios/demand?product={}", escaped(sku))
}

/// What the sales say about the demand of a category.
pub fn demand_of_category(path: &str) -> String {
    format!("/scenarios/demand/category?path={}", escaped(path))
}

/// The product grid with one filter.
pub fn products_with(filter: GridFilter) -> String {
    GridQuery { filters: vec![filter], ..GridQuery::default() }.address()
}

/// The proposals on one list that wait, of one reason or, without one, the ordinary changes.
pub fn proposals_on(list: PriceListId, reason: Option<ExceptionReason>) -> String {
    let group = match reason {
        Some(reason) => format!("reason={reason}"),
        None => "kind=change".to_owned(),
    };
    format!("{}?{group}&list={list}", Screen::Proposals.path())
}
