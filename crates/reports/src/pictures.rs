//! SVG pictures with the shipped typeface, as trees for a PDF and as pixels.

use std::sync::Arc;

use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};
use resvg::{tiny_skia, usvg};

use crate::ReportError;

/// The typeface of every report.
pub(crate) static INTER: &[u8] = include_bytes!("../../../assets/fonts/chart/Inter-Regular.otf");
/// Its weight for headings and key figures: Latin, Greek and Cyrillic.
pub(crate) static INTER_STRONG: &[u8] = include_bytes!("../../../assets/fonts/chart/Inter-SemiBold.ttf");

/// How pictures are read: with the shipped typeface.
pub(crate) fn options() -> Options<'static> {
    let mut fonts = Database::new();
    fonts.load_font_data(INTER.to_vec());
    fonts.load_font_data(INTER_STRONG.to_vec());
    fonts.set_sans_serif_family("Inter");
    Options { font_family: "Inter".to_owned(), fontdb: Arc::new(fonts), ..Options::default() }
}

/// Reads a picture.
pub(crate) fn tree_of(svg: &str) -> Result<Tree, ReportError> {
    Tree::from_str(svg, &options()).map_err(|error: usvg::Error| ReportError::Picture(error.to_string()))
}

/// A picture as PNG, `scale` pixels for each of its own, from 1 to 8.
pub fn picture_png(svg: &str, scale: u8) -> Result<Vec<u8>, ReportError> {
    let tree = tree_of(svg)?;
    let factor = f32::from(scale.clamp(1, 8));
    let (width, height) = (tree.size().width() * factor, tree.size().height() * factor);
    let empty = || ReportError::Picture("it is empty".to_owned());
    let mut pixels = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32).ok_or_else(empty)?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(factor, factor), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| ReportError::Picture(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::picture_png;

    #[test]
    fn a_picture_becomes_pixels_at_its_scale() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#f00"/></svg>"##;
        let png = picture_png(svg, 2).expect("a picture");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(
            (png[16..20].to_vec(), png[20..24].to_vec()),
            (40u32.to_be_bytes().to_vec(), 20u32.to_be_bytes().to_vec())
        );
        assert!(picture_png("no picture", 1).is_err());
    }
}
