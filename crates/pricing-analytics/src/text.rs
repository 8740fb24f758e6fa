//! Text in a picture: how wide it is, how it is cut to a width, and how it is made safe for XML.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef};

/// The typeface that widths are measured with; the interface ships the same one.
static INTER: &[u8] = include_bytes!("../../../assets/fonts/chart/Inter-Regular.otf");

/// Width of `text` in pixels at a font size in pixels. Kerning is left out, so this is an upper bound in practice.
pub fn text_width(text: &str, font_size: f64) -> f64 {
    static FONT: OnceLock<FontRef<'static>> = OnceLock::new();
    let font = FONT.get_or_init(|| FontRef::try_from_slice(INTER).expect("the shipped font is a valid OpenType font"));
    let units_per_em = font.units_per_em().expect("the shipped font states its units per em");
    let units: f64 = text.chars().map(|letter| advance(font, letter, units_per_em)).sum();
    units / f64::from(units_per_em) * font_size
}

/// A letter that the typeface lacks comes from another one, which may be as wide as it is high.
fn advance(font: &FontRef<'_>, letter: char, units_per_em: f32) -> f64 {
    let glyph = font.glyph_id(letter);
    f64::from(if glyph.0 == 0 { units_per_em } else { font.h_advance_unscaled(glyph) })
}

/// Cuts `text` with an ellipsis so that it is at most `width` pixels wide.
pub fn fit_text(text: &str, font_size: f64, width: f64) -> String {
    if text_width(text, font_size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let room = width - text_width("…", font_size);
    let mut used = 0.0;
    for letter in text.chars() {
        used += text_width(letter.encode_utf8(&mut [0; 4]), font_size);
        if used > room {
            break;
        }
        kept.push(letter);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// One line of plain text: no characters that XML forbids, none that turn the direction of writing, single spaces.
pub(crate) fn plain_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !is_invisible_or_forbidden(*letter))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible_or_forbidden(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || u32::from(letter) & 0xFFFE == 0xFFFE
}

/// Escapes text for an attribute or element of XML.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape_xml, fit_text, plain_line, text_width};

    #[test]
    fn widths_grow_with_text_and_size() {
        assert!(text_width("WWW", 12.0) > text_width("iii", 12.0) * 2.0);
        assert!((text_width("24.90", 24.0) - 2.0 * text_width("24.90", 12.0)).abs() < 1e-9);
        assert!((20.0..40.0).contains(&text_width("24.90", 12.0)));
    }

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        let cut = fit_text("Elektronikfachmarkt Musterstadt", 12.0, 80.0);
        assert!(cut.starts_with("Elektro") && cut.ends_with('…'), "{cut}");
        assert!(text_width(&cut, 12.0) <= 80.0);
        assert_eq!(fit_text("Kurz", 12.0, 80.0), "Kurz");
    }

    #[test]
    fn what_xml_forbids_is_taken_out() {
        assert_eq!(plain_line(" a\u{0}b\n\tc\u{202E}d\u{FFFF} "), "a b cd");
        assert_eq!(escape_xml("<b a='\"'>&"), "&lt;b a=&apos;&quot;&apos;&gt;&amp;");
    }
}
