//! Which rows a viewport shows. Browsers clamp very tall elements, so above a limit the scroll bar is scaled: one pixel
//! of it stands for several pixels of rows.

use std::ops::Range;

/// The tallest element that is made, in pixels.
const TALLEST: f64 = 8_000_000.0;
/// Rows kept ready above and below.
const OVERSCAN: u64 = 6;

/// Rows of one height, seen through a viewport. `top` is the pixel of the rows at the viewport's upper edge, `scroll`
/// the scroll bar's position.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Windowing {
    /// How many rows there are.
    pub rows: u64,
    /// Pixels of one.
    pub row_height: f64,
    /// Pixels seen at once.
    pub viewport: f64,
}

impl Windowing {
    /// Pixels of all rows.
    fn full(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    /// Height of the scrolled element.
    pub fn track(&self) -> f64 {
        self.full().min(TALLEST)
    }

    /// Whether the scroll bar is scaled.
    pub fn is_scaled(&self) -> bool {
        self.full() > TALLEST
    }

    fn scale(&self) -> f64 {
        if self.is_scaled() { (self.full() - self.viewport) / (self.track() - self.viewport) } else { 1.0 }
    }

    /// The `top` that is as far down as possible.
    pub fn lowest_top(&self) -> f64 {
        (self.full() - self.viewport).max(0.0)
    }

    /// Where the rows are when the scroll bar is there.
    pub fn top_of_scroll(&self, scroll: f64) -> f64 {
        (scroll * self.scale()).clamp(0.0, self.lowest_top())
    }

    /// Where the scroll bar is when the rows are there.
    pub fn scroll_of_top(&self, top: f64) -> f64 {
        top / self.scale()
    }

    /// Where a row is drawn inside the scrolled element.
    pub fn place(&self, row: u64, top: f64, scroll: f64) -> f64 {
        let own = row as f64 * self.row_height;
        if self.is_scaled() { scroll + own - top } else { own }
    }

    /// The rows to draw.
    pub fn drawn(&self, top: f64) -> Range<u64> {
        if self.rows == 0 || self.row_height <= 0.0 {
            return 0..0;
        }
        let first = (top / self.row_height).floor() as u64;
        let last = ((top + self.viewport) / self.row_height).ceil() as u64;
        first.saturating_sub(OVERSCAN)..(last + OVERSCAN).min(self.rows)
    }

    /// How many whole rows a page is.
    pub fn page(&self) -> u64 {
        ((self.viewport / self.row_height).floor() as u64).saturating_sub(1).max(1)
    }

    /// The nearest `top` at which a row is seen whole.
    pub fn top_showing(&self, row: u64, top: f64) -> f64 {
        let own = row as f64 * self.row_height;
        let lowest = own;
        let highest = own + self.row_height - self.viewport;
        top.min(lowest).max(highest).clamp(0.0, self.lowest_top())
    }
}

#[cfg(test)]
mod tests {
    use super::Windowing;

    const SMALL: Windowing = Windowing { rows: 100, row_height: 32.0, viewport: 320.0 };
    const MILLION: Windowing = Windowing { rows: 1_000_000, row_height: 32.0, viewport: 640.0 };

    #[test]
    fn a_small_table_scrolls_pixel_by_pixel() {
        assert_eq!(SMALL.track(), 3200.0);
        assert_eq!(SMALL.top_of_scroll(64.0), 64.0);
        assert_eq!(SMALL.drawn(640.0), 14..36);
        assert_eq!(SMALL.place(20, 640.0, 640.0), 640.0);
    }

    #[test]
    fn a_million_rows_reach_from_first_to_last_in_a_clamped_element() {
        assert_eq!(MILLION.track(), 8_000_000.0);
        assert_eq!(MILLION.top_of_scroll(0.0), 0.0);
        let end = MILLION.track() - MILLION.viewport;
        assert!((MILLION.top_of_scroll(end) - MILLION.lowest_top()).abs() < 0.001);
        assert_eq!(MILLION.drawn(MILLION.lowest_top()).end, 1_000_000);
        let last = MILLION.place(999_999, MILLION.lowest_top(), end);
        assert!((last + 32.0 - MILLION.track()).abs() < 0.001, "the last row ends where the element ends: {last}");
    }

    #[test]
    fn a_row_comes_into_sight_with_the_least_movement() {
        assert_eq!(SMALL.top_showing(5, 0.0), 0.0);
        assert_eq!(SMALL.top_showing(10, 0.0), 32.0);
        assert_eq!(SMALL.top_showing(3, 320.0), 96.0);
        assert_eq!(SMALL.top_showing(99, 0.0), SMALL.lowest_top());
    }

    #[test]
    fn no_rows_draw_nothing() {
        let none = Windowing { rows: 0, ..SMALL };
        assert_eq!((none.drawn(0.0), none.track(), none.lowest_top()), (0..0, 0.0, 0.0));
    }
}
