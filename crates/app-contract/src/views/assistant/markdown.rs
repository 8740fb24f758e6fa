//! An answer as Markdown: every figure with the number of the look-up it comes from, the look-ups below.

use super::{AnswerBlock, AnswerTable, AssistantAnswer, FigureSource, ProposalCard, TextSpan};

impl AssistantAnswer {
    /// The answer as Markdown with its sources, for a document, a message or a ticket.
    pub fn markdown(&self) -> String {
        let parts = self.blocks.iter().map(|block| match block {
            AnswerBlock::Text(spans) => paragraph(spans),
            AnswerBlock::Table(table) => self::table(table),
            AnswerBlock::Chart(chart) => {
                format!("*{}* [{}]: {}", escaped(&chart.title), chart.step + 1, escaped(&chart.alternative))
            }
            AnswerBlock::Card(card) => self::card(card),
        });
        let mut text = parts.collect::<Vec<_>>().join("\n\n");
        if self.withheld > 0 {
            text.push_str(&format!("\n\n({} parts withheld)", self.withheld));
        }
        if !self.steps.is_empty() {
            let title = if self.language == "de" { "Quellen" } else { "Sources" };
            text.push_str(&format!("\n\n**{title}**\n"));
        }
        for (place, step) in self.steps.iter().enumerate() {
            let question = escaped(&step.question);
            let rows = if self.language == "de" { "Zeilen, Stand" } else { "rows, as of" };
            text.push_str(&format!(
                "\n{}. `{}` {question}: {} {rows} {} ({})",
                place + 1,
                step.tool,
                step.rows,
                step.at,
                step.sequence
            ));
        }
        text.push('\n');
        text
    }
}

/// Words and figures, each figure with the number of its look-up.
fn paragraph(spans: &[TextSpan]) -> String {
    let mut line = String::new();
    for span in spans {
        line.push_str(&escaped(&span.text));
        if let Some(FigureSource::Step(step)) = span.source {
            line.push_str(&format!(" [{}]", step + 1));
        }
    }
    line
}

fn table(table: &AnswerTable) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let heads = row(table.columns.iter().map(|(title, _)| escaped(title)).collect());
    let rule = row(table.columns.iter().map(|(_, number)| if *number { "---:" } else { "---" }.to_owned()).collect());
    let rows = table.rows.iter().map(|one| row(one.cells.iter().map(|cell| escaped(cell)).collect()));
    let mut lines = vec![format!("**{}** [{}]", escaped(&table.title), table.step + 1), String::new(), heads, rule];
    lines.extend(rows);
    let more = table.total.saturating_sub(table.rows.len() as u64);
    if more > 0 {
        lines.extend([String::new(), format!("… +{more}")]);
    }
    lines.join("\n")
}

fn card(card: &ProposalCard) -> String {
    let mut lines = vec![
        format!(
            "**{}** [{}]: {} → {}",
            escaped(&card.heading()),
            card.step + 1,
            escaped(&card.current),
            escaped(&card.proposed)
        ),
        String::new(),
    ];
    let details = [&card.reason, &card.confidence];
    let details = details.into_iter().chain(&card.effect).chain(&card.guardrails).filter(|line| !line.is_empty());
    lines.extend(details.map(|line| format!("- {}", escaped(line))));
    lines.join("\n")
}

/// Text that stays text: no markup, no link, no further row.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => plain.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' => plain.extend(['\\', letter]),
            letter => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;

    use crate::{
        AnswerBlock, AnswerLink, AnswerOutcome, AnswerRow, AnswerTable, AssistantAnswer, FigureSource, TextSpan,
        ToolStep,
    };

    #[test]
    fn figures_keep_their_sources_and_names_stay_text() {
        let span = |text: &str, source| TextSpan { text: text.into(), source };
        let table = AnswerTable {
            title: "Products".into(),
            columns: vec![("SKU".into(), false), ("Price".into(), true)],
            rows: vec![AnswerRow { cells: vec!["A|1 [x](http://e.example)".into(), "9.99 EUR".into()], link: None }],
            total: 3,
            step: 0,
        };
        let step = ToolStep {
            tool: "find_products".into(),
            question: "all".into(),
            rows: 3,
            sequence: 7,
            at: Instant(0),
            elapsed_us: 1,
            link: AnswerLink::Today,
            call: None,
        };
        let answer = AssistantAnswer {
            language: "en".into(),
            understood: String::new(),
            intent: "find".into(),
            outcome: AnswerOutcome::Answered,
            blocks: vec![
                AnswerBlock::Text(vec![span("3", Some(FigureSource::Step(0))), span(" products.", None)]),
                AnswerBlock::Table(table),
            ],
            steps: vec![step],
            suggestions: Vec::new(),
            withheld: 0,
            elapsed_ms: 1,
            model: None,
            file: None,
        };
        let text = answer.markdown();
        assert!(text.starts_with("3 [1] products.\n\n**Products** [1]\n\n| SKU | Price |\n| --- | ---: |\n"), "{text}");
        assert!(text.contains("| A\\|1 \\[x\\](http://e.example) | 9.99 EUR |"), "{text}");
        assert!(text.contains("… +2") && text.contains("1. `find_products` all: 3 rows, as of"), "{text}");
    }
}
