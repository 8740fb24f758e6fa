//! Says which columns of a file are which of ours, where its first line does not.

use app_contract::{ColumnType, FileColumnView, FileShapeView, ImportOptions, InspectFile};
use leptos::prelude::*;
use pricing_domain::FileKind;

use super::desk::{ImportDesk, ShownImport};
use crate::components::reading::Reading;
use crate::components::table::{Column, TableShape};
use crate::reads::read;
use crate::words::file_kind;

/// Samples shown of a column.
const SAMPLES: usize = 3;

/// The button that leads to the mapping.
#[component]
pub fn MapColumns() -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    view! {
        <div class="actions">
            <button type="button" class="button" data-testid="map-columns" on:click=move |_| desk.map_columns()>
                "Say what its columns are…"
            </button>
        </div>
    }
}

/// The kind of rows, and a choice for every column of the file.
#[component]
pub fn MappingForm(
    /// The file and what is stated about it so far.
    shown: ShownImport,
) -> impl IntoView {
    let kind = RwSignal::new(shown.options.kind.unwrap_or(FileKind::Products));
    let file = shown.file.id;
    let shape = read(move || Some(InspectFile { file, kind: kind.get() }));
    let choose = move |text: String| {
        if let Some(chosen) = FileKind::ALL.iter().copied().find(|kind| kind.to_string() == text) {
            kind.set(chosen);
        }
    };
    let kinds = FileKind::ALL.iter().copied().map(move |one| {
        view! { <option value=one.to_string() selected=move || kind.get() == one>{file_kind(one).0}</option> }
    });
    let options = shown.options;
    let name = shown.file.name;
    view! {
        <label class="field">
            <span>"A row is about"</span>
            <select data-testid="mapping-kind" on:change:target=move |event| choose(event.target().value())>
                {kinds.collect_view()}
            </select>
        </label>
        <Reading
            from=shape
            lines=10
            show=move |shape: FileShapeView| {
                let kind = kind.get_untracked();
                view! { <ColumnChoices shape kind options=options.clone() name=name.clone() /> }
            }
        />
    }
}

/// One column of ours with where it comes from: a column of the file, or one text for every row.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    own: String,
    needed: bool,
    theirs: String,
    fixed: String,
}

impl Source {
    /// The entry of the mapping; `None`: not in the file.
    fn entry(&self) -> Option<(String, String)> {
        let fixed = Some(self.fixed.trim()).filter(|fixed| !fixed.is_empty()).map(|fixed| format!("={fixed}"));
        let theirs = Some(self.theirs.clone()).filter(|theirs| !theirs.is_empty());
        fixed.or(theirs).map(|source| (self.own.clone(), source))
    }
}

fn sources(shape: &FileShapeView, options: &ImportOptions) -> Vec<Source> {
    let own = shape.own_columns.iter().map(|(own, needed)| {
        let stated = options.mapping.iter().find(|(name, _)| name == own).map(|(_, source)| source.clone());
        let suggested = || {
            let column = shape.columns.iter().find(|column| column.suggested.as_ref() == Some(own));
            column.map(|column| column.name.clone())
        };
        let source = stated.or_else(suggested).unwrap_or_default();
        let fixed = source.strip_prefix('=').map(str::to_owned);
        let theirs = if fixed.is_some() { String::new() } else { source };
        Source { own: own.clone(), needed: *needed, theirs, fixed: fixed.unwrap_or_default() }
    });
    own.collect()
}

const COLUMNS: TableShape = TableShape::framed(
    "Columns",
    &[Column::head("Our column"), Column::text("Column of the file"), Column::text("Or the same in every row")],
)
.class("mapping");

/// The choices, and the button that reads the file with them.
#[component]
fn ColumnChoices(
    /// The file's columns.
    shape: FileShapeView,
    /// What a row is about.
    kind: FileKind,
    /// What is stated so far.
    options: ImportOptions,
    /// The file's name.
    name: String,
) -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let chosen = RwSignal::new(sources(&shape, &options));
    let saved_as = RwSignal::new(shape.profile.clone().unwrap_or(name));
    let keep = RwSignal::new(true);
    let missing = Memo::new(move |_| {
        let lacking = |source: &&Source| source.needed && source.entry().is_none();
        chosen.with(|sources| sources.iter().filter(lacking).map(|source| source.own.clone()).collect::<Vec<_>>())
    });
    let lacks = move || {
        let missing = missing.get();
        (!missing.is_empty()).then(|| {
            view! { <p class="notice caution" role="status">{format!("Still needed: {}.", missing.join(", "))}</p> }
        })
    };
    let again = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mapping = chosen.with_untracked(|sources| sources.iter().filter_map(Source::entry).collect());
        let name = keep.get_untracked().then(|| saved_as.get_untracked().trim().to_owned());
        desk.look_again(|options| {
            options.kind = Some(kind);
            options.format = None;
            options.mapping = mapping;
            options.save_mapping_as = name.filter(|name| !name.is_empty());
        });
    };
    let rows = chosen.get_untracked().into_iter().enumerate().map(|(place, source)| {
        let columns = shape.columns.clone();
        view! { <SourceRow place source columns chosen /> }
    });
    let rows = view! { <tbody>{rows.collect_view()}</tbody> };
    view! {
        <form class="form" data-testid="mapping" on:submit=again>
            {COLUMNS.around(rows.into_any())}
            {lacks}
            <label class="choice">
                <input type="checkbox" bind:checked=keep />
                <span>"Know files like this one next time, as"</span>
            </label>
            <label class="field">
                <span class="visually-hidden">"Name of the mapping"</span>
                <input type="text" data-testid="mapping-name" bind:value=saved_as disabled=move || !keep.get() />
            </label>
            <div class="actions">
                <button
                    type="submit"
                    class="button primary"
                    data-testid="read-mapped"
                    disabled=move || !missing.get().is_empty()
                >
                    "Read with these columns"
                </button>
                <button type="button" class="button" on:click=move |_| desk.close()>"Leave it"</button>
            </div>
        </form>
    }
}

/// Where one column of ours comes from, with samples of what is chosen.
#[component]
fn SourceRow(
    /// Its place among ours.
    place: usize,
    /// To begin with.
    source: Source,
    /// The file's columns.
    columns: Vec<FileColumnView>,
    /// All choices.
    chosen: RwSignal<Vec<Source>>,
) -> impl IntoView {
    let own = source.own.clone();
    let start = source.theirs.clone();
    let choices = columns.iter().map(|column| {
        let selected = column.name == start;
        view! { <option value=column.name.clone() selected=selected>{column.name.clone()}</option> }
    });
    let choices = choices.collect_view();
    let sample = move || {
        let theirs = chosen.with(|sources| sources[place].theirs.clone());
        columns.iter().find(|column| column.name == theirs).map(sample_words)
    };
    let own_label = if source.needed { format!("{own} *") } else { own.clone() };
    let testid = format!("map-{own}");
    view! {
        <tr>
            <th scope="row" class="code">{own_label}</th>
            <td>
                <select
                    aria-label=format!("Column of the file for {own}")
                    data-testid=testid
                    on:change:target=move |event| {
                        let theirs = event.target().value();
                        chosen.update(|sources| sources[place].theirs = theirs);
                    }
                >
                    <option value="">"not in the file"</option>
                    {choices}
                </select>
                <small class="muted">{sample}</small>
            </td>
            <td>
                <input
                    type="text"
                    aria-label=format!("{own} of every row")
                    data-testid=format!("fix-{own}")
                    prop:value=source.fixed
                    on:input:target=move |event| {
                        let fixed = event.target().value();
                        chosen.update(|sources| sources[place].fixed = fixed);
                    }
                />
            </td>
        </tr>
    }
}

fn sample_words(column: &FileColumnView) -> String {
    let samples = column.samples.iter().take(SAMPLES).cloned().collect::<Vec<_>>().join(" · ");
    let unit = column.unit.as_ref().map(|unit| format!(", in {unit}")).unwrap_or_default();
    format!("{}{unit}: {samples}", column_type(column.column_type))
}

const fn column_type(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Empty => "empty",
        ColumnType::Whole => "whole numbers",
        ColumnType::Decimal => "numbers",
        ColumnType::Gtin => "article codes",
        ColumnType::Date => "dates",
        ColumnType::YesOrNo => "yes or no",
        ColumnType::Address => "addresses",
        ColumnType::Text => "texts",
    }
}

#[cfg(test)]
mod tests {
    use app_contract::{ColumnType, FileColumnView, FileShapeView, ImportOptions};

    use super::{Source, sources};

    fn shape() -> FileShapeView {
        let column = |name: &str, suggested: Option<&str>| FileColumnView {
            name: name.to_owned(),
            column_type: ColumnType::Text,
            unit: None,
            samples: Vec::new(),
            suggested: suggested.map(str::to_owned),
        };
        FileShapeView {
            detected: None,
            profile: None,
            encoding: "UTF-8".to_owned(),
            delimiter: Some(','),
            columns: vec![column("Artikel", Some("sku")), column("VK", None)],
            own_columns: vec![("sku".to_owned(), true), ("price".to_owned(), true), ("currency".to_owned(), true)],
        }
    }

    fn entries(options: &ImportOptions) -> Vec<(String, String)> {
        sources(&shape(), options).iter().filter_map(Source::entry).collect()
    }

    #[test]
    fn a_suggested_column_is_chosen_until_a_person_states_another() {
        assert_eq!(entries(&ImportOptions::default()), [("sku".to_owned(), "Artikel".to_owned())]);
        let mapping = vec![("sku".to_owned(), "VK".to_owned()), ("currency".to_owned(), "=EUR".to_owned())];
        let stated = ImportOptions { mapping: mapping.clone(), ..ImportOptions::default() };
        assert_eq!(entries(&stated), mapping);
    }
}
