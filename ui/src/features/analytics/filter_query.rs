//! What figures are about, as it stands in the address.

use std::str::FromStr;

use pricing_domain::{
    CivilDate, IndexForm, Instant, MarketFilter, MarketGroup, MarketRows, Outcome, Pivot, PriceListId, Role,
};

use crate::features::products::grid_query::escaped;
use crate::routes::Screen;

/// What the screen of figures shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketQuery {
    /// A category with those below it, or several with `|` between them; [`WITHOUT`]: products without one.
    pub category: String,
    /// A brand, likewise.
    pub brand: String,
    /// A competitor, or several.
    pub competitor: String,
    /// A role, or several.
    pub role: String,
    /// The price list; `None`: the one shown everywhere.
    pub list: Option<PriceListId>,
    /// Days up to today; `None`: 28, unless there is a first or last day.
    pub days: Option<u32>,
    /// The first day.
    pub from: Option<CivilDate>,
    /// The last day.
    pub to: Option<CivilDate>,
    /// The products that are listed behind the figures.
    pub rows: MarketRows,
    /// The form of the index.
    pub form: IndexForm,
}

/// In place of a category or brand: none.
pub const WITHOUT: &str = "(none)";
/// Between names of which any counts.
const OR: &str = " | ";

/// What is listed at first.
const FIRST_ROWS: MarketRows = MarketRows::Compared;

impl Default for MarketQuery {
    fn default() -> Self {
        Self {
            category: String::new(),
            brand: String::new(),
            competitor: String::new(),
            role: String::new(),
            list: None,
            days: None,
            from: None,
            to: None,
            rows: FIRST_ROWS,
            form: IndexForm::default(),
        }
    }
}

/// Products behind a figure as they stand in an address, the ones with a number apart.
const NAMED_ROWS: [(&str, MarketRows); 15] = [
    ("priced", MarketRows::Priced),
    ("compared", MarketRows::Compared),
    ("not-compared", MarketRows::NotCompared),
    ("cheaper", MarketRows::Standing(Outcome::Win)),
    ("level", MarketRows::Standing(Outcome::Tie)),
    ("dearer", MarketRows::Standing(Outcome::Loss)),
    ("below-floor", MarketRows::BelowFloor),
    ("at-floor", MarketRows::AtFloor),
    ("below-map", MarketRows::BelowMap),
    ("below-cost", MarketRows::BelowCost),
    ("costed", MarketRows::Costed),
    ("promoted", MarketRows::Promoted),
    ("sold", MarketRows::Sold),
    ("stocked", MarketRows::Stocked),
    ("changed", MarketRows::Changed),
];

fn rows_text(rows: &MarketRows) -> String {
    let edge = |edge: &Option<i32>| edge.map_or_else(String::new, |edge| edge.to_string());
    match rows {
        MarketRows::Position(place) => format!("place-{place}"),
        MarketRows::PositionFrom(place) => format!("place-{place}+"),
        MarketRows::Distance(from, to) => format!("distance-{}_{}", edge(from), edge(to)),
        named => {
            NAMED_ROWS.iter().find(|(_, rows)| rows == named).map_or_else(String::new, |(name, _)| (*name).to_owned())
        }
    }
}

fn rows_of(text: &str) -> Option<MarketRows> {
    if let Some(place) = text.strip_prefix("place-") {
        return match place.strip_suffix('+') {
            Some(place) => place.parse().ok().map(MarketRows::PositionFrom),
            None => place.parse().ok().map(MarketRows::Position),
        };
    }
    if let Some((from, to)) = text.strip_prefix("distance-").and_then(|edges| edges.split_once('_')) {
        return Some(MarketRows::Distance(from.parse().ok(), to.parse().ok()));
    }
    NAMED_ROWS.iter().find(|(name, _)| *name == text).map(|(_, rows)| rows.clone())
}

impl MarketQuery {
    /// Reads it from the parts of an address, by name.
    pub fn read(part: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            category: part("category").unwrap_or_default(),
            brand: part("brand").unwrap_or_default(),
            competitor: part("competitor").unwrap_or_default(),
            role: part("role").unwrap_or_default(),
            list: part("list").and_then(|text| text.parse().ok()),
            days: part("days").and_then(|text| text.parse().ok()),
            from: part("from").and_then(|text| text.parse().ok()),
            to: part("to").and_then(|text| text.parse().ok()),
            rows: part("rows").and_then(|text| rows_of(&text)).unwrap_or(FIRST_ROWS),
            form: part("form").and_then(|text| IndexForm::from_str(&text).ok()).unwrap_or_default(),
        }
    }

    /// Writes it as an address.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        let names = [
            ("category", &self.category),
            ("brand", &self.brand),
            ("competitor", &self.competitor),
            ("role", &self.role),
        ];
        for (name, value) in names {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escaped(value)));
            }
        }
        parts.extend(self.list.map(|list| format!("list={list}")));
        parts.extend(self.days.map(|days| format!("days={days}")));
        parts.extend(self.from.map(|day| format!("from={day}")));
        parts.extend(self.to.map(|day| format!("to={day}")));
        if self.rows != FIRST_ROWS {
            parts.push(format!("rows={}", rows_text(&self.rows)));
        }
        if self.form != IndexForm::default() {
            parts.push(format!("form={}", self.form));
        }
        match parts.is_empty() {
            true => Screen::Analytics.path().to_owned(),
            false => format!("{}?{}", Screen::Analytics.path(), parts.join("&")),
        }
    }

    /// Narrows it to a group. Products without one, which pictures call “None”, can be asked for by brand and category.
    pub fn narrow(&mut self, by: MarketGroup, name: &str) {
        match by {
            MarketGroup::Brand => self.brand = if name == "None" { WITHOUT } else { name }.to_owned(),
            MarketGroup::Category => self.category = if name == "None" { WITHOUT } else { name }.to_owned(),
            _ if name == "None" => {}
            MarketGroup::Competitor => self.competitor = name.to_owned(),
            MarketGroup::Role => self.role = name.to_owned(),
            MarketGroup::PriceList | MarketGroup::Product => {}
        }
    }

    /// Shows what a kept table is about.
    pub fn take(&mut self, pivot: &Pivot) {
        let name = |name: &String| if name.is_empty() { WITHOUT.to_owned() } else { name.clone() };
        let names = |all: &[String]| all.iter().map(name).collect::<Vec<_>>().join(OR);
        self.list = Some(pivot.filter.price_list);
        self.category = names(&pivot.filter.categories);
        self.brand = names(&pivot.filter.brands);
        self.competitor = pivot.filter.competitors.join(OR);
        self.role = pivot.filter.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(OR);
        self.form = pivot.form;
    }

    /// What the host is asked, on a price list, at a moment.
    pub fn filter(&self, price_list: PriceListId, now: Instant) -> MarketFilter {
        let names = |text: &str| -> Vec<String> {
            let names = text.split('|').map(str::trim).filter(|name| !name.is_empty());
            names.map(|name| if name == WITHOUT { String::new() } else { name.to_owned() }).collect()
        };
        MarketFilter {
            categories: names(&self.category),
            brands: names(&self.brand),
            competitors: names(&self.competitor),
            roles: names(&self.role).iter().filter_map(|role| Role::from_str(role).ok()).collect(),
            // Today is one of the days.
            from: self.from.or_else(|| self.days.map(|days| now.plus_days(1 - i64::from(days)).utc_date())),
            to: self.to,
            ..MarketFilter::of_list(self.list.unwrap_or(price_list))
        }
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{IndexForm, Instant, MarketFilter, MarketGroup, MarketRows, Pivot, PriceListId, Role};

    use super::{MarketQuery, NAMED_ROWS, rows_of, rows_text};

    #[test]
    fn ninety_days_are_ninety_with_today() {
        let query = MarketQuery { days: Some(90), ..MarketQuery::default() };
        let now: Instant = "2026-03-31T12:00:00Z".parse().expect("an instant");
        let filter = query.filter(PriceListId(Default::default()), now);
        assert_eq!(filter.from.map(|day| day.to_string()).as_deref(), Some("2026-01-01"));
    }

    #[test]
    fn several_names_and_no_brand_are_asked_for() {
        let mut query = MarketQuery::default();
        query.narrow(MarketGroup::Brand, "None");
        let filter = |query: &MarketQuery| query.filter(PriceListId(Default::default()), Instant(0));
        assert_eq!(filter(&query).brands, [""]);
        query.narrow(MarketGroup::Category, "None");
        assert_eq!(filter(&query).categories, [""]);
        let asked = MarketFilter {
            brands: vec!["Boilo".into(), String::new()],
            competitors: vec!["X".into(), "Y & Z".into()],
            roles: vec![Role::Traffic, Role::Tail],
            ..filter(&MarketQuery::default())
        };
        let pivot = Pivot {
            name: String::new(),
            rows: MarketGroup::Brand,
            columns: None,
            measures: Vec::new(),
            filter: asked.clone(),
            form: IndexForm::Basket,
        };
        query.take(&pivot);
        assert_eq!(filter(&query), asked);
    }

    #[test]
    fn every_list_of_products_has_its_word() {
        let numbered = [MarketRows::Position(3), MarketRows::PositionFrom(6), MarketRows::Distance(None, Some(-200))];
        for rows in NAMED_ROWS.iter().map(|(_, rows)| rows).chain(&numbered) {
            assert_eq!(rows_of(&rows_text(rows)).as_ref(), Some(rows));
        }
    }

    #[test]
    fn an_address_brings_the_same_figures_back() {
        let query = MarketQuery {
            category: "TV & Audio".into(),
            role: Role::Traffic.as_str().to_owned(),
            days: Some(90),
            to: Some("2026-03-01".parse().expect("a day")),
            list: Some("0198c0de-0000-7000-8000-000000000001".parse().expect("an id")),
            rows: MarketRows::Distance(Some(-200), None),
            form: IndexForm::Geometric,
            ..MarketQuery::default()
        };
        let address = query.address();
        let parts = address.split_once('?').expect("parts").1.replace("%20", " ").replace("%26", "&amp");
        let again = MarketQuery::read(|name| {
            let part = parts.split('&').filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name);
            part.map(|(_, value)| value.to_owned())
        });
        assert_eq!((again.role, again.days, again.form), (query.role, query.days, query.form));
        assert_eq!((again.from, again.to, again.rows, again.list), (query.from, query.to, query.rows, query.list));
        assert_eq!(MarketQuery::default().address(), "/analytics");
    }
}
