//! How `offer_span` keeps words: as their place in the list of their enumeration, in a column of its own. Reading goes by
//! the word, which SQLite makes of the place; writing goes by what this module says.

use pricing_domain::{Availability, Condition, Confidence, ExtractionMethod, OfferKind};

/// A column, and its words in order.
type Coded = (&'static str, fn() -> Vec<&'static str>);

/// The columns that are kept so.
const CODED: [Coded; 5] = [
    ("kind", || OfferKind::ALL.iter().map(|word| word.as_str()).collect()),
    ("availability", || Availability::ALL.iter().map(|word| word.as_str()).collect()),
    ("condition", || Condition::ALL.iter().map(|word| word.as_str()).collect()),
    ("confidence", || Confidence::ALL.iter().map(|word| word.as_str()).collect()),
    ("method", || ExtractionMethod::ALL.iter().map(|word| word.as_str()).collect()),
];

/// The column of a table that keeps what is read as `column`, and how it keeps `value`, a piece of SQL.
pub(crate) fn kept(table: &str, column: &str, value: &str) -> (String, String) {
    match CODED.iter().find(|(coded, _)| table == "offer_span" && *coded == column) {
        Some((_, words)) => {
            let case = |(code, word)| format!(" WHEN '{word}' THEN {code}");
            let cases: String = words().into_iter().enumerate().map(case).collect();
            (format!("{column}_code"), format!("CASE {value}{cases} END"))
        }
        None => (column.to_owned(), value.to_owned()),
    }
}

/// `column = value` for an update.
pub(crate) fn assignment(table: &str, column: &str, value: &str) -> String {
    let (column, value) = kept(table, column, value);
    format!("{column} = {value}")
}

/// The columns and the values of an insertion of words into `offer_span`; `value` says what stands for a column.
pub(crate) fn insertion(columns: &[&str], value: impl Fn(&str) -> String) -> (String, String) {
    let (columns, values): (Vec<_>, Vec<_>) =
        columns.iter().map(|column| kept("offer_span", column, &value(column))).unzip();
    (columns.join(", "), values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::AssertSqlSafe;

    use crate::Store;

    #[tokio::test]
    async fn every_word_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(&folder.path().join("a.omnipricex")).await.expect("a workspace");
        let mut connection = store.staging_connection().await.expect("a connection");
        for (column, words) in CODED {
            for word in words() {
                let stated = |name: &str| match name == column {
                    true => format!("'{word}'"),
                    false => format!("'{}'", CODED.iter().find(|(coded, _)| *coded == name).expect("coded").1()[0]),
                };
                let names = CODED.map(|(name, _)| name);
                let (columns, values) = insertion(&names, stated);
                let sql = format!(
                    "INSERT OR REPLACE INTO offer_span (listing_key, first_seen, last_seen, times_seen, \
                     amount_minor, currency, {columns}) VALUES (1, 1, 1, 1, 1, 'EUR', {values})"
                );
                sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect(word);
                let read: String = sqlx::query_scalar(AssertSqlSafe(format!("SELECT {column} FROM offer_span")))
                    .fetch_one(&mut connection)
                    .await
                    .expect("one row");
                assert_eq!(read, word, "{column}");
            }
        }
    }
}
