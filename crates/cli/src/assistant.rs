//! Answers to questions in words, for a terminal.

use app_contract::{AnswerBlock, AnswerTable, AssistantTurn, CardAction, ModelUse, ProposalCard, TextSpan};

/// Prints an answer: text with the places of its sources, tables, cards, then the look-ups by place.
pub fn turn(turn: &AssistantTurn) {
    let answer = &turn.answer;
    for block in &answer.blocks {
        match block {
            AnswerBlock::Text(spans) => println!("{}", TextSpan::cited(spans)),
            AnswerBlock::Table(table) => self::table(table),
            AnswerBlock::Chart(chart) => {
                println!("\n(chart) {} [{}]\n  {}\n", chart.title, chart.step + 1, chart.alternative);
            }
            AnswerBlock::Card(card) => self::card(card),
        }
    }
    if answer.withheld > 0 {
        println!("({} parts withheld: a number in them was in no look-up)", answer.withheld);
    }
    if !answer.steps.is_empty() {
        println!();
    }
    for (place, step) in answer.steps.iter().enumerate() {
        let milliseconds = step.elapsed_us / 1_000;
        println!(
            "[{}] {} ({}): {} rows, {milliseconds} ms, as of {}",
            place + 1,
            step.tool,
            step.question,
            step.rows,
            step.at
        );
    }
    if let Some(used) = &answer.model {
        model(used);
    }
    for suggestion in &answer.suggestions {
        println!("  → {suggestion}");
    }
}

/// Who answered, what was sent and used.
fn model(used: &ModelUse) {
    let place = if used.local { "on this machine" } else { "over the network" };
    if let Some(why) = &used.fell_back {
        println!("Answered without a model: {why}.");
    }
    if used.calls == 0 {
        return;
    }
    if let Some(note) = used.drafting.note().filter(|_| used.fell_back.is_none()) {
        println!("{note}");
    }
    let about = if used.estimated { "about " } else { "" };
    println!(
        "{} at {}, {place}: {} requests, {about}{} + {} tokens{}",
        used.model,
        used.host,
        used.calls,
        used.input_tokens,
        used.output_tokens,
        crate::models::cost_in_words(used.cost_micro, &used.currency)
    );
    for sent in &used.sent {
        let withheld = if sent.withheld > 0 { format!(", {} figures withheld", sent.withheld) } else { String::new() };
        println!(
            "  sent {}: {} ({} rows, {} bytes{withheld})",
            sent.what,
            sent.fields.join(", "),
            sent.rows,
            sent.bytes
        );
    }
}

fn table(table: &AnswerTable) {
    const WIDEST: usize = 48;
    let cut = |text: &str| -> String {
        if text.chars().count() <= WIDEST {
            text.to_owned()
        } else {
            text.chars().take(WIDEST - 1).chain(['…']).collect()
        }
    };
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.cells.iter().map(|cell| cut(cell)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([table.columns[column].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).zip(&table.columns).map(|((cell, width), (_, number))| {
            if *number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        println!("  {}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    let titles: Vec<String> = table.columns.iter().map(|(title, _)| title.clone()).collect();
    println!("\n{} [{}]", table.title, table.step + 1);
    line(&titles);
    rows.iter().for_each(|row| line(row));
    let more = table.total.saturating_sub(table.rows.len() as u64);
    if more > 0 {
        println!("  … {more} more");
    }
    println!();
}

fn card(card: &ProposalCard) {
    println!("\n┌ {}", card.heading());
    println!("│ {} → {}", card.current, card.proposed);
    println!("│ {}", card.reason);
    card.effect.iter().chain(&card.guardrails).for_each(|line| println!("│ {line}"));
    println!("└ {} [{}]", card.confidence, card.step + 1);
    if matches!(card.action, CardAction::ImportAttached { .. }) {
        println!("  by you: omnipricex import observations FILE (--map where its columns have other names)");
    }
}
