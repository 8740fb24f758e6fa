//! Competitors' pages that may offer our products, the candidates found for them, and what was decided.

use std::str::FromStr;

use pricing_domain::{
    CompetitorId, Currency, FoundPageId, Instant, MatchState, MatchType, MatchVerdict, Money, PackCoefficient,
    ProductId,
};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use crate::audit::{count, uuid};
use crate::merge::keep_images;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A product as matching needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of `product`")]
pub struct MatchableProduct {
    pub key: i64,
    pub sku: String,
    pub name: String,
    pub brand: Option<String>,
    pub mpn: Option<String>,
    /// Separated by blanks.
    pub gtins: String,
    /// Its regular price on the default list.
    pub price_minor: Option<i64>,
}

/// What a competitor's page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of `found_page`")]
pub struct PageFacts {
    pub url: String,
    pub title: String,
    pub brand: Option<String>,
    /// Separated by blanks.
    pub gtins: String,
    pub mpn: Option<String>,
    pub sku: Option<String>,
    pub price: Option<Money>,
    pub image: Option<String>,
}

/// A page that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: FoundPageId,
    /// Whose page.
    pub competitor: String,
    /// What it says.
    pub facts: PageFacts,
    /// When it was read.
    pub read_at: Instant,
}

/// A product that a page may offer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of `match_candidate`")]
pub struct Candidate {
    pub product_key: i64,
    pub score: u16,
    pub verdict: MatchVerdict,
    pub reasons: Vec<String>,
    pub conflicts: Vec<String>,
    pub pack: PackCoefficient,
    pub price_doubt: bool,
}

/// What the catalogue says of a product's size beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of `product`")]
pub struct StatedTraits {
    pub net_content_micro: Option<i64>,
    pub content_unit: Option<String>,
    pub pack_items: Option<u32>,
    /// Free attributes as an object of texts.
    pub attributes: Option<String>,
}

/// A candidate beside its page and its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRow {
    /// The page.
    pub page: FoundPage,
    /// The product.
    pub product: ProductId,
    /// How the product is described.
    pub item: MatchableProduct,
    /// What is stated of it beside its name.
    pub traits: StatedTraits,
    /// How alike they are.
    pub candidate: Candidate,
    /// What was decided.
    pub state: MatchState,
    /// When.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// Which pairs of a page and a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each narrows the selection; `None` or empty: not narrowed")]
pub struct MatchQuery {
    pub state: Option<MatchState>,
    pub verdict: Option<MatchVerdict>,
    pub competitor: Option<CompetitorId>,
    pub least_score: Option<u16>,
    pub search: String,
}

/// How many pages wait and how many pairs are decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the states")]
pub struct MatchCounts {
    pub certain: u64,
    pub review: u64,
    pub contradicted: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// Pages for which nothing was found.
    pub pages_without: u64,
}

/// Only the best open candidate of a page that nobody decided is asked about.
const ASKED: &str = "c.decision = 'open' AND p.ignored = 0 AND NOT EXISTS (SELECT 1 FROM match_candidate o \
    WHERE o.page_key = c.page_key AND (o.decision IN ('accepted', 'equivalent') \
    OR (o.decision = 'open' AND o.rank < c.rank)))";

const FROM: &str = " FROM match_candidate c JOIN found_page p ON p.key = c.page_key \
    JOIN competitor k ON k.key = p.competitor_key JOIN product r ON r.key = c.product_key ";

const COLUMNS: &str = "SELECT p.key, p.id, k.name, p.url, p.title, p.brand, p.gtins, p.mpn, p.sku, p.amount_minor, \
    p.currency, p.read_at, r.id, r.key, r.sku, r.name, (SELECT name FROM brand b WHERE b.key = r.brand_key), r.mpn, \
    (SELECT group_concat(gtin, ' ') FROM product_gtin g WHERE g.product_key = r.key), c.score, c.verdict, c.reasons, \
    c.conflicts, c.pack_numerator, c.pack_denominator, c.price_doubt, c.decision, c.decided_at, c.decided_by, ";

const TRAITS: &str = ", r.net_content_micro, r.content_unit, r.pack_items, p.image_url, r.attributes ";

/// The regular price of a product `r` on the default list at a moment that is bound next.
const PRICE_AT: &str = "(SELECT a.amount_minor FROM price a JOIN price_list l ON l.key = a.list_key \
    WHERE a.product_key = r.key AND l.is_default = 1 AND a.price_type = 'regular' AND a.min_quantity_milli = 0 \
    AND (a.valid_to IS NULL OR a.valid_to > n.at) AND a.valid_from <= n.at ORDER BY a.valid_from DESC LIMIT 1) ";

impl Store {
    /// Every product that can be sold, with its price on the default list at `now`.
    pub async fn matchable_products(&self, now: Instant) -> Result<Vec<MatchableProduct>, StoreError> {
        let sql = format!(
            "WITH n AS (SELECT ? AS at) SELECT r.key, r.sku, r.name, b.name, r.mpn, \
             (SELECT group_concat(gtin, ' ') FROM product_gtin g WHERE g.product_key = r.key), {PRICE_AT} \
             FROM product r CROSS JOIN n LEFT JOIN brand b ON b.key = r.brand_key \
             WHERE coalesce(r.lifecycle, '') <> 'ended' ORDER BY r.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(now.0).fetch_all(&self.readers).await?;
        rows.iter().map(|row| product(row, 0, 6)).collect()
    }

    /// Pages that nobody matched or ignored, of one competitor or of all.
    pub async fn pages_to_match(&self, competitor: Option<i64>) -> Result<Vec<FoundPage>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.key, p.id, k.name, p.url, p.title, p.brand, p.gtins, p.mpn, p.sku, p.amount_minor, p.currency, \
             p.read_at, p.image_url FROM found_page p JOIN competitor k ON k.key = p.competitor_key \
             WHERE p.ignored = 0 AND (?1 IS NULL OR p.competitor_key = ?1) \
             AND NOT EXISTS (SELECT 1 FROM match_candidate c WHERE c.page_key = p.key \
             AND c.decision IN ('accepted', 'equivalent')) ORDER BY p.key",
        )
        .bind(competitor)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(page).collect()
    }

    /// Addresses of a competitor that are known: matched by a person, or found before.
    pub async fn known_addresses(&self, competitor: i64) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT url FROM listing WHERE competitor_key = ?1 UNION SELECT url FROM found_page WHERE competitor_key = ?1",
        )
        .bind(competitor)
        .fetch_all(&self.readers)
        .await?)
    }

    /// A stretch of pairs, the surest first, with the number of all. Open ones: the best of each page.
    pub async fn list_matches(
        &self,
        query: &MatchQuery,
        now: Instant,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<MatchRow>), StoreError> {
        let mut counting = QueryBuilder::<Sqlite>::new(format!("SELECT count(*) {FROM} WHERE "));
        narrow(&mut counting, query);
        let all: i64 = counting.build_query_scalar().fetch_one(&self.readers).await?;
        let mut listing = reading(now);
        listing.push(" WHERE ");
        narrow(&mut listing, query);
        listing.push(" ORDER BY c.decided_at DESC, c.score DESC, p.key, c.product_key LIMIT ").push_bind(limit);
        listing.push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
        let rows = listing.build().fetch_all(&self.readers).await?;
        Ok((u64::try_from(all).unwrap_or(0), rows.iter().map(match_row).collect::<Result<_, _>>()?))
    }

    /// All candidates of a page, the most alike first.
    pub async fn candidates_of(&self, page: FoundPageId, now: Instant) -> Result<Vec<MatchRow>, StoreError> {
        let mut listing = reading(now);
        listing.push(" WHERE p.id = ").push_bind(page.0.as_bytes().to_vec()).push(" ORDER BY c.rank");
        let rows = listing.build().fetch_all(&self.readers).await?;
        rows.iter().map(match_row).collect()
    }

    /// What waits and what is decided.
    pub async fn match_counts(&self) -> Result<MatchCounts, StoreError> {
        let mut counts = MatchCounts::default();
        let sql = format!("SELECT c.verdict, count(*) {FROM} WHERE {ASKED} GROUP BY c.verdict");
        for row in &sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.readers).await? {
            let n = count(row, 1)?;
            match row.try_get::<&str, _>(0)? {
                "certain" => counts.certain = n,
                "review" => counts.review = n,
                _ => counts.contradicted = n,
            }
        }
        let decided = "SELECT decision, count(*) FROM match_candidate WHERE decision <> 'open' GROUP BY decision";
        for row in &sqlx::query(decided).fetch_all(&self.readers).await? {
            let n = count(row, 1)?;
            match row.try_get::<&str, _>(0)? {
                "rejected" => counts.rejected += n,
                _ => counts.accepted += n,
            }
        }
        let without: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM found_page p WHERE p.ignored = 0 \
             AND NOT EXISTS (SELECT 1 FROM match_candidate c WHERE c.page_key = p.key)",
        )
        .fetch_one(&self.readers)
        .await?;
        counts.pages_without = u64::try_from(without).unwrap_or(0);
        Ok(counts)
    }
}

impl Operation {
    /// The competitor with this name, made where it is new.
    pub async fn competitor_named(&mut self, name: &str) -> Result<i64, StoreError> {
        let known: Option<i64> = sqlx::query_scalar("SELECT key FROM competitor WHERE name = ?")
            .bind(name)
            .fetch_optional(self.connection())
            .await?;
        if let Some(key) = known {
            return Ok(key);
        }
        let (id, sequence) = (CompetitorId(self.ids.next_id()), self.sequence);
        let made = sqlx::query("INSERT INTO competitor (id, name, created_seq, changed_seq) VALUES (?, ?, ?, ?)")
            .bind(id.0.as_bytes().to_vec())
            .bind(name)
            .bind(sequence)
            .bind(sequence)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        Ok(made.last_insert_rowid())
    }

    /// Keeps what pages say; a page that is known is brought up to date.
    pub async fn record_pages(
        &mut self,
        competitor: i64,
        pages: &[PageFacts],
        read_at: Instant,
    ) -> Result<(), StoreError> {
        for facts in pages {
            let (id, sequence) = (self.ids.next_id(), self.sequence);
            sqlx::query(
                "INSERT INTO found_page (id, competitor_key, url, title, brand, gtins, mpn, sku, amount_minor, \
                 currency, read_at, image_url, created_seq, changed_seq) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (url) DO UPDATE SET title = excluded.title, brand = excluded.brand, \
                 gtins = excluded.gtins, mpn = excluded.mpn, sku = excluded.sku, amount_minor = excluded.amount_minor, \
                 currency = excluded.currency, read_at = excluded.read_at, image_url = excluded.image_url, changed_seq = excluded.changed_seq",
            )
            .bind(id.as_bytes().to_vec())
            .bind(competitor)
            .bind(&facts.url)
            .bind(&facts.title)
            .bind(&facts.brand)
            .bind(&facts.gtins)
            .bind(&facts.mpn)
            .bind(&facts.sku)
            .bind(facts.price.map(|price| price.amount_minor))
            .bind(facts.price.map(|price| price.currency.code().to_owned()))
            .bind(read_at.0)
            .bind(&facts.image)
            .bind(sequence)
            .bind(sequence)
            .execute(self.connection())
            .await?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Replaces the candidates of a page that nobody decided; decided pairs stay as they are.
    pub async fn replace_candidates(&mut self, page_key: i64, candidates: &[Candidate]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM match_candidate WHERE page_key = ? AND decision = 'open'")
            .bind(page_key)
            .execute(self.connection())
            .await?;
        let words = |words: &[String]| serde_json::to_string(words).unwrap_or_default();
        for (rank, candidate) in candidates.iter().enumerate() {
            let sequence = self.sequence;
            sqlx::query(
                "INSERT INTO match_candidate (page_key, product_key, rank, score, verdict, reasons, conflicts, \
                 pack_numerator, pack_denominator, price_doubt, created_seq, changed_seq) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(page_key)
            .bind(candidate.product_key)
            .bind(i64::try_from(rank).unwrap_or(i64::MAX))
            .bind(candidate.score)
            .bind(candidate.verdict.as_str())
            .bind(words(&candidate.reasons))
            .bind(words(&candidate.conflicts))
            .bind(candidate.pack.numerator)
            .bind(candidate.pack.denominator)
            .bind(candidate.price_doubt)
            .bind(sequence)
            .bind(sequence)
            .execute(self.connection())
            .await?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Decides pairs. An accepted one becomes a listing with `pack`, or with the coefficient that was found; of its
    /// page all other candidates are out of question. Gives how many pairs changed.
    pub async fn decide_matches(
        &mut self,
        pairs: &[(FoundPageId, ProductId)],
        state: MatchState,
        pack: Option<PackCoefficient>,
        actor: &str,
    ) -> Result<u64, StoreError> {
        let mut decided = 0;
        for (page, product) in pairs {
            let found = sqlx::query(
                "SELECT c.page_key, c.product_key, c.pack_numerator, c.pack_denominator, p.url, p.competitor_key, \
                 c.decision FROM match_candidate c JOIN found_page p ON p.key = c.page_key \
                 JOIN product r ON r.key = c.product_key WHERE p.id = ? AND r.id = ?",
            )
            .bind(page.0.as_bytes().to_vec())
            .bind(product.0.as_bytes().to_vec())
            .fetch_optional(self.connection())
            .await?;
            let Some(row) = found else { continue };
            if row.try_get::<&str, _>(6)? != "open" {
                continue;
            }
            let (page_key, product_key): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            self.set_state(page_key, product_key, state, actor).await?;
            if matches!(state, MatchState::Accepted | MatchState::Equivalent) {
                let found = PackCoefficient { numerator: row.try_get(2)?, denominator: row.try_get(3)? };
                let (url, competitor): (String, i64) = (row.try_get(4)?, row.try_get(5)?);
                let match_type = if state == MatchState::Accepted { MatchType::Exact } else { MatchType::Equivalent };
                self.add_listing(product_key, competitor, &url, match_type, pack.unwrap_or(found)).await?;
                self.concern_only([product_key]);
            }
            decided += 1;
        }
        self.concern_only([]);
        self.rows += decided;
        Ok(decided)
    }

    /// Never asks about a page again; all its open candidates are rejected. Gives how many pairs changed.
    pub async fn ignore_pages(&mut self, pages: &[FoundPageId], actor: &str) -> Result<u64, StoreError> {
        let mut decided = 0;
        for page in pages {
            self.set_ignored(*page).await?;
            let open: Vec<(i64, i64)> = sqlx::query_as(
                "SELECT c.page_key, c.product_key FROM match_candidate c JOIN found_page p ON p.key = c.page_key \
                 WHERE p.id = ? AND c.decision = 'open'",
            )
            .bind(page.0.as_bytes().to_vec())
            .fetch_all(self.connection())
            .await?;
            for (page_key, product_key) in open {
                self.set_state(page_key, product_key, MatchState::Rejected, actor).await?;
                decided += 1;
            }
        }
        self.concern_only([]);
        self.rows += decided;
        Ok(decided)
    }

    async fn set_ignored(&mut self, page: FoundPageId) -> Result<(), StoreError> {
        let id: String = page.0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        keep_images(
            self,
            "found_page",
            format!(
                "SELECT json_array(url), json_array(ignored), json_array(1), changed_seq FROM found_page \
                 WHERE id = x'{id}' AND ignored = 0"
            ),
        )
        .await?;
        let sequence = self.sequence;
        sqlx::query("UPDATE found_page SET ignored = 1, changed_seq = ? WHERE id = ? AND ignored = 0")
            .bind(sequence)
            .bind(page.0.as_bytes().to_vec())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn set_state(
        &mut self,
        page_key: i64,
        product_key: i64,
        state: MatchState,
        actor: &str,
    ) -> Result<(), StoreError> {
        let (sequence, at) = (self.sequence, self.at.0);
        keep_images(
            self,
            "match_candidate",
            format!(
                "SELECT json_array(page_key, product_key), json_array(decision), json_array('{state}'), changed_seq \
                 FROM match_candidate WHERE page_key = {page_key} AND product_key = {product_key}"
            ),
        )
        .await?;
        sqlx::query(
            "UPDATE match_candidate SET decision = ?, decided_at = ?, decided_by = ?, changed_seq = ? \
             WHERE page_key = ? AND product_key = ?",
        )
        .bind(state.as_str())
        .bind(at)
        .bind(actor)
        .bind(sequence)
        .bind(page_key)
        .bind(product_key)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn add_listing(
        &mut self,
        product_key: i64,
        competitor: i64,
        url: &str,
        match_type: MatchType,
        pack: PackCoefficient,
    ) -> Result<(), StoreError> {
        let (id, sequence) = (self.ids.next_id(), self.sequence);
        sqlx::query(
            "INSERT INTO listing (id, product_key, competitor_key, url, match_type, pack_numerator, pack_denominator, \
             created_seq, changed_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (product_key, url) DO NOTHING",
        )
        .bind(id.as_bytes().to_vec())
        .bind(product_key)
        .bind(competitor)
        .bind(url)
        .bind(match_type.as_str())
        .bind(pack.numerator)
        .bind(pack.denominator)
        .bind(sequence)
        .bind(sequence)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// The beginning of a statement that reads pairs.
fn reading(now: Instant) -> QueryBuilder<Sqlite> {
    let mut reading = QueryBuilder::new("WITH n AS (SELECT ");
    reading
        .push_bind(now.0)
        .push(" AS at) ")
        .push(COLUMNS)
        .push(PRICE_AT)
        .push(TRAITS)
        .push(FROM)
        .push(" CROSS JOIN n ");
    reading
}

fn narrow(statement: &mut QueryBuilder<Sqlite>, query: &MatchQuery) {
    match query.state {
        Some(MatchState::Open) => statement.push(ASKED),
        Some(state) => statement.push("c.decision = ").push_bind(state.as_str()),
        None => statement.push("1 = 1"),
    };
    if let Some(verdict) = query.verdict {
        statement.push(" AND c.verdict = ").push_bind(verdict.as_str());
    }
    if let Some(competitor) = query.competitor {
        statement.push(" AND k.id = ").push_bind(competitor.0.as_bytes().to_vec());
    }
    if let Some(least) = query.least_score {
        statement.push(" AND c.score >= ").push_bind(least);
    }
    for word in query.search.split_whitespace() {
        let pattern = format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        statement.push(" AND (p.title || ' ' || p.url || ' ' || r.sku || ' ' || r.name) LIKE ");
        statement.push_bind(pattern).push(" ESCAPE '\\'");
    }
}

fn page(row: &SqliteRow) -> Result<FoundPage, StoreError> {
    let amount: Option<i64> = row.try_get(9)?;
    let currency = row.try_get::<Option<&str>, _>(10)?.and_then(|code| Currency::new(code).ok());
    Ok(FoundPage {
        key: row.try_get(0)?,
        id: FoundPageId(uuid(row, 1)?),
        competitor: row.try_get(2)?,
        facts: PageFacts {
            url: row.try_get(3)?,
            title: row.try_get(4)?,
            brand: row.try_get(5)?,
            gtins: row.try_get(6)?,
            mpn: row.try_get(7)?,
            sku: row.try_get(8)?,
            price: amount.zip(currency).map(|(amount, currency)| Money::new(amount, currency)),
            image: row.try_get("image_url")?,
        },
        read_at: Instant(row.try_get(11)?),
    })
}

/// A product whose columns begin at `first`, its price at `price`.
fn product(row: &SqliteRow, first: usize, price: usize) -> Result<MatchableProduct, StoreError> {
    Ok(MatchableProduct {
        key: row.try_get(first)?,
        sku: row.try_get(first + 1)?,
        name: row.try_get(first + 2)?,
        brand: row.try_get(first + 3)?,
        mpn: row.try_get(first + 4)?,
        gtins: row.try_get::<Option<String>, _>(first + 5)?.unwrap_or_default(),
        price_minor: row.try_get(price)?,
    })
}

fn match_row(row: &SqliteRow) -> Result<MatchRow, StoreError> {
    let unexpected = |_| StoreError::Unexpected("a match");
    let words = |index: usize| -> Result<Vec<String>, StoreError> {
        serde_json::from_str(row.try_get(index)?).map_err(|_| StoreError::Unexpected("a match"))
    };
    let item = product(row, 13, 29)?;
    Ok(MatchRow {
        page: page(row)?,
        product: ProductId(uuid(row, 12)?),
        candidate: Candidate {
            product_key: item.key,
            score: row.try_get(19)?,
            verdict: MatchVerdict::from_str(row.try_get(20)?).map_err(unexpected)?,
            reasons: words(21)?,
            conflicts: words(22)?,
            pack: PackCoefficient { numerator: row.try_get(23)?, denominator: row.try_get(24)? },
            price_doubt: row.try_get(25)?,
        },
        item,
        traits: StatedTraits {
            net_content_micro: row.try_get(30)?,
            content_unit: row.try_get(31)?,
            pack_items: row.try_get(32)?,
            attributes: row.try_get(34)?,
        },
        state: MatchState::from_str(row.try_get(26)?).map_err(unexpected)?,
        decided_at: row.try_get::<Option<i64>, _>(27)?.map(Instant),
        decided_by: row.try_get(28)?,
    })
}
