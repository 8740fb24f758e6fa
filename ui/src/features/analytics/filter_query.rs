//! What figures are about, as it stands in the address.

use std::str::FromStr;

use pricing_domain::{IndexForm, Instant, MarketFilter, PriceListId, Role};

use crate::features::products::grid_query::escaped;
use crate::routes::Screen;

/// What the screen of figures shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarketQuery {
    /// A category with those below it.
    pub category: String,
    /// A brand.
    pub brand: String,
    /// A competitor.
    pub competitor: String,
    /// A role.
    pub role: Option<Role>,
    /// Days back from today; `None`: 28.
    pub days: Option<u32>,
    /// The form of the index.
    pub form: IndexForm,
}

impl MarketQuery {
    /// Reads it from the parts of an address, by name.
    pub fn read(part: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            category: part("category").unwrap_or_default(),
            brand: part("brand").unwrap_or_default(),
            competitor: part("competitor").unwrap_or_default(),
            role: part("role").and_then(|text| Role::from_str(&text).ok()),
            days: part("days").and_then(|text| text.parse().ok()),
            form: part("form").and_then(|text| IndexForm::from_str(&text).ok()).unwrap_or_default(),
        }
    }

    /// Writes it as an address.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("category", &self.category), ("brand", &self.brand), ("competitor", &self.competitor)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escaped(value)));
            }
        }
        parts.extend(self.role.map(|role| format!("role={role}")));
        parts.extend(self.days.map(|days| format!("days={days}")));
        if self.form != IndexForm::default() {
            parts.push(format!("form={}", self.form));
        }
        match parts.is_empty() {
            true => Screen::Analytics.path().to_owned(),
            false => format!("{}?{}", Screen::Analytics.path(), parts.join("&")),
        }
    }

    /// What the host is asked, on a price list, at a moment.
    pub fn filter(&self, price_list: PriceListId, now: Instant) -> MarketFilter {
        let some = |text: &String| if text.is_empty() { Vec::new() } else { vec![text.clone()] };
        MarketFilter {
            categories: some(&self.category),
            brands: some(&self.brand),
            competitors: some(&self.competitor),
            roles: self.role.into_iter().collect(),
            from: self.days.map(|days| now.plus_days(-i64::from(days)).utc_date()),
            ..MarketFilter::of_list(price_list)
        }
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{IndexForm, Role};

    use super::MarketQuery;

    #[test]
    fn an_address_brings_the_same_figures_back() {
        let query = MarketQuery {
            category: "TV & Audio".into(),
            role: Some(Role::Traffic),
            days: Some(90),
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
        assert_eq!(MarketQuery::default().address(), "/analytics");
    }
}
