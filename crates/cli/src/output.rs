//! Answers in words, for a terminal.

use app_contract::{
    BatchView, CollectionReport, CollectionView, CommandError, FailurePage, FileShapeView, ImportChange, ImportPreview,
    ImportReport, JobResult, PriceWayView, PricingReport, PriorPriceView, ProductPage, ProposalPage, ProposalRow,
    PublicationView, RestorePreview, Status,
};
use pricing_domain::{Currency, Money, decimal_text};
use serde::Serialize;

/// Prints JSON or words.
pub fn answer<T: Serialize>(json: bool, value: &T, words: impl FnOnce(&T)) {
    if json {
        match serde_json::to_string(value) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("omnipricex: {error}"),
        }
    } else {
        words(value);
    }
}

/// Says where a list is only a part: “1 to 50 of 702 products”.
pub fn stretch(offset: u64, shown: usize, matching: u64, what: &str) {
    let to = offset + shown as u64;
    if matching == 0 {
        println!("None.");
    } else if offset > 0 || to < matching {
        println!("{} to {to} of {matching} {what}", (offset + 1).min(to.max(1)));
    }
}

/// Why nothing was done: for people on standard error, for scripts as `{"error": {"code", "message"}}`.
pub fn failure(json: bool, error: &anyhow::Error) {
    if json {
        let code = error.downcast_ref::<CommandError>().map(|error| error.code);
        println!("{}", serde_json::json!({ "error": { "code": code, "message": format!("{error:#}") } }));
    } else {
        eprintln!("omnipricex: {error:#}");
    }
}

/// A job's result.
pub fn result(result: &JobResult) {
    match result {
        JobResult::Import(report) => import(report),
        JobResult::Preview(preview) => self::preview(preview),
        JobResult::Collection(report) => collection(report),
        JobResult::Pricing(report) => pricing(report),
        JobResult::Matching(report) => crate::matches::report(report),
        JobResult::Delivery(report) => crate::publishing::delivered(report),
        JobResult::BackTest(view) => crate::back_tests::in_words(view),
        JobResult::ForecastBackTest(view) => crate::science::backtest::print_of_workspace(view),
        JobResult::Movers(movers) => crate::market::print_movers(movers),
        JobResult::Automation(turn) => crate::automations::turn(turn),
    }
}

fn import(report: &ImportReport) {
    println!(
        "{}: {} rows in {} ms: {} new, {} changed, {} unchanged, {} refused",
        report.file_name,
        report.rows,
        report.elapsed_ms,
        report.added,
        report.changed,
        report.unchanged,
        report.refused
    );
    facts(report);
    if report.ended > 0 {
        println!("  {} products that the file lacks are out of sale", report.ended);
    }
    problems(report);
}

/// How the file was read.
fn facts(report: &ImportReport) {
    let delimiter = match report.delimiter {
        Some('\t') => ", tab-separated".to_owned(),
        Some(sign) => format!(", separated by “{sign}”"),
        None => String::new(),
    };
    let decimals = report.decimal_separator.map_or_else(String::new, |sign| format!(", decimals with “{sign}”"));
    println!("  read as {} ({}), {}{delimiter}{decimals}", report.kind, report.format, report.encoding);
    for (reason, count) in &report.left_out {
        println!("  {count} rows left out: they {reason}");
    }
    if !report.ignored_columns.is_empty() {
        println!("  columns not used: {}", report.ignored_columns.join(", "));
    }
}

fn problems(report: &ImportReport) {
    const SHOWN: usize = 20;
    for problem in report.problems.iter().take(SHOWN) {
        println!("  {problem}");
    }
    if report.problem_count > SHOWN as u64 {
        println!("  … and {} more (all with --json)", report.problem_count - SHOWN as u64);
    }
    if report.note_count > 0 {
        println!("  {} cells were read otherwise than they stand, or left out:", report.note_count);
        report.notes.iter().take(SHOWN).for_each(|note| println!("  {note}"));
    }
}

fn preview(preview: &ImportPreview) {
    const SHOWN: usize = 10;
    let report = &preview.report;
    println!(
        "{}: {} rows looked at in {} ms: {} would be new, {} would change, {} stay, {} are refused; nothing was written",
        report.file_name,
        report.rows,
        report.elapsed_ms,
        report.added,
        report.changed,
        report.unchanged,
        report.refused
    );
    facts(report);
    for (rows, count, word) in [(&preview.changes, report.changed, "changed"), (&preview.new_rows, report.added, "new")]
    {
        for row in rows.iter().take(SHOWN) {
            previewed_row(row, word);
        }
        let more = count.saturating_sub(rows.len().min(SHOWN) as u64);
        if !rows.is_empty() && more > 0 {
            println!("  … and {more} more {word} (all with --json)");
        }
    }
    if preview.missing > 0 {
        let named: Vec<&str> = preview.missing_skus.iter().take(SHOWN).map(String::as_str).collect();
        println!("  {} products are not in the file: {}", preview.missing, named.join(", "));
    }
    problems(report);
}

/// One row of a preview, field by field.
fn previewed_row(row: &ImportChange, word: &str) {
    let about = if row.about.is_empty() { String::new() } else { format!(", {}", row.about) };
    println!("  line {}: {}{about} ({word})", row.line, row.sku);
    for field in &row.fields {
        let new = if field.new.is_empty() { "–" } else { &field.new };
        match field.old.as_deref() {
            None if word == "new" => println!("    {:<16} {new}", field.field),
            old => println!("    {:<16} {} → {new}", field.field, old.unwrap_or("–")),
        }
    }
}

/// The columns of a file.
pub fn shape(shape: &FileShapeView) {
    match (&shape.profile, &shape.detected) {
        (Some(profile), _) => println!("read with the mapping “{profile}”, {}", shape.encoding),
        (None, Some((format, kind))) => println!("read as {kind} ({format}), {}", shape.encoding),
        (None, None) => println!("needs a mapping, {}", shape.encoding),
    }
    for column in &shape.columns {
        let suggested = column.suggested.as_deref().map_or_else(String::new, |own| format!("→ {own}"));
        let unit = column.unit.as_deref().unwrap_or_default();
        println!("  {:<24} {:<18} {}  {unit}", column.name, suggested, column.samples.join(" | "));
    }
}

fn collection(report: &CollectionReport) {
    let stopped = if report.cancelled { ", stopped" } else { "" };
    println!(
        "{} pages in {} ms: {} prices, {} moved{stopped}",
        report.pages, report.elapsed_ms, report.prices, report.moved
    );
    for (state, count) in &report.states {
        println!("  {count:>7} {state}");
    }
    if report.quarantined > 0 {
        println!("  {:>7} wait in quarantine: omnipricex quarantine list", report.quarantined);
    }
    for (reason, count) in &report.postponed_reasons {
        println!("  {count:>7} left for later: {reason}");
    }
}

fn pricing(report: &PricingReport) {
    println!(
        "{} prices looked at in {} ms ({} ms with proposals written): {} raised, {} lowered, {} unchanged",
        report.priced, report.evaluate_ms, report.elapsed_ms, report.raised, report.lowered, report.unchanged
    );
    for (reason, count) in &report.exceptions {
        println!("  {count:>7} need you: {}", reason.title());
    }
    let lacks = report.gaps.lacks();
    for (count, lack) in &lacks {
        println!("  {count:>7} products have {lack}");
    }
    if !lacks.is_empty() {
        println!(
            "          no margin protects them: import costs or rates, say the VAT rate (--vat, or a column vat_rate)"
        );
    }
    if report.carried > 0 {
        println!("  {:>7} approvals of the run before were taken over", report.carried);
    }
    if report.fallen > 0 {
        println!("  {:>7} approvals do not hold any more and wait again:", report.fallen);
        report.fallen_words.iter().for_each(|words| println!("          {words}"));
    }
    held(&report.held_for);
}

fn held(reasons: &[String]) {
    if !reasons.is_empty() {
        println!("The circuit breaker holds this batch (omnipricex release --reason …):");
        reasons.iter().for_each(|reason| println!("  {reason}"));
    }
}

/// Hand-overs.
pub fn hand_overs(list: &[PublicationView]) {
    for one in list {
        let what = if one.is_restore { "put back" } else { "handed over" };
        let taken_back = if one.restored_at.is_some() { ", taken back" } else { "" };
        let place = one.number;
        match &one.connection {
            None => println!(
                "{place:>4}  {}  {} prices {what} in {}{taken_back}",
                one.created_at, one.prices, one.file_name
            ),
            Some(shop) => {
                let (there, prices, state) = (one.there, one.prices, one.state);
                println!(
                    "{place:>4}  {}  {there} of {prices} prices {what} in {shop}: {state}{taken_back}",
                    one.created_at
                );
                if !one.message.is_empty() {
                    println!("      {}", one.message);
                }
            }
        }
    }
}

/// Previous prices that were put back.
pub fn restored(done: &RestorePreview, file: &std::path::Path) {
    println!("{} previous prices → {}", done.restored, file.display());
    if done.locked > 0 {
        println!("{} of them are locked: {}", done.locked, done.locked_rows.join(", "));
    }
    println!("{} stay: changed since; {} had none before", done.changed_since, done.without_previous);
    for row in &done.below_floor_rows {
        println!("  below its floor: {} on {}: {} under {}", row.sku, row.price_list, row.previous, row.floor);
    }
}

/// What is open.
pub fn status(status: &Status) {
    match &status.workspace {
        None => println!("No workspace is open."),
        Some(workspace) => {
            println!("{} — {} products, {}", workspace.company, workspace.products, workspace.location);
            for list in &workspace.price_lists {
                println!("  price list {} ({}, {} prices)", list.code, list.currency, list.tax_mode);
            }
            println!("{} need you, {} changes wait", status.pending_exceptions, status.pending_changes);
        }
    }
    if status.publishing_stopped {
        println!("Publishing is STOPPED.");
    }
}

/// How collection stands.
pub fn collection_state(view: &CollectionView) {
    println!("{} listings, {} due", view.listings, view.due);
    for competitor in &view.competitors {
        println!("  {:<20} {:>6} listings, {:>6} with a price", competitor.name, competitor.listings, competitor.fresh);
    }
    for group in &view.failures {
        println!("  {:>6} {}: {}", group.count, group.state, group.advice);
    }
}

/// Failures of one reason.
pub fn failures(page: &FailurePage) {
    println!("{} listings", page.matching);
    for row in &page.rows {
        println!("  {} {} {}: {}", row.sku, row.competitor, row.url, row.reason);
    }
}

/// The way to a price.
pub fn way(way: &PriceWayView) {
    println!("{} {} on {}", way.sku, way.name, way.price_list);
    println!("{}", way.summary);
    for line in &way.lines {
        let amount = line.amount.map_or_else(String::new, |amount| amount.to_string());
        println!("  {:<28} {:>14}  {}", line.title, amount, line.detail);
    }
    for offer in &way.offers {
        println!("  {:<28} {:>14}  {}", offer.competitor, offer.price.to_string(), offer.usage.words());
    }
    for offer in &way.withheld {
        println!("  {:<28} {:>14}  {}", offer.competitor, offer.price.to_string(), offer.why);
    }
    if let Some(fact) = &way.demand {
        println!("  demand: {}", fact.words());
    }
    if let Some(change) = &way.what_would_change {
        println!("{change}");
    }
}

/// Prior prices.
pub fn prior_prices(views: &[PriorPriceView]) {
    for view in views {
        let mark = if view.wrong { "!" } else { " " };
        println!("{mark} {:<20} {} {}", view.price_list, view.starts_words, view.name);
        println!("    {}", view.words);
    }
}

/// Proposals.
pub fn proposals(page: &ProposalPage) {
    if let Some(batch) = &page.batch {
        batch_line(batch);
    }
    println!("{} proposals", page.matching);
    for row in &page.rows {
        proposal(row);
    }
}

fn batch_line(batch: &BatchView) {
    println!(
        "{}: {} need you, {} changes wait, {} approved, {} rejected, {} handed over",
        batch.rule_set, batch.pending_exceptions, batch.pending_changes, batch.approved, batch.rejected, batch.exported
    );
    if batch.snoozed > 0 || batch.first_approved > 0 {
        println!("  {} snoozed, {} wait for a second person", batch.snoozed, batch.first_approved);
    }
    if batch.warned > 0 {
        println!("  {} cross a limit that only warns (`omnipricex proposals --warned`)", batch.warned);
    }
    held(&batch.held_for);
}

fn proposal(row: &ProposalRow) {
    let reason = row.reason.map_or("", |reason| reason.title());
    let warned = if row.warnings > 0 { " (warned)" } else { "" };
    println!(
        "  {:<14} {:<4} {:>12} → {:>12}  {:>8}  {:<10} {reason}{warned}",
        row.sku,
        row.price_list,
        amount(row.old_minor, row.currency),
        amount(row.new_minor, row.currency),
        percent(row.change_bp),
        row.status.as_str()
    );
}

/// Products, with what is known of their demand where that was asked for.
pub fn products(page: &ProductPage, with_demand: bool) {
    println!("{} of {}", page.matching, page.total);
    for row in &page.rows {
        println!(
            "  {:<14} {:>12} {:>12} {:>8}  {}",
            row.sku,
            amount(row.price_minor, page.currency),
            amount(row.lowest_minor, page.currency),
            percent(row.gap_bp),
            row.name
        );
        if with_demand {
            println!("{:17}{}", "", row.demand.map_or_else(|| "not enough data".to_owned(), |fact| fact.words()));
        }
    }
}

fn amount(minor: Option<i64>, currency: Currency) -> String {
    minor.map_or_else(|| "–".to_owned(), |minor| Money::new(minor, currency).amount_text())
}

fn percent(bp: Option<i32>) -> String {
    bp.map_or_else(
        || "–".to_owned(),
        |bp| format!("{}{} %", if bp > 0 { "+" } else { "" }, decimal_text(i64::from(bp), 2, 0)),
    )
}
