//! A file that cannot be looked at, and what a person can do with it.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_domain::FileKind;
use pricing_operations::FileLook;

use super::super::{importing, today::count};
use super::TOOL;
use crate::attached::FileInHand;
use crate::composer::Composer;
use crate::figures::Figure;

/// Says why, and how the file can be imported.
pub(super) fn tell(composer: &mut Composer<'_>, hand: &FileInHand) {
    let name = crate::plain_text::visible(&hand.file.name);
    composer.step(TOOL, name, 0, Stopwatch::now(), AnswerLink::Import(Some(FileKind::Observations)));
    composer.ended_as(AnswerOutcome::NotEnoughData);
    match &hand.look {
        Err(why) => {
            let why = composer.gave(Figure::Words(crate::plain_text::visible(why)));
            composer.say("The file cannot be read: {0}", "Die Datei lässt sich nicht lesen: {0}", &[why]);
        }
        Ok(FileLook::OtherKind(kind)) => {
            let (english, german, _) = importing::of_kind(*kind);
            let words = Figure::Words(composer.pick(english, german).to_owned());
            composer.say(
                "This is a file of {0}. Only files of competitors' prices can be asked about; import it instead.",
                "Das ist eine Datei mit: {0}. Gefragt werden kann nur nach Dateien mit Wettbewerbspreisen; importieren Sie sie.",
                &[words],
            );
            composer.card(importing::card(composer, Some(*kind)));
        }
        Ok(FileLook::TooLarge(bytes, rows)) => {
            let megabytes = composer.gave(count(bytes / 1024 / 1024));
            let rows = composer.gave(count(u64::from(*rows)));
            composer.say(
                "The file is larger than what is looked at here ({0} MB, {1} rows). Import it: its preview says what would change.",
                "Die Datei ist größer, als hier angesehen wird ({0} MB, {1} Zeilen). Importieren Sie sie: die Vorschau sagt, was sich ändern würde.",
                &[megabytes, rows],
            );
            composer.card(importing::card(composer, Some(FileKind::Observations)));
        }
        Ok(FileLook::UnknownColumns { missing, .. }) if missing == &["competitor"] => {
            composer.ended_as(AnswerOutcome::Choose);
            composer.say(
                "No column says whose prices these are. Name the competitor in the question or in the file's name; importing it asks too.",
                "Keine Spalte sagt, wessen Preise das sind. Nennen Sie den Wettbewerber in der Frage oder im Dateinamen; der Import fragt auch.",
                &[],
            );
            let snapshot = composer.snapshot.clone();
            for competitor in snapshot.competitors.iter().take(4) {
                composer.suggest(
                    format!("Where is {} cheaper than us?", competitor.name),
                    format!("Wo ist {} günstiger als wir?", competitor.name),
                );
            }
            composer.card(importing::card(composer, Some(FileKind::Observations)));
        }
        Ok(FileLook::UnknownColumns { columns, missing }) => {
            let missing = Figure::Words(missing.join(", "));
            composer.say(
                "None of the file's columns is known as: {0}. Importing it asks what each column is, and keeps the answer.",
                "Keine Spalte der Datei ist bekannt als: {0}. Der Import fragt, was jede Spalte ist, und merkt sich die Antwort.",
                &[missing],
            );
            let rows: Vec<_> =
                columns.iter().take(30).map(|name| (vec![Some(Figure::Words(name.clone()))], None)).collect();
            composer.table(
                ("Columns of the file", "Spalten der Datei"),
                &[("Column", "Spalte", false)],
                rows,
                columns.len(),
            );
            composer.card(importing::card(composer, Some(FileKind::Observations)));
        }
        Ok(FileLook::Offers(_)) => {}
    }
}
