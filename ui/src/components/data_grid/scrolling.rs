//! Where the rows are, kept in step with the scroll bar.

use std::ops::Range;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::windowing::Windowing;

/// Pixels of the sticky header.
const HEADER: f64 = 32.0;

/// The scroll position of a grid.
#[derive(Clone, Copy)]
pub struct Scrolling {
    /// The element that scrolls.
    pub element: NodeRef<html::Div>,
    /// Rows, their height, and what is seen at once.
    pub windowing: Memo<Windowing>,
    top: RwSignal<f64>,
    scroll: RwSignal<f64>,
    viewport: RwSignal<f64>,
}

impl Scrolling {
    /// At the top of rows whose number and height may change.
    pub fn new(rows: impl Fn() -> u64 + Send + Sync + 'static, row_height: Signal<f64>) -> Self {
        let viewport = RwSignal::new(600.0);
        let windowing =
            Memo::new(move |_| Windowing { rows: rows(), row_height: row_height.get(), viewport: viewport.get() });
        Self { element: NodeRef::new(), windowing, top: RwSignal::new(0.0), scroll: RwSignal::new(0.0), viewport }
    }

    /// Follows the size of the element once it is in the page.
    pub fn start(self) {
        Effect::new(move || {
            let Some(element) = self.element.get() else { return };
            let resized = Closure::<dyn Fn()>::new(move || {
                if let Some(Some(element)) = self.element.try_get_untracked() {
                    self.viewport.set((f64::from(element.client_height()) - HEADER).max(0.0));
                }
            });
            let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) else { return };
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, resized));
            on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
        });
    }

    /// The rows to draw.
    pub fn drawn(&self) -> Range<u64> {
        let windowing = self.windowing.get();
        windowing.drawn(self.top.get().min(windowing.lowest_top()))
    }

    /// Where a row is drawn.
    pub fn place(&self, row: u64) -> f64 {
        let windowing = self.windowing.get();
        if windowing.is_scaled() {
            windowing.place(row, self.top.get(), self.scroll.get())
        } else {
            windowing.place(row, 0.0, 0.0)
        }
    }

    /// The scroll bar moved.
    pub fn scrolled(&self) {
        let Some(element) = self.element.get_untracked() else { return };
        let scroll = f64::from(element.scroll_top());
        let windowing = self.windowing.get_untracked();
        let own_movement = (windowing.scroll_of_top(self.top.get_untracked()) - scroll).abs() < 1.5;
        self.scroll.set(scroll);
        if !(own_movement && windowing.is_scaled()) {
            self.top.set(windowing.top_of_scroll(scroll));
        }
    }

    /// The wheel turned: where the scroll bar is scaled, rows still move by as many pixels as elsewhere.
    pub fn wheeled(&self, event: &ev::WheelEvent) {
        let windowing = self.windowing.get_untracked();
        if !windowing.is_scaled() || event.delta_y() == 0.0 {
            return;
        }
        event.prevent_default();
        let pixels = match event.delta_mode() {
            web_sys::WheelEvent::DOM_DELTA_LINE => event.delta_y() * windowing.row_height,
            web_sys::WheelEvent::DOM_DELTA_PAGE => event.delta_y() * windowing.viewport,
            _ => event.delta_y(),
        };
        self.go((self.top.get_untracked() + pixels).clamp(0.0, windowing.lowest_top()));
    }

    /// Brings a row into sight.
    pub fn show(&self, row: u64) {
        let top = self.top.get_untracked();
        let wanted = self.windowing.get_untracked().top_showing(row, top);
        if (wanted - top).abs() > 0.5 {
            self.go(wanted);
        }
    }

    /// Moves the rows.
    pub fn go(&self, top: f64) {
        let scroll = self.windowing.get_untracked().scroll_of_top(top).round();
        self.top.set(top);
        self.scroll.set(scroll);
        if let Some(element) = self.element.get_untracked() {
            element.set_scroll_top(scroll as i32);
        }
    }
}
