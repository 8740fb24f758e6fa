//! The rule set in force, and the one a new workspace starts from.

use app_contract::{FieldValues, RuleSetVersionView};
use pricing_domain::{
    Adjustment, BasisPoints, CompetitorReference, EndingBand, FamilyLaw, FamilyOrder, Guardrails, Instant, MarginFloor,
    OfferPolicy, PriceEnding, Role, Rule, RuleSet, RuleSetState, Scope, ScopeTest, StepLimit, Strategy,
};
use pricing_rules::{RuleTestResult, TextField, list_order, problems_of, run_rule_tests};
use pricing_store::{Durability, RuleSetVersion};

use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Words of the catalogue that are offered at once.
const MOST_VALUES: usize = 20;

impl Workspace {
    /// The catalogue's own words for a field that is being written, those that begin so first.
    pub async fn field_values(
        &self,
        field: String,
        attribute: Option<String>,
        written: String,
    ) -> Result<FieldValues, OperationError> {
        let known = TextField::ALL.into_iter().find(|one| one.key() == field);
        let known = known.ok_or_else(|| OperationError::refused(format!("Rules know no field “{field}”.")))?;
        let snapshot = self.snapshot().await?;
        let (of, typed) = (attribute.clone(), written.clone());
        let look = move || Ok(snapshot.field_values(known, of.as_deref(), &typed, MOST_VALUES));
        let values = in_background(look).await?;
        Ok(FieldValues { field, attribute, written, values })
    }

    /// The rule set in force.
    pub async fn rule_set(&self) -> Result<RuleSet, OperationError> {
        Ok(self.active_rules().await?.rules)
    }

    /// Every version, newest first.
    pub async fn rule_set_versions(&self) -> Result<Vec<RuleSetVersionView>, OperationError> {
        let versions = self.store.rule_set_versions().await?;
        let view = |version: RuleSetVersion| RuleSetVersionView {
            version: version.version,
            name: version.rules.name,
            state: version.state,
            in_force_from: version.in_force_from,
            created_at: version.created_at,
            created_by: version.created_by,
            rules: u32::try_from(version.rules.rules.len()).unwrap_or(u32::MAX),
        };
        Ok(versions.into_iter().map(view).collect())
    }

    /// One version by its number.
    pub async fn rule_set_version(&self, version: i64) -> Result<RuleSet, OperationError> {
        let versions = self.store.rule_set_versions().await?;
        let found = versions.into_iter().find(|one| one.version == version);
        found
            .map(|found| found.rules)
            .ok_or_else(|| OperationError::not_found(format!("There is no version {version} of the rules.")))
    }

    pub(crate) async fn active_rules(&self) -> Result<RuleSetVersion, OperationError> {
        // Whoever asks first after its time puts a scheduled version in force.
        if let Some(due) = self.store.due_rule_set(self.now()).await? {
            let mut op = self.begin("activate_rule_set", Durability::Full).await?;
            op.activate_scheduled(&due).await?;
            op.commit(&format!("Put the rules “{}” in force as scheduled", due.rules.name), false).await?;
        }
        self.store
            .active_rule_set()
            .await?
            .ok_or_else(|| OperationError::not_found("This workspace has no rules. Put a rule set in force first."))
    }

    /// Puts a rule set in force as a new version. One that contradicts itself, or fails a test of its own, is refused
    /// with every reason.
    pub async fn activate_rule_set(&self, rules: RuleSet) -> Result<RuleSet, OperationError> {
        self.refuse_unusable(&rules).await?;
        let mut op = self.begin("activate_rule_set", Durability::Full).await?;
        op.activate_rule_set(&rules, &self.actor()).await?;
        op.commit(&format!("Put the rules “{}” in force", rules.name), false).await?;
        Ok(rules)
    }

    /// Keeps a rule set that may still contradict itself, without putting it in force.
    pub async fn save_rule_draft(&self, rules: &RuleSet) -> Result<Vec<RuleSetVersionView>, OperationError> {
        let mut op = self.begin("save_rule_draft", Durability::Full).await?;
        op.save_rule_set(rules, RuleSetState::Draft, None, &self.actor()).await?;
        op.commit(&format!("Saved a draft of the rules “{}”", rules.name), false).await?;
        self.rule_set_versions().await
    }

    /// Lets a rule set come into force by itself at a moment to come.
    pub async fn schedule_rule_set(
        &self,
        rules: &RuleSet,
        from: Instant,
    ) -> Result<Vec<RuleSetVersionView>, OperationError> {
        if from <= self.now() {
            return Err(OperationError::refused(
                "This moment has passed. Choose a later one, or put the rules in force now.",
            ));
        }
        self.refuse_unusable(rules).await?;
        let mut op = self.begin("schedule_rule_set", Durability::Full).await?;
        op.save_rule_set(rules, RuleSetState::Scheduled, Some(from), &self.actor()).await?;
        op.commit(&format!("Scheduled the rules “{}” for {from}", rules.name), false).await?;
        self.rule_set_versions().await
    }

    /// Removes a draft or a scheduled version. One that was in force stays: prices refer to it.
    pub async fn remove_rule_set(&self, version: i64) -> Result<Vec<RuleSetVersionView>, OperationError> {
        let mut op = self.begin("remove_rule_set", Durability::Full).await?;
        if op.remove_rule_set(version).await? {
            op.commit(&format!("Removed version {version} of the rules"), false).await?;
            return self.rule_set_versions().await;
        }
        op.abandon().await?;
        Err(OperationError::refused("Only drafts and scheduled versions can be removed. Versions that priced stay."))
    }

    async fn refuse_unusable(&self, rules: &RuleSet) -> Result<(), OperationError> {
        let problems = problems_of(rules);
        if !problems.is_empty() {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(OperationError::refused(format!("These rules cannot be used: {}.", words.join("; "))));
        }
        self.refuse_circles(rules).await?;
        self.refuse_failing_tests(rules).await
    }

    /// Lists that follow each other would move each other's prices on with every run.
    async fn refuse_circles(&self, rules: &RuleSet) -> Result<(), OperationError> {
        if self.store.price_lists().await?.len() < 2 {
            return Ok(());
        }
        let snapshot = self.snapshot().await?;
        let Err(codes) = list_order(rules, &snapshot) else { return Ok(()) };
        let named: Vec<String> = codes.iter().map(|code| format!("“{code}”")).collect();
        Err(OperationError::refused(format!(
            "These price lists follow each other in a circle: {}. Let one of them find its prices by itself.",
            named.join(", ")
        )))
    }

    /// Runs the tests of a rule set over the catalogue.
    async fn refuse_failing_tests(&self, rules: &RuleSet) -> Result<(), OperationError> {
        if rules.tests.is_empty() {
            return Ok(());
        }
        let snapshot = self.snapshot().await?;
        let results = run_rule_tests(rules, &snapshot, self.now())
            .map_err(|problems| OperationError::refused(problems[0].to_string()))?;
        let failed: Vec<String> = results.iter().filter(|result| !result.passed).map(failing).collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(OperationError::refused(format!("Tests of these rules fail: {}.", failed.join("; "))))
    }
}

/// What a failing test gives, in words.
fn failing(result: &RuleTestResult) -> String {
    let gave = if result.gave.is_empty() { &result.words } else { &result.gave };
    format!("“{}” gives {gave}, expected {}", result.name, result.expected)
}

/// Cautious rules to begin with: key-value products at the lowest price, everything else near the average, cost plus
/// where nobody else sells it; never below a margin of 5 %, at most 10 % up and 15 % down at once.
pub(crate) fn starter() -> RuleSet {
    let competitor = |reference, adjust| Strategy::Competitor { reference, adjust, offers: OfferPolicy::default() };
    let cost_plus = |margin| Some(Strategy::CostPlusMargin { margin: BasisPoints(margin) });
    let rule = |name: &str, scope: Vec<ScopeTest>, strategy, fallback| Rule {
        name: name.to_owned(),
        enabled: true,
        scope: Scope(scope),
        strategy,
        fallback,
        ..Rule::default()
    };
    RuleSet {
        name: "Starter rules".into(),
        rules: vec![
            rule(
                "Phase-out: keep the price",
                vec![ScopeTest::Lifecycle(vec![pricing_domain::Lifecycle::PhaseOut])],
                Strategy::Keep,
                None,
            ),
            rule(
                "Key-value products: match the lowest",
                vec![ScopeTest::KeyValue(true)],
                competitor(CompetitorReference::Lowest, Adjustment::None),
                Some(Strategy::Keep),
            ),
            rule(
                "Traffic products: 1 % below the average",
                vec![ScopeTest::Role(vec![Role::Traffic])],
                competitor(CompetitorReference::Average, Adjustment::Percent(BasisPoints(-100))),
                cost_plus(1_800),
            ),
            rule(
                "Well compared products: second lowest",
                vec![ScopeTest::OffersAtLeast(3)],
                competitor(CompetitorReference::Nth(2), Adjustment::None),
                cost_plus(2_500),
            ),
            rule(
                "Compared products: at the average",
                vec![ScopeTest::OffersAtLeast(1)],
                competitor(CompetitorReference::Average, Adjustment::None),
                cost_plus(2_500),
            ),
        ],
        otherwise: Strategy::Keep,
        guardrails: Guardrails {
            floors: vec![
                MarginFloor { scope: Scope(vec![ScopeTest::KeyValue(true)]), margin: BasisPoints(300) },
                MarginFloor { scope: Scope::default(), margin: BasisPoints(500) },
            ],
            step: StepLimit { up: Some(BasisPoints(1_000)), down: Some(BasisPoints(1_500)) },
            no_cut_without_cost: true,
            families: vec![FamilyLaw::everywhere(FamilyOrder::PriceRisesWithContent)],
            ..Guardrails::default()
        },
        endings: vec![
            EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 }),
            EndingBand::nearest(2_000, PriceEnding { step_minor: 100, ending_minor: 99 }),
        ],
        approval_limit: Some(BasisPoints(1_000)),
        tests: Vec::new(),
    }
}
