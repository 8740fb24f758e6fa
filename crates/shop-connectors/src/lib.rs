//! Shops and other receivers: whether they answer, their catalogue, the prices they show, and new prices for them.
//!
//! A connector reads and writes; which price goes where and what counts as done is decided by its caller. Prices are
//! absolute, so that sending one again changes nothing. Keys travel in headers alone and are in no error.

mod address;
mod amounts;
mod connector;
mod error;
mod exchange;
mod file_drop;
mod patience;
mod shopify;
mod views;
mod webhook;
mod woo_commerce;

pub use connector::{Connector, Keys, check_address, check_sftp_key};
pub use error::{ShopError, ShopErrorKind};
pub use patience::Patience;
pub use views::{
    CatalogueCounts, Delivery, Placed, PriceUpdate, SaleInShop, SendReport, ShopFacts, ShopPlace, ShopProduct,
    ShownPrice, UNTAXED,
};
pub use webhook::{SIGNATURE_TOLERANCE_SECONDS, sign_message};
