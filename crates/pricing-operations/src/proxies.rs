//! The proxies for competitors whose settings say so: addresses in the workspace, passwords in the keychain.

use price_collection::{ProxyRefused, ProxyServer};
use secret_store::{Secret, SecretError, SecretName};

use crate::{OperationError, Workspace};

/// The setting with the addresses, as a JSON list.
const PROXIES: &str = "proxies";

impl From<ProxyRefused> for OperationError {
    fn from(problem: ProxyRefused) -> Self {
        Self::refused(problem.to_string())
    }
}

impl Workspace {
    /// The proxies' addresses, with the users and without their passwords.
    pub async fn proxies(&self) -> Result<Vec<String>, OperationError> {
        let stored = self.store.setting(PROXIES).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Changes the proxies. A password in an address goes into the keychain; an address with a user and no password
    /// keeps the one that is there.
    pub async fn save_proxies(&self, proxies: &[String]) -> Result<Vec<String>, OperationError> {
        let servers: Vec<ProxyServer> =
            proxies.iter().map(|text| ProxyServer::parse(text)).collect::<Result<_, _>>()?;
        let addresses: Vec<String> = servers.iter().map(|server| server.address().to_owned()).collect();
        let before = self.proxies().await?;
        for server in servers.iter() {
            if let Some(password) = server.password() {
                self.set_secret(secret_name(server.address())?, Secret::new(password.to_owned())).await?;
            }
        }
        let text = serde_json::to_string(&addresses).map_err(|error| OperationError::fault(error.to_string()))?;
        self.write_setting(PROXIES, &text, "Changed the proxies").await?;
        for gone in before.iter().filter(|address| address.contains('@') && !addresses.contains(address)) {
            self.remove_secret(secret_name(gone)?).await?;
        }
        Ok(addresses)
    }

    /// The proxies with their passwords, for a collection.
    pub(crate) async fn proxy_servers(&self) -> Result<Vec<ProxyServer>, OperationError> {
        let mut servers = Vec::new();
        for address in self.proxies().await? {
            let server = ProxyServer::parse(&address)?;
            let password = match server.has_user() {
                true => self.find_secret(secret_name(&address)?).await?,
                false => None,
            };
            servers.push(match password {
                Some(password) => server.with_password(password.reveal().to_owned()),
                None => server,
            });
        }
        Ok(servers)
    }
}

/// The name of a proxy's password: its address, with `_` and a number for what names of secrets do not take.
fn secret_name(address: &str) -> Result<SecretName, SecretError> {
    let mut name = String::from("proxy/");
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            other => name.push_str(&format!("_{other:02x}")),
        }
    }
    SecretName::new(name)
}

#[cfg(test)]
mod tests {
    use super::secret_name;

    #[test]
    fn each_proxy_has_its_own_name_in_the_keychain() {
        let name = |address: &str| secret_name(address).expect("a name").as_str().to_owned();
        assert_eq!(name("http://me@[::1]:80"), "proxy/http_3a_2f_2fme_40_5b_3a_3a1_5d_3a80");
        assert_ne!(name("http://a_40b.example"), name("http://a@b.example"));
    }
}
