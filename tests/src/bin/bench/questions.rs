//! Questions to the grid, none twice, so that no kept answer is measured.

use pricing_domain::{GridColumn, GridFilter, GridSort, Lifecycle, Role};

use crate::catalogue::{brand, kind, sku, variety};

/// What a person asks the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Question {
    pub(crate) search: String,
    pub(crate) filters: Vec<GridFilter>,
    pub(crate) sort: GridSort,
}

/// The whole catalogue, the highest price first.
pub(crate) fn whole_grid() -> Question {
    Question { sort: GridSort { column: GridColumn::Price, descending: true }, ..Question::default() }
}

/// What people type: brands, goods, both, parts of words, article numbers, and what does not exist.
pub(crate) fn searches() -> Vec<Question> {
    let texts = (0..15).flat_map(|place| {
        let (name, _) = kind(place);
        let brand = brand(place as u64 * 97);
        [
            brand.clone(),
            format!("{name} {}", variety(place)),
            format!("{brand} {name}"),
            brand.to_lowercase().chars().take(3).collect(),
            sku(place as u32 * 61)[..6].to_owned(),
        ]
    });
    let mut texts: Vec<String> = texts.chain(["e", "250 g", "nowhere to be found"].map(str::to_owned)).collect();
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|search| Question { search, ..Question::default() }).collect()
}

/// What is typed into the window, a key at a time.
pub(crate) fn typed() -> Vec<String> {
    (0..6).map(|place| format!("{} {}", brand(place * 131 + 7).to_lowercase(), kind(place as usize).0)).collect()
}

/// Every column in both directions, over the whole catalogue and over a part of it.
pub(crate) fn orders() -> Vec<Question> {
    let parts = [Vec::new(), vec![GridFilter::HasOffers]];
    let questions = parts.into_iter().flat_map(|filters| {
        // Demand is fitted for its order, which is measured by itself.
        GridColumn::ALL.iter().filter(|column| **column != GridColumn::Demand).flat_map(move |column| {
            let filters = filters.clone();
            [false, true].map(|descending| Question {
                filters: filters.clone(),
                sort: GridSort { column: *column, descending },
                ..Question::default()
            })
        })
    });
    let asked_before = [Question::default(), whole_grid()];
    questions.filter(|question| !asked_before.contains(question)).collect()
}

/// Every kind of filter, and pairs of them.
pub(crate) fn filters() -> Vec<Question> {
    let singles = [
        GridFilter::KeyValue,
        GridFilter::OwnBrand,
        GridFilter::NoPrice,
        GridFilter::BelowCost,
        GridFilter::NoCost,
        GridFilter::NoOffers,
        GridFilter::Locked,
        GridFilter::OnPromotion,
        GridFilter::PendingProposal,
        GridFilter::NeedsDecision,
        GridFilter::OutOfStock,
        GridFilter::DearerThanLowest,
        GridFilter::LowestOrEqual,
        GridFilter::Lifecycle(Lifecycle::PhaseOut),
        GridFilter::Role(Role::Traffic),
        GridFilter::Role(Role::Profit),
        GridFilter::Role(Role::Tail),
        GridFilter::Tag("organic".to_owned()),
        GridFilter::Family("F000003".to_owned()),
        GridFilter::Supplier("Supplier 017".to_owned()),
    ];
    let categories = (0..16).map(|place| GridFilter::Category(kind(place).1.to_owned()));
    let brands = (0..16).map(|place| GridFilter::Brand(brand(place * 31)));
    let pairs = (0..16).map(|place| {
        let category = GridFilter::Category(kind(place).1.to_owned());
        vec![category, if place % 2 == 0 { GridFilter::HasOffers } else { GridFilter::NoCost }]
    });
    let single = singles.into_iter().chain(categories).chain(brands).map(|filter| vec![filter]);
    single.chain(pairs).map(|filters| Question { filters, ..Question::default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Question, filters, orders, searches};

    #[test]
    fn no_question_is_asked_twice() {
        let asked: Vec<Question> = [searches(), orders(), filters()].concat();
        for (place, question) in asked.iter().enumerate() {
            assert!(!asked[..place].contains(question), "{question:?}");
        }
        assert!([searches(), orders(), filters()].iter().all(|questions| questions.len() >= 50));
    }
}
