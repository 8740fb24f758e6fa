//! Conditions and scopes in the words of both languages.

use pricing_domain::{Currency, GridColumn, GridFilter, Lifecycle};
use question_grammar::{Condition, Language, ProductSum, Quantity, Scope, Side, Stance};

use crate::answers::grades;
use crate::figures::Figure;

fn pick(language: Language, english: &str, german: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::German => german.to_owned(),
    }
}

/// A filter of the grid.
pub(crate) fn filter_words(filter: &GridFilter, language: Language) -> String {
    let of = |english: &str, german: &str| pick(language, english, german);
    match filter {
        GridFilter::Brand(name) => format!("{} {name}", of("brand", "Marke")),
        GridFilter::Category(path) => path.clone(),
        GridFilter::Family(name) => format!("{} {name}", of("family", "Familie")),
        GridFilter::Supplier(name) => format!("{} {name}", of("supplier", "Lieferant")),
        GridFilter::Role(role) => format!("{} {}", of("role", "Rolle"), role.as_str()),
        GridFilter::Lifecycle(Lifecycle::New) => of("new products", "neue Produkte"),
        GridFilter::Lifecycle(Lifecycle::PhaseOut) => of("phase-out", "Auslaufartikel"),
        GridFilter::Lifecycle(stage) => stage.as_str().to_owned(),
        GridFilter::Tag(tag) => format!("{} {tag}", of("tag", "Merkmal")),
        GridFilter::Attribute { name, text } => format!("{name} {text}"),
        GridFilter::KeyValue => of("key-value products", "Schlüsselartikel"),
        GridFilter::OwnBrand => of("own brands", "Eigenmarken"),
        GridFilter::NoPrice => of("without a price", "ohne Preis"),
        GridFilter::BelowCost => of("net price below cost", "Nettopreis unter Einstand"),
        GridFilter::NoCost => of("no cost known", "ohne Einstand"),
        GridFilter::NoOffers => of("no usable competitor price", "ohne brauchbaren Wettbewerbspreis"),
        GridFilter::HasOffers => of("with a competitor price", "mit Wettbewerbspreis"),
        GridFilter::Locked => of("under a price lock", "mit Preissperre"),
        GridFilter::OnPromotion => of("in a running promotion", "in laufender Aktion"),
        GridFilter::PendingProposal => of("with a waiting proposal", "mit wartendem Vorschlag"),
        GridFilter::NeedsDecision => of("waiting for a decision", "wartet auf Entscheidung"),
        GridFilter::OutOfStock => of("nothing in our stock", "bei uns nicht auf Lager"),
        GridFilter::DearerThanLowest => {
            of("dearer than the lowest usable offer", "teurer als das günstigste brauchbare Angebot")
        }
        GridFilter::LowestOrEqual => {
            of("at or below the lowest usable offer", "beim oder unter dem günstigsten Angebot")
        }
        GridFilter::Demand(grade) => format!("{}: {}", of("demand", "Nachfrage"), grades::title(*grade, language)),
        GridFilter::Inelastic => of("inelastic demand", "unelastische Nachfrage"),
    }
}

/// A condition.
pub(crate) fn condition_words(condition: &Condition, language: Language, currency: Currency) -> String {
    let of = |english: &str, german: &str| pick(language, english, german);
    match condition {
        Condition::Grid(filter) => filter_words(filter, language),
        Condition::Beyond { column, side, value } => {
            let side = match side {
                Side::Below => of("below", "unter"),
                Side::AtMost => of("at most", "höchstens"),
                Side::Above => of("above", "über"),
                Side::AtLeast => of("at least", "mindestens"),
            };
            let value = match value {
                Quantity::Percent(share) => Figure::Percent(i64::from(share.0)).text(language),
                Quantity::Amount(hundredths) => {
                    let minor = hundredths * 10i64.pow(u32::from(currency.minor_digits())) / 100;
                    Figure::Money(minor, currency).text(language)
                }
                Quantity::Count(count) => Figure::Count(*count).text(language),
            };
            format!("{} {side} {value}", column_words(*column, language))
        }
        Condition::Apart { name, they, cheaper, side, share } => {
            let side = match side {
                Side::Below => of("less than", "weniger als"),
                Side::AtMost => of("at most", "höchstens"),
                Side::Above => of("more than", "mehr als"),
                Side::AtLeast => of("at least", "mindestens"),
            };
            let share = Figure::Percent(i64::from(share.0)).text(language);
            let way = if *cheaper { of("cheaper", "günstiger") } else { of("dearer", "teurer") };
            match (they, language) {
                (true, Language::English) => format!("{name} is {side} {share} {way} than we are"),
                (true, Language::German) => format!("{name} ist {side} {share} {way} als wir"),
                (false, Language::English) => format!("we are {side} {share} {way} than {name}"),
                (false, Language::German) => format!("wir sind {side} {share} {way} als {name}"),
            }
        }
        Condition::Competitor { name, stance } => match stance {
            Stance::Cheaper => format!("{name} {}", of("is cheaper than we are", "ist günstiger als wir")),
            Stance::Dearer => format!("{name} {}", of("is dearer than we are", "ist teurer als wir")),
            Stance::SoldOut => format!("{} {name}", of("cannot be bought at", "nicht lieferbar bei")),
            Stance::Missing => format!("{} {name}", of("no usable offer of", "kein brauchbares Angebot von")),
            Stance::Offers => format!("{} {name}", of("offered by", "angeboten von")),
        },
        Condition::Except(GridFilter::OutOfStock) => of("in our stock", "in unserem Bestand"),
        Condition::Except(GridFilter::BelowCost) => of("net price not below cost", "Nettopreis nicht unter Einstand"),
        Condition::Except(GridFilter::OnPromotion) => of("in no running promotion", "in keiner laufenden Aktion"),
        Condition::Except(GridFilter::Locked) => of("without a price lock", "ohne Preissperre"),
        Condition::Except(GridFilter::PendingProposal) => of("without a waiting proposal", "ohne wartenden Vorschlag"),
        Condition::Except(filter) => format!("{} {}", of("not", "nicht"), filter_words(filter, language)),
        Condition::By { figure, smallest } => {
            let figure = match figure {
                ProductSum::Revenue => {
                    of("net revenue of 28 days at today's prices", "Nettoumsatz von 28 Tagen zu heutigen Preisen")
                }
                ProductSum::Profit => of("margin in money over 28 days", "Marge in Geld über 28 Tage"),
            };
            let first = if *smallest {
                of("the smallest first", "die kleinsten zuerst")
            } else {
                of("the largest first", "die größten zuerst")
            };
            format!("{} {figure}, {first}", of("by", "nach"))
        }
        Condition::Cover { side: Side::AtLeast, days: 0 } => {
            of("sold in 28 days, the soonest gone first", "verkauft in 28 Tagen, die zuerst leeren voran")
        }
        Condition::Cover { side: Side::Above, days: 0 } => {
            of("sold in 28 days, the longest lasting first", "verkauft in 28 Tagen, die am längsten reichenden voran")
        }
        Condition::Cover { side, days } => {
            let side = match side {
                Side::Below => of("less than", "weniger als"),
                Side::AtMost => of("at most", "höchstens"),
                Side::Above => of("more than", "mehr als"),
                Side::AtLeast => of("at least", "mindestens"),
            };
            let days = Figure::Count(i64::from(*days)).text(language);
            match language {
                Language::English => format!("stock lasts {side} {days} days"),
                Language::German => format!("Bestand reicht {side} {days} Tage"),
            }
        }
    }
}

fn column_words(column: GridColumn, language: Language) -> String {
    let of = |english: &str, german: &str| pick(language, english, german);
    match column {
        GridColumn::Price => of("price", "Preis"),
        GridColumn::Cost => of("cost", "Einstand"),
        GridColumn::Margin => of("margin", "Marge"),
        GridColumn::Lowest => of("lowest offer", "günstigstes Angebot"),
        GridColumn::Gap => of("gap to the lowest offer", "Abstand zum günstigsten Angebot"),
        GridColumn::Offers => of("usable offers", "brauchbare Angebote"),
        GridColumn::Stock => of("stock", "Bestand"),
        GridColumn::Units => of("units sold in 28 days", "verkaufte Stück in 28 Tagen"),
        other => other.as_str().to_owned(),
    }
}

/// A scope; “all products” when it is everything.
pub(crate) fn scope_words(scope: &Scope, language: Language) -> String {
    if scope.is_all() {
        return pick(language, "all products", "alle Produkte");
    }
    let filters = scope.filters.iter().map(|filter| filter_words(filter, language));
    let search = (!scope.search.is_empty()).then(|| format!("“{}”", scope.search.join(" ")));
    filters.chain(search).collect::<Vec<_>>().join(", ")
}

/// A scope with what its products must fulfil.
pub(crate) fn of_words(scope: &Scope, conditions: &[Condition], language: Language, currency: Currency) -> String {
    let said = conditions.iter().map(|one| condition_words(one, language, currency));
    std::iter::once(scope_words(scope, language)).chain(said).collect::<Vec<_>>().join("; ")
}
