//! Pages: what stands where, gathered first, so that every page can say how many there are.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::usvg::Tree;

use crate::ReportError;
use crate::content::Report;
use crate::pictures::INTER;

/// A4 in points.
const PAGE_WIDTH: f32 = 595.28;
const PAGE_HEIGHT: f32 = 841.89;
/// Edges of what is set.
pub(super) const LEFT: f32 = 45.0;
pub(super) const RIGHT: f32 = PAGE_WIDTH - 45.0;
pub(super) const TOP: f32 = 52.0;
pub(super) const BOTTOM: f32 = PAGE_HEIGHT - 56.0;
pub(super) const WIDTH: f32 = RIGHT - LEFT;

/// The colours of a report: dark on white, as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Muted,
    Accent,
    Border,
    Surface,
    Stripe,
    Good,
    Bad,
}

impl Ink {
    fn color(self) -> rgb::Color {
        let (red, green, blue) = match self {
            Self::Text => (0x1a, 0x1d, 0x21),
            Self::Muted => (0x5b, 0x64, 0x70),
            Self::Accent => (0x0b, 0x5c, 0xad),
            Self::Border => (0xb4, 0xbc, 0xc6),
            Self::Surface => (0xf1, 0xf4, 0xf8),
            Self::Stripe => (0xf7, 0xf9, 0xfb),
            Self::Good => (0x1b, 0x6e, 0x3a),
            Self::Bad => (0xa8, 0x3a, 0x0e),
        };
        rgb::Color::new(red, green, blue)
    }

    fn fill(self) -> Fill {
        Fill { paint: self.color().into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
    }

    fn stroke(self, width: f32) -> Stroke {
        Stroke { paint: self.color().into(), width, ..Stroke::default() }
    }
}

/// One thing on a page.
enum Item {
    Text { text: String, x: f32, y: f32, size: f32, ink: Ink, strong: bool },
    Fill { rect: [f32; 4], ink: Ink },
    Line { y: f32, ink: Ink },
    Picture { tree: Box<Tree>, rect: [f32; 4] },
}

/// The pages so far.
pub(super) struct Pages {
    pages: Vec<Vec<Item>>,
    font: Font,
    /// Where the next thing goes on the newest page.
    pub(super) y: f32,
}

impl Pages {
    pub(super) fn new() -> Result<Self, ReportError> {
        let font = Font::new(INTER.to_vec().into(), 0);
        let font = font.ok_or_else(|| ReportError::Pdf("the typeface could not be read".to_owned()))?;
        Ok(Self { pages: vec![Vec::new()], font, y: TOP })
    }

    /// Begins a page unless so much room is left on this one.
    pub(super) fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP + 1.0 {
            self.next();
        }
    }

    pub(super) fn next(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    fn add(&mut self, item: Item) {
        self.pages.last_mut().expect("there is always a page").push(item);
    }

    pub(super) fn text(&mut self, text: &str, x: f32, y: f32, size: f32, ink: Ink) {
        self.add(Item::Text { text: text.to_owned(), x, y, size, ink, strong: false });
    }

    /// Text a little heavier: the shipped typeface has one weight.
    pub(super) fn strong(&mut self, text: &str, x: f32, y: f32, size: f32) {
        self.add(Item::Text { text: text.to_owned(), x, y, size, ink: Ink::Text, strong: true });
    }

    pub(super) fn fill(&mut self, left: f32, top: f32, width: f32, height: f32, ink: Ink) {
        self.add(Item::Fill { rect: [left, top, width, height], ink });
    }

    /// A hair line across the page.
    pub(super) fn line(&mut self, y: f32, ink: Ink) {
        self.add(Item::Line { y, ink });
    }

    pub(super) fn picture(&mut self, tree: Tree, left: f32, top: f32, width: f32, height: f32) {
        self.add(Item::Picture { tree: Box::new(tree), rect: [left, top, width, height] });
    }

    /// Points of a text.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        pricing_analytics::text_width(text, f64::from(size)) as f32
    }

    /// A text cut to its room.
    pub(super) fn fitted(&self, text: &str, size: f32, room: f32) -> String {
        pricing_analytics::fit_text(&plain(text), f64::from(size), f64::from(room))
    }

    /// A text in lines of at most so many points.
    pub(super) fn wrapped(&self, text: &str, size: f32, room: f32) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        for word in plain(text).split_whitespace() {
            let line = lines.last_mut().expect("there is always a line");
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || pricing_analytics::text_width(&longer, f64::from(size)) as f32 <= room {
                *line = longer;
            } else {
                lines.push(word.to_owned());
            }
        }
        lines
    }

    /// Draws everything, with a head and a foot on every page.
    pub(super) fn draw(mut self, document: &mut Document, report: &Report) -> Result<(), ReportError> {
        let count = self.pages.len();
        let pages = std::mem::take(&mut self.pages);
        for (place, items) in pages.into_iter().enumerate() {
            let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
            let settings = settings.ok_or_else(|| ReportError::Pdf("the size of a page".to_owned()))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for item in items {
                self.item(&mut surface, item);
            }
            self.head_and_foot(&mut surface, report, place + 1, count);
            surface.finish();
            page.finish();
        }
        Ok(())
    }

    fn head_and_foot(&self, surface: &mut Surface<'_>, report: &Report, page: usize, count: usize) {
        let right = |text: &str| RIGHT - self.width(text, 7.5);
        if page > 1 {
            self.set(surface, &report.title, LEFT, 34.0, 7.5, Ink::Muted);
            self.set(surface, &report.company, right(&report.company), 34.0, 7.5, Ink::Muted);
        }
        let number = format!("Page {page} of {count}");
        self.set(surface, &report.made, LEFT, PAGE_HEIGHT - 30.0, 7.5, Ink::Muted);
        self.set(surface, &number, right(&number), PAGE_HEIGHT - 30.0, 7.5, Ink::Muted);
    }

    fn set(&self, surface: &mut Surface<'_>, text: &str, x: f32, y: f32, size: f32, ink: Ink) {
        surface.set_stroke(None);
        surface.set_fill(Some(ink.fill()));
        surface.draw_text(Point::from_xy(x, y), self.font.clone(), size, &plain(text), false, TextDirection::Auto);
    }

    fn item(&self, surface: &mut Surface<'_>, item: Item) {
        match item {
            Item::Text { text, x, y, size, ink, strong } => {
                surface.set_fill(Some(ink.fill()));
                surface.set_stroke(strong.then(|| ink.stroke(size * 0.028)));
                let place = Point::from_xy(x, y);
                surface.draw_text(place, self.font.clone(), size, &plain(&text), false, TextDirection::Auto);
                surface.set_stroke(None);
            }
            Item::Fill { rect, ink } => rectangle(surface, rect, ink),
            Item::Line { y, ink } => rectangle(surface, [LEFT, y - 0.3, WIDTH, 0.6], ink),
            Item::Picture { tree, rect: [left, top, width, height] } => {
                surface.push_transform(&Transform::from_translate(left, top));
                if let Some(size) = Size::from_wh(width, height) {
                    surface.draw_svg(&tree, size, SvgSettings::default());
                }
                surface.pop();
            }
        }
    }
}

fn rectangle(surface: &mut Surface<'_>, [left, top, width, height]: [f32; 4], ink: Ink) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(left, top, width, height) {
        path.push_rect(rect);
    }
    surface.set_stroke(None);
    surface.set_fill(Some(ink.fill()));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// One line without characters that steer.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
