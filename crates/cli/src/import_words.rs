//! The words of `omnipricex import`.

use std::path::PathBuf;

use anyhow::Context;
use app_contract::ImportOptions;
use clap::Args;
use pricing_domain::{BasisPoints, Currency, DateOrder, FileFormat, FileKind};

use crate::values::percent;

/// What to read, and what is stated about it.
#[derive(Args)]
pub struct ImportWords {
    /// What the rows are (products, prices, costs, price_history, promotions, locks, matches, observations, sales,
    /// stock, rates), then the file; the file alone where its first line tells.
    #[arg(required = true, num_args = 1..=2, value_names = ["KIND", "FILE"])]
    pub words: Vec<String>,
    /// Says what would change, and writes nothing.
    #[arg(long)]
    pub preview: bool,
    /// Copies refused rows to this file, to be mended and imported alone.
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
    /// What is stated about it.
    #[command(flatten)]
    pub stated: StatedWords,
}

/// What is stated about a file.
#[derive(Args)]
pub struct StatedWords {
    /// Which program wrote the file, where its first line does not tell.
    #[arg(long)]
    pub format: Option<FileFormat>,
    /// `.` or `,` where the file leaves both readings open.
    #[arg(long)]
    pub decimal: Option<char>,
    /// day_first or month_first, where dates such as 03/04/2026 leave both readings open.
    #[arg(long, value_name = "ORDER")]
    pub date_order: Option<DateOrder>,
    /// Which sheet of a workbook; without it the first one with known columns.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Of every amount, where the file does not say.
    #[arg(long)]
    pub currency: Option<String>,
    /// Prices are without VAT, where the file does not say.
    #[arg(long)]
    pub net: bool,
    /// VAT rate in percent of every product, where the file does not say; where a shop's file names tax classes, of the
    /// ordinary one.
    #[arg(long, value_name = "PERCENT")]
    pub vat: Option<String>,
    /// VAT rate of a tax class, as the file calls it: reduced-rate=7. May be repeated; what is not taxed has 0 anyway.
    #[arg(long, value_name = "CLASS=PERCENT")]
    pub vat_class: Vec<String>,
    /// When prices were seen, where the file does not say (2026-11-01T08:30Z).
    #[arg(long, value_name = "MOMENT")]
    pub observed_at: Option<String>,
    /// Our column=their column, separated by commas; our column==value for the whole file.
    #[arg(long, value_delimiter = ',')]
    pub map: Vec<String>,
    /// Keeps the mapping under this name; the file is recognised next time.
    #[arg(long, value_name = "NAME", requires = "map")]
    pub save: Option<String>,
    /// Products that the file lacks are out of sale from now on. Only where no row is refused.
    #[arg(long)]
    pub end_missing: bool,
}

impl ImportWords {
    /// The kind, where it is named, and the file.
    pub fn kind_and_file(&self) -> anyhow::Result<(Option<FileKind>, PathBuf)> {
        match self.words.as_slice() {
            [kind, file] => Ok((Some(kind.parse().map_err(anyhow::Error::msg)?), PathBuf::from(file))),
            [file] if !std::path::Path::new(file).exists() && file.parse::<FileKind>().is_ok() => {
                anyhow::bail!("name the file after the kind: omnipricex import {file} FILE")
            }
            [file] => Ok((None, PathBuf::from(file))),
            _ => anyhow::bail!("name one file"),
        }
    }

    /// What is stated about the file.
    pub fn options(&self) -> anyhow::Result<ImportOptions> {
        self.stated.options(self.kind_and_file()?.0)
    }
}

impl StatedWords {
    /// What is stated about a file whose rows are of this kind; `None`: its first line tells.
    pub fn options(&self, kind: Option<FileKind>) -> anyhow::Result<ImportOptions> {
        let mapping = self.map.iter().map(|pair| {
            let (own, theirs) =
                pair.split_once('=').with_context(|| format!("write --map ours=theirs, not “{pair}”"))?;
            Ok((own.trim().to_owned(), theirs.trim().to_owned()))
        });
        let moment = |text: &String| {
            let with_seconds = text.strip_suffix('Z').filter(|rest| rest.len() == 16).map(|rest| format!("{rest}:00Z"));
            with_seconds
                .as_ref()
                .unwrap_or(text)
                .parse()
                .map_err(|_| anyhow::anyhow!("“{text}” is no moment; write 2026-11-01T08:30Z"))
        };
        Ok(ImportOptions {
            kind,
            format: self.format,
            decimal_separator: self.decimal,
            date_order: self.date_order,
            sheet: self.sheet.clone(),
            currency: self.currency.as_deref().map(Currency::new).transpose()?,
            prices_include_vat: self.net.then_some(false),
            vat_rate: self.vat.as_deref().map(percent).transpose()?,
            vat_classes: self.vat_class.iter().map(|pair| class_rate(pair)).collect::<anyhow::Result<_>>()?,
            observed_at: self.observed_at.as_ref().map(moment).transpose()?,
            mapping: mapping.collect::<anyhow::Result<_>>()?,
            save_mapping_as: self.save.clone(),
            end_missing: self.end_missing,
            is_passing: false,
        })
    }
}

/// The class and the rate of `reduced-rate=7`.
pub fn class_rate(pair: &str) -> anyhow::Result<(String, BasisPoints)> {
    let (class, rate) =
        pair.rsplit_once('=').with_context(|| format!("write --vat-class CLASS=PERCENT, not “{pair}”"))?;
    Ok((class.trim().to_owned(), percent(rate)?))
}
