//! Questions in words to what is asked, in English and German: by grammar and synonyms over the workspace's own names.
//!
//! Pure: the names are passed in and products are looked up through [`ProductLookup`]. The same question over the same
//! names is always read alike. What is not understood is said, with the documented questions that come nearest; a name
//! that the workspace does not have is never dropped silently, because the answer would then be about something else.

mod assumptions;
mod edit_distance;
mod figures;
mod file_questions;
mod grammar;
mod intents;
mod lexicon;
mod names;
mod periods;
mod questions;
mod tokens;

pub use file_questions::{FileAspect, FileQuestion};
pub use grammar::{may_lean, points_at_one, understand, understand_after, understand_with_file};
pub use intents::{
    Aspect, CalendarPart, Condition, Direction, DraftStrategy, Groups, Intent, Language, Limit, Measure, Period,
    PeriodUnit, ProductFigure, ProductSum, PromotionFigure, Quantity, RankFigure, Reading, RuleQuestion, Scope, Series,
    Side, Stance, Statistic, Supposed, Total, TrendFigure, WantedMargin,
};
pub use names::{NameIndex, Names, PriceListName, ProductLookup};
pub use questions::{Example, documented, nearest};
