//! Shops and other receivers of prices: where they are, what opens them, what they say of themselves.

use app_contract::{ConnectionFacts, ConnectionInput, ConnectionRun, ConnectionView, SecretText, StatedVat};
use pricing_domain::{ConnectionId, ConnectionKind, ConnectionTask, Currency, TaxMode};
use pricing_store::{ConnectionRow, ConnectionRunRow, Durability, PriceListRow};
use secret_store::{Secret, SecretName, SecretPlace};
use shop_connectors::{Connector, Keys, ShopError, ShopErrorKind, ShopFacts, check_address, check_sftp_key};
use tokio_util::sync::CancellationToken;

use crate::list_parts::whole_list;
use crate::{OperationError, Workspace};

/// Longer names do not fit a table.
const LONGEST_NAME: usize = 80;
/// Longer keys are no keys.
const LONGEST_KEY: usize = 1_000;

impl From<ShopError> for OperationError {
    fn from(error: ShopError) -> Self {
        if error.kind == ShopErrorKind::Stopped { Self::cancelled() } else { Self::refused(error.message) }
    }
}

impl Workspace {
    /// Every connection, with what it may do and what became of the newest tasks.
    pub async fn connections(&self) -> Result<Vec<ConnectionView>, OperationError> {
        let (rows, runs) = (self.store.connections().await?, self.store.connection_runs().await?);
        let lists = self.store.price_lists().await?;
        let place = self.secret_place().await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let stated_vat = self.stated_vat(row.id).await?;
            views.push(ConnectionView { stated_vat, ..view(row, &runs, &lists, place) });
        }
        Ok(views)
    }

    /// Adds or changes a connection. Keys are kept apart from the workspace; another address needs them anew, so that no
    /// key goes where it was not meant to go.
    pub async fn save_connection(&self, input: &ConnectionInput) -> Result<ConnectionView, OperationError> {
        let known = self.store.connections().await?;
        let before = match input.connection {
            Some(id) => Some(known.iter().find(|row| row.id == id).ok_or_else(gone)?),
            None => None,
        };
        let name = input.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(OperationError::refused("Give the connection a name of at most 80 letters."));
        }
        let same_name = |row: &&ConnectionRow| row.name.to_lowercase() == name.to_lowercase();
        if known.iter().filter(same_name).any(|row| Some(row.id) != input.connection) {
            return Err(OperationError::refused(format!("There is a connection called “{name}” already.")));
        }
        let address = check_address(input.kind, &input.address).map_err(OperationError::refused)?;
        let list_key = match input.price_list {
            Some(id) => Some(whole_list(&self.price_list(id).await?)?.key),
            None => None,
        };
        if before.is_some_and(|row| row.kind != input.kind) {
            return Err(OperationError::refused(
                "Another kind of shop is another connection: add it, then remove this.",
            ));
        }
        let same_place = before.is_some_and(|row| row.address == address);
        check_keys(input, same_place)?;
        let mut op = self.begin("save_connection", Durability::Full).await?;
        let row = ConnectionRow {
            key: before.map_or(0, |row| row.key),
            id: before.map_or_else(|| ConnectionId(op.ids.next_id()), |row| row.id),
            name: name.to_owned(),
            kind: input.kind,
            address,
            list_key,
            facts: before.filter(|_| same_place).and_then(|row| row.facts.clone()),
        };
        op.write_connection(&row).await?;
        if let Err(error) = self.keep_keys(row.id, input, same_place).await {
            op.abandon().await?;
            return Err(error);
        }
        let what = if before.is_some() { "Changed" } else { "Added" };
        op.commit(&format!("{what} the connection {name}"), false).await?;
        self.connection(row.id).await
    }

    /// Removes a connection and forgets its keys. Refused while a hand-over to it has not ended.
    pub async fn remove_connection(&self, id: ConnectionId) -> Result<(), OperationError> {
        let row = self.find_connection(id).await?;
        if self.store.open_hand_overs(row.key).await? > 0 {
            return Err(OperationError::refused(format!(
                "A hand-over to {} has not ended. Continue it or give it up under Proposals, then remove the connection.",
                row.name
            )));
        }
        let mut op = self.begin("remove_connection", Durability::Full).await?;
        op.remove_connection(row.key).await?;
        op.commit(&format!("Removed the connection {}", row.name), false).await?;
        for part in ["key", "secret"] {
            self.remove_secret(secret_name(id, part)?).await?;
        }
        Ok(())
    }

    /// Asks a connection whether it answers and what the key may do. Changes nothing there. What it said is kept, also
    /// when it failed.
    pub async fn test_connection(&self, id: ConnectionId) -> Result<ConnectionView, OperationError> {
        let row = self.find_connection(id).await?;
        let connector = self.connector(&row, CancellationToken::new()).await?;
        let tested = self.ask_facts(&row, &connector).await;
        let message = match &tested {
            Ok(facts) => test_words(facts),
            Err(error) => error.message.clone(),
        };
        self.note_run(&row, ConnectionTask::Test, tested.is_err(), &message).await?;
        tested?;
        self.connection(id).await
    }

    /// What a shop says of itself, kept for the next look.
    pub(crate) async fn ask_facts(
        &self,
        row: &ConnectionRow,
        connector: &Connector,
    ) -> Result<ConnectionFacts, ShopError> {
        let facts = facts(connector.test().await?, self.now());
        if let Err(error) = self.keep_facts(row, &facts).await {
            return Err(ShopError { kind: ShopErrorKind::Unreadable, message: error.message });
        }
        Ok(facts)
    }

    async fn keep_facts(&self, row: &ConnectionRow, facts: &ConnectionFacts) -> Result<(), OperationError> {
        let text = serde_json::to_string(facts).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("test_connection", Durability::Facts).await?;
        op.note_connection_facts(row.key, &text).await?;
        op.commit(&format!("Asked {} what the key may do", row.name), false).await?;
        Ok(())
    }

    pub(crate) async fn note_run(
        &self,
        row: &ConnectionRow,
        task: ConnectionTask,
        failed: bool,
        message: &str,
    ) -> Result<(), OperationError> {
        let mut op = self.begin("note_connection", Durability::Facts).await?;
        op.note_connection_run(row.key, task, failed, message).await?;
        op.commit(&format!("{}, {}: {message}", row.name, task_words(task)), false).await?;
        Ok(())
    }

    pub(crate) async fn connection(&self, id: ConnectionId) -> Result<ConnectionView, OperationError> {
        self.connections().await?.into_iter().find(|one| one.id == id).ok_or_else(gone)
    }

    pub(crate) async fn find_connection(&self, id: ConnectionId) -> Result<ConnectionRow, OperationError> {
        self.store.connections().await?.into_iter().find(|row| row.id == id).ok_or_else(gone)
    }

    /// Opens a connection with its keys. Nothing is sent yet.
    pub(crate) async fn connector(
        &self,
        row: &ConnectionRow,
        stop: CancellationToken,
    ) -> Result<Connector, OperationError> {
        let missing = || {
            OperationError::refused(format!(
                "The keys of {} are not on this machine. Enter them again under Connections.",
                row.name
            ))
        };
        let key = self.find_secret(secret_name(row.id, "key")?).await?;
        let secret = match (self.find_secret(secret_name(row.id, "secret")?).await?, row.kind) {
            (Some(secret), _) => secret,
            (None, ConnectionKind::Sftp) => Secret::new(String::new()),
            (None, _) => return Err(missing()),
        };
        if row.kind == ConnectionKind::WooCommerce && key.is_none() {
            return Err(missing());
        }
        let connector = Connector::new(row.kind, &row.address, Keys { key, secret }, self.patience, stop)?;
        Ok(connector.with_ssh_config(self.ssh_config.as_deref()))
    }

    /// The list whose prices go to a shop; `None`: those of all lists go to a receiver.
    pub(crate) async fn list_of(&self, row: &ConnectionRow) -> Result<Option<PriceListRow>, OperationError> {
        let lists = self.store.price_lists().await?;
        match (row.list_key, row.kind) {
            (Some(key), _) => Ok(lists.into_iter().find(|list| list.key == key)),
            (None, kind) if kind.is_shop() => Ok(lists.into_iter().next()),
            (None, _) => Ok(None),
        }
    }

    async fn keep_keys(
        &self,
        id: ConnectionId,
        input: &ConnectionInput,
        same_place: bool,
    ) -> Result<(), OperationError> {
        if input.kind == ConnectionKind::Sftp && !same_place {
            // The key file of another server is none of this one.
            self.remove_secret(secret_name(id, "secret")?).await?;
        }
        for (part, text) in [("key", &input.key), ("secret", &input.secret)] {
            let text = text.0.trim();
            if !text.is_empty() {
                self.set_secret(secret_name(id, part)?, Secret::new(text.to_owned())).await?;
            }
        }
        Ok(())
    }

    async fn secret_place(&self) -> Result<SecretPlace, OperationError> {
        let secrets = self.secrets.clone();
        let place = tokio::task::spawn_blocking(move || secrets.place()).await;
        place.map_err(|error| OperationError::fault(error.to_string()))
    }
}

/// Why approved prices of a list do not go to a shop; `None`: they may.
pub(crate) fn unfit(facts: &ConnectionFacts, list: Option<&PriceListRow>) -> Option<String> {
    if !facts.may_write {
        return Some(
            "The key may read, and not change prices. Give it the permission to write in the shop.".to_owned(),
        );
    }
    let list = list?;
    other_currency(facts.currency, list).or_else(|| other_tax(facts.prices_include_vat, list))
}

/// Why a catalogue's prices are not those of a list; `None`: they may be.
pub(crate) fn other_currency(currency: Option<Currency>, list: &PriceListRow) -> Option<String> {
    let currency = currency.filter(|currency| *currency != list.currency)?;
    Some(format!(
        "The shop's prices are in {currency} and those of the list {} in {}. Choose another price list for this connection.",
        list.settings.name, list.currency
    ))
}

pub(crate) fn other_tax(includes: Option<bool>, list: &PriceListRow) -> Option<String> {
    let includes = includes.filter(|includes| *includes != (list.tax_mode == TaxMode::Gross))?;
    let (shop, ours) = if includes { ("contain VAT", "do not") } else { ("are without VAT", "contain it") };
    Some(format!(
        "The shop's prices {shop} and those of the list {} {ours}. Choose another price list for this connection.",
        list.settings.name
    ))
}

fn check_keys(input: &ConnectionInput, keys_are_kept: bool) -> Result<(), OperationError> {
    if input.kind == ConnectionKind::Sftp {
        return check_sftp_key(&input.secret.0).map_err(OperationError::refused);
    }
    let is_odd = |text: &SecretText| text.0.len() > LONGEST_KEY || text.0.trim().chars().any(|c| !c.is_ascii_graphic());
    if is_odd(&input.key) || is_odd(&input.secret) {
        return Err(OperationError::refused("A key has no blanks and no letters beyond ASCII. Copy it again."));
    }
    let needs_key = input.kind == ConnectionKind::WooCommerce;
    let has = |text: &SecretText| !text.0.trim().is_empty();
    let complete = has(&input.secret) && (has(&input.key) || !needs_key);
    if complete || (keys_are_kept && !has(&input.key) && !has(&input.secret)) {
        return Ok(());
    }
    Err(OperationError::refused(match input.kind {
        ConnectionKind::WooCommerce => "Enter the consumer key (ck_…) and the consumer secret (cs_…).",
        ConnectionKind::Shopify => "Enter the access token of your app (shpat_…).",
        ConnectionKind::Webhook | ConnectionKind::Sftp => "Enter the secret that messages are signed by.",
    }))
}

fn secret_name(id: ConnectionId, part: &str) -> Result<SecretName, OperationError> {
    Ok(SecretName::new(format!("connection/{}/{part}", id.0))?)
}

fn facts(facts: ShopFacts, tested_at: pricing_domain::Instant) -> ConnectionFacts {
    ConnectionFacts {
        name: facts.name,
        currency: facts.currency,
        prices_include_vat: facts.prices_include_vat,
        products: facts.products,
        may_read: facts.may_read,
        may_write: facts.may_write,
        vat_rates: facts.vat_rates,
        remarks: facts.remarks,
        tested_at,
    }
}

fn test_words(facts: &ConnectionFacts) -> String {
    let may = match (facts.may_read, facts.may_write) {
        (true, true) => "may read the catalogue and change prices",
        (true, false) => "may read the catalogue and not change prices",
        (false, true) => "takes prices",
        (false, false) => "may neither read nor change anything",
    };
    let products = facts.products.map(|count| format!("; {count} products")).unwrap_or_default();
    format!("It answers; the key {may}{products}.")
}

pub(crate) const fn task_words(task: ConnectionTask) -> &'static str {
    match task {
        ConnectionTask::Test => "test",
        ConnectionTask::Pull => "catalogue",
        ConnectionTask::DryRun => "dry run",
        ConnectionTask::Publish => "publishing",
    }
}

fn view(row: ConnectionRow, runs: &[ConnectionRunRow], lists: &[PriceListRow], place: SecretPlace) -> ConnectionView {
    let list = match (row.list_key, row.kind) {
        (Some(key), _) => lists.iter().find(|list| list.key == key),
        (None, kind) if kind.is_shop() => lists.first(),
        (None, _) => None,
    };
    let runs = runs.iter().filter(|run| run.connection_key == row.key).map(|run| ConnectionRun {
        task: run.task,
        at: run.at,
        failed: run.failed,
        message: run.message.clone(),
    });
    ConnectionView {
        id: row.id,
        name: row.name,
        kind: row.kind,
        address: row.address,
        price_list: row.list_key.and(list).map(|list| list.id),
        price_list_code: list.map(|list| list.code.clone()).unwrap_or_default(),
        keys_are: match (row.kind, place) {
            (ConnectionKind::Sftp, _) => "in the key file that you named, or with your SSH agent and configuration",
            (_, SecretPlace::Keychain) => "in the system's keychain",
            (_, SecretPlace::EncryptedFile) => {
                "in a sealed file in the application's folder, as this system has no keychain"
            }
        }
        .to_owned(),
        stated_vat: StatedVat::default(),
        facts: row.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        runs: runs.collect(),
    }
}

fn gone() -> OperationError {
    OperationError::not_found("This connection is not in the workspace any more.")
}
