//! What price lists are for: their names, countries, customers and clocks.

use app_contract::PriceListView;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pricing_domain::{BasisPoints, Instant, PriceListId, PriceListSettings, TaxMode};
use pricing_store::{Durability, EVERY_CLASS, PriceListRow};

use crate::competitor_settings::time_zone;
use crate::list_parts::whole_list;
use crate::workspace::list_view;
use crate::{OperationError, Workspace};

/// Letters of a name.
const LONGEST: usize = 80;

/// Minor units; beyond it nobody rounds in cash.
const LARGEST_STEP: i64 = 10_000;

impl Workspace {
    /// All price lists, the default one first.
    pub async fn price_lists(&self) -> Result<Vec<PriceListView>, OperationError> {
        let (lists, rates) = (self.store.price_lists().await?, self.store.vat_rates().await?);
        let view = |list: &PriceListRow| {
            let country = &list.settings.country;
            let of_country = rates.iter().filter(|rate| !country.is_empty() && rate.country == *country);
            let vat = of_country.map(|rate| (rate.class.clone(), rate.rate)).collect();
            PriceListView { vat, is_abroad: !is_home(list, &lists), ..list_view(list) }
        };
        Ok(lists.iter().map(view).collect())
    }

    /// States what VAT the country of a list charges: on products whose rate at home is `of`, or on all that have no
    /// rate of their own there. Refused for lists of the home country, whose rates are the products'.
    pub async fn set_list_vat(
        &self,
        list: PriceListId,
        of: Option<BasisPoints>,
        rate: BasisPoints,
    ) -> Result<PriceListView, OperationError> {
        let (row, lists) = (self.price_list(list).await?, self.store.price_lists().await?);
        if [Some(rate), of].into_iter().flatten().any(|rate| !(0..=10_000).contains(&rate.0)) {
            return Err(OperationError::refused("A VAT rate is a percentage from 0 to 100, such as 19."));
        }
        if is_home(&row, &lists) {
            return Err(OperationError::refused(format!(
                "{} has the VAT rates of its products. State them in the products file (`vat_rate`), or give the list \
                 another country than the default list's first.",
                row.code
            )));
        }
        let class = of.map_or_else(|| EVERY_CLASS.to_owned(), |of| of.0.to_string());
        let mut op = self.begin("set_list_vat", Durability::Full).await?;
        op.set_list_vat(&row, &class, rate).await?;
        let country = &row.settings.country;
        op.commit(
            &format!("VAT in {country} is {rate}{}", of.map(|of| format!(" for products of {of}")).unwrap_or_default()),
            false,
        )
        .await?;
        let views = self.price_lists().await?;
        views
            .into_iter()
            .find(|view| view.id == list)
            .ok_or_else(|| OperationError::not_found("This price list is gone."))
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
        if is_default {
            whole_list(&row)?;
        }
        let mut op = self.begin("save_price_list", Durability::Full).await?;
        if op.save_price_list(&row, &settings, is_default).await? == 0 {
            op.abandon().await?;
        } else {
            op.commit(&format!("Changed the price list {}", row.code), false).await?;
        }
        Ok(list_view(&self.price_list(list).await?))
    }

    /// Says whether the prices of a list contain VAT. Amounts stay: they were read right and understood wrong. Refused
    /// while approved prices of the list wait, which were decided by the other understanding.
    pub async fn set_list_tax(&self, list: PriceListId, tax_mode: TaxMode) -> Result<PriceListView, OperationError> {
        let row = self.price_list(list).await?;
        if row.tax_mode == tax_mode {
            return Ok(list_view(&row));
        }
        if let Some(part) = &row.part {
            return Err(OperationError::refused(format!(
                "{} holds {} and has their taxes. Say it of {}.",
                row.code,
                part.words(),
                part.base
            )));
        }
        let all = self.store.price_lists().await?;
        let parts: Vec<&PriceListRow> =
            all.iter().filter(|list| list.part.as_ref().is_some_and(|part| part.base == row.code)).collect();
        let mut op = self.begin("set_list_tax", Durability::Full).await?;
        let approved = op.approved_prices().await?;
        let is_concerned = |code: &String| *code == row.code || parts.iter().any(|part| part.code == *code);
        if approved.iter().any(|price| is_concerned(&price.price_list)) {
            op.abandon().await?;
            return Err(OperationError::refused(format!(
                "Approved prices of {} wait to be handed over. Hand them over or reject them first, then price again.",
                row.code
            )));
        }
        for list in parts.into_iter().chain([&row]) {
            op.set_list_tax(list, tax_mode).await?;
        }
        let words = match tax_mode {
            TaxMode::Gross => "contain VAT",
            TaxMode::Net => "are without VAT",
        };
        op.commit(&format!("The prices of {} {words}", row.code), false).await?;
        Ok(list_view(&self.price_list(list).await?))
    }
}

/// Whether a list is of the home country, for which the VAT rates of products are stated: of none, or of the default
/// list's.
pub(crate) fn is_home(list: &PriceListRow, lists: &[PriceListRow]) -> bool {
    let home = lists.iter().find(|list| list.is_default).or(lists.first());
    list.settings.country.is_empty() || home.is_none_or(|home| home.settings.country == list.settings.country)
}

/// By which clock the prices of a list begin and end; UTC where the name is not known.
pub(crate) fn clock_of(list: &PriceListRow) -> TimeZone {
    TimeZone::get(&list.settings.time_zone).unwrap_or(TimeZone::UTC)
}

/// A moment by the clock of a list, in words: the day, with the time unless it is midnight.
pub(crate) fn start_words(list: &PriceListRow, at: Instant) -> String {
    let Ok(stamp) = Timestamp::from_microsecond(at.0) else { return at.to_string() };
    let local = stamp.to_zoned(clock_of(list)).datetime();
    if local.time() == jiff::civil::Time::midnight() {
        return local.date().to_string();
    }
    format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// From when until when by the clock of a list, in words; what ends at midnight is told by its last day.
pub(crate) fn days_words(list: &PriceListRow, from: Instant, to: Option<Instant>) -> String {
    let until = to.map_or_else(
        || "further notice".to_owned(),
        |to| {
            let start = start_words(list, to);
            // The last moment that belongs to it.
            let last = start_words(list, Instant(to.0 - 1));
            match last.split_once(' ') {
                Some((day, _)) if !start.contains(' ') => day.to_owned(),
                _ => start,
            }
        },
    );
    format!("from {} until {until}", start_words(list, from))
}

/// When the day of a moment began by the clock of a list.
pub(crate) fn start_of_day(list: &PriceListRow, now: Instant) -> Instant {
    let local = Timestamp::from_microsecond(now.0).map(|stamp| stamp.to_zoned(clock_of(list)));
    let start = local.and_then(|local| local.start_of_day());
    start.map_or_else(|_| Instant::at_utc_midnight(now.utc_date()), |start| Instant(start.timestamp().as_microsecond()))
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
        cash_step_minor: settings.cash_step_minor.max(1),
        labels_per_day: settings.labels_per_day,
    };
    if settings.name.is_empty() {
        return Err(OperationError::refused("Give the price list a name."));
    }
    if settings.cash_step_minor > LARGEST_STEP {
        return Err(OperationError::refused("Cash rounding is a step of at most 10,000 minor units."));
    }
    if settings.labels_per_day == Some(0) {
        return Err(OperationError::refused("At least one label can be changed a day; leave it empty for any number."));
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
