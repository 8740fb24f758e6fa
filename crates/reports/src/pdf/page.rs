//! Pages: what stands where, gathered first, so that every page can say how many there are.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::usvg::Tree;

use crate::ReportError;
use crate::content::Report;
use crate::letters::{is_foreign, runs};
use crate::logo::Drawable;
use crate::pictures::{INTER, INTER_STRONG};

/// A4 in points.
const PAGE_WIDTH: f32 = 595.28;
const PAGE_HEIGHT: f32 = 841.89;
/// Edges of what is set.
pub(super) const LEFT: f32 = 45.0;
pub(super) const RIGHT: f32 = PAGE_WIDTH - 45.0;
pub(super) const TOP: f32 = 52.0;
pub(super) const BOTTOM: f32 = PAGE_HEIGHT - 56.0;
pub(super) const WIDTH: f32 = RIGHT - LEFT;
/// How much wider the heavier weight is, about.
pub(super) const STRONG_WIDENS: f32 = 1.06;
/// What the foot says where letters could not be printed.
const LACKING: &str = "? stands for letters that no typeface of this computer has.";
/// Room of a logo.
const LOGO_WIDTH: f32 = 130.0;
const LOGO_HEIGHT: f32 = 40.0;

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
}

/// One thing on a page.
enum Item {
    Text { text: String, x: f32, y: f32, size: f32, ink: Ink, strong: bool },
    Fill { rect: [f32; 4], ink: Ink },
    Line { y: f32, ink: Ink },
    Picture { tree: Box<Tree>, rect: [f32; 4] },
    Image { image: Image, rect: [f32; 4] },
}

/// The pages so far.
pub(super) struct Pages {
    pages: Vec<Vec<Item>>,
    font: Font,
    strong: Font,
    /// For letters that `font` lacks.
    other: Option<Font>,
    /// Where the next thing goes on the newest page.
    pub(super) y: f32,
}

impl Pages {
    /// `other`: a typeface for letters that the shipped one lacks.
    pub(super) fn new(other: Option<Vec<u8>>) -> Result<Self, ReportError> {
        let shipped = |bytes: &[u8]| {
            Font::new(bytes.to_vec().into(), 0)
                .ok_or_else(|| ReportError::Pdf("the typeface could not be read".to_owned()))
        };
        let (font, strong) = (shipped(INTER)?, shipped(INTER_STRONG)?);
        let other = other.and_then(|bytes| Font::new(bytes.into(), 0));
        Ok(Self { pages: vec![Vec::new()], font, strong, other, y: TOP })
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

    /// Text of the heavier weight.
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

    /// Puts a logo at the upper right, inside its room.
    pub(super) fn logo(&mut self, logo: Drawable) {
        let (width, height) = match &logo {
            Drawable::Pixels(_, width, height) => (*width as f32, *height as f32),
            Drawable::Tree(tree) => (tree.size().width(), tree.size().height()),
        };
        let scale = (LOGO_WIDTH / width.max(1.0)).min(LOGO_HEIGHT / height.max(1.0));
        let (width, height) = (width * scale, height * scale);
        let rect = [RIGHT - width, TOP - 4.0, width, height];
        self.add(match logo {
            Drawable::Pixels(pixels, wide, high) => Item::Image { image: Image::from_rgba8(pixels, wide, high), rect },
            Drawable::Tree(tree) => Item::Picture { tree, rect },
        });
    }

    /// Points of a text. Letters of other scripts are as wide as they are high.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let part = |(part, foreign): (&str, bool)| match foreign && self.other.is_some() {
            true => part.chars().count() as f32 * size,
            false => pricing_analytics::text_width(&shown(part, foreign), f64::from(size)) as f32,
        };
        runs(text).into_iter().map(part).sum()
    }

    /// A text cut to its room.
    pub(super) fn fitted(&self, text: &str, size: f32, room: f32) -> String {
        let text = plain(text);
        if self.width(&text, size) <= room {
            return text;
        }
        if !text.chars().any(is_foreign) {
            return pricing_analytics::fit_text(&text, f64::from(size), f64::from(room));
        }
        let mut kept = text;
        while !kept.is_empty() && self.width(&format!("{kept}…"), size) > room {
            kept.pop();
        }
        format!("{}…", kept.trim_end())
    }

    /// A text in lines of at most so many points. A word that is longer, such as an address, is broken.
    pub(super) fn wrapped(&self, text: &str, size: f32, room: f32) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        let text = plain(text);
        for word in text.split_whitespace().flat_map(|word| self.broken(word, size, room)) {
            let word = word.as_str();
            let line = lines.last_mut().expect("there is always a line");
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || self.width(&longer, size) <= room {
                *line = longer;
            } else {
                lines.push(word.to_owned());
            }
        }
        lines
    }

    /// The parts of a word that fit a room.
    fn broken(&self, word: &str, size: f32, room: f32) -> Vec<String> {
        let fits = |text: &str| self.width(text, size) <= room;
        if fits(word) {
            return vec![word.to_owned()];
        }
        let mut parts = vec![String::new()];
        for letter in word.chars() {
            let part = parts.last_mut().expect("there is always a part");
            part.push(letter);
            if !fits(part) && part.chars().count() > 1 {
                part.pop();
                parts.push(letter.to_string());
            }
        }
        parts
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
        let lacking = self.other.is_none() && crate::needs_typeface(report);
        let made = if lacking { format!("{}. {LACKING}", report.made) } else { report.made.clone() };
        self.set(surface, &made, LEFT, PAGE_HEIGHT - 30.0, 7.5, Ink::Muted);
        self.set(surface, &number, right(&number), PAGE_HEIGHT - 30.0, 7.5, Ink::Muted);
    }

    fn set(&self, surface: &mut Surface<'_>, text: &str, x: f32, y: f32, size: f32, ink: Ink) {
        surface.set_stroke(None);
        surface.set_fill(Some(ink.fill()));
        self.write(surface, text, (x, y), size, false);
    }

    /// Draws a text in parts, each in the typeface that has its letters.
    fn write(&self, surface: &mut Surface<'_>, text: &str, (mut x, y): (f32, f32), size: f32, strong: bool) {
        let (shipped, widens) = if strong { (&self.strong, STRONG_WIDENS) } else { (&self.font, 1.0) };
        for (part, foreign) in runs(&plain(text)) {
            let other = self.other.as_ref().filter(|_| foreign);
            let words = if other.is_some() { part.to_owned() } else { shown(part, foreign) };
            let font = other.unwrap_or(shipped).clone();
            surface.draw_text(Point::from_xy(x, y), font, size, &words, false, TextDirection::Auto);
            x += self.width(part, size) * widens;
        }
    }

    fn item(&self, surface: &mut Surface<'_>, item: Item) {
        match item {
            Item::Text { text, x, y, size, ink, strong } => {
                surface.set_fill(Some(ink.fill()));
                self.write(surface, &text, (x, y), size, strong);
            }
            Item::Fill { rect, ink } => rectangle(surface, rect, ink),
            Item::Line { y, ink } => rectangle(surface, [LEFT, y - 0.3, WIDTH, 0.6], ink),
            Item::Image { image, rect: [left, top, width, height] } => {
                surface.push_transform(&Transform::from_translate(left, top));
                if let Some(size) = Size::from_wh(width, height) {
                    surface.draw_image(image, size);
                }
                surface.pop();
            }
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

/// What is printed of a part without a typeface for it.
fn shown(part: &str, foreign: bool) -> String {
    if foreign { "?".repeat(part.chars().count()) } else { part.to_owned() }
}

/// One line without characters that steer.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
