//! Questions about the rules in force.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, RuleShare};
use pricing_domain::RuleSet;
use pricing_operations::OperationError;
use question_grammar::RuleQuestion;

use crate::composer::Composer;
use crate::figures::Figure;

/// Answers about the rules.
pub(super) async fn tell(composer: &mut Composer<'_>, asked: RuleQuestion) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let rules = composer.workspace.rule_set().await?;
    match asked {
        RuleQuestion::List | RuleQuestion::Shares | RuleQuestion::NeverFire => {
            let (products, decided) = composer.workspace.rule_shares(composer.list_id()).await?;
            composer.step("preview_rules", rules.name.clone(), products as usize, started, AnswerLink::Rules);
            shares(composer, &rules, (products, &decided), asked);
        }
        RuleQuestion::Doubts => doubts(composer, rules, started).await?,
        RuleQuestion::Guardrails => guardrails(composer, &rules, started),
    }
    composer.suggest("What is doubtful about our rules?".into(), "Was ist an unseren Regeln zweifelhaft?".into());
    composer
        .suggest("Which rule decides most products?".into(), "Welche Regel entscheidet die meisten Produkte?".into());
    Ok(())
}

fn shares(composer: &mut Composer<'_>, rules: &RuleSet, (products, decided): (u64, &[RuleShare]), asked: RuleQuestion) {
    let flat = rules.flat_rules();
    let named: Vec<(String, bool)> = flat.iter().map(|rule| (rule.name(), rule.is_enabled())).collect();
    let mut all: Vec<(usize, &RuleShare)> = decided.iter().enumerate().collect();
    let name = |place: usize, composer: &Composer<'_>| {
        let none = composer.pick("No rule decides", "Keine Regel entscheidet").to_owned();
        named.get(place).map_or(none, |(name, _)| name.clone())
    };
    let idle: Vec<String> = all
        .iter()
        .filter(|(place, share)| *place < named.len() && share.products == 0)
        .map(|(place, _)| name(*place, composer))
        .collect();
    let products = composer.gave(Figure::Count(products as i64));
    let set = Figure::Words(rules.name.clone());
    composer.know([set.clone()]);
    for (rule, _) in &named {
        composer.know([Figure::Words(rule.clone())]);
    }
    match asked {
        RuleQuestion::NeverFire if idle.is_empty() => composer.say(
            "Every rule of “{0}” decides at least a product of {1}.",
            "Jede Regel von „{0}“ entscheidet mindestens ein Produkt von {1}.",
            &[set, products],
        ),
        RuleQuestion::NeverFire => {
            let count = composer.gave(Figure::Count(idle.len() as i64));
            composer.say(
                "{0} rules of “{1}” decide no product of {2}: {3}.",
                "{0} Regeln von „{1}“ entscheiden keines von {2} Produkten: {3}.",
                &[count, set, products, Figure::Words(idle.join("; "))],
            );
        }
        _ => {
            let count = composer.gave(Figure::Count(named.len() as i64));
            composer.say(
                "“{0}” has {1} rules over {2} products.",
                "„{0}“ hat {1} Regeln über {2} Produkte.",
                &[set, count, products],
            );
            let most = all
                .iter()
                .filter(|(place, _)| *place < named.len())
                .max_by_key(|(place, share)| (share.products, std::cmp::Reverse(*place)));
            if let Some((place, share)) = most.copied() {
                let decided = composer.gave(Figure::Count(share.products as i64));
                let rule = Figure::Words(name(place, composer));
                composer.say(
                    "Most products are decided by “{0}”: {1}.",
                    "Die meisten Produkte entscheidet „{0}“: {1}.",
                    &[rule, decided],
                );
            }
        }
    }
    if asked == RuleQuestion::Shares {
        all.sort_by_key(|(place, share)| (std::cmp::Reverse(share.products), *place));
    }
    let rows: Vec<_> = all
        .into_iter()
        .map(|(place, share)| {
            let count = |count: u64| Some(Figure::Count(count as i64));
            let cells = vec![
                Some(Figure::Words(name(place, composer))),
                count(share.products),
                count(share.raised),
                count(share.lowered),
                count(share.exceptions),
            ];
            (cells, Some(AnswerLink::Rules))
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Rule", "Regel", false),
        ("Products", "Produkte", true),
        ("Raised", "Erhöht", true),
        ("Lowered", "Gesenkt", true),
        ("Needs a person", "Braucht einen Menschen", true),
    ];
    composer.table(("Rules in order", "Regeln in ihrer Reihenfolge"), &columns, rows, total);
}

async fn doubts(composer: &mut Composer<'_>, rules: RuleSet, started: Stopwatch) -> Result<(), OperationError> {
    let flat: Vec<String> = rules.flat_rules().iter().map(pricing_domain::FlatRule::name).collect();
    let set = Figure::Words(rules.name.clone());
    let remarks = composer.workspace.lint_rules(rules, composer.list_id()).await?;
    composer.step("lint_rules", "rules in force".into(), remarks.len(), started, AnswerLink::Rules);
    let count = composer.gave(Figure::Count(remarks.len() as i64));
    composer.know([set.clone()]);
    composer.say("{0} remarks on “{1}”.", "{0} Anmerkungen zu „{1}“.", &[count, set]);
    let rows: Vec<_> = remarks
        .iter()
        .map(|remark| {
            let rule = remark.rule.and_then(|place| flat.get(place as usize)).cloned();
            let serious = if remark.serious { composer.pick("yes", "ja") } else { composer.pick("no", "nein") };
            let cells = vec![
                rule.map(Figure::Words),
                Some(Figure::Words(remark.text.clone())),
                Some(Figure::Words(serious.to_owned())),
            ];
            (cells, Some(AnswerLink::Rules))
        })
        .collect();
    let total = rows.len();
    let columns = [("Rule", "Regel", false), ("Remark", "Anmerkung", false), ("Worth a look", "Sehenswert", false)];
    composer.table(("Remarks", "Anmerkungen"), &columns, rows, total);
    Ok(())
}

/// The guardrails as the rule file writes them.
fn guardrails(composer: &mut Composer<'_>, rules: &RuleSet, started: Stopwatch) {
    let text = pricing_rules::rule_set_text(rules);
    let lines: Vec<String> = text
        .lines()
        .skip_while(|line| line.trim() != "guardrails")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let limit = text.lines().find(|line| line.starts_with("approval limit")).map(str::to_owned);
    let lines: Vec<String> = lines.into_iter().chain(limit).collect();
    composer.step("get_rule_set", rules.name.clone(), lines.len(), started, AnswerLink::Rules);
    let count = composer.gave(Figure::Count(lines.len() as i64));
    composer.name(&rules.name);
    composer.say(
        "{0} guardrails stand in “{1}”:",
        "{0} Leitplanken stehen in „{1}“:",
        &[count, Figure::Words(rules.name.clone())],
    );
    let rows: Vec<_> =
        lines.into_iter().map(|line| (vec![Some(Figure::Words(line))], Some(AnswerLink::Rules))).collect();
    let total = rows.len();
    composer.table(("Guardrails", "Leitplanken"), &[("As the rules say", "Wie die Regeln sagen", false)], rows, total);
}
