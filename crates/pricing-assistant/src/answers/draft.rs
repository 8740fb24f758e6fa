//! A rule drafted from a sentence, with what it would do; a person opens it in the editor and puts it in force.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, CardAction, ProposalCard, RunFigures};
use pricing_domain::{
    Adjustment, BasisPoints, CompetitorReference, GridFilter, OfferPolicy, Rule, Scope as RuleScope, ScopeTest,
    Strategy,
};
use pricing_operations::OperationError;
use question_grammar::{DraftStrategy, Scope};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// Drafts the rule of a sentence, puts it before the others, and previews it.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    strategy: &DraftStrategy,
) -> Result<(), OperationError> {
    let reason = composer.drafted_by().to_owned();
    suggest(composer, scope, strategy, &reason).await
}

/// Drafts a rule for a reason, puts it before the others, and previews it.
pub(super) async fn suggest(
    composer: &mut Composer<'_>,
    scope: &Scope,
    strategy: &DraftStrategy,
    reason: &str,
) -> Result<(), OperationError> {
    let Some(tests) = scope_tests(scope) else {
        composer.ended_as(AnswerOutcome::NotUnderstood);
        composer.say(
            "A rule can be for brands, categories, suppliers, roles and stages of life, not for words of a name.",
            "Eine Regel kann für Marken, Kategorien, Lieferanten, Rollen und Lebensphasen gelten, nicht für Wörter eines Namens.",
            &[],
        );
        return Ok(());
    };
    let started = Stopwatch::now();
    let said = strategy_words(composer, strategy);
    let name = format!("{}: {said}", scope_words(scope, composer.language));
    let mut rules = composer.workspace.rule_set().await?;
    rules.rules.insert(
        0,
        Rule {
            name: name.clone(),
            scope: RuleScope(tests),
            strategy: strategy_of(strategy),
            fallback: Some(Strategy::Keep),
            note: composer.pick("Drafted by the assistant.", "Vom Assistenten entworfen.").to_owned(),
            ..Rule::default()
        },
    );
    let preview = composer.workspace.preview_rules(rules.clone(), composer.list_id()).await?;
    composer.step("preview_rules", name.clone(), preview.products as usize, started, AnswerLink::Rules);
    if let Some(problem) = preview.problems.first() {
        composer.ended_as(AnswerOutcome::NotUnderstood);
        let words = problem.to_string();
        composer.know([Figure::Words(words.clone())]);
        composer.say(
            "This rule cannot be used: {0}.",
            "Diese Regel ist nicht brauchbar: {0}.",
            &[Figure::Words(words)],
        );
        return Ok(());
    }
    let decided = preview.rules.first().map_or(0, |share| share.products);
    let decided = composer.gave(Figure::Count(decided as i64));
    composer.say(
        "Draft, placed before the other rules: “{0}”. It would decide {1} products.",
        "Entwurf, vor die anderen Regeln gestellt: „{0}“. Er würde {1} Produkte entscheiden.",
        &[Figure::Words(name.clone()), decided.clone()],
    );
    let current = line(composer, ("Rules in force", "Geltende Regeln"), &preview.in_force);
    let proposed = line(composer, ("With the draft", "Mit dem Entwurf"), &preview.edited);
    let decides = composer.pick("Products it decides", "Produkte, die sie entscheidet");
    let effect = vec![format!("{decides}: {}", decided.text(composer.language))];
    let exceptions = composer.gave(Figure::Count(preview.edited.exceptions as i64)).text(composer.language);
    let guardrails = vec![
        composer.pick("All guardrails stay as they are.", "Alle Leitplanken bleiben, wie sie sind.").to_owned(),
        format!(
            "{}: {exceptions}",
            composer.pick("Products that would need a person", "Produkte, die einen Menschen brauchten")
        ),
    ];
    composer.card(ProposalCard {
        title: name,
        product: String::new(),
        current,
        proposed,
        reason: reason.to_owned(),
        effect,
        guardrails,
        confidence: composer
            .pick(
                "Previewed over the whole catalogue at unchanged volumes.",
                "Über den ganzen Katalog bei gleichem Absatz gerechnet.",
            )
            .to_owned(),
        step: composer.current_step(),
        action: CardAction::EditRules(Box::new(rules)),
    });
    Ok(())
}

fn line(composer: &mut Composer<'_>, title: (&str, &str), figures: &RunFigures) -> String {
    let counts = [figures.raised, figures.lowered]
        .map(|count| composer.gave(Figure::Count(count as i64)).text(composer.language));
    let margin = figures
        .margin_effect
        .map(|money| composer.gave(Figure::Money(money.amount_minor, money.currency)).text(composer.language));
    let margin = margin
        .map_or_else(String::new, |margin| format!(", {} {margin}", composer.pick("margin effect", "Margeneffekt")));
    format!(
        "{}: {} {}, {} {}{margin}",
        composer.pick(title.0, title.1),
        counts[0],
        composer.pick("raised", "erhöht"),
        counts[1],
        composer.pick("lowered", "gesenkt")
    )
}

fn scope_tests(scope: &Scope) -> Option<Vec<ScopeTest>> {
    if !scope.search.is_empty() {
        return None;
    }
    scope.filters.iter().map(test_of).collect()
}

fn test_of(filter: &GridFilter) -> Option<ScopeTest> {
    Some(match filter {
        GridFilter::Brand(name) => ScopeTest::Brand(vec![name.clone()]),
        GridFilter::Category(path) => ScopeTest::Category(path.clone()),
        GridFilter::Supplier(name) => ScopeTest::Supplier(name.clone()),
        GridFilter::Role(role) => ScopeTest::Role(vec![*role]),
        GridFilter::Lifecycle(stage) => ScopeTest::Lifecycle(vec![*stage]),
        GridFilter::Tag(tag) => ScopeTest::Tag(tag.clone()),
        GridFilter::Attribute { name, text } => ScopeTest::Attribute { name: name.clone(), texts: vec![text.clone()] },
        GridFilter::KeyValue => ScopeTest::KeyValue(true),
        GridFilter::OwnBrand => ScopeTest::OwnBrand(true),
        _ => return None,
    })
}

fn strategy_of(strategy: &DraftStrategy) -> Strategy {
    match strategy {
        DraftStrategy::Margin(margin) => Strategy::CostPlusMargin { margin: *margin },
        DraftStrategy::Against { competitor, change } => Strategy::Competitor {
            reference: competitor
                .clone()
                .map_or(CompetitorReference::Lowest, |name| CompetitorReference::Named(vec![name])),
            adjust: if change.0 == 0 { Adjustment::None } else { Adjustment::Percent(*change) },
            offers: OfferPolicy::default(),
        },
    }
}

fn strategy_words(composer: &Composer<'_>, strategy: &DraftStrategy) -> String {
    let percent = |share: BasisPoints| Figure::Percent(i64::from(share.0)).unsigned().text(composer.language);
    match strategy {
        DraftStrategy::Margin(margin) => {
            format!("{} {}", composer.pick("cost plus a margin of", "Einstand plus eine Marge von"), percent(*margin))
        }
        DraftStrategy::Against { competitor, change } => {
            let whom = competitor
                .clone()
                .unwrap_or_else(|| composer.pick("the lowest offer", "das günstigste Angebot").to_owned());
            match change.0 {
                0 => format!("{} {whom}", composer.pick("as", "wie")),
                below if below < 0 => format!("{} {} {whom}", percent(*change), composer.pick("below", "unter")),
                _ => format!("{} {} {whom}", percent(*change), composer.pick("above", "über")),
            }
        }
    }
}
