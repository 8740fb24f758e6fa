//! Our products on competitors' pages.

use std::hash::Hash;

use pricing_domain::{MatchType, PackCoefficient};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Range, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Sku = "sku" Mandatory Text,
    Competitor = "competitor" Mandatory Text,
    Url = "url" Mandatory Text,
    MatchType = "match_type" Optional Text,
    PackCoefficient = "pack_coefficient" Optional Decimal,
}

/// One of our products on one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Name of the competitor.
    pub competitor: String,
    /// Address of the page, `http` or `https`.
    pub url: String,
    /// How close it is; `None`: not stated.
    pub match_type: Option<MatchType>,
    /// How many of ours one of theirs is; `None`: not stated.
    pub pack_coefficient: Option<PackCoefficient>,
}

impl FileRow for MatchRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            competitor: cells.needed_text(Column::Competitor)?,
            url: read_address(cells)?,
            match_type: cells.value(Column::MatchType)?,
            pack_coefficient: read_coefficient(cells)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.competitor, &self.url))
    }

    fn identity_words(&self) -> String {
        format!("The same page of {} for {}", self.competitor, self.sku)
    }
}

fn read_address(cells: &Cells<'_>) -> Result<String, Refusal> {
    let url = cells.needed_text(Column::Url)?;
    let head = url.get(..8).unwrap_or(&url).to_ascii_lowercase();
    let rest =
        if head.starts_with("https://") { url.get(8..) } else { url.get(7..).filter(|_| head.starts_with("http://")) };
    let host_is_there = rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#', ':']) && !rest.is_empty());
    if !host_is_there || url.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        let reason = "This is not the address of a page. Write it in full, without blanks: https://shop.example/item.";
        return Err(cells.refuse(Column::Url, reason));
    }
    Ok(url)
}

fn read_coefficient(cells: &Cells<'_>) -> Result<Option<PackCoefficient>, Refusal> {
    let Some(text) = cells.find(Column::PackCoefficient) else { return Ok(None) };
    let coefficient = if text.contains(['/', '*', '×']) {
        PackCoefficient::parse(text)
    } else {
        let scaled = cells.number(Column::PackCoefficient, 4, Range::Positive)?.unwrap_or_default();
        PackCoefficient::parse(&pricing_domain::format_scaled(scaled, 4))
    };
    let reason = "Write how many of yours one of theirs is: 6, 1/2, 0.5 or 6 * 0.5.";
    coefficient.map(Some).ok_or_else(|| cells.refuse(Column::PackCoefficient, reason))
}
