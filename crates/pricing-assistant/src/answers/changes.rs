//! Price changes that wait, the largest first.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, CardAction, ProposalCard, ProposalFilter, ProposalRow};
use pricing_domain::{ProposalKind, ProposalStatus};
use pricing_operations::OperationError;
use question_grammar::{Direction, Limit, Scope};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;
use crate::wording::scope_words;

const USUAL: usize = 10;
/// Proposals looked through for those of a scope or direction.
const LOOKED_AT: u64 = 3_000;
const PAGE: u32 = 500;

/// Lists waiting changes.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    direction: Option<Direction>,
    limit: Limit,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let wanted = match limit {
        Limit::Rows(rows) => (rows as usize).min(50),
        _ => USUAL,
    };
    let filter = ProposalFilter {
        price_list: Some(composer.list_id()),
        status: Some(ProposalStatus::Pending),
        kind: None,
        reason: None,
        search: scope.search.join(" "),
        ..ProposalFilter::default()
    };
    let narrow = !scope.filters.is_empty() || direction.is_some();
    let (total, rows) =
        collect(composer, &filter, scope, direction, if narrow { LOOKED_AT } else { u64::from(PAGE) }).await?;
    let matching = if narrow { rows.len() as u64 } else { total };
    let capped = narrow && total > LOOKED_AT;
    composer.step(
        "list_proposals",
        scope_words(scope, composer.language),
        matching as usize,
        started,
        AnswerLink::Proposals(filter),
    );
    let count = composer.gave(Figure::Count(matching as i64));
    let way = match direction {
        Some(Direction::Up) => composer.pick("increases", "Erhöhungen"),
        Some(Direction::Down) => composer.pick("cuts", "Senkungen"),
        None => composer.pick("changes", "Änderungen"),
    };
    let way = Figure::Words(way.to_owned());
    let of = Figure::Words(scope_words(scope, composer.language));
    if matching == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "No price {1} wait for {0}. Price the catalogue to make new proposals.",
            "Keine {1} warten für {0}. Eine Preisberechnung macht neue Vorschläge.",
            &[of, way],
        );
        return Ok(());
    }
    composer.say("{0} price {1} wait: {2}. The largest:", "{0} {1} warten: {2}. Die größten:", &[count, way, of]);
    let (exceptions, ordinary): (Vec<&ProposalRow>, Vec<&ProposalRow>) =
        rows.iter().partition(|row| row.kind == ProposalKind::Exception);
    let (exceptions, ordinary) = (exceptions.len() as i64, ordinary.len() as i64);
    if narrow {
        let (exceptions, ordinary) = (composer.gave(Figure::Count(exceptions)), composer.gave(Figure::Count(ordinary)));
        composer.say(
            "Of these, {0} need a person and {1} are ordinary changes.",
            "Davon brauchen {0} einen Menschen, und {1} sind gewöhnliche Änderungen.",
            &[exceptions, ordinary],
        );
    }
    if capped {
        let looked = composer.gave(Figure::Count(LOOKED_AT as i64));
        composer.say(
            "Looked through the {0} most urgent only.",
            "Durchgesehen wurden nur die {0} dringendsten.",
            &[looked],
        );
    }
    let mut sorted: Vec<&ProposalRow> = rows.iter().collect();
    sorted.sort_by_key(|row| std::cmp::Reverse(row.change_bp.map_or(0, i32::unsigned_abs)));
    table(composer, &sorted, wanted, matching);
    for row in sorted.iter().filter(|row| row.new_minor.is_some()).take(1) {
        card(composer, row);
    }
    composer.suggest("What needs me?".into(), "Was wartet auf mich?".into());
    if let Some(row) = sorted.first() {
        composer.suggest(format!("Why does {} change?", row.sku), format!("Warum ändert sich {}?", row.sku));
    }
    Ok(())
}

/// Proposals of a scope and direction: how many match the filter, and those of the scope.
pub(super) async fn collect(
    composer: &Composer<'_>,
    filter: &ProposalFilter,
    scope: &Scope,
    direction: Option<Direction>,
    most: u64,
) -> Result<(u64, Vec<ProposalRow>), OperationError> {
    let place = Place { snapshot: &composer.snapshot, list: composer.list, now: composer.now };
    let members = (!scope.filters.is_empty()).then(|| place.rows_of(scope, &[]));
    let members = members.map(|rows| rows.into_iter().collect::<std::collections::HashSet<u32>>());
    let mut found = Vec::new();
    let mut offset = 0;
    loop {
        let page = composer.workspace.proposals(filter, offset, PAGE).await?;
        let read = page.rows.len() as u64;
        found.extend(page.rows.into_iter().filter(|row| {
            let goes = match direction {
                Some(Direction::Up) => row.change_bp.is_some_and(|change| change > 0),
                Some(Direction::Down) => row.change_bp.is_some_and(|change| change < 0),
                None => true,
            };
            let inside = members
                .as_ref()
                .is_none_or(|members| composer.snapshot.row_of_sku(&row.sku).is_some_and(|row| members.contains(&row)));
            goes && inside
        }));
        offset += read;
        if read < u64::from(PAGE) || offset >= most {
            return Ok((page.matching, found));
        }
    }
}

pub(super) fn table(composer: &mut Composer<'_>, rows: &[&ProposalRow], shown: usize, total: u64) {
    let price_list = composer.list_id();
    let cells: Vec<_> = rows
        .iter()
        .take(shown)
        .map(|row| {
            let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, row.currency));
            let why = match row.reason {
                Some(reason) => reason.title().to_owned(),
                None => row.rule.clone(),
            };
            let cells = vec![
                Some(Figure::Words(row.sku.clone())),
                Some(Figure::Words(row.name.clone())),
                money(row.old_minor),
                money(row.new_minor),
                row.change_bp.map(|bp| Figure::Percent(i64::from(bp))),
                row.margin_bp.map(|bp| Figure::Percent(i64::from(bp))),
                Some(Figure::Words(why)),
            ];
            (cells, Some(AnswerLink::Product { product: row.product, price_list }))
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Price", "Preis", true),
        ("Proposed", "Vorschlag", true),
        ("Change", "Änderung", true),
        ("Margin then", "Marge dann", true),
        ("Why", "Warum", false),
    ];
    composer.table(("Proposals", "Vorschläge"), &columns, cells, total as usize);
}

/// The card of a waiting proposal: a person applies or rejects it.
pub(super) fn card(composer: &mut Composer<'_>, row: &ProposalRow) {
    let language = composer.language;
    let text = |figure: Option<Figure>| figure.map_or_else(|| "–".to_owned(), |figure| figure.text(language));
    let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, row.currency));
    let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
    let figures = [
        money(row.old_minor),
        money(row.new_minor),
        percent(row.change_bp),
        percent(row.margin_bp),
        money(row.floor_minor),
        money(row.ceiling_minor),
    ];
    composer.know(figures.into_iter().flatten());
    composer.know([
        Figure::Words(row.summary.clone()),
        Figure::Words(row.name.clone()),
        Figure::Words(row.sku.clone()),
        Figure::Words(row.rule.clone()),
    ]);
    let (floor, ceiling) = (text(money(row.floor_minor)), text(money(row.ceiling_minor)));
    let mut guardrails = vec![
        format!("{}: {floor}", composer.pick("Floor", "Untergrenze")),
        format!("{}: {ceiling}", composer.pick("Ceiling", "Obergrenze")),
    ];
    guardrails.extend(row.reason.map(|reason| reason.title().to_owned()));
    let proposed = row.lawful_minor.filter(|_| row.kind == ProposalKind::Exception).or(row.new_minor);
    composer.know(money(proposed));
    composer.card(ProposalCard {
        title: format!("{} {}", row.sku, row.name),
        current: text(money(row.old_minor)),
        proposed: text(money(proposed)),
        reason: row.summary.clone(),
        effect: vec![
            format!("{}: {}", composer.pick("Change", "Änderung"), text(percent(row.change_bp))),
            format!("{}: {}", composer.pick("Margin then", "Marge dann"), text(percent(row.margin_bp))),
        ],
        guardrails,
        confidence: composer
            .pick(
                "Computed by the rules in force; every step can be opened.",
                "Von den geltenden Regeln berechnet; jeder Schritt lässt sich öffnen.",
            )
            .to_owned(),
        step: composer.newest_step(),
        action: CardAction::DecideProposal(row.id),
    });
}
