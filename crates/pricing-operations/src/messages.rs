//! The ways out of a workspace: its mail server and its webhook. Password and signing secret live in the keychain.

use app_contract::{MailSettings, MessageSettings};
use message_sending::{MailServer, check_address, check_server, check_webhook, new_webhook_secret};
use pricing_store::{Durability, IdMaker};
use secret_store::{Secret, SecretName};
use serde::{Deserialize, Serialize};

use crate::{OperationError, Workspace};

/// The setting with everything but the secrets, as JSON.
const SETTING: &str = "messages";

/// As it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    mail: MailSettings,
    webhook_url: String,
    /// What this workspace's secrets are named by; a copied file finds those of this machine only.
    secrets: String,
    webhook_signed: bool,
    has_password: bool,
}

impl Workspace {
    /// The mail server and the webhook.
    pub async fn message_settings(&self) -> Result<MessageSettings, OperationError> {
        Ok(view(self.kept_messages().await?))
    }

    /// Changes the mail server and the webhook. `password`: as it is kept where nothing is given. A webhook without a
    /// secret gets one, which the answer shows this once.
    pub async fn save_message_settings(
        &self,
        mail: MailSettings,
        password: Option<String>,
        webhook_url: &str,
    ) -> Result<MessageSettings, OperationError> {
        let mut kept = self.kept_messages().await?;
        let mail = trimmed(mail);
        if mail.host.is_empty() {
            kept.mail = MailSettings::default();
        } else {
            let refused = |error: message_sending::SendError| OperationError::refused(error.to_string());
            check_server(&server(&mail)).map_err(refused)?;
            check_address(&mail.from).map_err(refused)?;
            kept.mail = mail;
        }
        kept.webhook_url = webhook_url.trim().to_owned();
        if !kept.webhook_url.is_empty() {
            check_webhook(&kept.webhook_url).map_err(|error| OperationError::refused(error.to_string()))?;
        }
        self.name_secrets(&mut kept);
        let name = secret_name(&kept, "password")?;
        if kept.mail.user.is_empty() {
            if kept.has_password {
                self.remove_secret(name).await?;
            }
            kept.has_password = false;
        } else if let Some(password) = password.filter(|password| !password.is_empty()) {
            self.set_secret(name, Secret::new(password)).await?;
            kept.has_password = true;
        }
        let mut new_webhook_secret = None;
        if !kept.webhook_url.is_empty() && !kept.webhook_signed {
            new_webhook_secret = Some(self.make_webhook_secret(&mut kept).await?);
        }
        self.keep_messages(&kept, "Changed how messages are sent").await?;
        Ok(MessageSettings { new_webhook_secret, ..view(kept) })
    }

    /// Makes a new secret that calls of the webhook are signed with. It is shown this once.
    pub async fn renew_webhook_secret(&self) -> Result<String, OperationError> {
        let mut kept = self.kept_messages().await?;
        self.name_secrets(&mut kept);
        let secret = self.make_webhook_secret(&mut kept).await?;
        self.keep_messages(&kept, "Made a new secret for the webhook").await?;
        Ok(secret)
    }

    async fn make_webhook_secret(&self, kept: &mut Kept) -> Result<String, OperationError> {
        let secret = new_webhook_secret().map_err(|error| OperationError::fault(error.to_string()))?;
        self.set_secret(secret_name(kept, "webhook")?, Secret::new(secret.clone())).await?;
        kept.webhook_signed = true;
        Ok(secret)
    }

    /// The mail server, who mail is from, and the password.
    pub(crate) async fn mail_server(&self) -> Result<(MailServer, String, Option<Secret>), OperationError> {
        let kept = self.kept_messages().await?;
        if kept.mail.host.is_empty() {
            return Err(OperationError::refused("No mail server is set up: Settings, Ways out."));
        }
        let password = match kept.has_password {
            false => None,
            true => {
                let found = self.find_secret(secret_name(&kept, "password")?).await?;
                let missing = "The mail server's password is not on this machine. Enter it under Settings, Ways out.";
                Some(found.ok_or_else(|| OperationError::refused(missing))?)
            }
        };
        Ok((server(&kept.mail), kept.mail.from, password))
    }

    /// The webhook with its secret. Without one nothing is sent: who receives it could not tell it from a forgery.
    pub(crate) async fn webhook(&self) -> Result<(String, Secret), OperationError> {
        let kept = self.kept_messages().await?;
        if kept.webhook_url.is_empty() {
            return Err(OperationError::refused("No webhook is set up: Settings, Ways out."));
        }
        if !kept.webhook_signed {
            let missing = "The webhook has no secret to sign with. Make one under Settings, Ways out.";
            return Err(OperationError::refused(missing));
        }
        let found = self.find_secret(secret_name(&kept, "webhook")?).await?;
        let missing = "The webhook's secret is not on this machine. Make a new one under Settings, Ways out.";
        Ok((kept.webhook_url, found.ok_or_else(|| OperationError::refused(missing))?))
    }

    async fn kept_messages(&self) -> Result<Kept, OperationError> {
        let stored = self.store.setting(SETTING).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn name_secrets(&self, kept: &mut Kept) {
        if kept.secrets.is_empty() {
            kept.secrets = IdMaker::new(self.now()).next_id().to_string();
        }
    }

    async fn keep_messages(&self, kept: &Kept, words: &str) -> Result<(), OperationError> {
        let text = serde_json::to_string(kept).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_message_settings", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        op.commit(words, false).await?;
        Ok(())
    }
}

fn secret_name(kept: &Kept, what: &str) -> Result<SecretName, OperationError> {
    Ok(SecretName::new(format!("messages/{}/{what}", kept.secrets))?)
}

fn trimmed(mail: MailSettings) -> MailSettings {
    MailSettings {
        host: mail.host.trim().to_owned(),
        user: mail.user.trim().to_owned(),
        from: mail.from.trim().to_owned(),
        certificate_pem: mail.certificate_pem.trim().to_owned(),
        ..mail
    }
}

fn server(mail: &MailSettings) -> MailServer {
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    MailServer {
        host: mail.host.clone(),
        port: mail.port,
        security: mail.security,
        user: some(&mail.user),
        certificate_pem: some(&mail.certificate_pem),
    }
}

fn view(kept: Kept) -> MessageSettings {
    MessageSettings {
        mail: kept.mail,
        has_password: kept.has_password,
        webhook_url: kept.webhook_url,
        webhook_signed: kept.webhook_signed,
        new_webhook_secret: None,
    }
}
