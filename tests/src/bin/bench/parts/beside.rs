//! The same questions asked of DuckDB over the same rows, where its command line is there (`pip install duckdb-cli`); where
//! both can be compared, they must agree.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use app_contract::ListCompetitorPositions;
use pricing_domain::{IndexForm, MarketFilter};
use pricing_store::Store;
use pricing_store::measuring::spans_for_duckdb;

use super::analysing::COMPETITORS;
use crate::catalogue::kind;
use crate::figures::{Figures, Unit};
use crate::session::{Session, now};

const PROGRAM: &str = "duckdb";
/// How often a question is asked; the median counts.
const ROUNDS: usize = 3;
/// The newest price of every listing.
const NEWEST: &str = "newest AS (SELECT product, competitor, arg_max(amount, first) AS amount FROM span GROUP BY ALL)";
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// Asks, before the workspace gets prices of its own. Nothing where DuckDB is not installed.
pub(super) async fn duckdb(folder: &Path, figures: &mut Figures) -> Result<()> {
    if Command::new(PROGRAM).arg("--version").output().is_err() {
        eprintln!("  there is no program “{PROGRAM}”: it is not asked");
        return Ok(());
    }
    let store = Store::open(&Session::file(folder), now()).await?;
    let products = store.products_for_duckdb().await?;
    store.close().await;
    let csv = folder.join("duckdb-products.csv");
    std::fs::write(&csv, products.join("\n")).context("writing the products")?;
    let file = folder.join("beside.duckdb");
    let spans = spans_for_duckdb(COMPETITORS.len(), now());
    let made = ask(
        &file,
        &[
            &format!(
                "CREATE TABLE product AS SELECT * FROM read_csv('{}', header = false, columns = {{'key': 'BIGINT', \
                 'amount_minor': 'BIGINT', 'units': 'BIGINT', 'category': 'VARCHAR', 'brand': 'VARCHAR'}})",
                csv.display()
            ),
            &format!("CREATE TABLE span AS {spans} ORDER BY l.product, l.competitor, first"),
            "CHECKPOINT",
        ],
    )?;
    figures.add("DuckDB: the same rows written", made.iter().map(|answer| answer.seconds).sum(), Unit::Seconds);
    let size = std::fs::metadata(&file).context("looking at DuckDB's file")?.len() as f64 / 1e6;
    figures.add("DuckDB: the file", size, Unit::Megabytes);
    agree(folder, &file).await?;
    for (name, sql) in questions() {
        let mut times: Vec<f64> =
            ask(&file, &[sql.as_str(); ROUNDS])?.iter().map(|answer| answer.seconds * 1e3).collect();
        times.sort_by(f64::total_cmp);
        figures.add(format!("DuckDB: {name}"), times[ROUNDS / 2], Unit::Milliseconds);
    }
    Ok(())
}

fn index_of_each() -> String {
    format!(
        "WITH {NEWEST} SELECT competitor, sum(units * amount_minor), sum(units * amount) FROM newest JOIN product \
         ON key = product GROUP BY competitor ORDER BY competitor"
    )
}

/// What the pages show, in its words.
fn questions() -> Vec<(&'static str, String)> {
    let category = kind(3).1;
    let moved = "moved AS (SELECT product, competitor, first, amount, lag(amount) OVER (PARTITION BY product, competitor \
                 ORDER BY first) AS before FROM span)";
    vec![
        ("index against each competitor", index_of_each()),
        (
            "index by brand and competitor",
            format!(
                "WITH {NEWEST} SELECT brand, competitor, sum(units * amount_minor) / sum(units * amount) FROM newest \
                 JOIN product ON key = product GROUP BY brand, competitor ORDER BY count(*) DESC LIMIT 100"
            ),
        ),
        (
            "price changes by day of a year",
            format!(
                "WITH {moved} SELECT first // {MICROSECONDS_PER_DAY} AS day, competitor, count_if(amount < before), \
                 count_if(amount > before) FROM moved WHERE first >= {} GROUP BY ALL ORDER BY day",
                now().0 - 365 * MICROSECONDS_PER_DAY
            ),
        ),
        (
            "index of each day of a year",
            format!(
                "WITH {moved}, steps AS (SELECT first // {MICROSECONDS_PER_DAY} AS day, competitor, \
                 sum(units * (amount - coalesce(before, 0))) AS theirs, \
                 sum(CASE WHEN before IS NULL THEN units * amount_minor ELSE 0 END) AS own FROM moved JOIN product \
                 ON key = product GROUP BY ALL) SELECT day, competitor, sum(own) OVER by_day / sum(theirs) OVER by_day \
                 FROM steps WINDOW by_day AS (PARTITION BY competitor ORDER BY day) ORDER BY day DESC LIMIT {}",
                365 * COMPETITORS.len()
            ),
        ),
        (
            "a category where one is cheaper, most sold first",
            format!(
                "SELECT key, amount_minor, arg_max(amount, first) AS theirs FROM product JOIN span ON product = key \
                 WHERE category = '{category}' AND competitor = 1 GROUP BY key, amount_minor, units \
                 HAVING theirs < amount_minor ORDER BY units DESC, key LIMIT 100"
            ),
        ),
        ("a product's two years", "SELECT * FROM span WHERE product = 7 ORDER BY competitor, first".to_owned()),
    ]
}

/// The index against each competitor is the same here and there.
async fn agree(folder: &Path, file: &Path) -> Result<()> {
    let session = Session::open(folder).await?;
    let filter = MarketFilter::of_list(session.price_list().await?);
    let positions = session.host.call(ListCompetitorPositions { filter, form: IndexForm::Basket }).await?;
    session.close().await;
    let ours: BTreeMap<String, Option<i64>> =
        positions.into_iter().map(|one| (one.competitor, one.index_centi)).collect();
    let answers = ask(file, &[&index_of_each()])?;
    let answer = answers.first().context("one answer to one question")?;
    ensure!(answer.rows.len() == COMPETITORS.len(), "{} competitors of {}", answer.rows.len(), COMPETITORS.len());
    for (row, name) in answer.rows.iter().zip(COMPETITORS) {
        let cells: Vec<f64> = row.split(',').map(str::parse).collect::<Result<_, _>>().context("a row of numbers")?;
        let theirs = (cells[1] / cells[2] * 10_000.0).round() as i64;
        let found = ours.get(name).copied().flatten().with_context(|| format!("no index against {name}"))?;
        ensure!((found - theirs).abs() <= 1, "against {name}: {found} here, {theirs} there");
    }
    Ok(())
}

/// What was answered, and how long it took.
struct Answer {
    rows: Vec<String>,
    seconds: f64,
}

/// Asks in one process, so that only the first question waits for the disk.
fn ask(file: &Path, questions: &[&str]) -> Result<Vec<Answer>> {
    let mut child = Command::new(PROGRAM)
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting DuckDB")?;
    let mut script = ".bail on\n.mode csv\n.headers off\n.timer on\n".to_owned();
    questions.iter().for_each(|question| script.push_str(&format!("{question};\n")));
    child.stdin.take().context("a pipe to DuckDB")?.write_all(script.as_bytes()).context("asking DuckDB")?;
    let output = child.wait_with_output().context("waiting for DuckDB")?;
    ensure!(output.status.success(), "DuckDB ended with {}", output.status);
    let answers = answers(&String::from_utf8(output.stdout).context("reading DuckDB's answers")?)?;
    ensure!(answers.len() == questions.len(), "{} answers to {} questions", answers.len(), questions.len());
    Ok(answers)
}

fn answers(text: &str) -> Result<Vec<Answer>> {
    const TIMED: &str = "Run Time (s): real ";
    let (mut answers, mut rows) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix(TIMED).and_then(|rest| rest.split_whitespace().next()) {
            Some(seconds) => {
                let seconds = seconds.parse().context("reading DuckDB's time")?;
                answers.push(Answer { rows: std::mem::take(&mut rows), seconds });
            }
            None => rows.push(line.to_owned()),
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::answers;

    #[test]
    fn an_answer_ends_with_its_time() {
        let text = "1,20,30\n2,5,6\nRun Time (s): real 0.012 user 0.02 sys 0.00\nRun Time (s): real 1.5 user 1 sys 0\n";
        let found = answers(text).expect("two answers");
        let found: Vec<(usize, f64)> = found.iter().map(|answer| (answer.rows.len(), answer.seconds)).collect();
        assert_eq!(found, [(2, 0.012), (0, 1.5)]);
    }
}
