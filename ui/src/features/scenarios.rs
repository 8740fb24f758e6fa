//! What happens if: changes that are played out over weeks, with how sure the answer is; kept, compared, made proposals of.

pub mod actions;
pub mod change_form;
pub mod compared;
pub mod draft;
pub mod groups;
pub mod kept_list;
pub mod objective_form;
pub mod optimum;
pub mod product_filter;
pub mod result;
pub mod rules_choice;
pub mod scenario_form;
pub mod science_tabs;
pub mod typed_change;
pub mod typed_objective;
