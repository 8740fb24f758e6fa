//! The logo of reports, kept in the workspace, and which markets limit advertised prices.

use std::path::Path;

use app_contract::ReportSettings;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pricing_store::Durability;
use reports::{LARGEST_LOGO, Logo};

use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// The setting with the picture in base64.
const LOGO: &str = "report_logo";

impl Workspace {
    /// The logo of reports, and the price lists with limits on advertised prices.
    pub async fn report_settings(&self) -> Result<ReportSettings, OperationError> {
        let logo = self.report_logo().await?;
        let logo = logo.map(|logo| format!("data:{};base64,{}", logo.media_type(), STANDARD.encode(logo.bytes())));
        Ok(ReportSettings { logo: logo.unwrap_or_default(), map_lists: self.map_lists().await? })
    }

    /// Keeps a PNG or SVG picture as the logo of reports; `None`: there is none any more.
    pub async fn save_report_logo(&self, path: Option<&Path>) -> Result<(), OperationError> {
        let text = match path.map(Path::to_owned) {
            None => String::new(),
            Some(path) => in_background(move || read_logo(&path)).await?,
        };
        let words = if text.is_empty() { "Removed the logo of reports" } else { "Changed the logo of reports" };
        let mut op = self.begin("save_report_logo", Durability::Full).await?;
        op.write_setting(LOGO, &text).await?;
        op.commit(words, false).await?;
        Ok(())
    }

    /// The logo; `None` also where it cannot be read any more.
    pub(crate) async fn report_logo(&self) -> Result<Option<Logo>, OperationError> {
        let text = self.setting(LOGO).await?.unwrap_or_default();
        Ok(STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty()).and_then(|bytes| Logo::read(bytes).ok()))
    }
}

fn read_logo(path: &Path) -> Result<String, OperationError> {
    let refused = |words: String| {
        OperationError::refused(format!(
            "This picture cannot be the logo: {words}. Choose a PNG or SVG of at most 256 KiB."
        ))
    };
    let size = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?.len();
    if size > LARGEST_LOGO as u64 {
        return Err(refused("it is larger than 256 KiB".into()));
    }
    let bytes = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    let logo = Logo::read(bytes).map_err(|error| refused(error.to_string()))?;
    Ok(STANDARD.encode(logo.bytes()))
}
