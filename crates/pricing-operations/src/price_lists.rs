//! What price lists are for: their names, countries, customers and clocks.

use app_contract::PriceListView;
use jiff::tz::TimeZone;
use pricing_domain::{PriceListId, PriceListSettings};
use pricing_store::{Durability, PriceListRow};

use crate::competitor_settings::time_zone;
use crate::workspace::list_view;
use crate::{OperationError, Workspace};

/// Letters of a name.
const LONGEST: usize = 80;

impl Workspace {
    /// All price lists, the default one first.
    pub async fn price_lists(&self) -> Result<Vec<PriceListView>, OperationError> {
        Ok(self.store.price_lists().await?.iter().map(list_view).collect())
    }

    /// Changes what a list is for. Refused where the name is empty, or the country or the time zone is none.
    pub async fn save_price_list(
        &self,
        list: PriceListId,
        settings: &PriceListSettings,
        is_default: bool,
    ) -> Result<PriceListView, OperationError> {
        let settings = checked(settings)?;
        let row = self.price_list(list).await?;
        let mut op = self.begin("save_price_list", Durability::Full).await?;
        if op.save_price_list(&row, &settings, is_default).await? == 0 {
            op.abandon().await?;
        } else {
            op.commit(&format!("Changed the price list {}", row.code), false).await?;
        }
        Ok(list_view(&self.price_list(list).await?))
    }
}

/// By which clock the prices of a list begin and end; UTC where the name is not known.
pub(crate) fn clock_of(list: &PriceListRow) -> TimeZone {
    TimeZone::get(&list.settings.time_zone).unwrap_or(TimeZone::UTC)
}

fn checked(settings: &PriceListSettings) -> Result<PriceListSettings, OperationError> {
    let text = |text: &str| text.trim().chars().take(LONGEST).collect::<String>();
    let settings = PriceListSettings {
        name: text(&settings.name),
        country: settings.country.trim().to_ascii_uppercase(),
        zone: text(&settings.zone),
        channel: text(&settings.channel),
        store_group: text(&settings.store_group),
        customer_group: text(&settings.customer_group),
        time_zone: settings.time_zone.trim().to_owned(),
    };
    if settings.name.is_empty() {
        return Err(OperationError::refused("Give the price list a name."));
    }
    let country = settings.country.as_bytes();
    let is_country = country.len() == 2 && country.iter().all(u8::is_ascii_uppercase);
    if !country.is_empty() && !is_country {
        return Err(OperationError::refused(format!(
            "“{}” is no country code; write two letters (DE, AT), or nothing for everywhere.",
            settings.country
        )));
    }
    time_zone(&settings.time_zone)?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use pricing_domain::PriceListSettings;

    use super::checked;

    fn settings(name: &str, country: &str, time_zone: &str) -> PriceListSettings {
        let texts = [name, country, time_zone].map(str::to_owned);
        let [name, country, time_zone] = texts;
        PriceListSettings { name, country, time_zone, ..PriceListSettings::default() }
    }

    #[test]
    fn names_countries_and_clocks_are_checked() {
        let kept = checked(&settings(" Austria ", "at", "Europe/Vienna")).expect("all is well");
        assert_eq!((kept.name.as_str(), kept.country.as_str()), ("Austria", "AT"));
        for (name, country, zone) in
            [("", "AT", "UTC"), ("A", "AUT", "UTC"), ("A", "1T", "UTC"), ("A", "", "Mars/Olympus")]
        {
            assert!(checked(&settings(name, country, zone)).is_err(), "{name} {country} {zone}");
        }
    }
}
