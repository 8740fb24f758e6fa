//! What is not kept of the past, and what is instead: no figure of today stands in for one of then.

use app_contract::AnswerOutcome;
use pricing_domain::GridFilter;
use question_grammar::{Scope, Series};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// Says that nothing tells how this developed, and what does.
pub(super) fn tell(composer: &mut Composer<'_>, series: Series, scope: &Scope) {
    let what = match series {
        Series::Prices => ("the prices of several products together", "die Preise mehrerer Produkte zusammen"),
        Series::Sales => ("sales product by product", "Verkäufe Produkt für Produkt"),
        Series::Stock => ("stock", "Bestände"),
        Series::Costs => ("costs", "Einstände"),
        Series::Margin => (
            "the margin of single products, or of groups beside each other",
            "die Marge einzelner Produkte oder von Gruppen nebeneinander",
        ),
        Series::Position => (
            "where we are cheaper or dearer, product by product",
            "wo wir günstiger oder teurer sind, Produkt für Produkt",
        ),
        Series::Counts => ("how many there were", "wie viele es waren"),
    };
    composer.ended_as(AnswerOutcome::NotEnoughData);
    composer.name(&scope_words(scope, composer.language));
    let figures =
        [Figure::Words(composer.pick(what.0, what.1).to_owned()), Figure::Words(scope_words(scope, composer.language))];
    composer.say(
        "Not enough data: I have no look-up that tells over time: {0} ({1}). A figure of today would be the answer to another question.",
        "Zu wenig Daten: Ich habe keine Abfrage, die über die Zeit zeigt: {0} ({1}). Eine Zahl von heute wäre die Antwort auf eine andere Frage.",
        &figures,
    );
    composer.say(
        "Kept over time are the price index against competitors, the margin by its causes and sales (for all products, brands, \
         categories and roles), and the prices of each single product.",
        "Über die Zeit gibt es den Preisindex gegen Wettbewerber, die Marge nach Ursachen und Verkäufe (für alle Produkte, Marken, \
         Kategorien und Rollen) und die Preise jedes einzelnen Produkts.",
        &[],
    );
    instead(composer, series, scope);
}

/// Questions that what is kept answers.
fn instead(composer: &mut Composer<'_>, series: Series, scope: &Scope) {
    if let [sku] = scope.search.as_slice() {
        composer.suggest(
            format!("How did the price of {sku} develop?"),
            format!("Wie hat sich der Preis von {sku} entwickelt?"),
        );
        return;
    }
    let (english, german) = match scope.filters.as_slice() {
        [GridFilter::Category(path)] => {
            let leaf = path.rsplit(" > ").next().unwrap_or(path);
            (format!(" in {leaf}"), format!(" bei {leaf}"))
        }
        [GridFilter::Brand(name)] => (format!(" for {name}"), format!(" für {name}")),
        _ => (String::new(), String::new()),
    };
    if matches!(series, Series::Prices | Series::Position) {
        composer.suggest(
            format!("How did our index{english} develop?"),
            format!("Wie hat sich unser Index{german} entwickelt?"),
        );
    }
    composer.suggest(
        format!("How did our margin{english} develop?"),
        format!("Wie hat sich unsere Marge{german} entwickelt?"),
    );
    composer.suggest(
        format!("How did our revenue{english} develop?"),
        format!("Wie hat sich unser Umsatz{german} entwickelt?"),
    );
}
