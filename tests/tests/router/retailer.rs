//! The sample retailer with its six competitors served on free ports of this machine.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use journeys::Router;
use pricing_domain::{FileKind, Instant};
use sample_shops::{
    PageKind, RunningShops, SampleCatalogue, SampleListing, ShopAddresses, ShopClock, generate_for, listings, price_on,
    products, serve,
};

/// The retailer, with shops that show one day.
pub struct Retailer {
    pub sample: SampleCatalogue,
    day: i64,
    shops: Option<RunningShops>,
}

impl Retailer {
    /// Opens the shops on today's date, so that promotions and locks of the sample are running.
    pub async fn open() -> Result<Self> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let today = Instant(i64::try_from(seconds)? * 1_000_000).utc_date();
        let day = sample_shops::day_number(today);
        let addresses = ShopAddresses::ephemeral().await?;
        let sample = generate_for(&addresses, today);
        let shops = serve(&addresses, ShopClock::fixed_day(Arc::new(AtomicI64::new(day)))).await?;
        Ok(Self { sample, day, shops: Some(shops) })
    }

    /// Ends the shops: nothing answers any more.
    pub fn close_shops(&mut self) {
        self.shops = None;
    }

    /// Pages that the shops have for the retailer's products.
    pub fn listings(&self) -> u64 {
        listings().len() as u64
    }

    /// Creates a workspace and imports what the retailer has today.
    pub async fn move_in(&self, router: &Router) -> Result<()> {
        router.create_workspace("Nordlicht").await?;
        router.collect_with_delay(0).await?;
        let sample = &self.sample;
        for competitor in &sample.competitors {
            router.host.allow_private_origin(&competitor.origin).await?;
        }
        import(router, FileKind::Products, &sample.products_csv).await?;
        // A new workspace names its first price list itself.
        let named = format!(",{},", sample.price_lists[0].name);
        let here = format!(",{},", router.workspace().await?.price_lists[0].code);
        for (kind, content) in [
            (FileKind::Prices, &sample.prices_csv),
            (FileKind::Promotions, &sample.promotions_csv),
            (FileKind::Locks, &sample.locks_csv),
            (FileKind::Matches, &sample.matches_csv),
        ] {
            import(router, kind, &content.replace(&named, &here)).await?;
        }
        Ok(())
    }

    /// Imports two years of sales.
    pub async fn bring_sales(&self, router: &Router) -> Result<()> {
        import(router, FileKind::Sales, &self.sample.sales_csv).await
    }

    /// Compares what was read with what is true, page by page: right, or refused; never a wrong price.
    pub async fn check_offers(&self, router: &Router, sample_size: usize) -> Result<()> {
        let mut right = 0;
        for listing in listings().iter().step_by(listings().len().div_ceil(sample_size)) {
            right += u32::from(self.check_offer(router, listing).await?);
        }
        assert!(right as usize * 10 > sample_size * 6, "{right} of {sample_size} prices were read");
        Ok(())
    }

    async fn check_offer(&self, router: &Router, listing: &SampleListing) -> Result<bool> {
        let truth = price_on(listing.shop, listing.product, self.day).expect("the shop has the listing");
        let sku = &products()[listing.product].sku;
        let detail = router.product(sku).await?;
        let offer = detail.offers.iter().find(|offer| offer.competitor == listing.shop.name());
        let offer = offer.unwrap_or_else(|| panic!("{sku} has no listing at {}", listing.shop.name()));
        match (truth.page, offer.price) {
            (PageKind::Product, Some(price)) => {
                assert_eq!(price.amount_minor, truth.price_minor, "{sku} at {}: {offer:?}", listing.shop.name());
                Ok(true)
            }
            (PageKind::Product, None) => Ok(false),
            (_, price) => {
                assert_eq!(price, None, "{sku} at {} has no price: {offer:?}", listing.shop.name());
                Ok(false)
            }
        }
    }

    /// The last good prices of some products, by SKU and competitor.
    pub async fn last_prices(&self, router: &Router) -> Result<Vec<(String, String, i64)>> {
        let mut prices = Vec::new();
        for product in products().iter().step_by(20) {
            for offer in router.product(&product.sku).await?.offers {
                if let Some(price) = offer.price {
                    prices.push((product.sku.clone(), offer.competitor, price.amount_minor));
                }
            }
        }
        prices.sort();
        Ok(prices)
    }
}

async fn import(router: &Router, kind: FileKind, content: &str) -> Result<()> {
    let report = router.import(kind, content).await?;
    assert_eq!(report.refused, 0, "{kind}: {:?}", report.problems.first());
    assert!(report.added > 0, "{kind}: {} rows", report.rows);
    Ok(())
}
