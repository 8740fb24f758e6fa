//! A file of competitors' prices that the person chose for the conversation. A path comes from a dialog, an upload or the
//! command line alone; nothing that is written in a question, a file or by a model ever names one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use app_contract::FileRef;
use pricing_operations::{CompetitorFile, ErrorKind, FileLook, OperationError, Workspace};

/// Competitors of a file whose names a question may use.
const NAMED: usize = 200;
/// Longest such name, in letters.
const LONGEST_NAME: usize = 80;

/// The file as it was chosen.
#[derive(Clone, Debug)]
pub struct AttachedFile {
    /// Its id, name and size.
    pub file: FileRef,
    /// Where it is.
    pub path: PathBuf,
}

/// The file as it was looked at for this question.
#[derive(Clone, Debug)]
pub(crate) struct FileInHand {
    pub(crate) file: FileRef,
    /// What it says; else why it cannot be read.
    pub(crate) look: Result<FileLook, String>,
}

impl FileInHand {
    /// Looks at the file. Nothing is written.
    pub(crate) async fn read(workspace: &Workspace, attached: &AttachedFile) -> Result<Self, OperationError> {
        let look = workspace.look_at_competitor_file(&attached.path, &attached.file.name);
        let look = match Box::pin(look).await {
            Ok(look) => Ok(look),
            Err(error) if matches!(error.kind, ErrorKind::Fault | ErrorKind::Cancelled) => return Err(error),
            Err(error) => Err(error.message),
        };
        Ok(Self { file: attached.file.clone(), look })
    }

    /// Its offers, where it is such a file.
    pub(crate) fn offers(&self) -> Option<&CompetitorFile> {
        match &self.look {
            Ok(FileLook::Offers(file)) => Some(file),
            _ => None,
        }
    }

    /// The competitors that it names.
    pub(crate) fn competitors(&self) -> Vec<String> {
        let offers = self.offers().map_or(&[][..], |file| &file.offers);
        let names: BTreeSet<&str> = offers.iter().map(|offer| offer.competitor.as_str()).collect();
        let named = names.into_iter().filter(|name| name.chars().count() <= LONGEST_NAME);
        named.take(NAMED).map(str::to_owned).collect()
    }
}
