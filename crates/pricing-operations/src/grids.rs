//! The product grid, answered from the snapshot.

use std::sync::Arc;

use app_contract::{ProductPage, ProductRow};
use pricing_domain::{GridFilter, GridSort, MicroAmount, PriceListId, ProductId, Role};
use pricing_rules::{GridQuery, GridResult, ListFlags, NONE, ProductFlags, Snapshot, gap_bp, margin_bp};

use crate::{OperationError, Workspace};

/// Most rows of a page.
const PAGE_LIMIT: usize = 500;

impl Workspace {
    /// A stretch of the grid.
    pub async fn products(
        &self,
        price_list: PriceListId,
        search: &str,
        filters: &[GridFilter],
        sort: GridSort,
        offset: u64,
        limit: u32,
    ) -> Result<ProductPage, OperationError> {
        let (snapshot, list, result) = self.grid_rows(price_list, search, filters, sort).await?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(result.rows.len());
        let to = (from + (limit as usize).min(PAGE_LIMIT)).min(result.rows.len());
        let rows = &result.rows[from..to];
        let keys: Vec<u32> = rows.iter().map(|row| snapshot.products.key.get(*row as usize)).collect();
        let ids = self.ids_of_rows(&keys, snapshot.row_count()).await?;
        let demand = self.last_demand();
        let row = |(row, id): (&u32, ProductId)| ProductRow {
            demand: demand.as_ref().and_then(|demand| demand.fact(snapshot.products.key.get(*row as usize))),
            ..product_row(&snapshot, list, *row as usize, id)
        };
        Ok(ProductPage {
            total: snapshot.row_count() as u64,
            matching: result.rows.len() as u64,
            offset: from as u64,
            currency: snapshot.lists[list].currency,
            rows: rows.iter().zip(ids).map(row).collect(),
        })
    }

    pub(crate) async fn grid_rows(
        &self,
        price_list: PriceListId,
        search: &str,
        filters: &[GridFilter],
        sort: GridSort,
    ) -> Result<(Arc<Snapshot>, usize, Arc<GridResult>), OperationError> {
        let list = place(&*self.snapshot().await?, price_list)?;
        let query = GridQuery { list, search: search.to_owned(), filters: filters.to_vec(), sort };
        let (snapshot, result) = self.grid(query).await?;
        Ok((snapshot, list, result))
    }

    /// Where a product stands in the snapshot: (snapshot, place of the list, row).
    pub(crate) async fn locate(
        &self,
        product: ProductId,
        price_list: PriceListId,
    ) -> Result<(Arc<Snapshot>, usize, usize), OperationError> {
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let snapshot = self.snapshot().await?;
        let row = u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key)).ok_or_else(missing)?;
        let list = place(&snapshot, price_list)?;
        Ok((snapshot, list, row as usize))
    }

    /// The product with a SKU.
    pub async fn find_sku(&self, sku: &str) -> Result<ProductId, OperationError> {
        let found = self.store.find_sku(sku.trim()).await?;
        found
            .map(|product| product.id)
            .ok_or_else(|| OperationError::not_found(format!("No product has the SKU “{}”.", sku.trim())))
    }
}

pub(crate) fn place(snapshot: &Snapshot, price_list: PriceListId) -> Result<usize, OperationError> {
    snapshot
        .lists
        .iter()
        .position(|list| list.id == price_list)
        .ok_or_else(|| OperationError::not_found("This price list is not in the workspace any more."))
}

/// What a row shows.
pub(crate) struct RowValues {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) brand: String,
    pub(crate) category: String,
    pub(crate) role: Option<Role>,
    pub(crate) price_minor: Option<i64>,
    pub(crate) cost: Option<MicroAmount>,
    pub(crate) margin_bp: Option<i32>,
    pub(crate) lowest_minor: Option<i64>,
    pub(crate) offers: u32,
    pub(crate) stock: Option<i64>,
}

pub(crate) fn values(snapshot: &Snapshot, list: usize, row: usize) -> RowValues {
    let products = &snapshot.products;
    let columns = &snapshot.lists[list];
    let some = |amount: i64| (amount != NONE).then_some(amount);
    RowValues {
        sku: products.sku.get(row).to_owned(),
        name: products.name.get(row).to_owned(),
        brand: snapshot.brands.text(products.brand.get(row)).to_owned(),
        category: snapshot.categories.text(products.category.get(row)).to_owned(),
        role: Role::from_index(products.role.get(row)),
        price_minor: some(columns.price_minor.get(row)),
        cost: snapshot.list_cost(list, row).map(MicroAmount),
        margin_bp: margin_bp(snapshot, list, row),
        lowest_minor: some(columns.lowest_offer_minor.get(row)),
        offers: u32::from(columns.offer_count.get(row)),
        stock: some(products.stock.get(row)),
    }
}

pub(crate) fn product_row(snapshot: &Snapshot, list: usize, row: usize, id: ProductId) -> ProductRow {
    let shown = values(snapshot, list, row);
    let columns = &snapshot.lists[list];
    let flags = columns.flags.get(row);
    let has = |flag: u8| flags & flag != 0;
    ProductRow {
        id,
        sku: shown.sku,
        name: shown.name,
        brand: shown.brand,
        category: shown.category,
        role: shown.role,
        key_value: snapshot.products.flags.get(row) & ProductFlags::KEY_VALUE != 0,
        price_minor: shown.price_minor,
        cost: shown.cost,
        margin_bp: shown.margin_bp,
        lowest_minor: shown.lowest_minor,
        gap_bp: gap_bp(snapshot, list, row),
        offers: shown.offers,
        stock: shown.stock,
        units_28d_milli: columns.units_28d_milli.get(row).max(0),
        demand: None,
        locked: has(ListFlags::LOCKED),
        on_promotion: has(ListFlags::PROMOTION),
        pending: has(ListFlags::PENDING_PROPOSAL),
        needs_decision: has(ListFlags::EXCEPTION),
    }
}
