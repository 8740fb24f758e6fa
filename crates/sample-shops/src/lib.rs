//! A retailer and six competitors that do not exist, for the demo and for tests: a catalogue with its history as files,
//! and shops that serve product pages on this machine.

mod catalogue;
mod history;
mod listings;
mod market;
mod mixing;
mod pages;
mod sample;
mod server;
mod shops;
mod table;

pub use catalogue::{SampleProduct, products};
pub use listings::{SampleListing, find_listing, listings, unmatched};
pub use market::{PageKind, ShopTruth, day_number, price_on};
pub use sample::{DemoSales, SampleCatalogue, SampleCompetitor, SamplePriceList, generate, generate_for};
pub use server::{RunningShops, ServeError, ShopClock, serve, serve_from_afar};
pub use shops::{Shop, ShopAddresses};
