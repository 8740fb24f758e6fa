//! The table of figures: on the terminal and in the document.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::figures::{About, Figure, grouped};

/// What stands around the generated part of the document.
const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// For a terminal.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    for (about, group) in groups(figures) {
        text.push_str(&format!("\n{}\n", heading(about)));
        for figure in group {
            let (target, mark) = aim(figure);
            text.push_str(&format!("  {:<64} {:>14}  {target:>12} {mark}\n", figure.name, figure.to_string()));
        }
    }
    text
}

/// Puts the tables between the marks of `docs/measurements.md`, each in the place of the one with the same heading.
pub(crate) fn write_document(machine: &str, figures: &[Figure]) -> Result<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/measurements.md");
    let text = fs::read_to_string(&file).context("reading docs/measurements.md")?;
    let text = with_tables(&text, machine, figures)?;
    fs::write(&file, text).context("writing docs/measurements.md")?;
    file.canonicalize().context("finding docs/measurements.md")
}

fn with_tables(document: &str, machine: &str, figures: &[Figure]) -> Result<String> {
    let (head, rest) = document.split_once(BEGIN).context("the document has the mark of the beginning")?;
    let (kept, tail) = rest.split_once(END).context("the document has the mark of the end")?;
    let mut tables: Vec<(&str, String)> = (kept.split("\n### ").skip(1))
        .map(|table| table.split_once('\n').unwrap_or((table, "")))
        .map(|(heading, body)| (heading, body.trim().to_owned()))
        .collect();
    let measured: Vec<(String, String)> =
        groups(figures).map(|(about, group)| (heading(about), markdown(machine, group))).collect();
    for (heading, body) in &measured {
        match tables.iter_mut().find(|(old, _)| old == heading) {
            Some(old) => old.1.clone_from(body),
            None => tables.push((heading, body.clone())),
        }
    }
    let tables: String = tables.iter().map(|(heading, body)| format!("\n### {heading}\n\n{body}\n")).collect();
    Ok(format!("{head}{BEGIN}\n{tables}\n{END}{tail}"))
}

/// One table, with what it was measured on.
fn markdown(machine: &str, figures: &[Figure]) -> String {
    let mut text = format!("Measured on {machine}.\n\n| what | measured | target | |\n| --- | ---: | ---: | --- |\n");
    for figure in figures {
        let (target, mark) = aim(figure);
        text.push_str(&format!("| {} | {figure} | {target} | {mark} |\n", figure.name));
    }
    text.trim_end().to_owned()
}

fn aim(figure: &Figure) -> (String, &'static str) {
    match (figure.target, figure.meets_target()) {
        (Some(target), Some(met)) => {
            let sign = if figure.is_rate() { '≥' } else { '≤' };
            (format!("{sign} {}", figure.words(target)), if met { "✓" } else { "✗" })
        }
        _ => (String::new(), ""),
    }
}

fn heading(about: About) -> String {
    match about {
        About::Sample => "The sample workspace".to_owned(),
        About::Engine => "The engine alone, and others beside it".to_owned(),
        About::Reading => "Pages and robots.txt".to_owned(),
        About::Files => "Previews, workbooks, matching".to_owned(),
        About::Demand => "Demand and optimisation alone, on generated data".to_owned(),
        About::Catalogue(products) => format!("{} products", grouped(products.into())),
        About::History(products) => {
            format!("{} products with two years of five competitors' prices", grouped(products.into()))
        }
    }
}

/// Figures about one thing, in the order in which they came.
fn groups(figures: &[Figure]) -> impl Iterator<Item = (About, &[Figure])> {
    figures.chunk_by(|one, next| one.about == next.about).map(|group| (group[0].about, group))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, markdown, with_tables};
    use crate::figures::{About, Figure, Figures, Unit};

    fn figures(about: About, name: &str) -> Vec<Figure> {
        let mut figures = Figures::new(about);
        figures.add(name, 2.0, Unit::Seconds);
        figures.done()
    }

    #[test]
    fn only_tables_about_what_was_measured_are_replaced() {
        let text = format!("# Title\n{BEGIN}\n{END}\nlast words\n");
        let text = with_tables(&text, "a machine", &figures(About::Sample, "Kept")).expect("marks");
        let text = with_tables(&text, "a machine", &figures(About::Catalogue(1_000_000), "Old")).expect("marks");
        let text = with_tables(&text, "another", &figures(About::Catalogue(1_000_000), "New")).expect("marks");
        let table = |machine: &str, name: &str| {
            let head = "| what | measured | target | |\n| --- | ---: | ---: | --- |";
            format!("Measured on {machine}.\n\n{head}\n| {name} | 2.00 s |  |  |")
        };
        let tables = format!(
            "\n### The sample workspace\n\n{}\n\n### 1,000,000 products\n\n{}\n",
            table("a machine", "Kept"),
            table("another", "New")
        );
        assert_eq!(text, format!("# Title\n{BEGIN}\n{tables}\n{END}\nlast words\n"));
        assert!(with_tables("no marks", "a machine", &[]).is_err());
    }

    #[test]
    fn a_missed_target_is_shown_as_missed() {
        let mut figures = Figures::new(About::Catalogue(1_000_000));
        figures.aim("Import", 31.0, Unit::Seconds, 30.0);
        figures.aim("Evaluation", 900.0, Unit::Milliseconds, 1_000.0);
        figures.aim("Ways", 900.0, Unit::RowsPerSecond, 1_000.0);
        let text = markdown("a machine", &figures.done());
        assert!(text.contains("| Import | 31.00 s | ≤ 30.00 s | ✗ |"), "{text}");
        assert!(text.contains("| Evaluation | 900.0 ms | ≤ 1000.0 ms | ✓ |"), "{text}");
        assert!(text.contains("| Ways | 900/s | ≥ 1,000/s | ✗ |"), "{text}");
    }
}
