//! The browser's own formatters, made once for each style and kept.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use pricing_domain::{Currency, Instant};
use wasm_bindgen::JsValue;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberStyle {
    /// With at least and at most so many decimals.
    Decimal {
        /// At least.
        least: u8,
        /// At most.
        most: u8,
    },
    /// With a currency.
    Currency(Currency),
    /// With a currency, in whole units.
    WholeCurrency(Currency),
    /// With a currency and a sign.
    SignedCurrency(Currency),
    /// As a percentage with one decimal.
    Percent,
    /// As a percentage with its sign and so many decimals.
    SignedPercent(u8),
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateStyle {
    /// The day.
    Day,
    /// The day and the minute.
    Minute,
}

thread_local! {
    static NUMBERS: RefCell<HashMap<NumberStyle, Function>> = RefCell::default();
    static DATES: RefCell<HashMap<DateStyle, Function>> = RefCell::default();
}

/// Writes plain decimal text in the person's locale.
pub fn number(style: NumberStyle, text: &str) -> String {
    let format = NUMBERS.with_borrow_mut(|known| known.entry(style).or_insert_with(|| number_format(style)).clone());
    called(&format, &text.into())
}

/// Writes a moment in the person's locale and time zone.
pub fn date(style: DateStyle, at: Instant) -> String {
    let format = DATES.with_borrow_mut(|known| known.entry(style).or_insert_with(|| date_format(style)).clone());
    called(&format, &Date::new(&milliseconds(at).into()).into())
}

/// Reads a day and a time without a zone as the person's own.
pub fn local_milliseconds(text: &str) -> Option<i64> {
    let milliseconds = Date::new(&text.into()).get_time();
    milliseconds.is_finite().then_some(milliseconds as i64)
}

/// The name of the person's time zone.
pub fn time_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Milliseconds since 1970, as the browser counts.
pub fn milliseconds(at: Instant) -> f64 {
    at.0.div_euclid(1000) as f64
}

fn called(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn number_format(style: NumberStyle) -> Function {
    let options = Object::new();
    let decimals = |least: u8, most: u8| {
        set(&options, "minimumFractionDigits", f64::from(least));
        set(&options, "maximumFractionDigits", f64::from(most));
    };
    match style {
        NumberStyle::Decimal { least, most } => decimals(least, most),
        NumberStyle::Currency(currency) | NumberStyle::SignedCurrency(currency) => {
            set(&options, "style", "currency");
            set(&options, "currency", currency.code());
        }
        NumberStyle::WholeCurrency(currency) => {
            set(&options, "style", "currency");
            set(&options, "currency", currency.code());
            decimals(0, 0);
        }
        NumberStyle::Percent => {
            set(&options, "style", "percent");
            decimals(1, 1);
        }
        NumberStyle::SignedPercent(digits) => {
            set(&options, "style", "percent");
            decimals(digits, digits);
        }
    }
    if matches!(style, NumberStyle::SignedCurrency(_) | NumberStyle::SignedPercent(_)) {
        set(&options, "signDisplay", "exceptZero");
    }
    Intl::NumberFormat::new(&languages(), &options).format()
}

fn date_format(style: DateStyle) -> Function {
    let options = Object::new();
    set(&options, "dateStyle", "medium");
    if style == DateStyle::Minute {
        set(&options, "timeStyle", "short");
    }
    Intl::DateTimeFormat::new(&languages(), &options).format()
}

/// The person's languages; English where the system names none, as in the C locale, whose numbers have no groups.
fn languages() -> Array {
    let told = leptos::prelude::window().navigator().languages();
    let named = told.filter(&mut |tag, _, _| tag.as_string().is_some_and(|tag| names_a_language(&tag)));
    if named.length() == 0 {
        named.push(&"en".into());
    }
    named
}

/// Whether a tag begins with the code of a language; others, such as `C`, are refused by the formatters.
fn names_a_language(tag: &str) -> bool {
    let code = tag.split('-').next().unwrap_or_default();
    matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn set(options: &Object, name: &str, value: impl Into<JsValue>) {
    Reflect::set(options, &name.into(), &value.into()).expect("a plain object takes properties");
}

#[cfg(test)]
mod tests {
    use super::names_a_language;

    #[test]
    fn the_names_of_the_c_locale_are_no_languages() {
        assert!(["de", "de-AT", "en-GB", "fil-PH"].iter().all(|tag| names_a_language(tag)));
        assert!(!["C", "POSIX", "", "C-UTF-8"].iter().any(|tag| names_a_language(tag)));
    }
}
