//! Which language model answers questions, within which bounds, and what it has used. Keys are not here: they are in the
//! system's keychain, under the address they are for.

use app_contract::{ModelKind, ModelSettings, ModelUsage};
use pricing_store::{Durability, ModelUsageRow};

use crate::{OperationError, Workspace};

const SETTING: &str = "assistant_model";
/// The smallest window in which a question, the tools and a result find room.
const LEAST_CONTEXT: u32 = 2_048;

impl Workspace {
    /// Which model answers.
    pub async fn model_settings(&self) -> Result<ModelSettings, OperationError> {
        let stored = self.store.setting(SETTING).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Chooses which model answers. Another address or another treatment of costs is to be agreed to anew.
    pub async fn save_model_settings(&self, settings: &ModelSettings) -> Result<(), OperationError> {
        refuse_unusable(settings)?;
        let before = self.model_settings().await?;
        let mut settings = settings.clone();
        settings.url = settings.url.trim().trim_end_matches('/').to_owned();
        settings.model = settings.model.trim().to_owned();
        settings.currency = settings.currency.trim().to_owned();
        let elsewhere = settings.address() != before.address() || settings.costs != before.costs;
        if elsewhere && before.agreed {
            settings.agreed = false;
        }
        let text = serde_json::to_string(&settings).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_model_settings", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        if op.rows() == 0 {
            return Ok(op.abandon().await?);
        }
        let said = match settings.kind {
            ModelKind::Advisor => "Questions are answered without a model".to_owned(),
            kind => format!("Questions are answered by {} at {}", kind.title(), settings.address()),
        };
        op.commit(&said, false).await?;
        Ok(())
    }

    /// What was used in the month of now.
    pub async fn model_usage(&self) -> Result<ModelUsage, OperationError> {
        let (name, month) = self.month();
        let ModelUsageRow { calls, input_tokens, output_tokens, cost_micro } = self.store.model_usage(month).await?;
        Ok(ModelUsage { month: name, calls, input_tokens, output_tokens, cost_micro })
    }

    /// Adds a request to what was used in the month of now.
    pub async fn add_model_usage(
        &self,
        input_tokens: u64,
        output_tokens: u64,
        cost_micro: i64,
    ) -> Result<(), OperationError> {
        let used = ModelUsageRow { calls: 1, input_tokens, output_tokens, cost_micro };
        Ok(self.store.add_model_usage(self.month().1, used).await?)
    }

    /// The month of now, for people and as the store counts it.
    fn month(&self) -> (String, i64) {
        let name: String = self.now().utc_date().to_string().chars().take(7).collect();
        let count = name
            .split_once('-')
            .and_then(|(year, month)| Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()? - 1));
        (name, count.unwrap_or_default())
    }
}

fn refuse_unusable(settings: &ModelSettings) -> Result<(), OperationError> {
    let refused = |text: &str| Err(OperationError::refused(text));
    if !(LEAST_CONTEXT..=2_000_000).contains(&settings.context_tokens) {
        return refused("A model's context lies between 2,048 and 2,000,000 tokens.");
    }
    if !(1..=600).contains(&settings.timeout_seconds) {
        return refused("The longest wait lies between 1 and 600 seconds.");
    }
    let amounts = [settings.input_price_micro, settings.output_price_micro, settings.monthly_cost_micro.unwrap_or(0)];
    if amounts.iter().any(|amount| *amount < 0) {
        return refused("Prices and limits are not negative.");
    }
    if settings.monthly_cost_micro.is_some() && settings.input_price_micro + settings.output_price_micro == 0 {
        return refused("A limit of money needs the prices of a million tokens.");
    }
    Ok(())
}
