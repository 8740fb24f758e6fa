//! Theme and row density, kept in this window's storage and shown through attributes of the root element.

use app_contract::ChartPalette;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::storage::{recall, remember};

const THEME: &str = "theme";
const DENSITY: &str = "density";

/// Which colours are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on white.
    Light,
    /// Light text on dark grey.
    Dark,
    /// Strongest contrast.
    Contrast,
    /// As the operating system says.
    System,
}

impl Theme {
    /// Every theme, in the order of the settings.
    pub const ALL: [Self; 4] = [Self::Light, Self::Dark, Self::Contrast, Self::System];

    /// Its name in storage, attributes and tests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
            Self::System => "system",
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::Contrast => "High contrast",
            Self::System => "As the system",
        }
    }
}

/// How high grid rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// 28 pixels.
    Compact,
    /// 32 pixels.
    Regular,
    /// 40 pixels.
    Comfortable,
}

impl Density {
    /// Every density, in the order of the settings.
    pub const ALL: [Self; 3] = [Self::Compact, Self::Regular, Self::Comfortable];

    /// Its name in storage and attributes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Regular => "regular",
            Self::Comfortable => "comfortable",
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Compact => "Compact",
            Self::Regular => "Regular",
            Self::Comfortable => "Comfortable",
        }
    }

    /// Pixels of a grid row.
    pub const fn row_height(self) -> f64 {
        match self {
            Self::Compact => 28.0,
            Self::Regular => 32.0,
            Self::Comfortable => 40.0,
        }
    }
}

/// The appearance in force.
#[derive(Clone, Copy)]
pub struct Appearance {
    theme: RwSignal<Theme>,
    density: RwSignal<Density>,
    system: RwSignal<Theme>,
    narrow: RwSignal<bool>,
}

impl Appearance {
    /// As remembered, and from now on shown through the root element.
    pub fn start() -> Self {
        let density = recall(DENSITY).and_then(|text| Density::ALL.into_iter().find(|kind| kind.as_str() == text));
        let this = Self {
            theme: RwSignal::new(recalled_theme()),
            density: RwSignal::new(density.unwrap_or(Density::Regular)),
            system: RwSignal::new(system_theme()),
            narrow: RwSignal::new(holds(NARROW)),
        };
        this.follow_system();
        this.follow_other_windows();
        this.show_theme();
        Effect::new(move || show("data-density", this.density.get().as_str()));
        this
    }

    /// The chosen theme.
    pub fn theme(&self) -> Theme {
        self.theme.get()
    }

    /// The theme whose colours are in force: never `System`.
    pub fn resolved(&self) -> Theme {
        match self.theme.get() {
            Theme::System => self.system.get(),
            theme => theme,
        }
    }

    /// The chosen density.
    pub fn density(&self) -> Density {
        self.density.get()
    }

    /// Pixels of a grid row; in a narrow window it is a list entry of two lines.
    pub fn row_height(&self) -> f64 {
        if self.narrow.get() { LIST_ENTRY } else { self.density.get().row_height() }
    }

    /// Chooses a theme.
    pub fn choose_theme(&self, theme: Theme) {
        remember(THEME, theme.as_str());
        self.theme.set(theme);
        self.show_theme();
    }

    /// At once and not by an effect: what draws in the colours of the theme reads them from the root element, and would
    /// else read the former ones.
    fn show_theme(self) {
        show("data-theme", untrack(|| self.resolved()).as_str());
    }

    /// Chooses a density.
    pub fn choose_density(&self, density: Density) {
        remember(DENSITY, density.as_str());
        self.density.set(density);
    }

    /// Browsers tell a page what another of the same address remembers.
    fn follow_other_windows(self) {
        let changed = Closure::<dyn Fn(JsValue)>::new(move |_| {
            self.theme.set(recalled_theme());
            self.show_theme();
        });
        let listener = changed.as_ref().unchecked_ref();
        window().add_event_listener_with_callback("storage", listener).expect("a window takes listeners");
        changed.forget();
    }

    fn follow_system(self) {
        let changed = Closure::<dyn Fn(JsValue)>::new(move |_| {
            self.system.set(system_theme());
            self.show_theme();
            self.narrow.set(holds(NARROW));
        });
        for question in [DARK, MORE_CONTRAST, NARROW] {
            if let Some(list) = window().match_media(question).ok().flatten() {
                list.set_onchange(Some(changed.as_ref().unchecked_ref()));
                // The list must stay alive to be told.
                std::mem::forget(list);
            }
        }
        changed.forget();
    }
}

fn recalled_theme() -> Theme {
    let text = recall(THEME).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.as_str() == text).unwrap_or(Theme::System)
}

const DARK: &str = "(prefers-color-scheme: dark)";
const MORE_CONTRAST: &str = "(prefers-contrast: more)";
/// As in the style sheets.
const NARROW: &str = "(max-width: 799px)";
/// Pixels of a list entry.
const LIST_ENTRY: f64 = 56.0;

fn holds(question: &str) -> bool {
    window().match_media(question).ok().flatten().is_some_and(|list| list.matches())
}

fn system_theme() -> Theme {
    match (holds(MORE_CONTRAST), holds(DARK)) {
        (true, _) => Theme::Contrast,
        (false, true) => Theme::Dark,
        (false, false) => Theme::Light,
    }
}

fn show(attribute: &str, value: &str) {
    if let Some(root) = document().document_element() {
        root.set_attribute(attribute, value).expect("the root element takes attributes");
    }
}

/// The value of a style token in force, for pictures that are drawn elsewhere.
pub fn token(name: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).map_or_else(String::new, |text| text.trim().to_owned())
}

/// The colours that the host draws pictures in.
pub fn chart_palette() -> ChartPalette {
    ChartPalette {
        surface: token("--surface-raised"),
        text: token("--text"),
        text_muted: token("--text-muted"),
        border: token("--border-faint"),
        own_price: token("--own-price"),
        competitors: (1..=8).map(|number| token(&format!("--competitor-{number}"))).collect(),
    }
}
