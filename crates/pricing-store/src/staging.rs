//! Rows of a file on their way in: first into a temporary table outside the writer's lock, in large statements.

use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::StoreError;

/// A value on its way into a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not stated.
    Null,
    /// A whole number, also for truth, amounts and instants.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Binds a value. Without a type on its own, SQLite stores each as it is.
pub(crate) fn bind(query: Query<'_, Sqlite, SqliteArguments>, value: Value) -> Query<'_, Sqlite, SqliteArguments> {
    match value {
        Value::Null => query.bind(None::<i64>),
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Blob(value) => query.bind(value),
    }
}

/// A table filled by statements of many rows.
pub(crate) struct BulkInsert {
    head: String,
    tail: &'static str,
    width: usize,
    rows_a_statement: usize,
    full: String,
    pending: Vec<Value>,
}

/// Statements of about this many values; larger ones gain nothing.
const VALUES_A_STATEMENT: usize = 2_400;

impl BulkInsert {
    /// Into `table` with these columns; `verb` is `INSERT` or `INSERT OR REPLACE`.
    pub(crate) fn new(verb: &str, table: &str, columns: &[&str]) -> Self {
        Self::with_conflict(verb, table, columns, "")
    }

    /// With what becomes of a row that is there already: `tail` begins with `ON CONFLICT`.
    pub(crate) fn with_conflict(verb: &str, table: &str, columns: &[&str], tail: &'static str) -> Self {
        let head = format!("{verb} INTO {table} ({}) VALUES ", columns.join(", "));
        let rows_a_statement = (VALUES_A_STATEMENT / columns.len()).max(1);
        let full = statement(&head, columns.len(), rows_a_statement, tail);
        Self {
            head,
            tail,
            width: columns.len(),
            rows_a_statement,
            full,
            pending: Vec::with_capacity(VALUES_A_STATEMENT),
        }
    }

    /// Adds a row; writes when a statement is full.
    pub(crate) async fn push(
        &mut self,
        connection: &mut SqliteConnection,
        row: impl IntoIterator<Item = Value>,
    ) -> Result<(), StoreError> {
        self.pending.extend(row);
        debug_assert!(self.pending.len().is_multiple_of(self.width), "a row has one value for each column");
        if self.pending.len() >= self.rows_a_statement * self.width {
            self.flush(connection).await?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(crate) async fn flush(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let rows = self.pending.len() / self.width;
        let whole = rows == self.rows_a_statement;
        let sql = if whole { self.full.clone() } else { statement(&self.head, self.width, rows, self.tail) };
        // Only the statement of full length is worth a place among the prepared ones.
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(whole);
        for value in self.pending.drain(..) {
            query = bind(query, value);
        }
        query.execute(connection).await?;
        Ok(())
    }
}

fn statement(head: &str, width: usize, rows: usize, tail: &str) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    format!("{head}{} {tail}", vec![row; rows].join(", "))
}
