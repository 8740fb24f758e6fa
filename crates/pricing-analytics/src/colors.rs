//! CSS colours as far as a theme hands them over: `#rgb`, `#rrggbb`, `rgb(…)` and `rgba(…)`.

use plotters::style::{Color, RGBAColor};

/// Readable on white and on black, for a colour in a notation that is not known here.
pub(crate) const FALLBACK: RGBAColor = RGBAColor(0x77, 0x77, 0x77, 1.0);

/// Reads a colour, or gives a readable grey.
pub(crate) fn color_or_grey(css: &str) -> RGBAColor {
    parse_color(css).unwrap_or(FALLBACK)
}

/// Reads a colour in one of the notations above.
pub(crate) fn parse_color(css: &str) -> Option<RGBAColor> {
    let text = css.trim().to_ascii_lowercase();
    match text.strip_prefix('#') {
        Some(digits) => parse_hex(digits),
        None => parse_function(&text),
    }
}

/// The opaque part as `#rrggbb`.
pub(crate) fn to_hex(color: RGBAColor) -> String {
    format!("#{:02x}{:02x}{:02x}", color.0, color.1, color.2)
}

/// The colour at a share of its own opacity.
pub(crate) fn faded(color: RGBAColor, share: f64) -> RGBAColor {
    color.mix(share)
}

fn parse_hex(digits: &str) -> Option<RGBAColor> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |start: usize, length: usize| {
        let value = u8::from_str_radix(digits.get(start..start + length)?, 16).ok()?;
        Some(if length == 1 { value * 17 } else { value })
    };
    match digits.len() {
        3 => Some(RGBAColor(channel(0, 1)?, channel(1, 1)?, channel(2, 1)?, 1.0)),
        6 => Some(RGBAColor(channel(0, 2)?, channel(2, 2)?, channel(4, 2)?, 1.0)),
        _ => None,
    }
}

fn parse_function(text: &str) -> Option<RGBAColor> {
    let inner = text.strip_prefix("rgba(").or_else(|| text.strip_prefix("rgb("))?.strip_suffix(')')?;
    let parts: Vec<&str> = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
    let channel = |part: &str| part.parse::<f64>().ok().map(|value| value.clamp(0.0, 255.0).round() as u8);
    match parts.as_slice() {
        [r, g, b] => Some(RGBAColor(channel(r)?, channel(g)?, channel(b)?, 1.0)),
        [r, g, b, alpha] => Some(RGBAColor(channel(r)?, channel(g)?, channel(b)?, parse_alpha(alpha)?)),
        _ => None,
    }
}

fn parse_alpha(text: &str) -> Option<f64> {
    let (number, divisor) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let value = number.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some((value / divisor).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use plotters::style::RGBAColor;

    use super::{FALLBACK, color_or_grey, parse_color, to_hex};

    #[test]
    fn the_notations_of_themes_are_read() {
        for (css, expected) in [
            ("#1a2", RGBAColor(0x11, 0xaa, 0x22, 1.0)),
            (" #1B2c3D ", RGBAColor(0x1b, 0x2c, 0x3d, 1.0)),
            ("rgb(1, 2, 3)", RGBAColor(1, 2, 3, 1.0)),
            ("rgba(1,2,300,0.25)", RGBAColor(1, 2, 255, 0.25)),
            ("rgb(10 20 30 / 50%)", RGBAColor(10, 20, 30, 0.5)),
        ] {
            assert_eq!(parse_color(css), Some(expected), "{css}");
        }
    }

    #[test]
    fn anything_else_is_a_readable_grey() {
        for css in ["", "tomato", "#12", "#12345é", "rgb(1,2)", "rgb(a,b,c)", "oklch(0.7 0.1 200)", "rgb(1,2,3,nan)"] {
            assert_eq!(color_or_grey(css), FALLBACK, "{css}");
        }
        assert_eq!(to_hex(FALLBACK), "#777777");
    }
}
