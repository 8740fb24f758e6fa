//! Alerts: what is watched, what was told and why, and the ways on which it is sent.

pub mod alert_fields;
pub mod alert_form;
pub mod alert_list;
pub mod history;
pub mod lately;
pub mod ways_out;
