//! How far what is known of a product's demand can be relied on.

use crate::text_enum::text_enum;

text_enum! {
    /// What an elasticity rests on, the best first.
    ElasticityGrade {
        /// The product's own data.
        OwnData = "own_data",
        /// Own data, drawn towards its category.
        Shrunk = "shrunk",
        /// The category's estimate.
        Category = "category",
        /// The value that is assumed where nothing is known.
        Default = "default",
        /// Nothing that could be used.
        NotEnough = "not_enough",
    }
}

impl ElasticityGrade {
    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::OwnData => "own data",
            Self::Shrunk => "own data and similar products",
            Self::Category => "the category's estimate",
            Self::Default => "assumed",
            Self::NotEnough => "not enough data",
        }
    }
}
