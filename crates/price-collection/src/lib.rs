//! Fetches competitors' pages politely and hands their bytes to extraction.
//!
//! One request at a time to each origin with a least gap between two, robots.txt obeyed, slow-downs honoured, private
//! addresses refused. What comes back is an [`Observation`] for each [`Target`]: a reading, or the reason why not.

mod addresses;
mod caching;
mod collecting;
mod fetching;
mod files;
mod observations;
mod origin_states;
mod origins;
mod pace;
mod pictures;
mod proxies;
mod reading;
mod render_guard;
mod rendering;
mod retries;
pub mod robots;
mod robots_cache;
mod rules;
mod settings;
mod transport;

pub use collecting::collect;
pub use files::{FetchedFile, FileError, FileRequest, fetch_file};
pub use observations::{CollectSummary, Observation, Target};
pub use origin_states::{KeptRobots, OriginState};
pub use origins::Origins;
pub use pictures::{FetchedPicture, fetch_picture};
pub use proxies::{ProxyRefused, ProxyServer};
pub use rendering::find_browser;
pub use rules::{Headers, Rendering, RobotsUse, Route, Shortcut, SiteRules};
pub use settings::{AddressPolicy, CollectSettings};
