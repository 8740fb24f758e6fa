//! A company's logo, read so that no picture can reach for files, take much memory or run for long.

use resvg::tiny_skia::Pixmap;
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use crate::ReportError;

/// Bytes of a logo, at most.
pub const LARGEST_LOGO: usize = 256 * 1024;
/// Pixels of a side, at most.
const LONGEST_SIDE: u32 = 2_000;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A logo that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    bytes: Vec<u8>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Png,
    Svg,
}

/// What is drawn.
pub(crate) enum Drawable {
    /// Straight red, green, blue, alpha; width and height.
    Pixels(Vec<u8>, u32, u32),
    /// Vectors.
    Tree(Box<Tree>),
}

impl Logo {
    /// Reads a PNG or an SVG of at most [`LARGEST_LOGO`] bytes. Pictures inside an SVG are left out.
    pub fn read(bytes: Vec<u8>) -> Result<Self, ReportError> {
        let failed = |words: &str| ReportError::Picture(words.to_owned());
        if bytes.len() > LARGEST_LOGO {
            return Err(failed("it is larger than 256 KiB"));
        }
        let kind = if bytes.starts_with(PNG) { Kind::Png } else { Kind::Svg };
        let logo = Self { bytes, kind };
        logo.drawable()?;
        Ok(logo)
    }

    /// The picture as it was read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `image/png` or `image/svg+xml`.
    pub const fn media_type(&self) -> &'static str {
        match self.kind {
            Kind::Png => "image/png",
            Kind::Svg => "image/svg+xml",
        }
    }

    pub(crate) fn drawable(&self) -> Result<Drawable, ReportError> {
        match self.kind {
            Kind::Png => pixels(&self.bytes),
            Kind::Svg => vectors(&self.bytes),
        }
    }
}

fn pixels(bytes: &[u8]) -> Result<Drawable, ReportError> {
    let failed = |words: &str| ReportError::Picture(words.to_owned());
    // The size stands in the first chunk: a small file must not unfold to a huge picture.
    let side = |from: usize| {
        let bytes = bytes.get(from..from + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map(u32::from_be_bytes).filter(|side| (1..=LONGEST_SIDE).contains(side))
    };
    if side(16).is_none() || side(20).is_none() {
        return Err(failed("a side is longer than 2,000 pixels"));
    }
    let picture = Pixmap::decode_png(bytes).map_err(|error| ReportError::Picture(error.to_string()))?;
    let straight = picture.pixels().iter().flat_map(|pixel| {
        let pixel = pixel.demultiply();
        [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
    });
    Ok(Drawable::Pixels(straight.collect(), picture.width(), picture.height()))
}

fn vectors(bytes: &[u8]) -> Result<Drawable, ReportError> {
    let nothing = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing, ..crate::pictures::options() };
    // Packed files are not unpacked: a small one might unfold to a huge one.
    let text = std::str::from_utf8(bytes).map_err(|_| ReportError::Picture("it is neither PNG nor SVG".to_owned()))?;
    let tree = Tree::from_str(text, &options).map_err(|error| ReportError::Picture(error.to_string()))?;
    Ok(Drawable::Tree(Box::new(tree)))
}

#[cfg(test)]
mod tests {
    use super::{Drawable, LARGEST_LOGO, Logo};

    #[test]
    fn a_png_and_an_svg_are_read_and_anything_else_is_refused() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#f00"/></svg>"##;
        let png = crate::picture_png(svg, 2).expect("a picture");
        let logo = Logo::read(png).expect("a logo");
        assert_eq!(logo.media_type(), "image/png");
        let Drawable::Pixels(pixels, 40, 20) = logo.drawable().expect("pixels") else { panic!("its size") };
        assert_eq!(pixels[..4], [255, 0, 0, 255]);
        assert_eq!(Logo::read(svg.into()).expect("a logo").media_type(), "image/svg+xml");
        assert!(Logo::read(b"no picture".to_vec()).is_err());
        assert!(Logo::read(vec![b' '; LARGEST_LOGO + 1]).is_err());
        let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        huge.extend([0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(Logo::read(huge).is_err(), "65,536 by 65,536");
    }
}
