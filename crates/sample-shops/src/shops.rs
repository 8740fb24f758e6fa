//! The six competitors of the demo: names, addresses, and how each writes its pages and prices.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

/// A competitor of the demo. Each one's pages are written in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shop {
    /// Marks its products up as JSON-LD with a `@graph`.
    ElektroMax,
    /// Marks its products up as microdata; robots.txt forbids its outlet.
    Strompfeil,
    /// Has OpenGraph and product metas beside the visible price.
    Klangspeicher,
    /// Has no markup: decimal commas, dots for thousands, was-prices struck through.
    Geraetefuchs,
    /// Keeps its state in a script; often sold out, with a carousel of related products.
    Funkelkiste,
    /// Marks up as JSON-LD; blocks or slows a share of the requests.
    Digitalhafen,
}

impl Shop {
    /// Every shop, in the order of their ports.
    pub const ALL: [Self; 6] = [
        Self::ElektroMax,
        Self::Strompfeil,
        Self::Klangspeicher,
        Self::Geraetefuchs,
        Self::Funkelkiste,
        Self::Digitalhafen,
    ];

    /// The competitor's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ElektroMax => "ElektroMax",
            Self::Strompfeil => "Strompfeil",
            Self::Klangspeicher => "Klangspeicher",
            Self::Geraetefuchs => "Gerätefuchs",
            Self::Funkelkiste => "Funkelkiste",
            Self::Digitalhafen => "Digitalhafen",
        }
    }

    pub(crate) const fn number(self) -> i64 {
        self as i64
    }

    /// The sentence under the shop's name.
    pub(crate) const fn claim(self) -> &'static str {
        match self {
            Self::ElektroMax => "Alles, was Strom braucht",
            Self::Strompfeil => "Schnell da, fair im Preis",
            Self::Klangspeicher => "Technik mit gutem Ton",
            Self::Geraetefuchs => "Schlau gekauft",
            Self::Funkelkiste => "Die Fundgrube für Technik",
            Self::Digitalhafen => "Ihr Liegeplatz für Elektronik",
        }
    }
}

/// Where the shops listen on this machine.
#[derive(Clone, Debug)]
pub struct ShopAddresses {
    ports: [u16; 6],
    held: Arc<Mutex<Vec<TcpListener>>>,
}

impl Default for ShopAddresses {
    /// The ports 47811 to 47816.
    fn default() -> Self {
        Self::at([47_811, 47_812, 47_813, 47_814, 47_815, 47_816])
    }
}

impl ShopAddresses {
    /// Given ports, in the order of [`Shop::ALL`].
    pub fn at(ports: [u16; 6]) -> Self {
        Self { ports, held: Arc::default() }
    }

    /// Six free ports, held until the shops are served there.
    pub async fn ephemeral() -> std::io::Result<Self> {
        let mut listeners = Vec::with_capacity(6);
        let mut ports = [0; 6];
        for port in &mut ports {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            *port = listener.local_addr()?.port();
            listeners.push(listener);
        }
        Ok(Self { ports, held: Arc::new(Mutex::new(listeners)) })
    }

    /// The shop's socket.
    pub fn socket(&self, shop: Shop) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.ports[shop as usize]))
    }

    /// The shop's origin, for example `http://127.0.0.1:47811`.
    pub fn origin(&self, shop: Shop) -> String {
        format!("http://{}", self.socket(shop))
    }

    /// The listener of a shop: one that was held, or a new one on its port.
    pub(crate) fn listener(&self, shop: Shop) -> std::io::Result<TcpListener> {
        let mut held = self.held.lock().expect("no holder panics");
        let port = self.ports[shop as usize];
        let place = held.iter().position(|listener| listener.local_addr().is_ok_and(|at| at.port() == port));
        match place {
            Some(place) => Ok(held.swap_remove(place)),
            None => TcpListener::bind(self.socket(shop)),
        }
    }
}
