//! Sites on this machine or in the company's network, which collection visits only when a person names them.

use url::Url;

use crate::{OperationError, Workspace};

/// The setting with the origins, as a JSON list.
const SETTING: &str = "private_origins";

impl Workspace {
    /// Their origins.
    pub async fn private_sites(&self) -> Result<Vec<String>, OperationError> {
        let stored = self.store.setting(SETTING).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Puts others in their place. Of each address its origin counts: scheme, host, port.
    pub async fn save_private_sites(&self, sites: &[String]) -> Result<Vec<String>, OperationError> {
        let mut origins = Vec::new();
        for site in sites {
            let origin = origin(site)?;
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        let text = serde_json::to_string(&origins).map_err(|error| OperationError::fault(error.to_string()))?;
        self.write_setting(SETTING, &text, "Changed the sites of the own network").await?;
        Ok(origins)
    }
}

fn origin(site: &str) -> Result<String, OperationError> {
    let site = site.trim();
    let url = Url::parse(site).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| {
        OperationError::refused(format!("“{site}” is no address of a site. Write it like http://shop.lan:8080."))
    })?;
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn of_an_address_the_origin_counts() {
        let kept = |site: &str| origin(site).ok();
        assert_eq!(kept(" http://Shop.lan:8080/catalogue?page=2 ").as_deref(), Some("http://shop.lan:8080"));
        assert_eq!(kept("https://10.0.0.5/").as_deref(), Some("https://10.0.0.5"));
        for refused in ["127.0.0.1:8731", "shop.lan", "ftp://shop.lan", ""] {
            let problem = origin(refused).expect_err("no address of a site").to_string();
            assert!(problem.contains("http://shop.lan:8080"), "{refused}: {problem}");
        }
    }
}
