//! Costs and margins on their way to a model: a placeholder stands for each figure, and the figure is put in again on
//! this machine. What never left cannot be leaked, and the answer shows it all the same.

use app_contract::ShareCosts;
use question_grammar::Language;

use crate::checker::Checker;

/// A line or column that has one of these words is about costs or margins.
const SENSITIVE: &[&str] = &[
    "margin",
    "marge",
    "cost",
    "kosten",
    "einstand",
    "profit",
    "gewinn",
    "given away",
    "give away",
    "verschenk",
    "floor",
    "untergrenze",
    "ertrag",
    "markup",
    "aufschlag",
];

/// The placeholders of a turn.
#[derive(Debug)]
pub(crate) struct Veil {
    share: ShareCosts,
    figures: Vec<String>,
}

impl Veil {
    pub(crate) const fn new(share: ShareCosts) -> Self {
        Self { share, figures: Vec::new() }
    }

    /// Whether figures beside these words are to be veiled.
    pub(crate) fn covers(&self, words: &str) -> bool {
        self.share != ShareCosts::Exact && is_sensitive(words)
    }

    /// How many figures a placeholder stands for.
    pub(crate) fn count(&self) -> usize {
        self.figures.len()
    }

    /// A line as the model may read it.
    pub(crate) fn line(&mut self, line: &str, checker: &Checker, language: Language) -> String {
        if self.covers(line) { self.hide(line, checker, language) } else { line.to_owned() }
    }

    /// A text with a placeholder for each figure.
    pub(crate) fn hide(&mut self, text: &str, checker: &Checker, language: Language) -> String {
        let mut veiled = String::with_capacity(text.len());
        let mut at = 0;
        // A sentence that a look-up gave word for word is no name where it tells a cost.
        let figures = checker.figures_in(text, language, |name| !is_sensitive(name));
        for range in figures.into_iter().filter(|range| !counts_time(&text[range.end..])) {
            veiled.push_str(&text[at..range.start]);
            let figure = text[range.clone()].to_owned();
            let place = self.figures.iter().position(|known| *known == figure).unwrap_or_else(|| {
                self.figures.push(figure.clone());
                self.figures.len() - 1
            });
            veiled.push_str(&placeholder(place));
            if self.share == ShareCosts::Coarse
                && let Some(rough) = coarse(&figure, language)
            {
                veiled.push_str(&format!(" ({rough})"));
            }
            at = range.end;
        }
        veiled.push_str(&text[at..]);
        veiled
    }

    /// A model's text with the figures in the place of their placeholders. Ones that were never given stay, and the check
    /// of numbers withholds them.
    pub(crate) fn lift(&self, text: &str) -> String {
        let mut lifted = text.to_owned();
        // From the last, so that no placeholder is taken for the beginning of another.
        for (place, figure) in self.figures.iter().enumerate().rev() {
            lifted = lifted.replace(&placeholder(place), figure);
        }
        lifted
    }
}

fn is_sensitive(words: &str) -> bool {
    let lower = words.to_lowercase();
    SENSITIVE.iter().any(|word| lower.contains(word))
}

/// Whether a stretch of time follows: “28 days” is neither a cost nor a margin.
fn counts_time(after: &str) -> bool {
    const UNITS: &[&str] = &[
        "day", "days", "week", "weeks", "month", "months", "Tag", "Tage", "Tagen", "Woche", "Wochen", "Monat",
        "Monate", "Monaten",
    ];
    let Some(after) = after.strip_prefix([' ', '\u{a0}']) else { return false };
    let mut words = after.split(|letter: char| !letter.is_alphabetic());
    let first = words.next().unwrap_or_default();
    // “8 whole weeks”.
    let word = if matches!(first, "whole" | "ganze" | "ganzen") { words.next().unwrap_or_default() } else { first };
    UNITS.contains(&word)
}

fn placeholder(place: usize) -> String {
    format!("[[f{}]]", place + 1)
}

/// A figure at one digit: “about 30 EUR”.
fn coarse(figure: &str, language: Language) -> Option<String> {
    let (_, exact) = crate::checker::numbers_in(figure, language).into_iter().next()?;
    let value = exact.value.unsigned_abs() as f64 / 10f64.powi(i32::from(exact.digits));
    let unit: String = figure.chars().skip_while(|letter| !letter.is_whitespace()).collect();
    if value < 1.0 {
        return Some(format!("about 0{unit}"));
    }
    let scale = 10f64.powf(value.log10().floor());
    Some(format!("about {}{unit}", ((value / scale).round() * scale) as i128))
}

#[cfg(test)]
mod tests {
    use app_contract::ShareCosts;
    use question_grammar::Language;

    use super::Veil;
    use crate::checker::{Checker, Known};
    use crate::figures::Figure;

    fn checker() -> Checker {
        let mut known = Known::default();
        known.add(&Figure::Words("NL-10001".into()));
        Checker::new(&[known], &Known::default())
    }

    #[test]
    fn costs_leave_as_placeholders_and_come_back_as_figures() {
        let mut veil = Veil::new(ShareCosts::Withheld);
        let line = "The cost of NL-10001 is 27.20 EUR, its margin 8.2 %.";
        let veiled = veil.line(line, &checker(), Language::English);
        assert_eq!(veiled, "The cost of NL-10001 is [[f1]], its margin [[f2]].");
        assert_eq!(veil.lift("It earns [[f2]] at [[f1]]; not [[f3]]."), "It earns 8.2 % at 27.20 EUR; not [[f3]].");
        let price = "The price of NL-10001 is 39.90 EUR.";
        assert_eq!(veil.line(price, &checker(), Language::English), price);
    }

    #[test]
    fn a_sentence_of_a_look_up_is_veiled_though_it_is_known_word_for_word() {
        let mut known = Known::default();
        known.add(&Figure::Words("Floor 184.28 (margin 5 % on landed cost 147.114) holds.".into()));
        let checker = Checker::new(&[known], &Known::default());
        let mut veil = Veil::new(ShareCosts::Withheld);
        let line = "«Floor 184.28 (margin 5 % on landed cost 147.114) holds.»";
        let veiled = veil.line(line, &checker, Language::English);
        assert_eq!(veiled, "«Floor [[f1]] (margin [[f2]] on landed cost [[f3]]) holds.»");
        assert_eq!(veil.lift(&veiled), line);
    }

    #[test]
    fn a_stretch_of_time_is_no_cost() {
        let mut veil = Veil::new(ShareCosts::Withheld);
        let line = "The margin over the sales of 28 days is 18.3 %, of the newest 4 whole weeks 17.9 %.";
        let veiled = veil.line(line, &checker(), Language::English);
        assert_eq!(veiled, "The margin over the sales of 28 days is [[f1]], of the newest 4 whole weeks [[f2]].");
        let german = "In 28 Tagen 12,50 EUR mehr Marge.";
        assert_eq!(veil.line(german, &checker(), Language::German), "In 28 Tagen [[f3]] mehr Marge.");
    }

    #[test]
    fn coarse_figures_have_one_digit() {
        let mut veil = Veil::new(ShareCosts::Coarse);
        let veiled = veil.line("Marge: 1.234,56 EUR, 8,2 %", &checker(), Language::German);
        assert_eq!(veiled, "Marge: [[f1]] (about 1000 EUR), [[f2]] (about 8 %)");
        let mut open = Veil::new(ShareCosts::Exact);
        assert_eq!(open.line("Marge: 8,2 %", &checker(), Language::German), "Marge: 8,2 %");
    }
}
