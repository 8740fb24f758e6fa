//! What a key means to a grid.

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridKey {
    /// To another row; `extend` keeps the rows in between.
    Move {
        /// Which row.
        to: u64,
        /// With Shift.
        extend: bool,
    },
    /// Open the row.
    Open,
    /// Mark the row, or take its mark away.
    Mark,
    /// Mark every row.
    MarkAll,
    /// Copy the rows as a table.
    Copy,
    /// Close what is open.
    Close,
}

/// Where the grid is when a key is pressed.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The row with the focus.
    pub active: Option<u64>,
    /// How many rows there are.
    pub rows: u64,
    /// How many a page is.
    pub page: u64,
    /// Whether rows can be marked.
    pub can_mark: bool,
}

/// Reads a key. `None`: it means nothing here.
pub fn read(key: &str, control: bool, shift: bool, place: Place) -> Option<GridKey> {
    match key {
        "c" | "C" if control => return Some(GridKey::Copy),
        "a" | "A" if control && place.can_mark => return Some(GridKey::MarkAll),
        "Escape" => return Some(GridKey::Close),
        "Enter" => return place.active.map(|_| GridKey::Open),
        " " if place.can_mark => return place.active.map(|_| GridKey::Mark),
        " " => return place.active.map(|_| GridKey::Open),
        _ => {}
    }
    let last = place.rows.checked_sub(1)?;
    let to = match (key, place.active) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => 0,
        ("ArrowDown", Some(row)) => row + 1,
        ("ArrowUp", Some(row)) => row.saturating_sub(1),
        ("PageDown", Some(row)) => row + place.page,
        ("PageUp", Some(row)) => row.saturating_sub(place.page),
        _ => return None,
    };
    Some(GridKey::Move { to: to.min(last), extend: shift })
}

#[cfg(test)]
mod tests {
    use super::{GridKey, Place, read};

    const PLACE: Place = Place { active: Some(5), rows: 10, page: 4, can_mark: false };

    fn moved(key: &str, place: Place) -> Option<u64> {
        match read(key, false, false, place)? {
            GridKey::Move { to, .. } => Some(to),
            _ => None,
        }
    }

    #[test]
    fn movement_stays_inside_the_rows() {
        assert_eq!(moved("ArrowDown", PLACE), Some(6));
        assert_eq!(moved("PageDown", PLACE), Some(9));
        assert_eq!(moved("PageUp", PLACE), Some(1));
        assert_eq!(moved("Home", PLACE), Some(0));
        assert_eq!(moved("End", PLACE), Some(9));
        assert_eq!(moved("ArrowDown", Place { rows: 0, active: None, ..PLACE }), None);
        assert_eq!(moved("ArrowDown", Place { active: None, ..PLACE }), Some(0));
    }

    #[test]
    fn space_opens_or_marks_and_letters_stay_letters() {
        assert_eq!(read(" ", false, false, PLACE), Some(GridKey::Open));
        assert_eq!(read(" ", false, false, Place { can_mark: true, ..PLACE }), Some(GridKey::Mark));
        assert_eq!(read("a", true, false, PLACE), None);
        assert_eq!(read("c", false, false, PLACE), None);
    }
}
