//! What a product and a page say of size, colour and pack, for a person who looks at both.

use pricing_domain::decimal_text;

use crate::comparison::is_like;
use crate::titles::{Item, Measure, Title};
use crate::words;

/// What is said of a product: in its title, and in columns of its own where there are some.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated<'a> {
    /// The title.
    pub title: &'a str,
    /// What is in it, such as `0.25 l`.
    pub content: Option<&'a str>,
    /// Items in the pack.
    pub pack_items: Option<u32>,
    /// The colour.
    pub colour: Option<&'a str>,
    /// The size.
    pub size: Option<&'a str>,
}

/// One thing that at least one side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideBySide {
    /// `Size`, `Colour` or `Pack`.
    pub name: &'static str,
    /// As the product says it; empty: it does not.
    pub ours: String,
    /// As the page says it; empty: it does not.
    pub theirs: String,
    /// Both say it, and not the same.
    pub differs: bool,
}

/// Sizes, colours and packs, written alike on both sides however they are written there.
pub fn side_by_side(ours: &Stated<'_>, theirs: &Stated<'_>) -> Vec<SideBySide> {
    let (our_title, their_title) = (read(ours), read(theirs));
    let (our_colours, their_colours) = (&our_title.colours, &their_title.colours);
    let has_other = |some: &[u8], others: &[u8]| some.iter().any(|colour| !others.contains(colour));
    let both_colours = !our_colours.is_empty() && !their_colours.is_empty();
    let both_clothes = our_title.clothes.is_some() && their_title.clothes.is_some();
    let all = [
        SideBySide {
            name: "Size",
            ours: or_stated(sizes(&our_title), ours.size),
            theirs: or_stated(sizes(&their_title), theirs.size),
            differs: measures_differ(&our_title.measures, &their_title.measures)
                || (both_clothes && our_title.clothes != their_title.clothes),
        },
        SideBySide {
            name: "Colour",
            ours: or_stated(colours(&our_title), ours.colour),
            theirs: or_stated(colours(&their_title), theirs.colour),
            differs: both_colours && (has_other(our_colours, their_colours) || has_other(their_colours, our_colours)),
        },
        SideBySide {
            name: "Pack",
            ours: pack(&our_title),
            theirs: pack(&their_title),
            differs: [(our_title.multiple, their_title.multiple), (our_title.pieces, their_title.pieces)]
                .iter()
                .any(|(ours, theirs)| ours.is_some() && theirs.is_some() && ours != theirs),
        },
    ];
    all.into_iter().filter(|one| !one.ours.is_empty() || !one.theirs.is_empty()).collect()
}

/// Title and columns read as one title, so that `0.25 l` in a column is the `250 ml` of a page.
fn read(stated: &Stated<'_>) -> Title {
    let of_title = Title::read(&Item { title: stated.title.to_owned(), ..Item::default() });
    let mut words = vec![stated.title.to_owned()];
    if of_title.measures.is_empty() {
        words.extend(stated.content.map(str::to_owned));
    }
    if of_title.colours.is_empty() {
        words.extend(stated.colour.map(str::to_owned));
    }
    if of_title.measures.is_empty() && of_title.clothes.is_none() {
        words.extend(stated.size.map(str::to_owned));
    }
    let says_pack = of_title.pieces.is_some() || of_title.multiple.is_some();
    let items = stated.pack_items.filter(|items| *items > 1 && !says_pack);
    words.extend(items.map(|items| format!("{items} pieces")));
    if words.len() == 1 { of_title } else { Title::read(&Item { title: words.join(" , "), ..Item::default() }) }
}

/// What no title is read for stands as it is stated.
fn or_stated(read: String, stated: Option<&str>) -> String {
    if read.is_empty() { stated.unwrap_or_default().to_owned() } else { read }
}

fn sizes(title: &Title) -> String {
    let mut measures = title.measures.clone();
    measures.sort_unstable();
    let mut texts: Vec<String> = measures.iter().map(measure_text).collect();
    texts.extend(title.clothes.as_ref().map(|size| size.to_uppercase()));
    texts.join(", ")
}

fn colours(title: &Title) -> String {
    title.colours.iter().map(|colour| words::colour_name(*colour)).collect::<Vec<_>>().join(", ")
}

fn pack(title: &Title) -> String {
    match (title.multiple, title.pieces) {
        (Some(multiple), Some(pieces)) => format!("{multiple} × {pieces} pieces"),
        (Some(multiple), None) => format!("{multiple} ×"),
        (None, Some(pieces)) => format!("{pieces} pieces"),
        (None, None) => String::new(),
    }
}

/// Something is measured on both sides, and an amount on one side has no like on the other.
fn measures_differ(ours: &[Measure], theirs: &[Measure]) -> bool {
    let lacks = |some: &[Measure], others: &[Measure]| {
        some.iter().any(|one| {
            let mut alike = others.iter().filter(|other| other.0 == one.0).peekable();
            alike.peek().is_some() && !alike.any(|other| is_like(one, other))
        })
    };
    lacks(ours, theirs) || lacks(theirs, ours)
}

/// An amount in the largest of its units that leaves a whole before the point.
fn measure_text(measure: &Measure) -> String {
    let (kind, amount) = *measure;
    let units: &[(&str, i64)] = match kind {
        'v' => &[("l", 1_000_000), ("ml", 1_000)],
        'm' => &[("kg", 1_000_000), ("g", 1_000), ("mg", 1)],
        'o' => &[("oz", 1_000)],
        'd' => &[("m", 1_000_000), ("cm", 10_000), ("mm", 1_000)],
        'i' => &[("inch", 1_000)],
        'b' => &[("TB", 1_000_000), ("GB", 1_000), ("MB", 1)],
        'w' => &[("kW", 1_000_000), ("W", 1_000)],
        'u' => &[("V", 1_000)],
        'a' => &[("Ah", 1_000_000), ("mAh", 1_000)],
        'h' => &[("Hz", 1_000)],
        'r' => &[("rpm", 1_000)],
        _ => return format!("{} × {}", amount / 100_000_000, amount % 100_000_000),
    };
    let last = units[units.len() - 1];
    let (name, unit) = units.iter().copied().find(|(_, unit)| amount >= *unit).unwrap_or(last);
    format!("{} {name}", decimal_text(amount.saturating_mul(1_000) / unit, 3, 0))
}

#[cfg(test)]
mod tests {
    use super::{SideBySide, Stated, side_by_side};

    fn titles(ours: &str, theirs: &str) -> Vec<(&'static str, String, String, bool)> {
        let stated = |title| Stated { title, ..Stated::default() };
        rows(&stated(ours), &stated(theirs))
    }

    fn rows(ours: &Stated<'_>, theirs: &Stated<'_>) -> Vec<(&'static str, String, String, bool)> {
        let row = |one: SideBySide| (one.name, one.ours, one.theirs, one.differs);
        side_by_side(ours, theirs).into_iter().map(row).collect()
    }

    fn row(name: &'static str, ours: &str, theirs: &str, differs: bool) -> (&'static str, String, String, bool) {
        (name, ours.to_owned(), theirs.to_owned(), differs)
    }

    #[test]
    fn the_same_written_otherwise_does_not_differ() {
        assert_eq!(titles("Shampoo 250 ml", "Shampoo 0,25 l"), [row("Size", "250 ml", "250 ml", false)]);
        assert_eq!(titles("Coffee 1kg", "Coffee 1000 g"), [row("Size", "1 kg", "1 kg", false)]);
        assert_eq!(titles("Sheet 140x200 cm", "Sheet 140 x 200 cm"), [row("Size", "140 × 200", "140 × 200", false)]);
        assert_eq!(titles("Shirt XL schwarz", "Shirt, Black, XL").len(), 2);
        assert!(titles("Shirt XL schwarz", "Shirt, Black, XL").iter().all(|row| !row.3));
        assert_eq!(titles("Kettle", "Wasserkocher"), []);
    }

    #[test]
    fn what_differs_is_marked_and_what_one_side_leaves_out_is_not() {
        assert_eq!(titles("SSD 1 TB", "SSD 512 GB"), [row("Size", "1 TB", "512 GB", true)]);
        assert_eq!(titles("TV 55 Zoll", "TV 55 inch 120 Hz"), [row("Size", "55 inch", "120 Hz, 55 inch", false)]);
        assert_eq!(titles("Shirt rot", "Shirt blue"), [row("Colour", "red", "blue", true)]);
        assert_eq!(titles("Shirt rot", "Shirt"), [row("Colour", "red", "", false)]);
        assert_eq!(titles("Shirt M", "Shirt L"), [row("Size", "M", "L", true)]);
        assert_eq!(titles("Tabs 80 pcs", "Tabs 40er Pack"), [row("Pack", "80 pieces", "40 pieces", true)]);
        assert_eq!(titles("Kettle", "2 x Kettle"), [row("Pack", "", "2 ×", false)]);
    }

    #[test]
    fn colour_and_size_of_the_catalogue_stand_where_its_title_leaves_them_out() {
        let ours = Stated { title: "Shirt", colour: Some("Rot"), size: Some("XL"), ..Stated::default() };
        let theirs = Stated { title: "Shirt blue L", ..Stated::default() };
        assert_eq!(rows(&ours, &theirs), [row("Size", "XL", "L", true), row("Colour", "red", "blue", true)]);
        let unknown = Stated { colour: Some("Nordic dawn"), ..ours };
        assert_eq!(rows(&unknown, &theirs)[1], row("Colour", "Nordic dawn", "blue", false));
        let said = Stated { title: "Shirt green M", ..ours };
        assert_eq!(rows(&said, &theirs), [row("Size", "M", "L", true), row("Colour", "green", "blue", true)]);
    }

    #[test]
    fn columns_of_the_catalogue_say_what_its_title_leaves_out() {
        let ours = Stated { title: "Shampoo Mild", content: Some("0.25 l"), pack_items: Some(6), ..Stated::default() };
        let theirs = Stated { title: "Shampoo Mild 300 ml, schwarz, 4 Stück", ..Stated::default() };
        assert_eq!(
            rows(&ours, &theirs),
            [
                row("Size", "250 ml", "300 ml", true),
                row("Colour", "", "black", false),
                row("Pack", "6 pieces", "4 pieces", true),
            ]
        );
        let repeated = Stated { title: "Tabs 80er Pack", pack_items: Some(80), ..Stated::default() };
        assert_eq!(
            rows(&repeated, &Stated { title: "Tabs", pack_items: Some(1), ..Stated::default() }),
            [row("Pack", "80 pieces", "", false)]
        );
    }
}
