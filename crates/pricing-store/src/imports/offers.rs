//! Merging matches with competitors' pages, and competitor prices read elsewhere.

use pricing_domain::{Instant, PackCoefficient};
use sqlx::{AssertSqlSafe, Row};

use super::listed_rows::{list_added, list_changed};
use super::{MergeCounts, RefusedRow, StagedOffer, refusals};
use crate::StoreError;
use crate::merge::{execute, keep_images, merge, table, touch};
use crate::offer_codes::{assignment, insertion};
use crate::operation::Operation;

/// What a match does not state is as before, or exact and one for one.
pub(super) async fn merge_matches(op: &mut Operation) -> Result<MergeCounts, StoreError> {
    add_competitors(op).await?;
    merge(
        op,
        table("listing"),
        "SELECT s.line, s.id, 0 AS fresh, p.key AS product_key, c.key AS competitor_key, s.url, \
         coalesce(s.match_type, x.match_type, 'exact') AS match_type, \
         coalesce(s.pack_numerator, x.pack_numerator, 1) AS pack_numerator, \
         coalesce(s.pack_denominator, x.pack_denominator, 1) AS pack_denominator FROM temp.stage s \
         CROSS JOIN product p ON p.sku = s.sku JOIN competitor c ON c.name = s.competitor \
         LEFT JOIN listing x ON x.product_key = p.key AND x.url = s.url",
    )
    .await
}

/// Each observation is a span of one reading: on the matched page where its source is one or the product has but one at
/// that competitor, else on a listing that stands for its source. Such a listing takes match and pack from the matched page it names, or from the product's
/// others at that competitor where these agree.
pub(super) async fn merge_observations(
    op: &mut Operation,
    refused: &mut Vec<RefusedRow>,
) -> Result<MergeCounts, StoreError> {
    refused.extend(refusals::later_than_tomorrow(op).await?);
    add_competitors(op).await?;
    let told =
        format!("UPDATE temp.stage AS s SET url = s.page WHERE EXISTS (SELECT 1 {MATCHED_FROM} AND x.url = s.page)");
    let only = format!(
        "UPDATE temp.stage AS s SET url = (SELECT x.url {MATCHED_FROM}) \
         WHERE NOT EXISTS (SELECT 1 FROM temp.stage WHERE page <> '') AND s.page = '' \
         AND (SELECT count(*) {MATCHED_FROM}) = 1"
    );
    execute(op, told).await?;
    execute(op, only).await?;
    let like = |column: &str, usual: &str| {
        let named = format!("(SELECT x.{column} {MATCHED_FROM} AND x.url = s.source)");
        let agreed = format!("(SELECT iif(min(x.{column}) = max(x.{column}), max(x.{column}), NULL) {MATCHED_FROM})");
        format!("coalesce({named}, {agreed}, {usual}) AS {column}")
    };
    let (kind, numerator, denominator) =
        (like("match_type", "'exact'"), like("pack_numerator", "1"), like("pack_denominator", "1"));
    merge(
        op,
        table("listing"),
        &format!(
            "SELECT min(s.line) AS line, 1 AS fresh, p.key AS product_key, s.url, c.key AS competitor_key, \
             {kind}, {numerator}, {denominator}, min(s.id) AS id FROM temp.stage s \
             CROSS JOIN product p ON p.sku = s.sku JOIN competitor c ON c.name = s.competitor \
             WHERE NOT EXISTS (SELECT 1 FROM listing x WHERE x.product_key = p.key AND x.url = s.url) \
             GROUP BY p.key, s.url"
        ),
    )
    .await?;
    execute(
        op,
        "INSERT OR IGNORE INTO seller (competitor_key, name) SELECT DISTINCT c.key, s.seller FROM temp.stage s \
         JOIN competitor c ON c.name = s.competitor WHERE s.seller IS NOT NULL"
            .to_owned(),
    )
    .await?;
    list_spans(op).await?;
    let changed = correct_spans(op).await?;
    let added = add_spans(op).await?;
    op.rows += added + changed;
    Ok(MergeCounts { added, changed })
}

/// The staged offers with the pages that they stand on, in the order of the file; at most so many.
pub(super) async fn staged_offers(op: &mut Operation, most: u32) -> Result<Vec<StagedOffer>, StoreError> {
    let sql = format!(
        "SELECT s.line, s.sku, s.competitor, s.at, s.amount_minor, s.currency, coalesce(s.kind, 'regular'), \
         coalesce(s.availability, 'Unknown'), l.pack_numerator, l.pack_denominator {READ} ORDER BY s.line LIMIT {most}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(op.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(StagedOffer {
                line: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
                sku: row.try_get(1)?,
                competitor: row.try_get(2)?,
                at: Instant(row.try_get(3)?),
                amount_minor: row.try_get(4)?,
                currency: row.try_get(5)?,
                kind: row.try_get(6)?,
                availability: row.try_get(7)?,
                pack: PackCoefficient { numerator: row.try_get(8)?, denominator: row.try_get(9)? },
            })
        })
        .collect()
}

/// The listings of a staged row's product at its competitor.
const MATCHED_FROM: &str = "FROM listing x JOIN product xp ON xp.key = x.product_key \
     JOIN competitor xc ON xc.key = x.competitor_key WHERE xp.sku = s.sku AND xc.name = s.competitor";

async fn add_competitors(op: &mut Operation) -> Result<(), StoreError> {
    merge(
        op,
        table("competitor"),
        "SELECT min(line) AS line, 1 AS fresh, competitor AS name, min(competitor_id) AS id FROM temp.stage \
         GROUP BY competitor",
    )
    .await?;
    Ok(())
}

/// Staged rows with their listings.
const READ: &str = "FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
     JOIN listing l ON l.product_key = p.key AND l.url = s.url";

/// What the two steps below do, where it is listed.
async fn list_spans(op: &mut Operation) -> Result<(), StoreError> {
    if op.listed.is_none() {
        return Ok(());
    }
    let read = format!("(SELECT s.*, s.at AS first_seen, p.key AS product_key, l.key AS listing_key {READ}) n");
    let known = "offer_span t ON t.listing_key = n.listing_key AND t.first_seen = n.first_seen";
    let values = table("offer_span").values.iter();
    let differs: Vec<String> =
        values.map(|value| format!("(n.{value} IS NOT NULL AND n.{value} IS NOT t.{value})")).collect();
    list_changed(op, "offer_span", &format!("{read} JOIN {known} WHERE {}", differs.join(" OR "))).await?;
    list_added(
        op,
        "offer_span",
        &format!("{read} WHERE NOT EXISTS (SELECT 1 FROM {})", known.replacen(" ON ", " WHERE ", 1)),
    )
    .await
}

/// Observations of a moment that is known already, but told differently.
async fn correct_spans(op: &mut Operation) -> Result<u64, StoreError> {
    let values = table("offer_span").values;
    let each = |form: fn(&str) -> String, between: &str| {
        values.iter().map(|value| form(value)).collect::<Vec<_>>().join(between)
    };
    let differs = each(|value| format!("(s.{value} IS NOT NULL AND s.{value} IS NOT t.{value})"), " OR ");
    let old = each(|value| format!("t.{value}"), ", ");
    let new = each(|value| format!("coalesce(s.{value}, t.{value})"), ", ");
    let sets = each(|value| assignment("offer_span", value, &format!("coalesce(s.{value}, t.{value})")), ", ");
    let found = format!("{READ} JOIN offer_span t ON t.listing_key = l.key AND t.first_seen = s.at WHERE ({differs})");
    touch(op, &format!("SELECT s.line {found}")).await?;
    let images =
        format!("SELECT json_array(t.listing_key, t.first_seen), json_array({old}), json_array({new}), 0 {found}");
    let changed = keep_images(op, "offer_span", images).await?;
    if changed > 0 {
        execute(
            op,
            format!(
                "UPDATE offer_span AS t SET {sets} FROM temp.stage s CROSS JOIN product p ON p.sku = s.sku \
                 JOIN listing l ON l.product_key = p.key AND l.url = s.url \
                 WHERE t.listing_key = l.key AND t.first_seen = s.at AND ({differs})"
            ),
        )
        .await?;
    }
    Ok(changed)
}

/// Spans carry no change set, so an image of each new one says that it was not there before.
async fn add_spans(op: &mut Operation) -> Result<u64, StoreError> {
    let values = table("offer_span").values;
    let stated = values.iter().map(|value| format!("s.{value}")).collect::<Vec<_>>().join(", ");
    let usual = [("condition", "'new'"), ("confidence", "'medium'"), ("method", "'file'")];
    let (columns, kept) = insertion(&[values, &usual.map(|(column, _)| column)].concat(), |column| {
        usual
            .iter()
            .find(|(name, _)| *name == column)
            .map_or_else(|| format!("s.{column}"), |(_, word)| (*word).to_owned())
    });
    let missing = format!(
        "{READ} WHERE NOT EXISTS (SELECT 1 FROM offer_span t WHERE t.listing_key = l.key AND t.first_seen = s.at)"
    );
    let images = format!("SELECT json_array(l.key, s.at), 'null', json_array({stated}), 0 {missing}");
    keep_images(op, "offer_span", images).await?;
    execute(
        op,
        format!(
            "INSERT INTO offer_span (listing_key, first_seen, last_seen, times_seen, {columns}, seller_key) \
             SELECT l.key, s.at, s.at, 1, {kept}, \
             (SELECT x.key FROM seller x WHERE x.competitor_key = l.competitor_key AND x.name = s.seller) {missing}"
        ),
    )
    .await
}
