//! Look-ups and drafts beyond what the advisor answers in words: elasticity, matches, a price, a scenario.

use std::time::Instant as Stopwatch;

use app_contract::{
    AnswerLink, AnswerOutcome, CardAction, MatchFilter, ProposalCard, ProposalFilter, ProposalRow, ScenarioChange,
    ScenarioInput, ScenarioTotals,
};
use pricing_domain::{BasisPoints, ProposalStatus};
use pricing_operations::{HandPricePreview, OperationError, Sensitivity};

use super::reading::ScenarioAsked;
use crate::answers::grades;
use crate::composer::Composer;
use crate::figures::Figure;

pub(crate) async fn product_of(
    composer: &Composer<'_>,
    sku: &str,
) -> Result<pricing_domain::ProductId, OperationError> {
    let row = composer.snapshot.row_of_sku(sku);
    let row = row.ok_or_else(|| OperationError::not_found("This product is not in the workspace any more."))?;
    let ids = composer.workspace.product_ids(&[composer.snapshot.products.key.get(row as usize)]).await?;
    ids.first().copied().ok_or_else(|| OperationError::not_found("This product is not in the workspace any more."))
}

/// How a product's sales answer its price.
pub(crate) async fn elasticity(composer: &mut Composer<'_>, sku: &str) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let product = product_of(composer, sku).await?;
    let view = composer.workspace.elasticity(product).await?;
    let link = AnswerLink::Product { product, sku: sku.to_owned(), price_list: composer.list_id() };
    composer.step("get_elasticity", sku.to_owned(), view.points.len(), started, link);
    let language = composer.language;
    let variation = grades::statistic(view.price_variation, 1, language);
    let known = [
        Figure::Words(sku.to_owned()),
        Figure::Count(view.weeks as i64),
        Figure::Count(view.price_levels as i64),
        variation,
    ];
    composer.know(known.clone());
    let grade = Figure::Words(grades::title(view.row.grade, language).to_owned());
    match view.row.elasticity {
        Some(value) => {
            let value = grades::statistic(value, 2, language);
            let error = grades::statistic(view.row.error.unwrap_or_default(), 2, language);
            composer.know([value.clone(), error.clone()]);
            composer.say(
                "The elasticity of {0} is {1} with a standard error of {2}; it rests on: {3}.",
                "Die Elastizität von {0} ist {1} bei einem Standardfehler von {2}; sie beruht auf: {3}.",
                &[known[0].clone(), value, error, grade],
            );
        }
        None => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say(
                "Not enough data for an elasticity of {0}: {1}.",
                "Zu wenig Daten für eine Elastizität von {0}: {1}.",
                &[known[0].clone(), grade],
            );
        }
    }
    let meaning = grades::meaning(view.row.grade);
    composer.say(meaning.0, meaning.1, &[]);
    composer.say(
        "{0} weeks with sales at {1} different prices, which vary by {2} %.",
        "{0} Wochen mit Verkäufen zu {1} verschiedenen Preisen, die um {2} % schwanken.",
        &known[1..],
    );
    let missing: Vec<String> = view.row.missing.iter().map(|words| grades::missing(words, language)).collect();
    if missing.is_empty() {
        composer.say(
            "Nothing is missing for an estimate from its own data.",
            "Für eine Schätzung aus eigenen Daten fehlt nichts.",
            &[],
        );
    } else {
        composer.know(missing.iter().cloned().map(Figure::Words));
        let list = Figure::Words(missing.join("; "));
        composer.know([list.clone()]);
        composer.say(
            "Missing for an estimate from its own data: {0}.",
            "Für eine Schätzung aus eigenen Daten fehlen: {0}.",
            &[list],
        );
    }
    if view.row.inelastic {
        composer.say(
            "Demand hardly answers this price: no best price lies inside what was charged.",
            "Die Nachfrage antwortet kaum auf diesen Preis: Ein bester Preis liegt nicht innerhalb der verlangten.",
            &[],
        );
    }
    composer.suggest("What do the grades mean?".into(), "Wie verlässlich sind die Elastizitäten?".into());
    Ok(())
}

/// Pages that may offer our products and wait for a decision.
pub(super) async fn matches(composer: &mut Composer<'_>, search: &str, limit: u32) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let filter = MatchFilter { search: search.to_owned(), ..MatchFilter::default() };
    let page = composer.workspace.matches(&filter, 0, limit).await?;
    composer.step("list_matches", search.to_owned(), page.rows.len(), started, AnswerLink::Matches);
    let count = composer.gave(Figure::Count(page.matching as i64));
    composer.say("{0} pages with a candidate.", "{0} Seiten mit einem Kandidaten.", &[count]);
    let words = |text: &str| Some(Figure::Words(text.to_owned()));
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            let price = row.theirs.price.map(|price| Figure::Money(price.amount_minor, price.currency));
            let cells = vec![
                words(&row.competitor),
                words(&row.theirs.title),
                price,
                words(row.ours.sku.as_deref().unwrap_or_default()),
                words(&row.ours.title),
                words(row.verdict.as_str()),
            ];
            let sku = row.ours.sku.clone().unwrap_or_default();
            (cells, Some(AnswerLink::Product { product: row.product, sku, price_list: composer.list_id() }))
        })
        .collect();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Their title", "Ihr Titel", false),
        ("Their price", "Ihr Preis", true),
        ("SKU", "SKU", false),
        ("Our product", "Unser Produkt", false),
        ("Verdict", "Urteil", false),
    ];
    let total = usize::try_from(page.matching).unwrap_or(usize::MAX);
    composer.table(("Pages", "Seiten"), &columns, rows, total);
    Ok(())
}

/// Another price for a waiting proposal, after the guardrails were asked.
pub(super) async fn price(
    composer: &mut Composer<'_>,
    sku: &str,
    hundredths: i64,
    reason: &str,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let price_list = Some(composer.list_id());
    let filter = ProposalFilter {
        price_list,
        status: Some(ProposalStatus::Pending),
        search: sku.to_owned(),
        ..ProposalFilter::default()
    };
    let page = composer.workspace.proposals(&filter, 0, 20).await?;
    let Some(row) = page.rows.iter().find(|row| row.sku == sku) else {
        return Err(OperationError::refused(format!(
            "No proposal waits for {sku}, so no other price can be drafted for it. A rule can be drafted instead."
        )));
    };
    let digits = u32::from(composer.currency().minor_digits());
    let price_minor = hundredths * 10i64.pow(digits) / 100;
    let seen = composer.workspace.preview_price_by_hand(row.id, price_minor).await?;
    composer.step("draft_price", sku.to_owned(), 1, started, AnswerLink::Proposals(filter));
    let (current, proposed) = (row.old_minor.map(|minor| composer.money(minor)), composer.money(price_minor));
    composer.know([Some(proposed.clone()), current.clone()].into_iter().flatten());
    composer.know([Figure::Words(sku.to_owned())]);
    composer.say("Draft: {0} at {1}.", "Entwurf: {0} für {1}.", &[Figure::Words(sku.to_owned()), proposed.clone()]);
    let card = ProposalCard {
        title: sku.to_owned(),
        product: crate::plain_text::visible(&row.name),
        current: current.map_or_else(|| "–".to_owned(), |figure| figure.text(composer.language)),
        proposed: proposed.text(composer.language),
        reason: crate::plain_text::visible(reason),
        effect: price_effect(composer, row, &seen),
        guardrails: price_limits(composer, row),
        confidence: format!(
            "{} {}",
            composer.drafted_by(),
            composer
                .pick("At unchanged volumes, without a model of demand.", "Bei gleichem Absatz, ohne Nachfragemodell.")
        ),
        step: composer.current_step(),
        action: CardAction::PriceByHand {
            proposal: row.id,
            price_minor,
            reason: format!("From the assistant: {}", crate::plain_text::visible(reason)),
        },
    };
    composer.card(card);
    Ok(())
}

/// A line of a card: its words, and figures of the newest step with an arrow between them.
fn card_line(composer: &mut Composer<'_>, words: (&str, &str), figures: &[Option<Figure>]) -> String {
    composer.know(figures.iter().flatten().cloned());
    let text =
        |figure: &Option<Figure>| figure.as_ref().map_or_else(|| "–".to_owned(), |one| one.text(composer.language));
    let figures: Vec<String> = figures.iter().map(text).collect();
    format!("{}: {}", composer.pick(words.0, words.1), figures.join(" → "))
}

/// What a price would do: its step, the margin now and then, the sum of 28 days, and what the rules would have set.
fn price_effect(composer: &mut Composer<'_>, row: &ProposalRow, seen: &HandPricePreview) -> Vec<String> {
    let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
    let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, row.currency));
    let margin = [percent(seen.margin_before_bp), percent(seen.margin_bp)];
    let words = ("Margin effect in 28 days", "Margeneffekt in 28 Tagen");
    let unknown = "not known: nothing was sold, or cost or VAT rate are missing";
    let unbekannt = "nicht bekannt: nichts verkauft, oder Einstand oder Steuersatz fehlen";
    let effect = match seen.margin_effect_minor {
        Some(effect) => card_line(composer, words, &[money(Some(effect))]),
        None => format!("{}: {}", composer.pick(words.0, words.1), composer.pick(unknown, unbekannt)),
    };
    vec![
        card_line(composer, ("Change", "Änderung"), &[percent(seen.change_bp)]),
        card_line(composer, ("Margin", "Marge"), &margin),
        effect,
        card_line(composer, ("By the rules", "Nach den Regeln"), &[money(row.new_minor)]),
    ]
}

/// The limits that the price was held against.
fn price_limits(composer: &mut Composer<'_>, row: &ProposalRow) -> Vec<String> {
    let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, row.currency));
    vec![
        card_line(composer, ("Floor", "Untergrenze"), &[money(row.floor_minor)]),
        card_line(composer, ("Ceiling", "Obergrenze"), &[money(row.ceiling_minor)]),
        composer.pick("No hard guardrail is crossed.", "Keine harte Leitplanke wird verletzt.").to_owned(),
    ]
}

/// A scenario of one change, played and offered.
pub(super) async fn scenario(composer: &mut Composer<'_>, asked: ScenarioAsked) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let input = input_of(composer, &asked);
    let view = composer.workspace.run_scenario(input.clone(), Sensitivity::OfDemand).await?;
    composer.step("run_scenario", input.name.clone(), view.products as usize, started, AnswerLink::Scenarios);
    let change = Figure::Percent(i64::from(asked.percent.0));
    let weeks = Figure::Count(i64::from(asked.weeks));
    composer.know([change, weeks, Figure::Count(view.products as i64)]);
    composer.know([Figure::Words(input.name.clone())]);
    let mut lines = |totals: &ScenarioTotals, title: (&str, &str)| {
        let money = |minor: i64| Figure::Money(minor, view.currency);
        let figures = [
            money(totals.revenue.value),
            money(totals.margin.value),
            money(totals.margin.low),
            money(totals.margin.high),
        ];
        composer.know(figures.clone());
        let [revenue, margin, low, high] = figures.map(|figure| figure.text(composer.language));
        format!(
            "{}: {} {revenue}, {} {margin} ({low} … {high})",
            composer.pick(title.0, title.1),
            composer.pick("revenue", "Umsatz"),
            composer.pick("margin", "Marge")
        )
    };
    let effect = vec![
        lines(&view.today, ("A week today", "Eine Woche heute")),
        lines(&view.after, ("The last week played", "Die letzte gespielte Woche")),
    ];
    composer.say("Scenario: {0}.", "Szenario: {0}.", &[Figure::Words(input.name.clone())]);
    for line in &effect {
        composer.say_line(line);
    }
    let remarks: Vec<String> = view.remarks.iter().take(3).cloned().collect();
    composer.know(remarks.iter().cloned().map(Figure::Words));
    let card = ProposalCard {
        title: input.name.clone(),
        product: String::new(),
        current: effect[0].clone(),
        proposed: effect[1].clone(),
        reason: composer.drafted_by().to_owned(),
        effect: Vec::new(),
        guardrails: vec![composer.pick("Nothing is changed by a scenario.", "Ein Szenario ändert nichts.").to_owned()],
        confidence: remarks.join(" "),
        step: composer.current_step(),
        action: CardAction::OpenScenario(Box::new(input)),
    };
    composer.card(card);
    Ok(())
}

fn input_of(composer: &Composer<'_>, asked: &ScenarioAsked) -> ScenarioInput {
    let percent = f64::from(asked.percent.0) / 100.0;
    let only = asked.only.clone();
    let change = match asked.what.as_str() {
        "costs" => ScenarioChange::Cost { percent, only },
        "competitor_prices" => {
            ScenarioChange::Competitor { percent, name: asked.competitor.clone(), share: None, only }
        }
        "volume" => ScenarioChange::Volume { percent, only },
        _ => ScenarioChange::Price { percent, only },
    };
    let share = Figure::Percent(i64::from(BasisPoints(asked.percent.0).0)).text(composer.language);
    let what = match asked.what.as_str() {
        "costs" => composer.pick("costs", "Kosten"),
        "competitor_prices" => composer.pick("competitors' prices", "Preise der Wettbewerber"),
        "volume" => composer.pick("demand", "Nachfrage"),
        _ => composer.pick("our prices", "unsere Preise"),
    };
    ScenarioInput {
        name: format!("{what} {share}"),
        price_list: composer.snapshot.lists[composer.list].code.clone(),
        weeks: asked.weeks,
        changes: vec![change],
        ..ScenarioInput::default()
    }
}
