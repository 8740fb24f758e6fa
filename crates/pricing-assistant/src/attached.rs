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

/// The competitor that a text names, where it names one alone.
fn only_one_named<'n>(text: &str, known: &[&'n str]) -> Option<&'n str> {
    const SHORTEST: usize = 4;
    let squeezed =
        |text: &str| text.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let text = squeezed(text);
    let names = |name: &&&str| {
        let name = squeezed(name);
        name.chars().count() >= SHORTEST && text.contains(&name)
    };
    let mut named = known.iter().filter(names);
    let first = named.next()?;
    named.next().is_none().then_some(*first)
}

/// The file as it was looked at for this question.
#[derive(Clone, Debug)]
pub(crate) struct FileInHand {
    pub(crate) file: FileRef,
    /// What it says; else why it cannot be read.
    pub(crate) look: Result<FileLook, String>,
}

impl FileInHand {
    /// Looks at the file. Nothing is written. Whose its prices are may be said by the question, those before it or the
    /// file's name, where it says so itself nowhere.
    pub(crate) async fn read(
        workspace: &Workspace,
        attached: &AttachedFile,
        asked: &[&str],
    ) -> Result<Self, OperationError> {
        let snapshot = workspace.snapshot().await?;
        let known: Vec<&str> = snapshot.competitors.iter().map(|competitor| competitor.name.as_str()).collect();
        let whose = asked.iter().chain([&attached.file.name.as_str()]).find_map(|text| only_one_named(text, &known));
        let look = workspace.look_at_competitor_file(&attached.path, &attached.file.name, whose);
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

#[cfg(test)]
mod tests {
    use super::only_one_named;

    #[test]
    fn whose_prices_they_are_is_told_by_a_text_that_names_one_competitor() {
        let known = ["ElektroMax", "Gerätefuchs", "ABC"];
        assert_eq!(only_one_named("elektro-max_2026-11.csv", &known), Some("ElektroMax"));
        assert_eq!(only_one_named("wo ist Gerätefuchs billiger als wir?", &known), Some("Gerätefuchs"));
        assert_eq!(only_one_named("elektromax und gerätefuchs.xlsx", &known), None, "two are named");
        assert_eq!(only_one_named("prices.csv", &known), None);
        assert_eq!(only_one_named("abc.csv", &known), None, "too short to be meant surely");
    }
}
