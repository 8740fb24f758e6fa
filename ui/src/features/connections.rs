//! Shops and other receivers of prices.

pub mod connection_form;
pub mod connection_panel;
pub mod connection_table;
pub mod delivery_report;

use pricing_domain::ConnectionId;

/// What the side panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// The form of a new connection.
    New,
    /// A connection.
    One(ConnectionId),
}
