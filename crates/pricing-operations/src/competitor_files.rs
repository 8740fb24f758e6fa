//! A spreadsheet of competitors' prices, looked at before it is imported: every offer as the import would keep it, and
//! the rows it would refuse. Nothing is written.

use std::path::Path;

use app_contract::{FileShapeView, ImportOptions, ImportReport};
use pricing_domain::{Availability, Currency, FileKind, Instant, OfferKind};
use pricing_store::StagedOffer;

use crate::{OperationError, Workspace};

/// The largest file that is looked at, in bytes.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// Most rows of it.
const MOST_ROWS: u32 = 50_000;

/// An offer of a file: its row names a product of ours and a competitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOffer {
    /// Line of the file.
    pub line: u64,
    /// Our article number.
    pub sku: String,
    /// Whose offer.
    pub competitor: String,
    /// When it was seen.
    pub at: Instant,
    /// The amount for the quantity that we sell, in minor units.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// What kind of price.
    pub kind: OfferKind,
    /// Whether it can be bought.
    pub availability: Availability,
}

/// What a file says, as its import would take it.
#[derive(Clone, Debug)]
pub struct CompetitorFile {
    /// The import's report with its counts and refused rows.
    pub report: ImportReport,
    /// Every row that the import would take, in the order of the file.
    pub offers: Vec<FileOffer>,
    /// How it was read: an import with these does the same.
    pub options: ImportOptions,
    /// The file does not say when the prices were seen: they are taken for those of now.
    pub moment_assumed: bool,
    /// The file does not say whose the prices are: they are taken for those of this competitor.
    pub whose_assumed: Option<String>,
}

/// What a look at a file gave.
#[derive(Clone, Debug)]
pub enum FileLook {
    /// Offers of competitors.
    Offers(Box<CompetitorFile>),
    /// Rows of another kind.
    OtherKind(FileKind),
    /// Columns that nobody knows, and those of ours that none of them seems to be.
    UnknownColumns {
        /// As the file names them.
        columns: Vec<String>,
        /// As we name them.
        missing: Vec<&'static str>,
    },
    /// More than is looked at: bytes, rows.
    TooLarge(u64, u32),
}

impl Workspace {
    /// Looks at a file of competitors' prices. Columns with other names are taken for ours where their names say so; where
    /// none names competitors, the prices are those of `whose`.
    ///
    /// Errors: refused where the file cannot be read. Cost: one pass over the file, and its merge, which is taken back.
    pub async fn look_at_competitor_file(
        &self,
        path: &Path,
        name: &str,
        whose: Option<&str>,
    ) -> Result<FileLook, OperationError> {
        let unreadable =
            |error: std::io::Error| OperationError::refused(format!("{name} cannot be read: {}", error.kind()));
        if tokio::fs::metadata(path).await.map_err(unreadable)?.len() > MOST_BYTES {
            return Ok(FileLook::TooLarge(MOST_BYTES, MOST_ROWS));
        }
        let shape = self.inspect_file(path, name, FileKind::Observations).await?;
        let mut moment_assumed = false;
        let mut whose_assumed = None;
        let mut options = ImportOptions::of_kind(FileKind::Observations);
        let is_known =
            shape.profile.is_some() || matches!(shape.detected, Some((_, kind)) if kind == FileKind::Observations);
        if !is_known {
            match mapping(&shape, whose) {
                Ok(mapping) => {
                    let stated = mapping.iter().any(|(ours, theirs)| ours == COMPETITOR && theirs.starts_with('='));
                    whose_assumed = whose.filter(|_| stated).map(str::to_owned);
                    moment_assumed = !mapping.iter().any(|(ours, _)| ours == "observed_at");
                    options.observed_at = moment_assumed.then(|| self.time());
                    options.mapping = mapping;
                }
                Err(missing) => {
                    // Article numbers and prices alone are a part of a catalogue or somebody's offers.
                    let is_either =
                        missing == [COMPETITOR] && shape.columns.iter().all(|column| column.suggested.is_some());
                    return Ok(match shape.detected {
                        Some((_, kind)) if !is_either => FileLook::OtherKind(kind),
                        _ => {
                            let columns = shape.columns.into_iter().map(|column| column.name).collect();
                            FileLook::UnknownColumns { columns, missing }
                        }
                    });
                }
            }
        }
        let looked = Box::pin(self.look_at_offers(path, name, &options, MOST_ROWS)).await?;
        let Some((report, offers)) = looked else {
            return Ok(FileLook::TooLarge(MOST_BYTES, MOST_ROWS));
        };
        let offers = offers.into_iter().filter_map(offer).collect();
        Ok(FileLook::Offers(Box::new(CompetitorFile { report, offers, options, moment_assumed, whose_assumed })))
    }
}

/// Our column that names whose a price is.
const COMPETITOR: &str = "competitor";

/// Our columns by the file's, where it has all that cannot be missing; else those it lacks. Whose the prices are may be
/// stated for the whole file.
fn mapping(shape: &FileShapeView, whose: Option<&str>) -> Result<Vec<(String, String)>, Vec<&'static str>> {
    const NEEDED: [&str; 3] = ["sku", COMPETITOR, "price"];
    let suggested = |ours: &str| shape.columns.iter().any(|column| column.suggested.as_deref() == Some(ours));
    let mut missing: Vec<&'static str> = NEEDED.into_iter().filter(|ours| !suggested(ours)).collect();
    let stated = whose.filter(|_| missing == [COMPETITOR]);
    if stated.is_some() {
        missing.clear();
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let pair = |column: &app_contract::FileColumnView| Some((column.suggested.clone()?, column.name.clone()));
    let stated = stated.map(|whose| (COMPETITOR.to_owned(), format!("={whose}")));
    Ok(shape.columns.iter().filter_map(pair).chain(stated).collect())
}

fn offer(staged: StagedOffer) -> Option<FileOffer> {
    Some(FileOffer {
        line: staged.line,
        sku: staged.sku,
        competitor: staged.competitor,
        at: staged.at,
        amount_minor: staged.pack.like_for_like(staged.amount_minor),
        currency: staged.currency.parse().ok()?,
        kind: staged.kind.parse().ok()?,
        availability: staged.availability.parse().ok()?,
    })
}
