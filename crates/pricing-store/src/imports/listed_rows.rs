//! What a merge adds and changes, row by row and field by field, for a preview that takes everything back.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use super::compare::{ChangedRow, FieldChange, FieldForm, FieldValue};
use crate::StoreError;
use crate::operation::Operation;

/// The first rows that a merge adds and changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListedRows {
    /// Most rows of each sort.
    pub(crate) limit: u32,
    /// Rows that are new.
    pub(crate) added: Vec<ChangedRow>,
    /// Rows that change.
    pub(crate) changed: Vec<ChangedRow>,
}

impl ListedRows {
    /// In the order of the file, however many merges there were.
    pub(crate) fn sort(&mut self) {
        for rows in [&mut self.added, &mut self.changed] {
            rows.sort_by_key(|row| row.line);
            rows.truncate(self.limit as usize);
        }
    }
}

/// How rows of a table are shown. In every expression `$.` stands for the row: what is there, or what comes.
struct Described {
    table: &'static str,
    /// The product, or what else the row is about.
    subject: &'static str,
    /// The currency of its amounts, where they are in minor units.
    currency: &'static str,
    /// Which of the subject's rows it is: before the value, form, expression. An empty value is left out.
    about: &'static [(&'static str, FieldForm, &'static str)],
    /// Our column, form, expression.
    fields: &'static [(&'static str, FieldForm, &'static str)],
    /// What holds so far where a new row begins: a join of the table as `t`.
    so_far: Option<&'static str>,
}

const OF_PRODUCT: &str = "(SELECT x.sku FROM product x WHERE x.key = n.product_key)";
const OF_LIST: &str = "(SELECT x.currency FROM price_list x WHERE x.key = n.list_key)";
const LIST_CODE: &str = "(SELECT x.code FROM price_list x WHERE x.key = n.list_key)";

const DESCRIBED: &[Described] = &[
    Described {
        table: "price",
        subject: OF_PRODUCT,
        currency: OF_LIST,
        about: &[
            ("", FieldForm::Text, LIST_CODE),
            ("", FieldForm::Text, "nullif(n.price_type, 'regular')"),
            ("from quantity ", FieldForm::Milli, "nullif(n.min_quantity_milli, 0)"),
            ("from ", FieldForm::Moment, "n.valid_from"),
        ],
        fields: &[("price", FieldForm::Minor, "$.amount_minor"), ("valid_to", FieldForm::Moment, "$.valid_to")],
        so_far: Some(
            "LEFT JOIN price t ON t.product_key = n.product_key AND t.list_key = n.list_key \
             AND t.price_type = n.price_type AND t.min_quantity_milli = n.min_quantity_milli \
             AND (t.valid_to IS NULL OR t.valid_to >= n.valid_from) AND t.valid_from = (SELECT max(y.valid_from) \
             FROM price y WHERE y.product_key = n.product_key AND y.list_key = n.list_key \
             AND y.price_type = n.price_type AND y.min_quantity_milli = n.min_quantity_milli \
             AND y.valid_from < n.valid_from)",
        ),
    },
    Described {
        table: "cost",
        subject: OF_PRODUCT,
        currency: "NULL",
        about: &[
            ("", FieldForm::Text, "nullif(n.cost_type, 'invoice')"),
            ("", FieldForm::Text, "(SELECT x.name FROM supplier x WHERE x.key = n.supplier_key)"),
            ("from ", FieldForm::Moment, "n.valid_from"),
        ],
        fields: &[
            ("cost", FieldForm::Micro, "$.amount_micro"),
            ("currency", FieldForm::Text, "$.currency"),
            ("unit", FieldForm::Text, "$.unit"),
        ],
        so_far: Some(
            "LEFT JOIN cost t ON t.product_key = n.product_key AND t.cost_type = n.cost_type \
             AND t.supplier_key = n.supplier_key AND t.valid_from = (SELECT max(y.valid_from) FROM cost y \
             WHERE y.product_key = n.product_key AND y.cost_type = n.cost_type \
             AND y.supplier_key = n.supplier_key AND y.valid_from < n.valid_from)",
        ),
    },
    Described {
        table: "promotion",
        subject: OF_PRODUCT,
        currency: OF_LIST,
        about: &[
            ("", FieldForm::Text, LIST_CODE),
            ("", FieldForm::Text, "n.code"),
            ("from ", FieldForm::Moment, "n.valid_from"),
        ],
        fields: &[
            ("price", FieldForm::Minor, "$.price_minor"),
            ("valid_to", FieldForm::Moment, "$.valid_to"),
            ("funding", FieldForm::Micro, "$.funding_micro"),
        ],
        so_far: None,
    },
    Described {
        table: "price_lock",
        subject: OF_PRODUCT,
        currency: OF_LIST,
        about: &[("", FieldForm::Text, LIST_CODE), ("from ", FieldForm::Moment, "n.valid_from")],
        fields: &[
            ("price", FieldForm::Minor, "$.amount_minor"),
            ("valid_to", FieldForm::Moment, "$.valid_to"),
            ("reason", FieldForm::Text, "$.reason"),
            ("kind", FieldForm::Text, "$.kind"),
        ],
        so_far: None,
    },
    Described {
        table: "listing",
        subject: OF_PRODUCT,
        currency: "NULL",
        about: &[("", FieldForm::Text, "n.url")],
        fields: &[
            ("competitor", FieldForm::Text, "(SELECT x.name FROM competitor x WHERE x.key = $.competitor_key)"),
            ("match_type", FieldForm::Text, "$.match_type"),
            (
                "pack_coefficient",
                FieldForm::Text,
                "$.pack_numerator || iif($.pack_denominator = 1, '', '/' || $.pack_denominator)",
            ),
        ],
        so_far: None,
    },
    Described {
        table: "sales",
        subject: OF_PRODUCT,
        currency: "NULL",
        about: &[("", FieldForm::Text, LIST_CODE), ("", FieldForm::Day, "n.day")],
        fields: &[
            ("units", FieldForm::Milli, "$.units_milli"),
            ("net_revenue", FieldForm::Micro, "$.net_revenue_micro"),
            ("price", FieldForm::Micro, "$.price_micro"),
            ("promotion", FieldForm::Text, "$.promotion"),
        ],
        so_far: None,
    },
    Described {
        table: "stock",
        subject: OF_PRODUCT,
        currency: "NULL",
        about: &[("", FieldForm::Text, "n.location")],
        fields: &[
            ("stock", FieldForm::Text, "$.quantity"),
            ("inbound", FieldForm::Text, "$.inbound"),
            ("inbound_date", FieldForm::Day, "$.inbound_day"),
        ],
        so_far: None,
    },
    Described {
        table: "offer_span",
        subject: OF_PRODUCT,
        currency: "n.currency",
        about: &[
            ("", FieldForm::Text, "n.competitor"),
            ("", FieldForm::Text, "n.seller"),
            ("seen ", FieldForm::Moment, "n.first_seen"),
        ],
        fields: &[
            ("price", FieldForm::Minor, "$.amount_minor"),
            ("currency", FieldForm::Text, "$.currency"),
            ("price_kind", FieldForm::Text, "$.kind"),
            ("availability", FieldForm::Text, "$.availability"),
            ("was_price", FieldForm::Minor, "$.was_minor"),
            ("shipping", FieldForm::Minor, "$.shipping_minor"),
            ("deposit", FieldForm::Minor, "$.deposit_minor"),
            ("promo_text", FieldForm::Text, "$.promotion_text"),
        ],
        so_far: Some(
            "LEFT JOIN offer_span t ON t.listing_key = n.listing_key AND t.first_seen = (SELECT max(y.first_seen) \
             FROM offer_span y WHERE y.listing_key = n.listing_key AND y.first_seen < n.first_seen)",
        ),
    },
    Described {
        table: "exchange_rate",
        subject: "n.base || '/' || n.quote",
        currency: "NULL",
        about: &[("", FieldForm::Day, "n.day")],
        fields: &[("rate", FieldForm::Scaled, "$.mantissa || ' ' || $.scale"), ("source", FieldForm::Text, "$.source")],
        so_far: Some(
            "LEFT JOIN exchange_rate t ON t.base = n.base AND t.quote = n.quote AND t.day = (SELECT max(y.day) \
             FROM exchange_rate y WHERE y.base = n.base AND y.quote = n.quote AND y.day < n.day)",
        ),
    },
];

/// Lists rows that are about to change, where they are wanted: `rows` follows a `FROM` and gives what comes as `n`,
/// with its line, and what is there as `t`.
pub(crate) async fn list_changed(op: &mut Operation, table: &str, rows: &str) -> Result<(), StoreError> {
    let listed = list(op, table, rows).await?;
    op.listed.iter_mut().for_each(|all| all.changed.extend(listed.iter().cloned()));
    Ok(())
}

/// Lists rows that are about to be made, where they are wanted, beside what holds so far where they begin: `rows`
/// gives them as `n`, with their lines, and ends with its conditions, if any.
pub(crate) async fn list_added(op: &mut Operation, table: &str, rows: &str) -> Result<(), StoreError> {
    let so_far = DESCRIBED.iter().find(|described| described.table == table).and_then(|described| described.so_far);
    let nothing = format!("LEFT JOIN {table} t ON 0");
    let beside = format!("(SELECT n.* FROM {rows}) n {}", so_far.unwrap_or(&nothing));
    let listed = list(op, table, &beside).await?;
    op.listed.iter_mut().for_each(|all| all.added.extend(listed.iter().cloned()));
    Ok(())
}

async fn list(op: &mut Operation, table: &str, rows: &str) -> Result<Vec<ChangedRow>, StoreError> {
    let described = DESCRIBED.iter().find(|described| described.table == table);
    let (Some(limit), Some(described)) = (op.listed.as_ref().map(|listed| listed.limit), described) else {
        return Ok(Vec::new());
    };
    let about = described.about.iter().map(|(_, _, value)| format!("cast({value} AS TEXT)"));
    let fields = described
        .fields
        .iter()
        .flat_map(|(_, _, value)| ["n.", "t."].map(|row| format!("cast({} AS TEXT)", value.replace("$.", row))));
    let columns: Vec<String> = about.chain(fields).collect();
    let sql = format!(
        "SELECT n.line, {}, {}, {} FROM {rows} ORDER BY n.line LIMIT {limit}",
        described.subject,
        described.currency,
        columns.join(", ")
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(op.connection()).await?;
    rows.iter().map(|row| listed_row(row, described)).collect()
}

fn listed_row(row: &SqliteRow, described: &Described) -> Result<ChangedRow, StoreError> {
    const FIRST: usize = 3;
    let mut about = Vec::new();
    for (index, (before, form, _)) in described.about.iter().enumerate() {
        let value: Option<String> = row.try_get(FIRST + index)?;
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            about.push(FieldValue { before, form: *form, value });
        }
    }
    let mut fields = Vec::new();
    for (index, (field, form, _)) in described.fields.iter().enumerate() {
        let place = FIRST + described.about.len() + index * 2;
        let (new, old): (Option<String>, Option<String>) = (row.try_get(place)?, row.try_get(place + 1)?);
        if let Some(new) = new.filter(|new| old.as_ref() != Some(new)) {
            fields.push(FieldChange { field, form: *form, old, new });
        }
    }
    Ok(ChangedRow {
        line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
        sku: row.try_get(1)?,
        currency: row.try_get(2)?,
        about,
        fields,
    })
}
