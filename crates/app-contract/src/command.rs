//! What every command has: a name, an answer, and the cached reads it provides or makes stale.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Declares the tags with the list of all.
macro_rules! tags {
    ($($(#[$doc:meta])* $tag:ident,)+) => {
        /// A group of reads that become stale together.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Tag {
            $($(#[$doc])* $tag),+
        }

        impl Tag {
            /// Every tag, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$tag),+];
        }
    };
}

tags! {
    /// Which workspace is open, its price lists, the stop switch.
    Workspace,
    /// Products, prices, costs.
    Products,
    /// Competitor offers and collection results.
    Offers,
    /// Competitors' pages and the products they offer.
    Matches,
    /// Proposals and batches.
    Proposals,
    /// Shops and other receivers of prices.
    Connections,
    /// Rule sets.
    Rules,
    /// Scenarios kept in the workspace.
    Scenarios,
    /// Settings.
    Settings,
    /// What runs by itself, and its turns.
    Automations,
    /// Change sets and the audit.
    Changes,
    /// Questions and answers.
    Conversation,
    /// Running and finished jobs.
    Jobs,
    /// Planned and kept reports.
    Reports,
    /// Alerts, their history, and the ways out.
    Alerts,
}

/// A request with its typed answer.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    /// Its name at every host, for example `list_products`.
    const NAME: &'static str;
    /// What its answer is made from.
    const READS: &'static [Tag];
    /// What it makes stale.
    const WRITES: &'static [Tag];
    /// Its answer.
    type Answer: Serialize + DeserializeOwned + Send + Sync + 'static;
}

/// Declares the commands of an area: request types, names, the trait of their handlers and the dispatch by name.
macro_rules! commands {
    ($handlers:ident; $(
        $(#[$doc:meta])*
        $method:ident: $request:ident { $($(#[$field_doc:meta])* $field:ident: $field_type:ty),* $(,)? } -> $answer:ty,
        reads [$($read:ident),*], writes [$($write:ident),*];
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $request { $($(#[$field_doc])* pub $field: $field_type),* }

            impl $crate::Command for $request {
                const NAME: &'static str = stringify!($method);
                const READS: &'static [$crate::Tag] = &[$($crate::Tag::$read),*];
                const WRITES: &'static [$crate::Tag] = &[$($crate::Tag::$write),*];
                type Answer = $answer;
            }
        )+

        /// One method for each command of this area.
        pub trait $handlers: Send + Sync {
            $(
                $(#[$doc])*
                fn $method(&self, request: $request)
                    -> impl Future<Output = Result<$answer, $crate::CommandError>> + Send;
            )+
        }

        /// Each command of this area with what it makes stale, in the order of their declaration.
        pub(super) const COMMANDS: &[(&str, &[$crate::Tag])] =
            &[$((stringify!($method), <$request as $crate::Command>::WRITES)),+];

        /// Runs a command of this area.
        pub(super) async fn dispatch<H: $handlers>(
            handler: &H,
            name: &str,
            payload: serde_json::Value,
        ) -> Result<serde_json::Value, $crate::CommandError> {
            match name {
                $(stringify!($method) => {
                    let request: $request = serde_json::from_value(payload)
                        .map_err(|error| $crate::CommandError::bad_request(name, &error))?;
                    let answer = Box::pin(handler.$method(request)).await?;
                    serde_json::to_value(answer).map_err(|error| $crate::CommandError::fault(error.to_string()))
                })+
                _ => Err($crate::CommandError::unknown_command(name)),
            }
        }
    };
}

/// Joins the areas: one handler for all, and the dispatch among them.
macro_rules! areas {
    ($($area:ident: $handlers:ident),+ $(,)?) => {
        $(pub use $area::*;)+

        /// Whoever answers every command.
        pub trait Handler: $($handlers +)+ {}

        impl<H: $($handlers +)+> Handler for H {}

        const AREAS: &[&[(&str, &[$crate::Tag])]] = &[$($area::COMMANDS),+];

        /// The names of all commands, in the order of their declaration.
        pub fn command_names() -> impl Iterator<Item = &'static str> {
            AREAS.iter().copied().flatten().map(|(name, _)| *name)
        }

        /// What a command makes stale, by name; empty for reads and unknown names.
        pub fn stale_after(name: &str) -> &'static [$crate::Tag] {
            AREAS.iter().copied().flatten().find(|(known, _)| *known == name).map_or(&[], |(_, tags)| *tags)
        }

        /// Runs a command by name with a JSON payload. An unknown name or a payload of another shape is refused.
        pub async fn dispatch<H: Handler>(
            handler: &H,
            name: &str,
            payload: serde_json::Value,
        ) -> Result<serde_json::Value, $crate::CommandError> {
            let knows = |area: &[(&str, &[$crate::Tag])]| area.iter().any(|(known, _)| *known == name);
            $(
                if knows($area::COMMANDS) {
                    return $area::dispatch(handler, name, payload).await;
                }
            )+
            Err($crate::CommandError::unknown_command(name))
        }
    };
}

pub(crate) use {areas, commands};
