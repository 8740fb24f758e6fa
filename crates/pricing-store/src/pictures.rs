//! Small copies of pictures that somebody looked at. Written outside operations, since they are no change of the
//! workspace: what a picture shows is fetched again where it is missing.

use pricing_domain::{FoundPageId, Instant, ProductId};
use sqlx::Row;

use crate::{Store, StoreError};

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRow {
    /// When it was asked for.
    pub fetched_at: Instant,
    /// The small copy, as JPEG; `None`: there is none.
    pub small: Option<Vec<u8>>,
    /// Why there is none, in words.
    pub problem: String,
}

/// Where the pictures of a pair are, and whose page it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairPictures {
    /// The competitor.
    pub competitor_key: i64,
    /// That of the page.
    pub theirs: Option<String>,
    /// That of the product.
    pub ours: Option<String>,
}

impl Store {
    /// Where the pictures of a page and a product are; `None`: one of the two is not there.
    pub async fn pair_pictures(
        &self,
        page: FoundPageId,
        product: ProductId,
    ) -> Result<Option<PairPictures>, StoreError> {
        let row = sqlx::query(
            "SELECT p.competitor_key, p.image_url, r.image_url FROM found_page p JOIN product r ON r.id = ?2 \
             WHERE p.id = ?1",
        )
        .bind(page.0.as_bytes().to_vec())
        .bind(product.0.as_bytes().to_vec())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(PairPictures { competitor_key: row.try_get(0)?, theirs: row.try_get(1)?, ours: row.try_get(2)? }))
    }

    /// A picture that was asked for before.
    pub async fn picture(&self, url: &str) -> Result<Option<PictureRow>, StoreError> {
        let row = sqlx::query("SELECT fetched_at, small, problem FROM picture WHERE url = ?")
            .bind(url)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(PictureRow { fetched_at: Instant(row.try_get(0)?), small: row.try_get(1)?, problem: row.try_get(2)? }))
    }

    /// Keeps a picture, or why there is none.
    pub async fn keep_picture(&self, url: &str, picture: &PictureRow) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        sqlx::query("INSERT OR REPLACE INTO picture (url, fetched_at, small, problem) VALUES (?, ?, ?, ?)")
            .bind(url)
            .bind(picture.fetched_at.0)
            .bind(picture.small.as_deref())
            .bind(&picture.problem)
            .execute(&mut writer.connection)
            .await?;
        Ok(())
    }
}
