//! The list of tools with their arguments; schemas for models are made from it, and arguments are validated by it.

use app_contract::AssistantTool;
use serde_json::{Map, Value, json};

use crate::answers::file::TOOL as FILE_TOOL;

/// What an argument may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Words.
    Text,
    /// A decimal number.
    Number,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) needed: bool,
    pub(crate) about: &'static str,
}

/// A tool.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) drafts: bool,
    pub(crate) parameters: &'static [&'static [Parameter]],
}

const fn may(name: &'static str, kind: Kind, about: &'static str) -> Parameter {
    Parameter { name, kind, needed: false, about }
}

const fn must(name: &'static str, kind: Kind, about: &'static str) -> Parameter {
    Parameter { name, kind, needed: true, about }
}

const SCOPE: &[Parameter] = &[
    may("brand", Kind::Text, "only this brand"),
    may("category", Kind::Text, "only this category, at any level"),
    may("supplier", Kind::Text, "only this supplier"),
    may("tag", Kind::Text, "only with this tag"),
    may("search", Kind::Text, "words that must occur in article number, name or brand"),
];

const COMPETITOR: Parameter = may("competitor", Kind::Text, "the competitor's name");

const DAYS: Parameter = may("days", Kind::Whole, "days back");

/// Figures over time are kept by these.
const TRACKED: &[Parameter] =
    &[may("brand", Kind::Text, "only this brand"), may("category", Kind::Text, "only this category, at any level")];

const FIND: &[Parameter] = &[
    may(
        "condition",
        Kind::Choice(&[
            "below_cost",
            "no_cost",
            "no_price",
            "no_offers",
            "has_offers",
            "locked",
            "on_promotion",
            "waiting",
            "needs_decision",
            "out_of_stock",
            "dearer_than_lowest",
            "lowest_or_equal",
            "key_value",
            "own_brand",
        ]),
        "what must hold",
    ),
    may("margin_below", Kind::Number, "margin below so many percent"),
    may("margin_above", Kind::Number, "margin above so many percent"),
    may("price_below", Kind::Number, "price below, in the list's currency"),
    may("price_above", Kind::Number, "price above"),
    may("stock_below", Kind::Whole, "fewer pieces in stock"),
    may("stock_above", Kind::Whole, "more pieces in stock"),
    COMPETITOR,
    may(
        "stance",
        Kind::Choice(&["cheaper", "dearer", "sold_out", "missing", "offers"]),
        "where that competitor stands; needs competitor",
    ),
    may("sort", Kind::Choice(&["price", "cost", "margin", "lowest", "gap", "offers", "stock", "units"]), "the order"),
    may("descending", Kind::Flag, "the largest first"),
    may("limit", Kind::Whole, "rows, at most 20"),
];

const PERCENT: Parameter = must("percent", Kind::Number, "change in percent; negative: down");

const TOOLS: &[Spec] = &[
    Spec {
        name: "ask_advisor",
        about: "Answers one plain question of pricing about this workspace, in English or German. Use it when unsure which tool fits.",
        drafts: false,
        parameters: &[&[must("question", Kind::Text, "one short question")]],
    },
    Spec {
        name: "find_products",
        about: "Counts and lists products that fulfil conditions, with price, margin, lowest offer, stock and sales.",
        drafts: false,
        parameters: &[SCOPE, FIND],
    },
    Spec {
        name: "get_product",
        about: "One product: its price and why, margin, stock, competitors' offers, history, the rule that decides.",
        drafts: false,
        parameters: &[&[
            must("sku", Kind::Text, "its article number"),
            may(
                "about",
                Kind::Choice(&[
                    "overview", "why", "price", "margin", "stock", "offers", "cheapest", "state", "history", "rule",
                    "units",
                ]),
                "what about it",
            ),
            COMPETITOR,
        ]],
    },
    Spec {
        name: "compare_competitors",
        about: "How we stand against one competitor or each: price index, cheaper, dearer, or the margin that our lower prices give away.",
        drafts: false,
        parameters: &[
            &[
                COMPETITOR,
                may("by", Kind::Choice(&["position", "margin", "dearer", "cheaper"]), "by what; needs competitor"),
            ],
            SCOPE,
        ],
    },
    Spec {
        name: "get_rules",
        about: "The pricing rules in force: which never decide, shares, the list, guardrails, or what is doubtful.",
        drafts: false,
        parameters: &[&[must(
            "about",
            Kind::Choice(&["never_fire", "shares", "list", "guardrails", "doubts"]),
            "what about them",
        )]],
    },
    Spec {
        name: "list_price_changes",
        about: "Price changes that wait for a decision, the largest first.",
        drafts: false,
        parameters: &[
            &[
                may("direction", Kind::Choice(&["up", "down"]), "only these"),
                may("limit", Kind::Whole, "rows, at most 20"),
            ],
            SCOPE,
        ],
    },
    Spec {
        name: "list_waiting",
        about: "What waits for a person: exceptions by reason and changes.",
        drafts: false,
        parameters: &[SCOPE],
    },
    Spec {
        name: "list_competitor_moves",
        about: "Which competitors changed their prices since the last collection and how, or how often in some days.",
        drafts: false,
        parameters: &[&[COMPETITOR, DAYS]],
    },
    Spec {
        name: "get_batch_notes",
        about: "Release notes of the newest batch of proposals: counts by direction and rule, largest moves, exceptions, guardrails that bound, effect.",
        drafts: false,
        parameters: &[],
    },
    Spec {
        name: "get_trend",
        about: "How the price index against competitors, the margin, revenue or pieces sold developed over some days. Index and margin show the person a chart.",
        drafts: false,
        parameters: &[
            &[must("figure", Kind::Choice(&["index", "margin", "revenue", "units"]), "which"), COMPETITOR, DAYS],
            TRACKED,
        ],
    },
    Spec {
        name: "get_chart",
        about: "Shows the person one chart and gives it in words: a product's prices over time, the price index over time, or the margin by its causes.",
        drafts: false,
        parameters: &[
            &[
                must("picture", Kind::Choice(&["price_history", "index_history", "margin_bridge"]), "which"),
                may("sku", Kind::Text, "the article number; for price_history"),
                COMPETITOR,
                DAYS,
            ],
            TRACKED,
        ],
    },
    Spec {
        name: "list_matches",
        about: "Competitors' pages that may offer our products and wait for a decision, with their titles.",
        drafts: false,
        parameters: &[&[
            may("search", Kind::Text, "words of a title or name"),
            may("limit", Kind::Whole, "rows, at most 20"),
        ]],
    },
    Spec {
        name: "suppose",
        about: "What an assumed change would do to revenue, margin and position, at unchanged volumes. Nothing is changed.",
        drafts: false,
        parameters: &[
            &[
                must(
                    "what",
                    Kind::Choice(&["our_prices", "costs", "competitor_prices", "match_competitor"]),
                    "what changes",
                ),
                may("percent", Kind::Number, "change in percent; negative: down; not for match_competitor"),
                COMPETITOR,
            ],
            SCOPE,
        ],
    },
    Spec {
        name: "get_figure",
        about: "One figure over products: margin, revenue, average price, position, or a count.",
        drafts: false,
        parameters: &[
            &[must(
                "figure",
                Kind::Choice(&[
                    "products",
                    "margin",
                    "average_price",
                    "revenue",
                    "position",
                    "competitors",
                    "brands",
                    "categories",
                    "suppliers",
                    "rules",
                    "price_lists",
                    "proposals",
                    "publishing",
                    "stock",
                    "stock_value",
                ]),
                "which",
            )],
            SCOPE,
        ],
    },
    Spec {
        name: "get_summary",
        about: "The state of the workspace: what changed, what waits, positions, moves. For a weekly summary.",
        drafts: false,
        parameters: &[],
    },
    Spec {
        name: "get_freshness",
        about: "When competitor prices were collected and the catalogue was priced, and which pages failed.",
        drafts: false,
        parameters: &[&[may("failures", Kind::Flag, "the failed pages")]],
    },
    Spec {
        name: "get_elasticity",
        about: "How a product's sales answer its price, with the grade of what that rests on.",
        drafts: false,
        parameters: &[&[must("sku", Kind::Text, "its article number")]],
    },
    Spec {
        name: "list_scenarios",
        about: "The scenarios that are kept, with the margin of a week today and at their end.",
        drafts: false,
        parameters: &[],
    },
    Spec {
        name: "get_scenario",
        about: "A kept scenario by its name: what it assumes and what came of it when it was kept.",
        drafts: false,
        parameters: &[&[must("name", Kind::Text, "its name, as list_scenarios gives it")]],
    },
    Spec {
        name: "rank_groups",
        about: "Categories, brands or suppliers in the order of one figure.",
        drafts: false,
        parameters: &[
            &[
                must("groups", Kind::Choice(&["categories", "brands", "suppliers"]), "what is put in order"),
                must(
                    "by",
                    Kind::Choice(&[
                        "margin",
                        "profit",
                        "revenue",
                        "units",
                        "products",
                        "dearer",
                        "stock",
                        "stock_value",
                        "price",
                        "index",
                    ]),
                    "the figure",
                ),
                may("smallest", Kind::Flag, "the smallest first"),
                may("limit", Kind::Whole, "rows, at most 20"),
            ],
            SCOPE,
        ],
    },
    Spec {
        name: FILE_TOOL,
        about: "What the file of competitors' prices says that the person attached: beside our prices, beside what is stored, and the rows that cannot be taken.",
        drafts: false,
        parameters: &[
            &[
                must(
                    "about",
                    Kind::Choice(&[
                        "overview",
                        "cheaper",
                        "dearer",
                        "compared",
                        "changed",
                        "refused",
                        "competitors",
                        "rows",
                    ]),
                    "cheaper: where their prices are below ours; changed: what differs from what is stored; refused: rows that cannot be matched or read",
                ),
                COMPETITOR,
                may("limit", Kind::Whole, "rows, at most 20"),
            ],
            SCOPE,
        ],
    },
    Spec {
        name: "draft_rule",
        about: "Drafts a pricing rule and previews it over the catalogue. The person may open it in the editor; nothing is in force by this.",
        drafts: true,
        parameters: &[
            &[
                must("by", Kind::Choice(&["lowest_offer", "competitor", "cost_plus_margin"]), "what the price follows"),
                must("percent", Kind::Number, "distance to the offer in percent, negative: below; or the margin"),
                COMPETITOR,
            ],
            SCOPE,
        ],
    },
    Spec {
        name: "draft_price",
        about: "Drafts another price for a product whose proposal waits. The guardrails are checked; the person may apply it.",
        drafts: true,
        parameters: &[&[
            must("sku", Kind::Text, "its article number"),
            must("price", Kind::Number, "the price, in the list's currency"),
            must("reason", Kind::Text, "why, in a few words"),
        ]],
    },
    Spec {
        name: "draft_scenario",
        about: "Plays a scenario with demand learnt from sales, and offers it to the person.",
        drafts: true,
        parameters: &[
            &[
                must("what", Kind::Choice(&["our_prices", "costs", "competitor_prices", "volume"]), "what changes"),
                PERCENT,
                COMPETITOR,
                may("weeks", Kind::Whole, "weeks to play, 1 to 26"),
            ],
            SCOPE,
        ],
    },
];

/// The tool of a name.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Whether the sentences of a tool may repeat text from files or pages. Tables are looked at cell by cell.
pub(crate) fn holds_outside_text(name: &str) -> bool {
    const OUR_WORDS: &[&str] = &["get_figure", "get_elasticity", "draft_price", "draft_scenario", "draft_rule"];
    !OUR_WORDS.contains(&name)
}

/// Which tools are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    /// Those that draft.
    pub(crate) drafts: bool,
    /// The one that looks at the file which a person chose.
    pub(crate) file: bool,
}

impl Offered {
    fn has(self, tool: &Spec) -> bool {
        (self.drafts || !tool.drafts) && (self.file || !is_of_file(tool.name))
    }
}

/// Whether a tool needs a file that a person chose.
fn is_of_file(name: &str) -> bool {
    name == FILE_TOOL
}

/// The names of the tools.
pub(crate) fn names(offered: Offered) -> impl Iterator<Item = &'static str> {
    TOOLS.iter().filter(move |tool| offered.has(tool)).map(|tool| tool.name)
}

/// Whether a tool makes a draft.
pub(crate) fn drafts(name: &str) -> bool {
    find(name).is_some_and(|tool| tool.drafts)
}

impl Spec {
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().flat_map(|group| group.iter())
    }

    fn schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .all()
            .map(|one| {
                let mut schema = match one.kind {
                    Kind::Text => json!({ "type": "string" }),
                    Kind::Number => json!({ "type": "number" }),
                    Kind::Whole => json!({ "type": "integer" }),
                    Kind::Flag => json!({ "type": "boolean" }),
                    Kind::Choice(choices) => json!({ "type": "string", "enum": choices }),
                };
                schema["description"] = json!(one.about);
                (one.name.to_owned(), schema)
            })
            .collect();
        let needed: Vec<&str> = self.all().filter(|one| one.needed).map(|one| one.name).collect();
        json!({ "type": "object", "properties": properties, "required": needed, "additionalProperties": false })
    }
}

/// The tools for other assistants, with their schemas: no person chooses a file there.
pub fn tools() -> Vec<AssistantTool> {
    offered_tools(Offered { drafts: true, file: false })
}

/// The tools with their schemas. Read tools alone where text from outside was read in the turn.
pub(crate) fn offered_tools(offered: Offered) -> Vec<AssistantTool> {
    let offered = TOOLS.iter().filter(|tool| offered.has(tool));
    let view = |tool: &Spec| AssistantTool {
        name: tool.name.to_owned(),
        description: tool.about.to_owned(),
        drafts: tool.drafts,
        parameters: tool.schema(),
    };
    offered.map(view).collect()
}

/// The tools in a few lines, for models that call them in an envelope.
pub(crate) fn compact_list(offered: Offered) -> String {
    let line = |tool: &Spec| {
        let arguments = tool.all().map(|one| {
            let mark = if one.needed { "!" } else { "" };
            match one.kind {
                Kind::Choice(choices) => format!("{}{mark}: {}", one.name, choices.join("|")),
                Kind::Text => format!("{}{mark}: text", one.name),
                Kind::Number | Kind::Whole => format!("{}{mark}: number", one.name),
                Kind::Flag => format!("{}{mark}: true|false", one.name),
            }
        });
        format!("- {}({}): {}", tool.name, arguments.collect::<Vec<_>>().join(", "), tool.about)
    };
    TOOLS.iter().filter(|tool| offered.has(tool)).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{FILE_TOOL, Offered, TOOLS, offered_tools, tools};

    #[test]
    fn no_tool_commits() {
        for tool in TOOLS {
            for word in [
                "approve", "decide", "export", "publish", "save", "set_", "delete", "undo", "import", "activate",
                "fetch",
            ] {
                assert!(!tool.name.contains(word), "{} sounds like a tool that acts", tool.name);
            }
        }
        assert!(offered_tools(Offered { drafts: false, file: true }).iter().all(|tool| !tool.drafts));
        assert_eq!(offered_tools(Offered { drafts: true, file: true }).len(), TOOLS.len());
    }

    #[test]
    fn no_other_assistant_is_offered_a_file() {
        assert!(tools().iter().all(|tool| tool.name != FILE_TOOL));
        assert_eq!(tools().len() + 1, TOOLS.len());
    }
}
