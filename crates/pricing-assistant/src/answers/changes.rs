//! Price changes that wait, the largest first.

use std::cmp::Ordering;
use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, CardAction, ProposalCard, ProposalFilter, ProposalRow};
use pricing_domain::{ProposalKind, ProposalStatus};
use pricing_operations::{OperationError, ProposalOrder};
use question_grammar::{Condition, Direction, Limit, Scope};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::{of_words, scope_words};

const USUAL: usize = 10;

/// Lists waiting changes.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    (scope, conditions): (&Scope, &[Condition]),
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
    let moved = direction.map(|direction| match direction {
        Direction::Up => Ordering::Greater,
        Direction::Down => Ordering::Less,
    });
    let products = composer.products_of(scope, conditions);
    let narrow = products.is_some() || direction.is_some();
    let (counts, rows) =
        composer.workspace.proposals_of(&filter, products, moved, ProposalOrder::Change, wanted as u32).await?;
    let matching: u64 = counts.iter().map(|(_, number)| number).sum();
    composer.step(
        "list_proposals",
        of_words(scope, conditions, composer.language, composer.currency()),
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
    let of = Figure::Words(of_words(scope, conditions, composer.language, composer.currency()));
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
    let ordinary = counts.iter().find(|(reason, _)| reason.is_none()).map_or(0, |(_, number)| *number);
    let (exceptions, ordinary) = ((matching - ordinary) as i64, ordinary as i64);
    if narrow {
        let (exceptions, ordinary) = (composer.gave(Figure::Count(exceptions)), composer.gave(Figure::Count(ordinary)));
        composer.say(
            "Of these, {0} need a person and {1} are ordinary changes.",
            "Davon brauchen {0} einen Menschen, und {1} sind gewöhnliche Änderungen.",
            &[exceptions, ordinary],
        );
    }
    table(composer, &rows, matching);
    if let Some(row) = rows.iter().find(|row| row.new_minor.is_some()) {
        card(composer, row);
    }
    if narrow && composer.snapshot.lists.len() > 1 {
        on_all_lists(composer, (scope, conditions), moved).await?;
    }
    composer.suggest("What needs me?".into(), "Was wartet auf mich?".into());
    if let Some(row) = rows.first() {
        composer.suggest(format!("Why does {} change?", row.sku), format!("Warum ändert sich {}?", row.sku));
    }
    Ok(())
}

/// How many wait for the same products on all price lists together.
async fn on_all_lists(
    composer: &mut Composer<'_>,
    (scope, conditions): (&Scope, &[Condition]),
    moved: Option<Ordering>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let filter = ProposalFilter {
        status: Some(ProposalStatus::Pending),
        search: scope.search.join(" "),
        ..ProposalFilter::default()
    };
    let products = composer.products_of(scope, conditions);
    let (counts, _) = composer.workspace.proposals_of(&filter, products, moved, ProposalOrder::Change, 1).await?;
    let matching: u64 = counts.iter().map(|(_, number)| number).sum();
    let ordinary = counts.iter().find(|(reason, _)| reason.is_none()).map_or(0, |(_, number)| *number);
    let asked = scope_words(scope, composer.language);
    composer.step("list_proposals", asked, matching as usize, started, AnswerLink::Proposals(filter));
    let figures = [matching - ordinary, ordinary].map(|number| Figure::Count(number as i64));
    composer.know(figures.clone());
    composer.say(
        "On all price lists {0} need a person and {1} ordinary changes wait.",
        "Auf allen Preislisten brauchen {0} einen Menschen, und {1} gewöhnliche Änderungen warten.",
        &figures,
    );
    Ok(())
}

pub(super) fn table(composer: &mut Composer<'_>, rows: &[ProposalRow], total: u64) {
    let price_list = composer.list_id();
    let cells: Vec<_> = rows
        .iter()
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
            (cells, Some(AnswerLink::Product { product: row.product, sku: row.sku.clone(), price_list }))
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
        product: String::new(),
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
        step: composer.current_step(),
        action: CardAction::DecideProposal(row.id),
    });
}
