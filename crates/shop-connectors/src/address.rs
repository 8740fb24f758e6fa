//! Where a shop is. Keys are sent there, so it is either encrypted or on this machine.

use url::{Host, Url};

/// An address that keys may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopAddress(Url);

impl ShopAddress {
    /// Checks an address as a person types it: `shop.example`, `https://shop.example/store`. Without a scheme it is
    /// `https`; `http` is taken only for this machine.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let wrong = || format!("“{text}” is not the address of a shop. Write it like https://shop.example.");
        let url = Url::parse(&whole).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return Err(wrong());
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err("Leave keys, passwords and everything after “?” out of the address.".to_owned());
        }
        let address = Self(url);
        if address.0.scheme() == "http" && !address.is_this_machine() {
            return Err(format!("“{text}” is not encrypted, so no key is sent there. Use https."));
        }
        Ok(address)
    }

    /// Whether it is on this machine.
    pub fn is_this_machine(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address with a path below it.
    pub(crate) fn below(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{path}"));
        url
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

impl std::fmt::Display for ShopAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::ShopAddress;

    #[test]
    fn keys_go_only_where_nobody_listens() {
        for (typed, taken) in [
            ("shop.example", Some("https://shop.example")),
            (" https://shop.example/store/ ", Some("https://shop.example/store")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("http://localhost", Some("http://localhost")),
            ("http://shop.example", None),
            ("http://127.0.0.1.shop.example", None),
            ("http://192.168.0.2", None),
            ("ftp://shop.example", None),
            ("https://ck_1:cs_2@shop.example", None),
            ("https://shop.example/?consumer_key=ck_1", None),
            ("", None),
        ] {
            let address = ShopAddress::parse(typed).ok().map(|address| address.to_string());
            assert_eq!(address.as_deref(), taken, "{typed}");
        }
    }

    #[test]
    fn paths_stand_below_the_shop() {
        let shop = ShopAddress::parse("https://shop.example/store").expect("an address");
        assert_eq!(shop.below("wp-json/wc/v3/products").as_str(), "https://shop.example/store/wp-json/wc/v3/products");
    }
}
