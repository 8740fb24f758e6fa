//! Settings: the company, politeness, appearance, files, history.

pub mod addresses_form;
pub mod appearance_panel;
pub mod audit_panel;
pub mod breaker_form;
pub mod files_panel;
pub mod general_form;
pub mod history_panel;
pub mod list_part_form;
pub mod local_servers;
pub mod mappings_panel;
pub mod model_form;
pub mod person_form;
pub mod policy_form;
pub mod price_lists_form;
pub mod report_form;
pub mod sources_panel;
