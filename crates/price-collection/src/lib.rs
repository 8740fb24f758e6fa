//! Fetches competitor pages politely and hands them to extraction.

pub mod robots;
