//! Lists that hold prices of another list: those of a type, from a quantity on. Each is priced like any list, and never
//! above the prices for fewer pieces.

use app_contract::PriceListView;
use pricing_domain::{ListPart, PriceListId, PriceType};
use pricing_store::{Durability, PriceListRow};

use crate::workspace::list_view;
use crate::{OperationError, Workspace};

/// Letters of a code.
const LONGEST_CODE: usize = 40;

impl Workspace {
    /// Adds a list for those prices of another one that are of a type, or for so many pieces or more. What the other one
    /// has of them moves there.
    pub async fn add_list_part(
        &self,
        base: PriceListId,
        (price_type, min_quantity): (PriceType, u32),
        (code, name): (&str, &str),
    ) -> Result<PriceListView, OperationError> {
        let lists = self.store.price_lists().await?;
        let base = self.price_list(base).await?;
        let part = ListPart { base: base.code.clone(), price_type, min_quantity: min_quantity.max(1) };
        let code = code.trim();
        check(&lists, &base, &part, code)?;
        let words = part.words();
        let name = Some(name.trim()).filter(|name| !name.is_empty()).unwrap_or(&words);
        let mut op = self.begin("add_list_part", Durability::Full).await?;
        let moved = op.add_list_part((&base, &part), (code, name)).await?;
        let moved = match moved {
            0 => String::new(),
            moved => format!("; {moved} prices that were known moved there"),
        };
        op.commit(&format!("Added the price list {code} for the {words}{moved}"), false).await?;
        let lists = self.store.price_lists().await?;
        let added = lists.iter().find(|list| list.code == code);
        added.map(list_view).ok_or_else(|| OperationError::fault("The list was not added."))
    }
}

fn check(lists: &[PriceListRow], base: &PriceListRow, part: &ListPart, code: &str) -> Result<(), OperationError> {
    if let Some(of) = &base.part {
        return Err(OperationError::refused(format!(
            "{} holds {} itself. Name the list {} as the other one.",
            base.code,
            of.words(),
            of.base
        )));
    }
    if part.price_type == PriceType::Promotion {
        return Err(OperationError::refused(
            "Promotions have a beginning and an end: import them as promotions, and export them with their dates into the \
             shop's own file (export --as-imported --sales) or a feed (--google). A list holds regular, clearance or member \
             prices.",
        ));
    }
    if part.price_type == PriceType::Regular && part.min_quantity < 2 {
        return Err(OperationError::refused(format!(
            "Regular prices of one piece are those of {} itself. Name a quantity of at least 2, or another type.",
            base.code
        )));
    }
    if code.is_empty() || code.chars().count() > LONGEST_CODE {
        return Err(OperationError::refused("Give the list a code of at most 40 letters."));
    }
    if lists.iter().any(|list| list.code.to_lowercase() == code.to_lowercase()) {
        return Err(OperationError::refused(format!("There is a price list {code} already.")));
    }
    match lists.iter().find(|list| list.part.as_ref() == Some(part)) {
        Some(list) => Err(OperationError::refused(format!("{} holds the {} already.", list.code, part.words()))),
        None => Ok(()),
    }
}

/// The keys of the lists whose prices one may never exceed: for as many pieces or fewer, regular or of its type.
pub(crate) fn above(lists: &[PriceListRow], list: &PriceListRow) -> Vec<i64> {
    let Some(part) = &list.part else { return Vec::new() };
    let base = lists.iter().filter(|other| other.code == part.base);
    let parts = lists.iter().filter(|other| other.part.as_ref().is_some_and(|other| part.is_under(other)));
    base.chain(parts).map(|other| other.key).collect()
}

/// A list whose prices are what one piece costs everybody. Shops and their files have no other price in that place.
pub(crate) fn whole_list(list: &PriceListRow) -> Result<&PriceListRow, OperationError> {
    match &list.part {
        None => Ok(list),
        Some(part) => Err(OperationError::refused(format!(
            "{} holds {}, which would be written as the price of one piece. Export them as a table or as tier prices, and \
             name another list here.",
            list.code,
            part.words()
        ))),
    }
}

/// A list as files of prices name it: the code of the list, the type, and from how many pieces on.
pub(crate) fn named_outside(lists: &[PriceListRow], code: &str) -> (String, PriceType, u32) {
    match lists.iter().find(|list| list.code == code).and_then(|list| list.part.as_ref()) {
        Some(part) => (part.base.clone(), part.price_type, part.min_quantity),
        None => (code.to_owned(), PriceType::Regular, 1),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Currency, ListPart, PriceListId, PriceListSettings, PriceType, TaxMode};
    use pricing_store::PriceListRow;

    use super::above;

    fn list(key: i64, code: &str, part: Option<(&str, PriceType, u32)>) -> PriceListRow {
        let part =
            part.map(|(base, price_type, min_quantity)| ListPart { base: base.into(), price_type, min_quantity });
        PriceListRow {
            key,
            id: PriceListId(Default::default()),
            code: code.into(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Net,
            settings: PriceListSettings::default(),
            is_default: false,
            part,
        }
    }

    #[test]
    fn more_pieces_are_under_fewer_and_members_under_everybody() {
        let lists = [
            list(1, "DE", None),
            list(2, "DE-10", Some(("DE", PriceType::Regular, 10))),
            list(3, "DE-50", Some(("DE", PriceType::Regular, 50))),
            list(4, "DE-member", Some(("DE", PriceType::Member, 1))),
            list(5, "DE-member-50", Some(("DE", PriceType::Member, 50))),
            list(6, "AT-10", Some(("AT", PriceType::Regular, 10))),
        ];
        let of = |place: usize| above(&lists, &lists[place]);
        assert_eq!((of(0), of(1), of(2)), (vec![], vec![1], vec![1, 2]));
        assert_eq!((of(3), of(4), of(5)), (vec![1], vec![1, 2, 3, 4], vec![]));
    }
}
