//! What the palette offers for a text.

use app_contract::{ListProducts, StartCollection, StartPricing};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use pricing_domain::{FileKind, GridColumn, GridSort};

use crate::components::icon::Glyph;
use crate::features::import::desk::ImportDesk;
use crate::features::products::grid_query::GridQuery;
use crate::reads::read;
use crate::routes::Screen;
use crate::session::Session;
use crate::words::file_kind;
use crate::writes::write;

/// Products that are offered at most.
const PRODUCTS: u32 = 8;

/// One line of the palette.
#[derive(Clone)]
pub struct Entry {
    /// What it is.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Its picture.
    pub glyph: Glyph,
    act: Act,
}

#[derive(Clone)]
enum Act {
    Go(String),
    Do(Callback<()>),
}

impl Entry {
    /// Does what the line says.
    pub fn run(&self, navigate: &impl Fn(&str, NavigateOptions)) {
        match &self.act {
            Act::Go(address) => navigate(address, NavigateOptions::default()),
            Act::Do(act) => act.run(()),
        }
    }

    fn matches(&self, text: &str) -> bool {
        let title = self.title.to_lowercase();
        text.to_lowercase().split_whitespace().all(|word| title.contains(word))
    }
}

/// The lines for a text: actions and screens that match, then products.
pub fn use_entries(text: Signal<String>, open: Signal<bool>) -> Signal<Vec<Entry>> {
    let session = expect_context::<Session>();
    let fixed = StoredValue::new(fixed_entries());
    let found = read(move || {
        let search = text.get().trim().to_owned();
        let price_list = session.price_list_id()?;
        (open.get() && search.chars().count() >= 2).then(|| ListProducts {
            price_list,
            search,
            filters: Vec::new(),
            sort: GridSort { column: GridColumn::Sku, descending: false },
            offset: 0,
            limit: PRODUCTS,
        })
    });
    Signal::derive(move || {
        let text = text.get();
        let mut entries: Vec<Entry> =
            fixed.with_value(|fixed| fixed.iter().filter(|entry| entry.matches(&text)).cloned().collect());
        if text.trim().chars().count() >= 2 {
            let rows = found.value().map(|page| page.rows).unwrap_or_default();
            entries.extend(rows.into_iter().map(|row| {
                Entry {
                    act: Act::Go(
                        GridQuery { product: Some(row.sku.clone()), search: row.sku.clone(), ..GridQuery::default() }
                            .address(),
                    ),
                    title: row.name,
                    detail: row.sku,
                    glyph: Glyph::Products,
                }
            }));
        }
        entries
    })
}

fn fixed_entries() -> Vec<Entry> {
    let desk = expect_context::<ImportDesk>();
    let collect = write::<StartCollection>(|_| {});
    let price = write::<StartPricing>(|_| {});
    let mut entries: Vec<Entry> = Screen::ALL
        .into_iter()
        .map(|screen| Entry {
            title: format!("Go to {}", screen.title()),
            detail: String::new(),
            glyph: screen.glyph(),
            act: Act::Go(screen.path().to_owned()),
        })
        .collect();
    let mut action = |title: String, glyph, act: Callback<()>| {
        entries.push(Entry { title, detail: String::new(), glyph, act: Act::Do(act) });
    };
    action(
        "Collect now".into(),
        Glyph::Collection,
        Callback::new(move |()| {
            collect.run(StartCollection { all: false });
        }),
    );
    action(
        "Price now".into(),
        Glyph::Proposals,
        Callback::new(move |()| {
            price.run(StartPricing {});
        }),
    );
    for kind in FileKind::ALL.iter().copied() {
        let title = format!("Import {}…", file_kind(kind).0.to_lowercase());
        action(title, Glyph::Import, Callback::new(move |()| desk.pick(Some(kind))));
    }
    entries
}
