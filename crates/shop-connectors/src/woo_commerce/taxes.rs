//! VAT rates by tax class, as the shop applies them in its own country.

use pricing_domain::{BasisPoints, parse_scaled};
use serde::Deserialize;

use super::WooCommerce;
use crate::error::ShopError;

/// A class whose name says its rate: the shop needs no row for it.
const ZERO: &str = "zero-rate";

#[derive(Clone, Debug, Default, Deserialize)]
struct WireRate {
    #[serde(default)]
    country: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    postcodes: Vec<String>,
    #[serde(default)]
    cities: Vec<String>,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    class: String,
}

impl WooCommerce {
    /// The rates of the shop's own country by class; the ordinary class has an empty name. A class whose rate depends on
    /// the place, or that has several, is left out, as is everything where the key may not read them.
    pub(super) async fn vat_rates(&self) -> Result<Vec<(String, BasisPoints)>, ShopError> {
        let base = self.setting("settings/general/woocommerce_default_country").await?;
        let rows: Vec<WireRate> = self.all_pages("taxes", &[]).await?;
        Ok(rates_of(&rows, base.split(':').next().unwrap_or_default()))
    }
}

fn rates_of(rows: &[WireRate], country: &str) -> Vec<(String, BasisPoints)> {
    let mut classes: Vec<&str> = rows.iter().map(|row| row.class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut rates: Vec<(String, BasisPoints)> = Vec::new();
    for class in classes {
        let of = |place: &'static str| rows.iter().filter(move |row| row.class == class && row.country == place);
        let own: Vec<&WireRate> = rows.iter().filter(|row| row.class == class && row.country == country).collect();
        let own = if own.is_empty() { of("").collect() } else { own };
        if let [one] = own.as_slice()
            && is_everywhere(one)
            && let Some(rate) = percent(&one.rate)
        {
            rates.push((if class == "standard" { String::new() } else { class.to_owned() }, rate));
        }
    }
    if !rates.is_empty() && !rows.iter().any(|row| row.class == ZERO) {
        rates.push((ZERO.to_owned(), BasisPoints(0)));
    }
    rates
}

/// Whether a rate is that of a whole country.
fn is_everywhere(row: &WireRate) -> bool {
    let any = |text: &String| text.is_empty() || text == "*";
    [&row.state, &row.postcode, &row.city].into_iter().all(any)
        && row.postcodes.iter().all(any)
        && row.cities.iter().all(any)
}

/// `19.0000` of the API.
fn percent(text: &str) -> Option<BasisPoints> {
    let scaled = parse_scaled(text.trim(), 4).filter(|rate| (0..=1_000_000).contains(rate) && rate % 100 == 0)?;
    i32::try_from(scaled / 100).ok().map(BasisPoints)
}

#[cfg(test)]
mod tests {
    use pricing_domain::BasisPoints;

    use super::{WireRate, rates_of};

    fn row(country: &str, state: &str, class: &str, rate: &str) -> WireRate {
        WireRate {
            country: country.to_owned(),
            state: state.to_owned(),
            class: class.to_owned(),
            rate: rate.to_owned(),
            ..WireRate::default()
        }
    }

    #[test]
    fn a_class_has_the_one_rate_of_the_shops_country() {
        let rows = [
            row("DE", "", "standard", "19.0000"),
            row("AT", "", "standard", "20.0000"),
            row("", "*", "reduced-rate", "7.0000"),
            row("DE", "BY", "books", "5.0000"),
            row("DE", "", "two", "5.0000"),
            row("DE", "", "two", "6.0000"),
            row("DE", "", "odd", "many"),
        ];
        let rates: Vec<(String, i32)> =
            rates_of(&rows, "DE").into_iter().map(|(class, BasisPoints(rate))| (class, rate)).collect();
        let expected = [("reduced-rate", 700), ("", 1_900), ("zero-rate", 0)];
        assert_eq!(rates, expected.map(|(class, rate)| (class.to_owned(), rate)));
        assert_eq!(rates_of(&rows[1..2], "DE"), [], "another country's rates say nothing");
    }
}
