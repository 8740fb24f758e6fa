//! Exchange rates by day.

use std::hash::Hash;

use pricing_domain::{CivilDate, Currency};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Date = "date" Mandatory Date,
    Base = "base" Optional Text,
    Quote = "quote" Mandatory Text,
    Rate = "rate" Mandatory Decimal,
    Source = "source" Optional Text,
}

/// Digits after the point that a rate keeps.
const RATE_DIGITS: u8 = 10;

/// How many units of one currency one unit of another was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// The day.
    pub date: CivilDate,
    /// One unit of this; the euro where the file does not say.
    pub base: Currency,
    /// is so many of this.
    pub quote: Currency,
    /// The rate without its point, above zero.
    pub mantissa: i64,
    /// Digits after the point.
    pub scale: u8,
    /// Who says so.
    pub source: Option<String>,
}

impl FileRow for RateRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let base = if cells.find(Column::Base).is_some() { cells.currency(Column::Base)? } else { Currency::EUR };
        let quote = cells.currency(Column::Quote)?;
        if base == quote {
            return Err(cells.refuse(Column::Quote, "A currency has no rate to itself. Leave the row out."));
        }
        let mut mantissa = cells.needed_rate(Column::Rate, RATE_DIGITS)?;
        let mut scale = RATE_DIGITS;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Ok(Self {
            line: cells.row.line,
            date: cells.date(Column::Date)?.ok_or_else(|| cells.missing(Column::Date))?,
            base,
            quote,
            mantissa,
            scale,
            source: cells.text(Column::Source)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((self.date, self.base, self.quote))
    }

    fn identity_words(&self) -> String {
        format!("The rate of {} to {} on this day", self.base, self.quote)
    }
}
