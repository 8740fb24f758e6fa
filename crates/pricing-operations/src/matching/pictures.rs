//! Pictures for the review of a match: fetched when somebody looks, once, as politely as pages, and kept small.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app_contract::{MatchPictures, PictureView};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use price_collection::{CollectSettings, FetchedPicture, SiteRules, Target, fetch_picture};
use pricing_domain::{FoundPageId, ProductId};
use pricing_store::PictureRow;

use crate::competitor_settings::site_rules;
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// The longer side of a small copy, in pixels.
const SIDE: u32 = 320;
/// Pictures with a longer side are not unpacked.
const LONGEST_SIDE: u32 = 12_000;
/// Memory that unpacking one may take.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;
const JPEG_QUALITY: u8 = 80;
/// A picture that could not be had is asked for again after so many hours.
const AGAIN_AFTER_HOURS: i64 = 24;
/// Somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who may fetch pictures now: one review at a time, and of those that wait the newest, so that leafing through a list
/// asks for what is looked at in the end.
#[derive(Default)]
pub(crate) struct PictureTurns {
    newest: AtomicU64,
    one_at_a_time: tokio::sync::Mutex<()>,
}

impl Workspace {
    /// The pictures of a page and of a product. What is not kept yet is fetched where the settings allow it.
    pub async fn match_pictures(
        &self,
        page: FoundPageId,
        product: ProductId,
        private_origins: &[String],
    ) -> Result<MatchPictures, OperationError> {
        let pair = self.store.pair_pictures(page, product).await?;
        let pair = pair.ok_or_else(|| OperationError::not_found("This page or this product is not there any more."))?;
        let addresses = [pair.theirs, pair.ours];
        let settings = self.collection_settings().await?;
        if settings.fetch_pictures && self.lacks_any(&addresses).await? {
            let own_rules = self.settings_by_competitor().await?;
            let rules = own_rules.get(&pair.competitor_key).map(|settings| site_rules(settings, self.now()));
            let fetch = CollectSettings {
                timeout: PATIENCE,
                longest_wait: PATIENCE,
                ..self.fetch_settings(&settings, private_origins).await?
            };
            self.fetch_pictures(&addresses, rules.unwrap_or_default(), fetch).await?;
        }
        let [theirs, ours] = addresses;
        Ok(MatchPictures {
            page,
            product,
            theirs: self.picture_view(theirs, "The page names no picture.", settings.fetch_pictures).await?,
            ours: self.picture_view(ours, "The catalogue names no picture.", settings.fetch_pictures).await?,
        })
    }

    /// Whether one of these pictures is to be asked for.
    async fn lacks_any(&self, addresses: &[Option<String>]) -> Result<bool, OperationError> {
        for url in addresses.iter().flatten() {
            if self.lacks(url).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn lacks(&self, url: &str) -> Result<bool, OperationError> {
        let kept = self.store.picture(url).await?;
        let asks_again =
            |kept: PictureRow| kept.small.is_none() && kept.fetched_at.plus_hours(AGAIN_AFTER_HOURS) <= self.now();
        Ok(kept.is_none_or(asks_again))
    }

    /// Fetches the pictures of a pair that are not kept: theirs by the rules of their shop, ours by the usual ones.
    async fn fetch_pictures(
        &self,
        [theirs, ours]: &[Option<String>; 2],
        their_rules: SiteRules,
        fetch: CollectSettings,
    ) -> Result<(), OperationError> {
        let place = self.pictures.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let _turn = self.pictures.one_at_a_time.lock().await;
        if self.pictures.newest.load(Ordering::Relaxed) != place || self.collecting.is_elsewhere().await {
            return Ok(());
        }
        self.restore_origins().await?;
        let asked = [(theirs, Arc::new(their_rules)), (ours, Arc::default())];
        for (url, rules) in asked.into_iter().filter_map(|(url, rules)| Some((url.as_ref()?, rules))) {
            if !self.lacks(url).await? {
                continue;
            }
            let target = Target { rules, ..Target::new(0, url.as_str()) };
            let clock = self.clock.clone();
            let (small, problem) = match fetch_picture(&target, fetch.clone(), move || clock()).await {
                FetchedPicture::NotNow(_) => continue,
                FetchedPicture::None(reason) => (None, reason),
                FetchedPicture::Picture(bytes) => match in_background(move || Ok(small_copy(&bytes))).await? {
                    Ok(small) => (Some(small), String::new()),
                    Err(reason) => (None, reason),
                },
            };
            self.store.keep_picture(url, &PictureRow { fetched_at: self.now(), small, problem }).await?;
        }
        Ok(())
    }

    async fn picture_view(
        &self,
        url: Option<String>,
        unnamed: &str,
        is_allowed: bool,
    ) -> Result<PictureView, OperationError> {
        let without = |reason: &str| PictureView { data: None, reason: reason.to_owned() };
        let Some(url) = url else { return Ok(without(unnamed)) };
        Ok(match self.store.picture(&url).await? {
            Some(PictureRow { small: Some(small), .. }) => PictureView {
                data: Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(small))),
                reason: String::new(),
            },
            Some(kept) => without(&format!("No picture: {}.", kept.problem)),
            None if is_allowed => without("The picture cannot be asked for now; look again later."),
            None => without("Pictures are not fetched. Allow it under Settings."),
        })
    }
}

/// A picture made small, as JPEG without anything else that its file carried; else why that cannot be.
fn small_copy(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let unreadable = |problem: image::ImageError| format!("the picture cannot be read: {problem}");
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|problem| format!("the picture cannot be read: {problem}"))?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err("the file is no JPEG, PNG or WebP picture".to_owned());
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err("the picture has too many pixels".to_owned());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if picture.width() > SIDE || picture.height() > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    picture.apply_orientation(orientation);
    let mut small = Vec::new();
    on_white(&picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut small, JPEG_QUALITY))
        .map_err(unreadable)?;
    Ok(small)
}

/// What is transparent is white, as the pages of shops are.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let rgba = picture.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        let over = |part: u8| {
            let mixed = (u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

    use super::small_copy;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::from(RgbaImage::from_pixel(width, height, Rgba([200, 0, 0, 0])));
        let image = if format == ImageFormat::Jpeg { DynamicImage::from(image.to_rgb8()) } else { image };
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).expect("memory");
        bytes.into_inner()
    }

    #[test]
    fn pictures_become_small_and_what_is_transparent_white() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let small = small_copy(&picture(1_000, 500, format)).expect("a picture");
            let read = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).expect("a JPEG").to_rgb8();
            assert_eq!(read.dimensions(), (320, 160), "{format:?}");
            if format == ImageFormat::Png {
                assert_eq!(read.get_pixel(10, 10).0, [255, 255, 255]);
            }
        }
        let tiny = small_copy(&picture(10, 20, ImageFormat::Png)).expect("a picture");
        let read = image::load_from_memory(&tiny).expect("a JPEG");
        assert_eq!((read.width(), read.height()), (10, 20), "what is small stays so");
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused_in_words() {
        let told = |bytes: &[u8]| small_copy(bytes).expect_err("no picture");
        assert!(told(b"<svg xmlns='http://www.w3.org/2000/svg'/>").contains("no JPEG, PNG or WebP"));
        assert!(told(b"GIF89a......").contains("no JPEG, PNG or WebP"));
        assert!(told(&picture(20, 20, ImageFormat::Png)[..60]).contains("cannot be read"));
        // A header that claims a thousand times more than the file holds.
        let mut bomb = picture(20, 20, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0x2e, 0xe0, 0, 0, 0x2e, 0xe0]);
        assert!(small_copy(&bomb).is_err());
        assert!(told(&picture(12_001, 1, ImageFormat::Png)).contains("cannot be read"));
    }
}
