//! The table of figures: on the terminal and in the document.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::figures::{Figure, NO_CATALOGUE};

/// What stands around the generated part of the document.
const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// For a terminal.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    for (products, group) in groups(figures) {
        text.push_str(&format!("\n{}\n", heading(products)));
        for figure in group {
            let (target, mark) = aim(figure);
            text.push_str(&format!("  {:<48} {:>14}  {target:>12} {mark}\n", figure.name, figure.to_string()));
        }
    }
    text
}

/// Puts the figures between the marks of `docs/measurements.md`.
pub(crate) fn write_document(machine: &str, figures: &[Figure]) -> Result<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/measurements.md");
    let text = fs::read_to_string(&file).context("reading docs/measurements.md")?;
    let text = with_generated(&text, &markdown(machine, figures))?;
    fs::write(&file, text).context("writing docs/measurements.md")?;
    file.canonicalize().context("finding docs/measurements.md")
}

fn with_generated(document: &str, generated: &str) -> Result<String> {
    let (head, rest) = document.split_once(BEGIN).context("the document has the mark of the beginning")?;
    let (_, tail) = rest.split_once(END).context("the document has the mark of the end")?;
    Ok(format!("{head}{BEGIN}\n{generated}{END}{tail}"))
}

fn markdown(machine: &str, figures: &[Figure]) -> String {
    let mut text = format!("\nMeasured on {machine}.\n");
    for (products, group) in groups(figures) {
        text.push_str(&format!(
            "\n### {}\n\n| what | measured | target | |\n| --- | ---: | ---: | --- |\n",
            heading(products)
        ));
        for figure in group {
            let (target, mark) = aim(figure);
            text.push_str(&format!("| {} | {figure} | {target} | {mark} |\n", figure.name));
        }
    }
    text.push('\n');
    text
}

fn aim(figure: &Figure) -> (String, &'static str) {
    match (figure.target, figure.meets_target()) {
        (Some(target), Some(met)) => (format!("≤ {}", figure.words(target)), if met { "✓" } else { "✗" }),
        _ => (String::new(), ""),
    }
}

fn heading(products: u32) -> String {
    match products {
        0 => "The sample workspace".to_owned(),
        NO_CATALOGUE => "Demand and optimisation alone, on generated data".to_owned(),
        1_000_000 => "1,000,000 products".to_owned(),
        thousands if thousands.is_multiple_of(1_000) => format!("{},000 products", thousands / 1_000),
        other => format!("{other} products"),
    }
}

/// Figures of one size, in the order in which they came.
fn groups(figures: &[Figure]) -> impl Iterator<Item = (u32, &[Figure])> {
    figures.chunk_by(|one, next| one.products == next.products).map(|group| (group[0].products, group))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, markdown, with_generated};
    use crate::figures::Figures;
    use crate::figures::Unit;

    #[test]
    fn only_what_lies_between_the_marks_is_replaced() {
        let document = format!("# Title\n{BEGIN}\nold\n{END}\nlast words\n");
        let replaced = with_generated(&document, "new\n").expect("the marks are there");
        assert_eq!(replaced, format!("# Title\n{BEGIN}\nnew\n{END}\nlast words\n"));
        assert!(with_generated("no marks", "new").is_err());
    }

    #[test]
    fn a_missed_target_is_shown_as_missed() {
        let mut figures = Figures::new(1_000_000);
        figures.aim("Import", 31.0, Unit::Seconds, 30.0);
        figures.aim("Evaluation", 900.0, Unit::Milliseconds, 1_000.0);
        let text = markdown("a machine", &figures.done());
        assert!(text.contains("| Import | 31.00 s | ≤ 30.00 s | ✗ |"), "{text}");
        assert!(text.contains("| Evaluation | 900.0 ms | ≤ 1000.0 ms | ✓ |"), "{text}");
    }
}
