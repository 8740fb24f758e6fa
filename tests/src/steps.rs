//! The steps of the main job, which every host can take: by its screens ([`App`]) or by its commands ([`Router`]). The
//! walks are written once over them.

use anyhow::{Context, Result, ensure};
use app_contract::{
    DecideProposals, ExplainProduct, ExportPrices, FindProduct, GetToday, ListProducts, ListProposals,
    ProposalDecision, ProposalFilter, ProposalPage, ProposalSelection,
};
use pricing_domain::{GridColumn, GridFilter, GridSort, OutputFormat, ProposalKind, ProposalStatus};

use crate::{App, Frame, ProductsPage, Router};

/// How many rows a first look shows at least, where there are so many.
const FIRST: u32 = 12;

/// A host in which the main job is done. What is expected is said with each step, because screens take their time.
#[allow(async_fn_in_trait, reason = "only the journeys of this crate call it, on one thread")]
pub trait MainJob {
    /// The index and the margin of the day, as they are said.
    async fn today(&self) -> Result<String>;
    /// Goes to the catalogue.
    async fn show_catalogue(&self) -> Result<()>;
    /// Orders the catalogue; gives the first article numbers.
    async fn order(&self, column: GridColumn, descending: bool) -> Result<Vec<String>>;
    /// Narrows the catalogue to products with offers; gives how many these are, of how many.
    async fn with_offers(&self) -> Result<(u64, u64)>;
    /// The one among them with the most offers.
    async fn most_offered(&self) -> Result<String>;
    /// Searches among them; gives how many are found as soon as that is as expected, and the first.
    async fn search(&self, words: &str, expected: fn(u64) -> bool) -> Result<(u64, Option<String>)>;
    /// Offers of a product, and steps of the way to its price.
    async fn look_into(&self, sku: &str) -> Result<(usize, usize)>;
    /// Prices the catalogue; gives how many ordinary changes wait.
    async fn price(&self) -> Result<u64>;
    /// Rejects the first ordinary changes with a reason; gives how many still wait.
    async fn reject_first(&self, count: usize, reason: &str) -> Result<u64>;
    /// Approves the other ordinary changes; gives how many are approved.
    async fn approve_the_rest(&self) -> Result<u64>;
}

/// What a grid is asked for, where nobody looks at it.
fn asked(column: GridColumn, descending: bool) -> GridSort {
    GridSort { column, descending }
}

impl MainJob for Router {
    async fn today(&self) -> Result<String> {
        let today = self.host.call(GetToday { price_list: self.default_list().await? }).await?;
        let index = today.indexes.first().context("Today has no index")?;
        let margin = today.margin_bp.context("Today has no margin")?;
        Ok(format!("index {}, margin {margin}", index.index_centi))
    }

    async fn show_catalogue(&self) -> Result<()> {
        ensure!(self.workspace().await?.products > 0, "there are no products");
        Ok(())
    }

    async fn order(&self, column: GridColumn, descending: bool) -> Result<Vec<String>> {
        let price_list = self.default_list().await?;
        let sort = asked(column, descending);
        let (search, filters) = (String::new(), Vec::new());
        let ask = ListProducts { price_list, search, filters, sort, offset: 0, limit: FIRST };
        Ok(self.host.call(ask).await?.rows.into_iter().map(|row| row.sku).collect())
    }

    async fn with_offers(&self) -> Result<(u64, u64)> {
        let page = listed(self, String::new()).await?;
        Ok((page.matching, page.total))
    }

    async fn most_offered(&self) -> Result<String> {
        let page = listed(self, String::new()).await?;
        Ok(page.rows.into_iter().next().context("a product with offers")?.sku)
    }

    async fn search(&self, words: &str, expected: fn(u64) -> bool) -> Result<(u64, Option<String>)> {
        let page = listed(self, words.to_owned()).await?;
        ensure!(expected(page.matching), "“{words}” finds {}", page.matching);
        Ok((page.matching, page.rows.into_iter().next().map(|row| row.sku)))
    }

    async fn look_into(&self, sku: &str) -> Result<(usize, usize)> {
        let detail = self.product(sku).await?;
        let product = self.host.call(FindProduct { sku: sku.to_owned() }).await?;
        let way = self.host.call(ExplainProduct { product, price_list: detail.price_list }).await?;
        Ok((detail.offers.len(), way.lines.len()))
    }

    async fn price(&self) -> Result<u64> {
        Self::price(self).await?;
        waiting(self).await
    }

    async fn reject_first(&self, count: usize, reason: &str) -> Result<u64> {
        let page = proposals(self, ordinary(), u32::try_from(count)?).await?;
        let selection = ProposalSelection::Ids(page.rows.iter().map(|row| row.id).collect());
        let (decision, reason) = (ProposalDecision::Reject, reason.to_owned());
        let report = self.host.call(DecideProposals { selection, decision, reason }).await?;
        ensure!(report.decided == count as u64, "{report:?}");
        waiting(self).await
    }

    async fn approve_the_rest(&self) -> Result<u64> {
        let (selection, decision) = (ProposalSelection::Filter(ordinary()), ProposalDecision::Approve);
        self.host.call(DecideProposals { selection, decision, reason: String::new() }).await?;
        ensure!(waiting(self).await? == 0, "ordinary changes still wait");
        let approved = ProposalFilter { status: Some(ProposalStatus::Approved), ..ProposalFilter::default() };
        Ok(proposals(self, approved, 1).await?.matching)
    }
}

impl Router {
    /// Writes the approved prices to a file and gives its text.
    pub async fn exported(&self) -> Result<String> {
        let export = self.host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await?;
        let path = self.host.file_path(export.file.id).context("the file is there")?;
        std::fs::read_to_string(path).context("reading the exported file")
    }
}

async fn listed(router: &Router, search: String) -> Result<app_contract::ProductPage> {
    let price_list = router.default_list().await?;
    let (filters, sort) = (vec![GridFilter::HasOffers], asked(GridColumn::Offers, true));
    Ok(router.host.call(ListProducts { price_list, search, filters, sort, offset: 0, limit: FIRST }).await?)
}

fn ordinary() -> ProposalFilter {
    ProposalFilter {
        kind: Some(ProposalKind::Change),
        status: Some(ProposalStatus::Pending),
        ..ProposalFilter::default()
    }
}

async fn proposals(router: &Router, filter: ProposalFilter, limit: u32) -> Result<ProposalPage> {
    Ok(router.host.call(ListProposals { filter, offset: 0, limit }).await?)
}

async fn waiting(router: &Router) -> Result<u64> {
    Ok(proposals(router, ordinary(), 1).await?.matching)
}

impl MainJob for App {
    async fn today(&self) -> Result<String> {
        Frame::of(self).today().await?.text_with("needs you").await
    }

    async fn show_catalogue(&self) -> Result<()> {
        Frame::of(self).products().await.map(drop)
    }

    async fn order(&self, column: GridColumn, descending: bool) -> Result<Vec<String>> {
        let products = ProductsPage::on(self);
        products.counts_that(|_, total| total > 0).await?;
        let direction = if descending { "descending" } else { "ascending" };
        // A click on the column that is sorted turns it round; the first one sorts it upwards.
        while !products.is_sorted(column.as_str(), direction).await? {
            products.sort_by(column.as_str()).await?;
            products.settled_rows().await?;
        }
        products.settled_rows().await
    }

    async fn with_offers(&self) -> Result<(u64, u64)> {
        let products = ProductsPage::on(self);
        let (_, total) = products.counts_that(|matching, total| matching == total && total > 0).await?;
        products.filter("has_offers").await?;
        products.counts_that(|matching, of| matching > 0 && matching < total && of == total).await
    }

    async fn most_offered(&self) -> Result<String> {
        let rows = self.order(GridColumn::Offers, true).await?;
        rows.into_iter().next().context("a product with offers")
    }

    async fn search(&self, words: &str, expected: fn(u64) -> bool) -> Result<(u64, Option<String>)> {
        let products = ProductsPage::on(self);
        products.search(words).await?;
        let (found, _) = products.counts_that(|found, _| expected(found)).await?;
        let rows = if found == 0 { Vec::new() } else { products.settled_rows().await? };
        Ok((found, rows.into_iter().next()))
    }

    async fn look_into(&self, sku: &str) -> Result<(usize, usize)> {
        let products = ProductsPage::on(self);
        products.open(sku).await?;
        Ok((products.offers().await?, products.price_way().await?))
    }

    async fn price(&self) -> Result<u64> {
        let proposals = Frame::of(self).proposals().await?;
        proposals.price_now().await?;
        proposals.show("exceptions").await?;
        proposals.open_first().await?;
        proposals.close().await?;
        proposals.show("ordinary-changes").await?;
        let waiting = proposals.group_count("ordinary-changes").await?;
        proposals.count_that(|count| count == waiting).await
    }

    async fn reject_first(&self, count: usize, reason: &str) -> Result<u64> {
        let proposals = crate::ProposalsPage::on(self);
        let waiting = proposals.group_count("ordinary-changes").await?;
        proposals.mark_first(count).await?;
        proposals.reject_marked(reason).await?;
        let left = proposals.count_that(|left| left + count as u64 == waiting).await?;
        ensure!(proposals.group_count("rejected").await? >= count as u64, "the rejected ones are counted");
        Ok(left)
    }

    async fn approve_the_rest(&self) -> Result<u64> {
        let proposals = crate::ProposalsPage::on(self);
        proposals.approve_all().await?;
        proposals.count_that(|count| count == 0).await?;
        proposals.group_count("approved").await
    }
}
