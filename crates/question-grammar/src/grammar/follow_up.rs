//! Questions that lean on the one before: “and Strompfeil?”, “und davon Brysta”.

use pricing_domain::GridFilter;

use super::items::{Items, Mark};
use super::spans;
use crate::lexicon::Concept;
use crate::names::Target;
use crate::tokens::Token;

/// How such a question begins.
const BEGINNINGS: [&str; 12] =
    ["and", "und", "what about", "how about", "same", "genauso", "dasselbe", "auch", "also", "then", "now", "davon"];
/// What narrows the products of the question before instead of naming others.
const NARROWING: [&str; 8] = ["davon", "darunter", "thereof", "of those", "of these", "of them", "of that", "only"];

/// Whether a question may lean on the one before, by its words alone.
pub(super) fn may_lean(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().map(|token| token.folded.as_str()).collect();
    let text = words.join(" ");
    let begins = BEGINNINGS
        .iter()
        .any(|beginning| text.split_at_checked(beginning.len()).is_some_and(|(start, _)| start == *beginning));
    begins || NARROWING.iter().any(|word| text.contains(word))
}

/// Whether a question says so little of its own that it leans on the one before.
pub(super) fn leans(items: &Items) -> bool {
    let begins = items.list.first().is_some_and(|item| BEGINNINGS.contains(&item.word.as_str()));
    let only_names = items.list.iter().all(|item| match &item.mark {
        Mark::Name(_) | Mark::Sku(_) | Mark::ProductWord(_) | Mark::Excluded(_) | Mark::Number(_) => true,
        Mark::Concept(concept) => {
            let says_nothing = [Concept::Stop, Concept::Against, Concept::We, Concept::Product, Concept::Kvi];
            let role = [Concept::Traffic, Concept::ProfitRole, Concept::Tail, Concept::OwnBrand, Concept::PhaseOut];
            says_nothing.contains(concept) || role.contains(concept) || spans::is_unit(*concept)
        }
        _ => false,
    });
    (begins || narrows(items)) && only_names && items.understood() > 0 && items.strange.is_empty()
}

fn narrows(items: &Items) -> bool {
    items.word(&NARROWING)
}

/// What a mark names: each kind takes the place of its own.
#[derive(PartialEq, Eq)]
enum Kind {
    Competitor,
    PriceList,
    Brand,
    Category,
    Supplier,
    OtherProducts,
    Product,
    Time,
}

fn kind(mark: &Mark) -> Option<Kind> {
    Some(match mark {
        Mark::Name(Target::Competitor(_)) => Kind::Competitor,
        Mark::Name(Target::PriceList(_)) => Kind::PriceList,
        Mark::Name(Target::Products(GridFilter::Brand(_))) => Kind::Brand,
        Mark::Name(Target::Products(GridFilter::Category(_))) => Kind::Category,
        Mark::Name(Target::Products(GridFilter::Supplier(_))) => Kind::Supplier,
        Mark::Name(Target::Products(_)) | Mark::Excluded(_) => Kind::OtherProducts,
        Mark::Sku(_) | Mark::ProductWord(_) => Kind::Product,
        Mark::Concept(concept) if spans::is_unit(*concept) => Kind::Time,
        _ => return None,
    })
}

/// The question before with the names of this one.
pub(super) fn after(before: &Items, items: &Items) -> Items {
    let mut whole = before.clone();
    let narrows = narrows(items);
    let named: Vec<Kind> = items.list.iter().filter_map(|item| kind(&item.mark)).collect();
    for place in 0..whole.list.len() {
        let mark = &whole.list[place].mark;
        let replaced = kind(mark).is_some_and(|own| named.contains(&own)) && !narrows;
        // A number of days goes with them.
        let counts = matches!(mark, Mark::Number(_)) && whole.counts_time(place) && named.contains(&Kind::Time);
        if replaced || counts {
            whole.list[place].mark = Mark::Concept(Concept::Stop);
            whole.list[place].word = String::new();
        }
    }
    let says = |mark: &Mark| !matches!(mark, Mark::Concept(Concept::Stop | Concept::Against | Concept::We));
    whole.list.extend(items.list.iter().filter(|item| says(&item.mark)).cloned());
    whole.corrected = [before.corrected.clone(), items.corrected.clone()].concat();
    whole.product_matches = if named.contains(&Kind::Product) { items.product_matches } else { before.product_matches };
    whole
}
