//! Collections over real HTTP on this machine: against shops that answer as told, and against the sample shops.

mod limits;
mod many_hosts;
mod pictures;
mod politeness;
mod rendering;
mod sample_shops;
mod server;
mod support;
mod variants;
