//! Price tests: which products take part, how many it needs, and what the sales say afterwards.

mod design;
mod reading;
mod switchback;

use app_contract::{
    ExperimentDesign, ExperimentInput, ExperimentReading, ExperimentRow, ScenarioInput, ScenarioProposals,
};
use pricing_domain::{CivilDate, ExperimentId, Instant};
use pricing_store::{Durability, ExperimentRecord, NewExperiment, TestedProduct};

use crate::exports::in_background;
use crate::{OperationError, Workspace};
use design::{Chosen, design};

/// Letters of a name.
const LONGEST_NAME: usize = 120;

impl Workspace {
    /// Chooses products and says what the test needs. Nothing is written.
    pub async fn design_experiment(&self, experiment: ExperimentInput) -> Result<ExperimentDesign, OperationError> {
        Ok(self.designed(experiment).await?.0)
    }

    /// Keeps a test with the products that its design chooses.
    pub async fn keep_experiment(
        &self,
        experiment: ExperimentInput,
        starts: CivilDate,
    ) -> Result<ExperimentRow, OperationError> {
        let name: String = experiment.name.trim().chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            return Err(OperationError::refused("Give the price test a name."));
        }
        let taken = self.store.list_experiments().await?;
        if taken.iter().any(|one| one.name.to_lowercase() == name.to_lowercase()) {
            return Err(OperationError::refused(format!("Another price test is called “{name}”.")));
        }
        let experiment = ExperimentInput { name: name.clone(), ..experiment };
        let (_, treated, held) = self.designed(experiment.clone()).await?;
        let body = serde_json::to_string(&experiment).map_err(|error| OperationError::fault(error.to_string()))?;
        let starts = day_number(starts);
        let new =
            NewExperiment { name: name.clone(), body, starts, treated: products(&treated), held: products(&held) };
        let mut op = self.begin("keep_experiment", Durability::Full).await?;
        let id = op.keep_experiment(new, &self.actor()).await?;
        op.commit(&format!("Kept the price test “{name}”"), false).await?;
        row(&self.tested(id).await?)
    }

    /// Every price test, newest first.
    pub async fn experiments(&self) -> Result<Vec<ExperimentRow>, OperationError> {
        self.store.list_experiments().await?.iter().map(row).collect()
    }

    /// What the sales say so far.
    pub async fn read_experiment(&self, id: ExperimentId) -> Result<ExperimentReading, OperationError> {
        let found = self.tested(id).await?;
        let row = row(&found)?;
        let snapshot = self.snapshot().await?;
        let demand = self.demand(&snapshot).await?;
        let store = self.store.clone();
        in_background(move || reading::read(&store, (&snapshot, &demand), &found, row)).await
    }

    /// Proposes the new prices of the test; of a switchback, the prices of the period that it is.
    pub async fn propose_experiment(&self, id: ExperimentId) -> Result<ScenarioProposals, OperationError> {
        let found = self.tested(id).await?;
        let row = row(&found)?;
        let input = ScenarioInput { price_list: row.experiment.price_list.clone(), ..ScenarioInput::default() };
        let basis = self.scenario_basis(&input).await?;
        let today = self.now().0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY);
        let experiment = &row.experiment;
        let is_new = experiment
            .switchback
            .is_none_or(|switchback| switchback::has_new_price(experiment, switchback, today - found.starts));
        let of = |(key, old, new): &TestedProduct| {
            Some((basis.snapshot.row_of_key(u32::try_from(*key).ok()?)?, if is_new { *new } else { *old }))
        };
        let mut wanted: Vec<(u32, i64)> = found.treated.iter().filter_map(of).collect();
        wanted.sort_unstable();
        self.propose_prices(basis, &found.name, wanted).await
    }

    /// Forgets a price test.
    pub async fn remove_experiment(&self, id: ExperimentId) -> Result<Vec<ExperimentRow>, OperationError> {
        let found = self.tested(id).await?;
        let mut op = self.begin("remove_experiment", Durability::Full).await?;
        op.remove_experiment(id).await?;
        op.commit(&format!("Removed the price test “{}”", found.name), false).await?;
        self.experiments().await
    }

    async fn tested(&self, id: ExperimentId) -> Result<ExperimentRecord, OperationError> {
        let missing = || OperationError::not_found("This price test is not in the workspace any more.");
        self.store.find_experiment(id).await?.ok_or_else(missing)
    }

    async fn designed(
        &self,
        experiment: ExperimentInput,
    ) -> Result<(ExperimentDesign, Vec<Chosen>, Vec<Chosen>), OperationError> {
        design::check(&experiment)?;
        let snapshot = self.snapshot().await?;
        let list = super::list_of(&snapshot, &experiment.price_list)?;
        let demand = self.demand(&snapshot).await?;
        let store = self.store.clone();
        in_background(move || design(&store, (&snapshot, &demand), list, &experiment)).await
    }
}

fn products(chosen: &[Chosen]) -> Vec<TestedProduct> {
    let mut products: Vec<TestedProduct> =
        chosen.iter().map(|one| (one.key, one.price_minor, one.test_minor)).collect();
    products.sort_unstable();
    products
}

fn day_number(date: CivilDate) -> i64 {
    Instant::at_utc_midnight(date).0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}

fn row(found: &ExperimentRecord) -> Result<ExperimentRow, OperationError> {
    let experiment = serde_json::from_str(&found.body)
        .map_err(|error| OperationError::fault(format!("A kept price test is damaged: {error}")))?;
    Ok(ExperimentRow {
        id: found.id,
        name: found.name.clone(),
        starts: Instant(found.starts * pricing_domain::MICROSECONDS_PER_DAY).utc_date(),
        experiment,
        treated: found.treated.len() as u64,
        held: found.held.len() as u64,
        kept_at: found.kept_at,
        kept_by: found.kept_by.clone(),
    })
}
