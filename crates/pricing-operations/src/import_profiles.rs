//! What the workspace knows about files before they come: saved mappings, the currency of its prices, and which file
//! the products came from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use app_contract::{ColumnType, FileColumnView, FileShapeView, ImportOptions, ImportProfileView};
use catalog_files::{Facts, Profile, ReadOptions};
use pricing_domain::{FileFormat, FileKind, MOST_ATTRIBUTES, attribute_name};
use pricing_store::Durability;
use serde::{Deserialize, Serialize};

use crate::exports::in_background;
use crate::imports::open_source;
use crate::{OperationError, Workspace};

const PROFILES: &str = "import_profiles";
const ORIGINAL: &str = "imported_products";
/// All problems are counted, and so many rows can be copied out.
const MOST_PROBLEMS: usize = 100_000;

/// The file that products were imported from, to write new prices into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedFile {
    /// Where it was.
    pub path: PathBuf,
    /// Which program wrote it.
    pub format: FileFormat,
    /// What was stated about it.
    pub options: ImportOptions,
    /// Of its first line, where rows were refused.
    #[serde(default)]
    pub fingerprint: String,
    /// How many were: so many may be mended and imported alone.
    #[serde(default)]
    pub refused: u64,
}

impl ImportedFile {
    /// Whether a file with these facts holds rows of this one that were refused and mended.
    fn is_mended_by(&self, path: &Path, facts: &Facts) -> bool {
        (self.format, self.fingerprint.as_str()) == (facts.format, facts.fingerprint.as_str())
            && facts.rows_read <= self.refused
            && self.path != path
            && self.path.is_file()
    }
}

impl Workspace {
    /// What is stated about a file, with what the workspace knows.
    pub(crate) async fn read_options(&self, options: &ImportOptions) -> Result<ReadOptions, OperationError> {
        let lists = self.store.price_lists().await?;
        let usual_currency = lists.first().map(|list| list.currency);
        let partial = if self.store.has_products().await? { usual_currency } else { None };
        Ok(ReadOptions {
            delimiter: None,
            decimal_separator: options.decimal_separator,
            date_order: options.date_order,
            sheet: options.sheet.clone(),
            problem_limit: MOST_PROBLEMS,
            format: options.format,
            mapping: options.mapping.clone(),
            profiles: self.profiles().await?,
            currency: options.currency,
            usual_currency,
            default_list: lists.first().map(|list| list.code.clone()),
            lists: lists
                .iter()
                .flat_map(|list| [(&list.code, list.currency), (&list.settings.name, list.currency)])
                .map(|(name, currency)| (name.to_lowercase(), currency))
                .collect(),
            prices_include_vat: options.prices_include_vat,
            vat_rate: options.vat_rate,
            vat_classes: options.vat_classes.clone(),
            observed_at: options.observed_at,
            partial,
        })
    }

    async fn profiles(&self) -> Result<Vec<Profile>, OperationError> {
        let stored = self.store.setting(PROFILES).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    async fn save_profiles(&self, profiles: &[Profile], summary: &str) -> Result<(), OperationError> {
        let text = serde_json::to_string(profiles).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_import_profiles", Durability::Full).await?;
        op.write_setting(PROFILES, &text).await?;
        op.commit(summary, false).await?;
        Ok(())
    }

    /// The saved mappings.
    pub async fn import_profiles(&self) -> Result<Vec<ImportProfileView>, OperationError> {
        let view = |profile: Profile| ImportProfileView {
            fingerprint: profile.fingerprint,
            name: profile.name,
            kind: profile.kind,
            mapping: profile.mapping,
        };
        Ok(self.profiles().await?.into_iter().map(view).collect())
    }

    /// Forgets a saved mapping; without a kind, the first with these columns.
    pub async fn remove_import_profile(&self, fingerprint: &str, kind: Option<FileKind>) -> Result<(), OperationError> {
        let mut profiles = self.profiles().await?;
        let is_meant =
            |profile: &Profile| profile.fingerprint == fingerprint && kind.is_none_or(|kind| kind == profile.kind);
        let place = profiles.iter().position(is_meant);
        let place = place.ok_or_else(|| OperationError::not_found("This mapping is not there any more."))?;
        let removed = profiles.remove(place);
        self.save_profiles(&profiles, &format!("Forgot the mapping “{}”", removed.name)).await
    }

    /// Before the rows are written: keeps the mapping where that was asked for, and the file that products came from.
    pub(crate) async fn remember_import(
        &self,
        path: &Path,
        options: &ImportOptions,
        facts: &Facts,
    ) -> Result<(), OperationError> {
        if facts.rows_read == facts.rows_refused {
            return Ok(());
        }
        if let Some(name) = options.save_mapping_as.as_ref().filter(|_| !options.mapping.is_empty()) {
            let profile = Profile {
                fingerprint: facts.fingerprint.clone(),
                name: name.trim().to_owned(),
                kind: facts.kind,
                mapping: options.mapping.clone(),
                decimal_separator: options.decimal_separator,
                date_order: options.date_order,
            };
            let mut profiles = self.profiles().await?;
            if !profiles.contains(&profile) {
                // The same columns may be mapped for several kinds of rows.
                profiles.retain(|known| (&known.fingerprint, known.kind) != (&profile.fingerprint, profile.kind));
                profiles.push(profile);
                self.save_profiles(&profiles, &format!("Saved the mapping “{}”", name.trim())).await?;
            }
        }
        if facts.kind == FileKind::Products && !options.is_passing {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let remembered = self.imported_products().await?;
            if remembered.as_ref().is_some_and(|file| file.is_mended_by(&path, facts)) {
                return Ok(());
            }
            let (fingerprint, refused) = remembered
                .as_ref()
                .filter(|file| file.path == path)
                .map_or_else(Default::default, |file| (file.fingerprint.clone(), file.refused));
            let file = ImportedFile {
                path,
                format: facts.format,
                options: ImportOptions { save_mapping_as: None, end_missing: false, ..options.clone() },
                fingerprint,
                refused,
            };
            if remembered.as_ref() != Some(&file) {
                self.remember_file(&file).await?;
            }
        }
        Ok(())
    }

    async fn remember_file(&self, file: &ImportedFile) -> Result<(), OperationError> {
        let text = serde_json::to_string(file).map_err(|error| OperationError::fault(error.to_string()))?;
        self.write_setting(ORIGINAL, &text, "Kept where the products come from").await
    }

    /// After the rows are written: how many of the file that products came from were refused.
    pub(crate) async fn count_refused(&self, path: &Path, facts: &Facts, refused: u64) -> Result<(), OperationError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let Some(file) = self.imported_products().await?.filter(|file| file.path == path) else { return Ok(()) };
        let fingerprint = if refused == 0 { String::new() } else { facts.fingerprint.clone() };
        if (file.refused, &file.fingerprint) == (refused, &fingerprint) {
            return Ok(());
        }
        self.remember_file(&ImportedFile { fingerprint, refused, ..file }).await
    }

    /// The file that products were imported from last.
    pub async fn imported_products(&self) -> Result<Option<ImportedFile>, OperationError> {
        let stored = self.store.setting(ORIGINAL).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// What the columns of a file look like.
    pub async fn inspect_file(&self, path: &Path, name: &str, kind: FileKind) -> Result<FileShapeView, OperationError> {
        let options = self.read_options(&ImportOptions::default()).await?;
        let profiles = options.profiles.clone();
        let (path, name) = (path.to_owned(), name.to_owned());
        let shape = in_background(move || {
            let failed = |error: std::io::Error| OperationError::refused(format!("{name} cannot be read: {error}"));
            let source = open_source(&path).map_err(failed)?;
            Ok(catalog_files::inspect(kind, &name, source, &options)?)
        })
        .await?;
        let known = |profile: &&Profile| profile.fingerprint == shape.fingerprint && profile.kind == kind;
        let profile = profiles.iter().find(known);
        let mut own_columns: Vec<(String, bool)> =
            catalog_files::column_names(kind).map(|(name, needed)| (name.to_owned(), needed)).collect();
        own_columns.extend(free_attributes(kind, &shape.columns).map(|name| (name, false)));
        Ok(FileShapeView {
            detected: shape.detected,
            profile: profile.map(|profile| profile.name.clone()),
            encoding: shape.encoding,
            delimiter: shape.delimiter,
            columns: shape.columns.into_iter().map(column_view).collect(),
            own_columns,
        })
    }
}

/// Columns of a file of products that none of ours takes, each as the free attribute that it could be.
fn free_attributes(kind: FileKind, columns: &[catalog_files::ColumnShape]) -> impl Iterator<Item = String> {
    let free = columns.iter().filter(move |column| kind == FileKind::Products && column.suggested.is_none());
    let named = free.filter_map(|column| attribute_name(column.name.trim_start_matches("attribute:")));
    let names: BTreeSet<String> = named.collect();
    names.into_iter().take(MOST_ATTRIBUTES).map(|name| catalog_files::attribute_column(&name))
}

fn column_view(shape: catalog_files::ColumnShape) -> FileColumnView {
    FileColumnView {
        name: shape.name,
        column_type: match shape.column_type {
            catalog_files::ColumnType::Empty => ColumnType::Empty,
            catalog_files::ColumnType::Whole => ColumnType::Whole,
            catalog_files::ColumnType::Decimal => ColumnType::Decimal,
            catalog_files::ColumnType::Gtin => ColumnType::Gtin,
            catalog_files::ColumnType::Date => ColumnType::Date,
            catalog_files::ColumnType::YesOrNo => ColumnType::YesOrNo,
            catalog_files::ColumnType::Address => ColumnType::Address,
            catalog_files::ColumnType::Text => ColumnType::Text,
        },
        unit: shape.unit,
        samples: shape.samples,
        suggested: shape.suggested.map(str::to_owned),
    }
}
