//! How sure elasticities are: what their grades mean, and what products lack for a better one.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, ElasticityGrade};
use pricing_domain::GridFilter;
use pricing_operations::{ErrorKind, OperationError};
use question_grammar::{Language, Scope};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// A grade's name.
pub(crate) const fn title(grade: ElasticityGrade, language: Language) -> &'static str {
    match (language, grade) {
        (Language::English, grade) => grade.title(),
        (Language::German, ElasticityGrade::OwnData) => "eigene Daten",
        (Language::German, ElasticityGrade::Shrunk) => "eigene Daten, zu ähnlichen Produkten hingezogen",
        (Language::German, ElasticityGrade::Category) => "die Schätzung der Kategorie",
        (Language::German, ElasticityGrade::Default) => "angenommen",
        (Language::German, ElasticityGrade::NotEnough) => "zu wenig Daten",
    }
}

/// What a grade means, as a sentence in English and in German.
pub(crate) const fn meaning(grade: ElasticityGrade) -> (&'static str, &'static str) {
    match grade {
        ElasticityGrade::OwnData => (
            "The product's own sales at its own prices carry the figure; it is the most reliable grade.",
            "Die eigenen Verkäufe zu eigenen Preisen tragen die Zahl; das ist die verlässlichste Güte.",
        ),
        ElasticityGrade::Shrunk => (
            "The product's own sales are in it, but they are noisy, so similar products pull the figure towards theirs.",
            "Die eigenen Verkäufe stecken darin, sind aber verrauscht; ähnliche Produkte ziehen die Zahl zu sich hin.",
        ),
        ElasticityGrade::Category => (
            "The figure is that of its category, because the product's own sales do not carry one; single products may differ much.",
            "Die Zahl ist die der Kategorie, weil die eigenen Verkäufe keine tragen; einzelne Produkte können stark abweichen.",
        ),
        ElasticityGrade::Default => (
            "The figure is an assumption: neither the product nor its category has sales that would carry one.",
            "Die Zahl ist eine Annahme: Weder das Produkt noch seine Kategorie hat Verkäufe, die eine tragen.",
        ),
        ElasticityGrade::NotEnough => (
            "There is no figure: nothing that is known would carry one.",
            "Es gibt keine Zahl: Nichts, was bekannt ist, trägt eine.",
        ),
    }
}

/// A statistic with the marks of the language, as it is shown.
pub(crate) fn statistic(value: f64, decimals: usize, language: Language) -> Figure {
    let plain = format!("{value:.decimals$}").replace('-', "−");
    Figure::Words(match language {
        Language::English => plain,
        Language::German => plain.replace('.', ","),
    })
}

/// What is missing for an estimate from own data, as the science says it, in the language of the answer.
pub(crate) fn missing(words: &str, language: Language) -> String {
    if language == Language::English {
        return words.to_owned();
    }
    let ends: &[(&str, &str)] = &[
        (" more weeks with sales", " weitere Wochen mit Verkäufen"),
        (" more price levels", " weitere Preisstufen"),
        (" more units sold", " weitere verkaufte Stück"),
    ];
    for (english, german) in ends {
        if let Some(number) = words.strip_suffix(english) {
            return format!("{number}{german}");
        }
    }
    let of_kind = [
        ("more weeks with sales", "Wochen mit Verkäufen"),
        ("more price levels", "Preisstufen"),
        ("more units sold", "verkaufte Stück"),
        ("price variation", "Schwankung des Preises"),
        (
            "the fit did not converge or its error is not known",
            "die Anpassung kam zu keinem Ende, oder ihr Fehler ist nicht bekannt",
        ),
    ];
    if let Some((_, german)) = of_kind.iter().find(|(english, _)| *english == words) {
        return (*german).to_owned();
    }
    let variation = words.strip_prefix("price variation of ").and_then(|rest| rest.split_once(" instead of "));
    match variation {
        Some((needed, there)) => {
            format!("eine Preisschwankung von {} statt {}", needed.replace('.', ","), there.replace('.', ","))
        }
        None => words.to_owned(),
    }
}

/// What the grades mean, how many products have which, and what is lacking.
pub(super) async fn tell(composer: &mut Composer<'_>, scope: &Scope) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let category = match scope.filters.as_slice() {
        [GridFilter::Category(path)] if scope.search.is_empty() => Some(path.clone()),
        _ => None,
    };
    let looked = match &category {
        Some(path) => composer.workspace.category_elasticity(path, 0, 1).await.map(|view| (view.grades, view.lacking)),
        None => composer.workspace.demand_report(None, None, "", 0, 1).await.map(|view| (view.grades, view.lacking)),
    };
    let (grades, lacking) = match looked {
        Ok(looked) => looked,
        Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say(
                "Not enough data: no sales are known, so no elasticity has a grade.",
                "Zu wenig Daten: Es sind keine Verkäufe bekannt, also hat keine Elastizität eine Güte.",
                &[],
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let of = category.clone().unwrap_or_else(|| scope_words(&Scope::default(), composer.language));
    let products: u64 = grades.iter().map(|(_, count)| count).sum();
    composer.step("list_grades", of.clone(), products as usize, started, AnswerLink::Scenarios);
    if category.is_none() && !scope.is_all() {
        composer.say(
            "Grades are counted for all products or for one category; these are for all.",
            "Güten werden für alle Produkte oder für eine Kategorie gezählt; diese gelten für alle.",
            &[],
        );
    }
    let count = |number: u64| Figure::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let total = composer.gave(count(products));
    composer.say(
        "How sure an elasticity is depends on what it rests on. {0} products ({1}), by grade:",
        "Wie sicher eine Elastizität ist, hängt davon ab, worauf sie beruht. {0} Produkte ({1}) nach Güte:",
        &[total, Figure::Words(of)],
    );
    let language = composer.language;
    let rows: Vec<_> = grades
        .iter()
        .map(|(grade, number)| {
            let words = meaning(*grade);
            let cells = vec![
                Some(Figure::Words(title(*grade, language).to_owned())),
                Some(count(*number)),
                Some(Figure::Words(composer.pick(words.0, words.1).to_owned())),
            ];
            (cells, Some(AnswerLink::Scenarios))
        })
        .collect();
    let number = rows.len();
    let columns = [("Grade", "Güte", false), ("Products", "Produkte", true), ("What it means", "Was sie heißt", false)];
    composer.table(("Grades", "Güten"), &columns, rows, number);
    let rows: Vec<_> = lacking
        .iter()
        .map(|(what, number)| {
            (vec![Some(Figure::Words(missing(what, language))), Some(count(*number))], Some(AnswerLink::Scenarios))
        })
        .collect();
    let number = rows.len();
    let columns = [("Missing for own data", "Für eigene Daten fehlt", false), ("Products", "Produkte", true)];
    composer.table(("What is missing", "Was fehlt"), &columns, rows, number);
    if composer.snapshot.row_count() > 0 {
        let sku = composer.snapshot.products.sku.get(0).to_owned();
        composer.suggest(
            format!("How reliable is the elasticity of {sku}?"),
            format!("Wie verlässlich ist die Elastizität von {sku}?"),
        );
    }
    Ok(())
}

/// How the demand of a category answers its prices.
pub(super) async fn demand(composer: &mut Composer<'_>, scope: &Scope) -> Result<(), OperationError> {
    let [GridFilter::Category(path)] = scope.filters.as_slice() else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: elasticities are estimated for single products and for categories, not for {0}.",
            "Zu wenig Daten: Elastizitäten werden für einzelne Produkte und für Kategorien geschätzt, nicht für {0}.",
            &[Figure::Words(scope_words(scope, composer.language))],
        );
        return Ok(());
    };
    let started = Stopwatch::now();
    let view = match composer.workspace.category_elasticity(path, 0, 1).await {
        Ok(view) => view,
        Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say(
                "Not enough data: no sales are known, so there is no elasticity.",
                "Zu wenig Daten: Es sind keine Verkäufe bekannt, also gibt es keine Elastizität.",
                &[],
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    composer.step("get_category_elasticity", path.clone(), view.products as usize, started, AnswerLink::Scenarios);
    let language = composer.language;
    let of = Figure::Words(path.clone());
    let Some(demand) = &view.demand else {
        let counts = [view.estimates.0, view.estimates.1].map(|number| Figure::Count(number as i64));
        composer.know(counts.clone());
        let [has, needed] = counts;
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data for an elasticity of {0}: {1} of its products have an estimate of their own, {2} are needed.",
            "Zu wenig Daten für eine Elastizität von {0}: {1} Produkte haben eine eigene Schätzung, {2} braucht es.",
            &[of, has, needed],
        );
        return Ok(());
    };
    let value = statistic(demand.elasticity, 2, language);
    let error = statistic(demand.error, 2, language);
    let between = statistic(demand.between, 2, language);
    let counts = [demand.products, view.products, view.inelastic].map(|number| Figure::Count(number as i64));
    composer.know([value.clone(), error.clone(), between.clone()]);
    composer.know(counts.clone());
    let [estimates, products, inelastic] = counts;
    composer.say(
        "The elasticity of {0} is {1} on average, with a standard error of {2}: if prices rise by one percent, so many \
         percent change in pieces sold. Products differ by {3} (standard deviation).",
        "Die Elastizität von {0} ist im Mittel {1} bei einem Standardfehler von {2}: Steigen die Preise um ein Prozent, \
         ändern sich die verkauften Stück um so viele Prozent. Die Produkte weichen um {3} voneinander ab \
         (Standardabweichung).",
        &[of, value, error, between],
    );
    composer.say(
        "It rests on {0} estimates of {1} products; the demand of {2} products hardly answers the price.",
        "Sie beruht auf {0} Schätzungen von {1} Produkten; bei {2} Produkten antwortet die Nachfrage kaum auf den Preis.",
        &[estimates, products, inelastic],
    );
    let rows: Vec<_> = view
        .grades
        .iter()
        .map(|(grade, number)| {
            let cells = vec![
                Some(Figure::Words(title(*grade, language).to_owned())),
                Some(Figure::Count(i64::try_from(*number).unwrap_or(i64::MAX))),
            ];
            (cells, Some(AnswerLink::Scenarios))
        })
        .collect();
    let number = rows.len();
    composer.table(("Grades", "Güten"), &[("Grade", "Güte", false), ("Products", "Produkte", true)], rows, number);
    composer.suggest("What do the grades mean?".into(), "Was bedeuten die Güten?".into());
    Ok(())
}

#[cfg(test)]
mod tests {
    use question_grammar::Language;

    use super::{missing, statistic};

    #[test]
    fn what_is_missing_is_said_in_german_words_with_decimal_commas() {
        for (english, german) in [
            ("12 more weeks with sales", "12 weitere Wochen mit Verkäufen"),
            ("2 more price levels", "2 weitere Preisstufen"),
            ("31 more units sold", "31 weitere verkaufte Stück"),
            ("price variation of 3.0 % instead of 1.2 %", "eine Preisschwankung von 3,0 % statt 1,2 %"),
            ("more price levels", "Preisstufen"),
        ] {
            assert_eq!(missing(english, Language::German), german);
            assert_eq!(missing(english, Language::English), english);
        }
        assert_eq!(statistic(-1.234, 2, Language::German).text(Language::German), "−1,23");
        assert_eq!(statistic(-1.234, 2, Language::English).text(Language::English), "−1.23");
    }
}
