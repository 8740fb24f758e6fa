//! What the best prices are best at, as it is typed, and as the host reads it.

use app_contract::{ScenarioClearance, ScenarioIndexLimit, ScenarioObjective};
use pricing_domain::GridFilter;

use super::typed_change::{number, optional};

/// An objective as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedObjective {
    /// Weight of a unit of margin.
    pub margin: String,
    /// Weight of a unit of revenue.
    pub revenue: String,
    /// Worth of a unit sold.
    pub units: String,
    /// Percent that a price moves at most.
    pub step: String,
    /// Percent of the prices that change at most.
    pub changes: String,
    /// Percent that the price level is at most.
    pub basket: String,
    /// Percent that the price level of each category is at most.
    pub category: String,
    /// Percent that revenue is at least.
    pub least_revenue: String,
    /// Percent that margin is at least.
    pub least_margin: String,
    /// Percent that units are at least.
    pub least_units: String,
    /// Against whom an index is limited; empty: not at all.
    pub competitor: String,
    /// Of which category; empty: of all.
    pub index_category: String,
    /// The index is at least.
    pub index_from: String,
    /// The index is at most.
    pub index_to: String,
    /// Further limits of indexes, as a file stated them.
    pub indexes: Vec<ScenarioIndexLimit>,
    /// Weeks until stock is to be gone; empty: there is no such aim.
    pub clear_weeks: String,
    /// Percent of the cost that a unit left over brings.
    pub salvage: String,
    /// Whose stock is to go.
    pub clear_only: Vec<GridFilter>,
    /// More content never costs less.
    pub families: bool,
}

impl Default for TypedObjective {
    fn default() -> Self {
        Self::of(&ScenarioObjective::default())
    }
}

impl TypedObjective {
    /// What is asked of the host; `None` while something cannot be read.
    pub fn objective(&self) -> Option<ScenarioObjective> {
        let weight = |text: &str| Some(optional(text)?.unwrap_or(0.0));
        let competitor = self.competitor.trim().to_owned();
        let (at_least, at_most) = (optional(&self.index_from)?, optional(&self.index_to)?);
        let category = Some(self.index_category.trim().to_owned()).filter(|category| !category.is_empty());
        let index = match competitor.is_empty() {
            true => None,
            false => Some(ScenarioIndexLimit { competitor, at_least, at_most, category }),
        };
        let clear = match self.clear_weeks.trim() {
            "" => None,
            weeks => Some(ScenarioClearance {
                weeks: weeks.parse().ok()?,
                salvage: weight(&self.salvage)?,
                only: self.clear_only.clone(),
            }),
        };
        Some(ScenarioObjective {
            margin: weight(&self.margin)?,
            revenue: weight(&self.revenue)?,
            units: weight(&self.units)?,
            clear,
            step: number(&self.step)?,
            changes_at_most: optional(&self.changes)?,
            basket_at_most: optional(&self.basket)?,
            category_at_most: optional(&self.category)?,
            revenue_at_least: optional(&self.least_revenue)?,
            margin_at_least: optional(&self.least_margin)?,
            units_at_least: optional(&self.least_units)?,
            index,
            indexes: self.indexes.clone(),
            keep_families: self.families,
        })
    }

    /// The same as it would have been typed.
    pub fn of(objective: &ScenarioObjective) -> Self {
        let maybe = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let (index, clear) = (objective.index.as_ref(), objective.clear.as_ref());
        Self {
            margin: objective.margin.to_string(),
            revenue: objective.revenue.to_string(),
            units: objective.units.to_string(),
            step: objective.step.to_string(),
            changes: maybe(objective.changes_at_most),
            basket: maybe(objective.basket_at_most),
            category: maybe(objective.category_at_most),
            least_revenue: maybe(objective.revenue_at_least),
            least_margin: maybe(objective.margin_at_least),
            least_units: maybe(objective.units_at_least),
            competitor: index.map(|index| index.competitor.clone()).unwrap_or_default(),
            index_category: index.and_then(|index| index.category.clone()).unwrap_or_default(),
            indexes: objective.indexes.clone(),
            index_from: maybe(index.and_then(|index| index.at_least)),
            index_to: maybe(index.and_then(|index| index.at_most)),
            clear_weeks: clear.map(|clear| clear.weeks.to_string()).unwrap_or_default(),
            salvage: maybe(clear.map(|clear| clear.salvage)),
            clear_only: clear.map(|clear| clear.only.clone()).unwrap_or_default(),
            families: objective.keep_families,
        }
    }
}

#[cfg(test)]
mod tests {
    use app_contract::{ScenarioClearance, ScenarioIndexLimit, ScenarioObjective};

    use super::TypedObjective;

    #[test]
    fn an_objective_is_typed_again_as_it_was() {
        let limit = |category| ScenarioIndexLimit {
            competitor: "ElektroMax".into(),
            at_least: None,
            at_most: Some(102.0),
            category,
        };
        let objective = ScenarioObjective {
            units: 0.5,
            changes_at_most: Some(30.0),
            index: Some(limit(None)),
            indexes: vec![limit(Some("Audio > Speakers".into()))],
            clear: Some(ScenarioClearance { weeks: 6, salvage: 20.0, only: Vec::new() }),
            ..ScenarioObjective::default()
        };
        assert_eq!(TypedObjective::of(&objective).objective(), Some(objective));
        assert_eq!(TypedObjective::default().objective(), Some(ScenarioObjective::default()));
    }

    #[test]
    fn what_is_no_number_is_not_asked() {
        let wrong = TypedObjective { changes: "few".into(), ..TypedObjective::default() };
        assert_eq!(wrong.objective(), None);
        let wrong = TypedObjective { step: String::new(), ..TypedObjective::default() };
        assert_eq!(wrong.objective(), None, "a largest change is needed");
    }
}
