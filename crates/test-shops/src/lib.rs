//! Shops for tests, over real HTTP on loopback. They keep to the documented rules of what they stand for (authentication,
//! sizes of batches and pages, formats, costs, errors of single objects) and refuse whatever breaks one. Each writes down
//! every price that it takes, and can be told to fail at a request. Files are taken by the system's own `sshd`.

#![allow(clippy::unwrap_used, reason = "it is used by tests alone, which end where they expected something")]

mod door;
mod receiver;
#[cfg(target_os = "linux")]
mod sftp;
mod shopify;
mod woo_commerce;

pub use door::{Door, Fault};
pub use receiver::{Receiver, TakenMessage};
#[cfg(target_os = "linux")]
pub use sftp::SftpServer;
pub use shopify::{ShopifyShop, ShopifyVariant};
pub use woo_commerce::{WooProduct, WooShop};

/// A price that a shop took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPrice {
    /// Article number.
    pub sku: String,
    /// As it was sent.
    pub price: String,
}
