//! The documented questions: what the help lists, and what is offered when a question is not understood.

use crate::intents::Language;
use crate::tokens::tokens;

/// A documented question in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it is about.
    pub topic: &'static str,
    /// In English.
    pub english: &'static str,
    /// In German.
    pub german: &'static str,
}

impl Example {
    /// In a language.
    pub const fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::German => self.german,
        }
    }
}

const fn example(topic: &'static str, english: &'static str, german: &'static str) -> Example {
    Example { topic, english, german }
}

const DOCUMENTED: &[Example] = &[
    example("explain", "Why did we drop SKU {sku}?", "Warum ist {sku} billiger geworden?"),
    example("explain", "What does {competitor} charge for {sku}?", "Was verlangt {competitor} für {sku}?"),
    example("explain", "Who is cheapest for {sku}?", "Wer ist bei {sku} am günstigsten?"),
    example("explain", "What is our margin on {sku}?", "Wie hoch ist die Marge von {sku}?"),
    example("explain", "Which rule prices {sku}?", "Welche Regel gilt für {sku}?"),
    example("compare", "Where do we lose margin against {competitor}?", "Wo verlieren wir Marge gegen {competitor}?"),
    example("compare", "How do we stand against {competitor}?", "Wie stehen wir gegenüber {competitor}?"),
    example("compare", "Which competitor undercuts us most?", "Welcher Wettbewerber unterbietet uns am meisten?"),
    example("compare", "Which categories have the weakest margin?", "Welche Kategorien haben die schwächste Marge?"),
    example("find", "Which products are below cost?", "Welche Produkte liegen unter Einstand?"),
    example("find", "Which products have no competitor price?", "Welche Produkte haben keinen Wettbewerbspreis?"),
    example(
        "find",
        "Where are we dearer than the lowest in {category}?",
        "Wo sind wir in {category} teurer als der Günstigste?",
    ),
    example("find", "Which products are out of stock at {competitor}?", "Was ist bei {competitor} ausverkauft?"),
    example("find", "Which products have a margin below 10 %?", "Welche Produkte haben eine Marge unter 10 %?"),
    example("find", "Where is {competitor} cheaper than us?", "Wo ist {competitor} günstiger als wir?"),
    example("find", "What are our best sellers?", "Was sind unsere Bestseller?"),
    example("find", "How many products have no cost?", "Wie viele Produkte haben keine Kosten?"),
    example("rules", "Which rules never fire?", "Welche Regeln greifen nie?"),
    example("rules", "Which rule decides most products?", "Welche Regel entscheidet die meisten Produkte?"),
    example("rules", "What is doubtful about our rules?", "Was ist an unseren Regeln zweifelhaft?"),
    example("rules", "Which guardrails hold?", "Welche Leitplanken gelten?"),
    example("changes", "What are the biggest price changes?", "Was sind die größten Preisänderungen?"),
    example("changes", "Which prices go up in {category}?", "Welche Preise steigen in {category}?"),
    example("batch", "Release notes for the last batch", "Was ändert die letzte Charge?"),
    example("needs", "What needs me?", "Was wartet auf mich?"),
    example("moves", "Which competitors lowered their prices?", "Welche Wettbewerber haben die Preise gesenkt?"),
    example(
        "moves",
        "Which competitor changes prices most?",
        "Welcher Wettbewerber ändert am häufigsten seine Preise?",
    ),
    example(
        "trend",
        "How did our index against {competitor} develop in the last 4 weeks?",
        "Wie hat sich unser Index gegen {competitor} in den letzten 4 Wochen entwickelt?",
    ),
    example("trend", "How did our margin develop?", "Wie hat sich unsere Marge entwickelt?"),
    example(
        "trend",
        "How did our revenue develop in the last 3 months?",
        "Wie hat sich unser Umsatz in den letzten 3 Monaten entwickelt?",
    ),
    example("trend", "Trend analysis for {category}", "Trendanalyse für {category}"),
    example("what if", "What if {category} go down 5 %?", "Was wäre, wenn {category} um 5 % sinken?"),
    example(
        "break-even",
        "How many more {sku} must we sell if we drop it 5 %?",
        "Wie viel Stück mehr müssen wir von {sku} verkaufen, wenn wir 5 % senken?",
    ),
    example(
        "break-even",
        "How far can {sku} go down before we lose money?",
        "Wie weit kann {sku} runtergehen, ohne draufzuzahlen?",
    ),
    example("what if", "What if costs rise 4 %?", "Was wäre, wenn die Kosten um 4 % steigen?"),
    example("what if", "What if {competitor} cuts prices by 5 %?", "Was, wenn {competitor} die Preise um 5 % senkt?"),
    example(
        "what if",
        "What if we match {competitor} in {category}?",
        "Was, wenn wir in {category} mit {competitor} gleichziehen?",
    ),
    example(
        "draft",
        "Draft a rule: {category} 2 % below {competitor}",
        "Entwirf eine Regel: {category} 2 % unter {competitor}",
    ),
    example("strategy", "Suggest a pricing strategy for {category}", "Schlag eine Preisstrategie für {category} vor"),
    example("science", "How reliable is the elasticity of {sku}?", "Wie verlässlich ist die Elastizität von {sku}?"),
    example("science", "How price sensitive are {category}?", "Wie preissensibel sind {category}?"),
    example("stock", "How long does our stock last in {category}?", "Wie lange reicht unser Bestand bei {category}?"),
    example("stock", "Which products run out within 7 days?", "Welche Produkte reichen höchstens 7 Tage?"),
    example("stock", "Which products were not sold?", "Welche Produkte wurden nicht verkauft?"),
    example("promotions", "Which promotion had the biggest uplift?", "Welche Aktion hatte den größten Mehrabsatz?"),
    example("families", "Which variants does {sku} have?", "Welche Varianten hat {sku}?"),
    example("collection", "Which pages of {competitor} are gone?", "Welche Seiten von {competitor} sind tot?"),
    example("alerts", "Did any alert go off?", "Hat ein Alarm ausgelöst?"),
    example("scenarios", "Which scenarios are kept?", "Welche Szenarien gibt es?"),
    example(
        "files",
        "How do I import a spreadsheet of competitor prices?",
        "Wie lese ich eine Excel-Datei mit Wettbewerbspreisen ein?",
    ),
    example("summarise", "Write the summary for Monday", "Schreib die Zusammenfassung für Montag"),
    example("summarise", "What changed?", "Was hat sich geändert?"),
    example("figures", "What is our margin in {category}?", "Wie hoch ist unsere Marge bei {category}?"),
    example("figures", "What is the median price in {category}?", "Wie hoch ist der Median der Preise bei {category}?"),
    example("figures", "What is our stock in {category} worth?", "Was ist unser Bestand bei {category} wert?"),
    example("figures", "Which brand has the highest price index?", "Welche Marke hat den höchsten Preisindex?"),
    example("figures", "What price gives 25 % margin on {sku}?", "Welcher Preis bringt bei {sku} 25 % Marge?"),
    example("trend", "Revenue this month against last month", "Umsatz diesen Monat gegen letzten Monat"),
    example(
        "find",
        "Where is {competitor} more than 5 % cheaper than us?",
        "Wo ist {competitor} mehr als 5 % günstiger als wir?",
    ),
    example("figures", "How many products do we have?", "Wie viele Produkte haben wir?"),
    example("figures", "When were prices collected last?", "Wann wurden die Preise zuletzt erfasst?"),
    example("help", "What can I ask?", "Was kann ich fragen?"),
];

/// Every documented question.
pub const fn documented() -> &'static [Example] {
    DOCUMENTED
}

/// The documented questions that share the most words with this one, the nearest first.
pub fn nearest(question: &str, language: Language, most: usize) -> Vec<&'static Example> {
    let asked = tokens(question);
    let shared = |example: &Example| {
        let words = tokens(example.text(language));
        words.iter().filter(|word| word.folded.len() > 2 && asked.iter().any(|own| own.folded == word.folded)).count()
    };
    let mut ranked: Vec<&Example> = DOCUMENTED.iter().collect();
    ranked.sort_by_key(|example| std::cmp::Reverse(shared(example)));
    let mut chosen: Vec<&Example> = Vec::new();
    // One of each topic: the nearest words may still miss what was meant.
    for example in ranked {
        if chosen.len() < most && !chosen.iter().any(|kept| kept.topic == example.topic) {
            chosen.push(example);
        }
    }
    chosen
}
