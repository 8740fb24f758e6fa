//! VAT by the tax class that a shop gives a product: a rate that is stated for a file is that of the ordinary class.

use pricing_domain::{BasisPoints, decimal_text};

use crate::layouts::Layout;
use crate::reader::ReadOptions;
use crate::records::{NUMBER_MARK, UNREAD};

/// The class of what is not taxed, whatever the shop calls it.
pub(crate) const UNTAXED: &str = "none";
/// The class of a row that has its parent's, in a file without that parent: it stays what it is.
pub(crate) const UNTOLD: &str = "\u{3}";

/// Which cells tell the tax class of a row.
#[derive(Clone)]
pub(crate) struct TaxClasses {
    pub(crate) places: Vec<usize>,
    /// The class; empty: the ordinary one.
    pub(crate) class: fn(&[&str]) -> String,
    /// The shop has no ordinary class, so that the rate of the file is that of every class without one of its own.
    pub(crate) all_ordinary: bool,
}

/// The rates of classes.
#[derive(Clone)]
pub(crate) struct ClassRates {
    class: fn(&[&str]) -> String,
    /// By class in lower case.
    rates: Vec<(String, String)>,
    ordinary: String,
    all_ordinary: bool,
}

impl ClassRates {
    /// The rate of a row, as a cell has it; a class without one is marked as not read.
    pub(crate) fn push_rate(&self, cells: &[&str], into: &mut String) {
        let class = (self.class)(cells);
        if class == UNTOLD {
            return;
        }
        if let Some((_, rate)) = self.rates.iter().find(|(known, _)| *known == class.to_lowercase()) {
            into.push_str(rate);
        } else if class.is_empty() || self.all_ordinary {
            into.push_str(&self.ordinary);
        } else {
            into.push(UNREAD);
            into.push_str(&class);
        }
    }
}

/// A rate as a number of the file.
pub(crate) fn rate_cell(rate: BasisPoints) -> String {
    format!("{NUMBER_MARK}{}", decimal_text(i64::from(rate.0), 2, 0))
}

/// The cells of the class and the rates that are stated; `None`: the file has no classes, or nothing is stated.
pub(crate) fn stated_rates(layout: &Layout, options: &ReadOptions) -> Option<(Vec<usize>, ClassRates)> {
    let taxed = layout.taxed_by.as_ref()?;
    if options.vat_rate.is_none() && options.vat_classes.is_empty() {
        return None;
    }
    let named = options.vat_classes.iter().map(|(class, rate)| (class.trim().to_lowercase(), rate_cell(*rate)));
    let rates = named.chain([(UNTAXED.to_owned(), rate_cell(BasisPoints(0)))]).collect();
    let ordinary = options.vat_rate.map(rate_cell).unwrap_or_default();
    let rates = ClassRates { class: taxed.class, rates, ordinary, all_ordinary: taxed.all_ordinary };
    Some((taxed.places.clone(), rates))
}
