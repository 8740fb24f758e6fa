//! Plans: markdowns, promotions, price tests.

pub mod desk;
pub mod experiment_form;
pub mod experiment_result;
pub mod grades;
pub mod markdown;
pub mod promotion;
pub mod proposed;
