//! Tables: titles over columns and rows of cells, in a frame that scrolls.
//!
//! What stays the same of a table, its [`TableShape`], is a constant beside the code that makes its rows. Cells that are
//! words are handed on as words; only what is more than words is a view. So every table is drawn by the functions here,
//! which are compiled once, and a further table costs little more than its words.

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_router::components::A;

use super::empty::Empty;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What a row is about: read out with each of its cells.
    Head,
    Text,
    /// Figures, which stand below each other at the right.
    Number,
}

/// A column: its title, and what its cells are.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    title: &'a str,
    kind: Kind,
    hint: Option<&'a str>,
    class: &'static str,
    is_unseen: bool,
}

impl<'a> Column<'a> {
    /// Of what each row is about.
    pub const fn head(title: &'a str) -> Self {
        Self { title, kind: Kind::Head, hint: None, class: "", is_unseen: false }
    }

    /// Of words, or of anything that is no figure.
    pub const fn text(title: &'a str) -> Self {
        Self { kind: Kind::Text, ..Self::head(title) }
    }

    /// Of figures.
    pub const fn number(title: &'a str) -> Self {
        Self { kind: Kind::Number, ..Self::head(title) }
    }

    /// Has its title read out only, as over buttons.
    pub const fn unseen(self) -> Self {
        Self { is_unseen: true, ..self }
    }

    /// Says on hovering over the title what the figures are.
    pub const fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Gives its cells a class; the title has none.
    pub const fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The class of what is a figure.
    const fn numeric(&self) -> &'static str {
        match self.kind {
            Kind::Number => "numeric",
            Kind::Head | Kind::Text => "",
        }
    }
}

/// A table without its rows. Where no column has a title, the table has no line of titles.
#[derive(Clone, Copy, Debug)]
pub struct TableShape<'a> {
    label: Option<&'a str>,
    columns: &'a [Column<'a>],
    class: Option<&'static str>,
    testid: Option<&'static str>,
    empty: Option<&'a str>,
    is_tall: bool,
    has_caption: bool,
    is_hidden: bool,
}

impl<'a> TableShape<'a> {
    /// In a frame that scrolls where the table is too wide, by pointer and by keyboard. The label is read out.
    pub const fn framed(label: &'a str, columns: &'a [Column<'a>]) -> Self {
        Self { label: Some(label), ..Self::bare(columns) }
    }

    /// Without a frame: for a few narrow columns.
    pub const fn bare(columns: &'a [Column<'a>]) -> Self {
        Self {
            label: None,
            columns,
            class: None,
            testid: None,
            empty: None,
            is_tall: false,
            has_caption: false,
            is_hidden: false,
        }
    }

    /// The frame grows to a certain height and scrolls from there on.
    pub const fn tall(self) -> Self {
        Self { is_tall: true, ..self }
    }

    /// The name for tests.
    pub const fn testid(self, testid: &'static str) -> Self {
        Self { testid: Some(testid), ..self }
    }

    /// In a frame with another label, where it depends on what is shown.
    pub const fn labelled(self, label: &'a str) -> Self {
        Self { label: Some(label), ..self }
    }

    /// A class of the table.
    pub const fn class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }

    /// The frame's label is also written above the titles.
    pub const fn captioned(self) -> Self {
        Self { has_caption: true, ..self }
    }

    /// What is said instead of a table that has no rows.
    pub const fn empty(self, text: &'a str) -> Self {
        Self { empty: Some(text), ..self }
    }

    /// The frame and all in it is there but not shown.
    pub const fn hidden(self, hidden: bool) -> Self {
        Self { is_hidden: hidden, ..self }
    }

    /// The table with these rows, each with a cell for every column.
    pub fn with(&self, rows: Vec<Row>) -> AnyView {
        if let (Some(text), true) = (self.empty, rows.is_empty()) {
            return view! { <Empty text /> }.into_any();
        }
        let lines = rows.into_iter().map(|row| line(self.columns, row)).collect_view();
        self.around(view! { <tbody>{lines}</tbody> }.into_any())
    }

    /// Frame and titles around `<tbody>` elements that the caller makes: where rows hold fields to type in, or come and go.
    pub fn around(&self, body: AnyView) -> AnyView {
        let caption = self.label.filter(|_| self.has_caption);
        let caption = caption.map(|label| view! { <caption>{label.to_owned()}</caption> });
        let is_titled = self.columns.iter().any(|column| !column.title.is_empty());
        let titles = is_titled.then(|| {
            let titles = self.columns.iter().map(title).collect_view();
            view! { <thead><tr>{titles}</tr></thead> }
        });
        let table = view! { <table class=self.class data-testid=self.testid>{caption}{titles}{body}</table> };
        let Some(label) = self.label else { return table.into_any() };
        let class = if self.is_tall { "table-frame tall" } else { "table-frame" };
        view! {
            <div class=class tabindex="0" role="region" aria-label=label.to_owned() hidden=self.is_hidden>{table}</div>
        }
        .into_any()
    }
}

/// Where a row is marked while something holds.
enum Mark {
    Chosen(Signal<bool>),
    Current(Signal<bool>),
}

/// A line of a table; [`row!`] makes one.
pub struct Row {
    cells: Vec<Cell>,
    class: Option<&'static str>,
    mark: Option<Mark>,
    is_wide: bool,
}

impl Row {
    /// Of these cells.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, class: None, mark: None, is_wide: false }
    }

    /// A line below another one, of one cell as wide as the table.
    pub fn wide(cell: AnyView) -> Self {
        Self { is_wide: true, ..Self::new(vec![cell.into()]) }
    }

    /// Gives it a class where something holds.
    pub fn class_if(self, holds: bool, class: &'static str) -> Self {
        Self { class: holds.then_some(class).or(self.class), ..self }
    }

    /// Shows it as chosen while something holds.
    pub fn chosen(self, chosen: Signal<bool>) -> Self {
        Self { mark: Some(Mark::Chosen(chosen)), ..self }
    }

    /// Shows and says that it is the current one while something holds.
    pub fn current(self, current: Signal<bool>) -> Self {
        Self { mark: Some(Mark::Current(current)), ..self }
    }
}

/// A row of what stands in its cells: words, views, or cells with more to say.
macro_rules! row {
    ($($cell:expr),+ $(,)?) => {
        $crate::components::table::Row::new(vec![$($crate::components::table::Cell::from($cell)),+])
    };
}
pub(crate) use row;

/// What stands in a cell.
enum Content {
    Words(Cow<'static, str>),
    View(Box<AnyView>),
    Link(Box<(String, String)>),
    Button(Box<Button>),
}

struct Button {
    words: String,
    testid: Option<&'static str>,
    expanded: Option<Signal<bool>>,
    press: Box<dyn Fn() + Send>,
}

/// What only some cells have.
#[derive(Default)]
struct Dress {
    class: &'static str,
    is_code: bool,
    hint: Option<String>,
    note: Option<String>,
}

/// A cell of a row.
pub struct Cell {
    content: Content,
    dress: Option<Box<Dress>>,
}

impl Cell {
    const fn plain(content: Content) -> Self {
        Self { content, dress: None }
    }

    /// A link.
    pub fn link(href: String, words: String) -> Self {
        Self::plain(Content::Link(Box::new((href, words))))
    }

    /// A button that looks like a link, with its name for tests.
    pub fn button(words: String, testid: Option<&'static str>, press: impl Fn() + Send + 'static) -> Self {
        Self::plain(Content::Button(Box::new(Button { words, testid, expanded: None, press: Box::new(press) })))
    }

    /// Says of a button whether what it opens is open.
    pub fn expanded(mut self, open: Signal<bool>) -> Self {
        if let Content::Button(button) = &mut self.content {
            button.expanded = Some(open);
        }
        self
    }

    fn dress(&mut self) -> &mut Dress {
        self.dress.get_or_insert_default()
    }

    /// Gives it a class beside its column's.
    pub fn class(mut self, class: &'static str) -> Self {
        self.dress().class = class;
        self
    }

    /// Gives it a class beside its column's where something holds.
    pub fn class_if(self, holds: bool, class: &'static str) -> Self {
        if holds { self.class(class) } else { self }
    }

    /// Its words, link or button are a code such as an article number.
    pub fn code(mut self) -> Self {
        self.dress().is_code = true;
        self
    }

    /// Says more on hovering over it, or over its link.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.dress().hint = Some(hint.into());
        self
    }

    /// Adds a line of small print.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.dress().note = Some(note.into());
        self
    }
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::plain(Content::Words(words.into()))
    }
}

impl From<&'static str> for Cell {
    fn from(words: &'static str) -> Self {
        Self::plain(Content::Words(words.into()))
    }
}

impl From<AnyView> for Cell {
    fn from(view: AnyView) -> Self {
        Self::plain(Content::View(Box::new(view)))
    }
}

/// The title of a column.
fn title(column: &Column<'_>) -> AnyView {
    let words = column.title.to_owned();
    let words = match column.is_unseen {
        true => view! { <span class="visually-hidden">{words}</span> }.into_any(),
        false => words.into_any(),
    };
    let class = classes([column.numeric(), "", ""]);
    let hint = column.hint.map(str::to_owned);
    view! { <th scope="col" class=class title=hint>{words}</th> }.into_any()
}

/// A row.
fn line(columns: &[Column<'_>], row: Row) -> AnyView {
    let cells = match row.is_wide {
        true => row.cells.into_iter().map(|cell| wide(columns.len(), cell)).collect_view(),
        false => columns.iter().zip(row.cells).map(|(column, cell)| drawn(column, cell)).collect_view(),
    };
    match row.mark {
        None => view! { <tr class=row.class>{cells}</tr> }.into_any(),
        Some(Mark::Chosen(chosen)) => view! { <tr class:chosen=move || chosen.get()>{cells}</tr> }.into_any(),
        Some(Mark::Current(current)) => {
            view! { <tr aria-current=move || current.get().then_some("true")>{cells}</tr> }.into_any()
        }
    }
}

fn wide(columns: usize, cell: Cell) -> AnyView {
    view! { <td colspan=columns.to_string()>{inside(cell.content, false, None)}</td> }.into_any()
}

/// A cell in its column.
fn drawn(column: &Column<'_>, cell: Cell) -> AnyView {
    let Dress { class, is_code, hint, note } = cell.dress.map(|dress| *dress).unwrap_or_default();
    // A link says its hint itself.
    let (of_link, of_cell) = match cell.content {
        Content::Link(_) => (hint, None),
        _ => (None, hint),
    };
    let inside = inside(cell.content, is_code, of_link);
    let note = note.map(|note| view! { <small class="muted">{note}</small> });
    let class = classes([column.numeric(), column.class, class]);
    match column.kind {
        Kind::Head => view! { <th scope="row" class=class title=of_cell>{inside}{note}</th> }.into_any(),
        Kind::Text | Kind::Number => view! { <td class=class title=of_cell>{inside}{note}</td> }.into_any(),
    }
}

/// What stands in a cell.
fn inside(content: Content, is_code: bool, hint: Option<String>) -> AnyView {
    match content {
        Content::Words(words) if is_code => view! { <span class="code">{words}</span> }.into_any(),
        Content::Words(words) => words.into_any(),
        Content::View(view) => *view,
        Content::Link(link) => {
            let (href, words) = *link;
            view! { <A href=href attr:class=is_code.then_some("code") attr:title=hint>{words}</A> }.into_any()
        }
        Content::Button(button) => {
            let Button { words, testid, expanded, press } = *button;
            let class = if is_code { "link-button code" } else { "link-button" };
            let expanded = move || expanded.map(|open| open.get().to_string());
            view! {
                <button
                    type="button"
                    class=class
                    data-testid=testid
                    aria-expanded=expanded
                    on:click=move |_| press()
                >
                    {words}
                </button>
            }
            .into_any()
        }
    }
}

/// Classes as an element has them; `None` where there is none.
fn classes(of: [&str; 3]) -> Option<String> {
    let given: Vec<&str> = of.into_iter().filter(|class| !class.is_empty()).collect();
    (!given.is_empty()).then(|| given.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Content, TableShape, classes};

    const SHAPE: TableShape = TableShape::framed(
        "Prices",
        &[
            Column::head("SKU"),
            Column::number("Price").hint("Without tax").class("muted"),
            Column::text("Undo").unseen(),
        ],
    )
    .tall()
    .testid("prices");

    #[test]
    fn a_figure_has_the_class_of_figures_before_its_own_and_words_have_none() {
        let of = |place: usize| classes([SHAPE.columns[place].numeric(), SHAPE.columns[place].class, ""]);
        assert_eq!((of(0), of(1), of(2)), (None, Some("numeric muted".to_owned()), None));
        assert_eq!(classes(["numeric", "", "negative"]), Some("numeric negative".to_owned()));
    }

    #[test]
    fn a_shape_keeps_what_was_said_of_it() {
        let hidden = SHAPE.hidden(true).empty("No price is known.");
        assert_eq!((hidden.label, hidden.testid), (Some("Prices"), Some("prices")));
        assert!(hidden.is_tall && hidden.is_hidden && !hidden.has_caption && hidden.columns[2].is_unseen);
        assert_eq!((hidden.empty, TableShape::bare(SHAPE.columns).label), (Some("No price is known."), None));
    }

    #[test]
    fn words_stay_words_until_there_is_more_to_say() {
        let plain = Cell::from("level");
        assert!(plain.dress.is_none() && matches!(plain.content, Content::Words(_)));
        assert!(Cell::from("level").class_if(false, "negative").dress.is_none());
        let dressed = Cell::from("DR-1").code().note("Drill").class_if(true, "caution").dress.expect("three wishes");
        assert!(dressed.is_code && dressed.class == "caution" && dressed.note.as_deref() == Some("Drill"));
    }
}
