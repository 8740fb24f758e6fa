//! The demand of categories and families, and what many products have in common: grades, what is lacking, what was dropped.

use std::collections::BTreeMap;

use app_contract::{CategoryDemand, CategoryElasticityView, ElasticityGrade, FamilyDemand};
use pricing_rules::{Snapshot, category_is_within};
use pricing_science::{FEWEST_ESTIMATES, ProductDemand, Source, SourceElasticity};

use super::{Demand, PAGE_LIMIT, grade_of, words};
use crate::{OperationError, Workspace};

impl Workspace {
    /// All about the demand of a category and those below it, with a stretch of its products.
    pub async fn category_elasticity(
        &self,
        category: &str,
        offset: u64,
        limit: u32,
    ) -> Result<CategoryElasticityView, OperationError> {
        let snapshot = self.snapshot().await?;
        let demand = self.demand(&snapshot).await?;
        let path = category.trim();
        let place = demand.paths.iter().position(|known| known.eq_ignore_ascii_case(path)).ok_or_else(|| {
            OperationError::not_found(format!("There is no category “{path}” with products in the workspace."))
        })?;
        if demand.sales_rows == 0 {
            return Err(OperationError::refused("There are no sales yet. Import them first: sku, date, units, price."));
        }
        let name = demand.paths[place].clone();
        let is_in: Vec<bool> = (0..snapshot.categories.code_count())
            .map(|code| category_is_within(snapshot.categories.text(code as u32), &name))
            .collect();
        let known = snapshot.row_count().min(demand.fitted.products.len());
        let mut rows: Vec<u32> = (0..known)
            .filter(|row| is_in[snapshot.products.category.get(*row) as usize])
            .map(|row| row as u32)
            .collect();
        rows.sort_by_key(|row| snapshot.products.sku_rank.get(*row as usize));
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(rows.len());
        let to = (from + (limit as usize).min(PAGE_LIMIT)).min(rows.len());
        let keys: Vec<u32> = rows[from..to].iter().map(|row| snapshot.products.key.get(*row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let listed = rows[from..to].iter().zip(ids).map(|(row, id)| demand.row(&snapshot, *row as usize, id));
        let source = Source::Category(u32::try_from(place).unwrap_or(u32::MAX));
        let own = demand.estimate(source);
        let of = |row: &&u32| demand.fitted.products[**row as usize].own.is_some();
        Ok(CategoryElasticityView {
            category: name,
            estimates: (rows.iter().filter(of).count() as u64, FEWEST_ESTIMATES as u64),
            stands_in: match own {
                Some(_) => None,
                None => demand.above(place).map(|place| demand.paths[place].clone()),
            },
            demand: own.map(|own| demand.category(own)),
            products: rows.len() as u64,
            grades: demand.counts(&rows),
            inelastic: rows.iter().filter(|row| demand.product(**row).graded.is_inelastic).count() as u64,
            families: demand.families(&snapshot, source),
            siblings: demand.pool_words(source),
            lacking: demand.lacking(&rows),
            dropped: demand.dropped(&rows),
            rows: listed.collect(),
        })
    }
}

impl Demand {
    pub(super) fn product(&self, row: u32) -> &ProductDemand {
        &self.fitted.products[row as usize]
    }

    fn estimate(&self, source: Source) -> Option<&SourceElasticity> {
        self.fitted.sources.iter().find(|found| found.source == source && found.within.is_none())
    }

    /// The nearest category above that has an estimate.
    fn above(&self, place: usize) -> Option<usize> {
        let above = |place: &usize| Some(self.parents.get(*place).copied()?? as usize);
        std::iter::successors(above(&place), above)
            .find(|place| self.estimate(Source::Category(u32::try_from(*place).unwrap_or(u32::MAX))).is_some())
    }

    pub(super) fn path(&self, source: Source) -> Option<String> {
        match source {
            Source::Category(place) => self.paths.get(place as usize).cloned(),
            _ => None,
        }
    }

    /// The category that a product was drawn towards, also through its family.
    pub(super) fn category_of(&self, found: &ProductDemand, snapshot: &Snapshot, row: usize) -> Option<String> {
        match found.source? {
            Source::Family(family) => {
                let path = snapshot.categories.text(snapshot.products.category.get(row)).trim();
                let of_family = self.fitted.sources.iter().filter(|one| one.source == Source::Family(family));
                of_family
                    .filter_map(|one| self.path(one.within?))
                    .filter(|category| category_is_within(path, category))
                    .max_by_key(String::len)
            }
            source => self.path(source),
        }
    }

    pub(super) fn family(&self, snapshot: &Snapshot, source: Option<Source>) -> Option<String> {
        match source? {
            Source::Family(family) => Some(snapshot.families.text(family).to_owned()),
            _ => None,
        }
    }

    fn families(&self, snapshot: &Snapshot, category: Source) -> Vec<FamilyDemand> {
        let view = |found: &SourceElasticity| {
            Some(FamilyDemand {
                family: self.family(snapshot, Some(found.source))?,
                products: found.products as u64,
                elasticity: found.elasticity.mean.value,
                error: found.elasticity.mean.variance.sqrt(),
                within: found.elasticity.tau2.sqrt(),
            })
        };
        let of_category = self.fitted.sources.iter().filter(|found| found.within == Some(category));
        let mut families: Vec<FamilyDemand> = of_category.filter_map(view).collect();
        families.sort_by(|one, other| one.family.cmp(&other.family));
        families
    }

    pub(super) fn categories(&self) -> Vec<CategoryDemand> {
        self.fitted.sources.iter().filter(|found| found.within.is_none()).map(|found| self.category(found)).collect()
    }

    fn category(&self, found: &SourceElasticity) -> CategoryDemand {
        CategoryDemand {
            category: self.path(found.source),
            products: found.products as u64,
            elasticity: found.elasticity.mean.value,
            error: found.elasticity.mean.variance.sqrt(),
            between: found.elasticity.tau2.sqrt(),
            between_families: found.between_families.map(f64::sqrt),
        }
    }

    pub(super) fn counts(&self, rows: &[u32]) -> Vec<(ElasticityGrade, u64)> {
        counts(rows.iter().map(|row| grade_of(self.product(*row))))
    }

    /// What is lacking, without the numbers of each product.
    pub(super) fn lacking(&self, rows: &[u32]) -> Vec<(String, u64)> {
        let kind = |words: &str| -> String {
            let is_number = |word: &&str| word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
            let words: Vec<&str> = words.split(' ').filter(|word| !is_number(word)).collect();
            words.join(" ").replace(" of % instead of %", "")
        };
        let missing = rows.iter().flat_map(|row| self.product(*row).graded.missing.iter());
        counted(missing.map(|words| (kind(words), 1)))
    }

    pub(super) fn dropped(&self, rows: &[u32]) -> Vec<(String, u64)> {
        let all = rows.iter().flat_map(|row| self.product(*row).dropped.iter());
        counted(all.map(|(reason, count)| (words(*reason).to_owned(), *count as u64)))
    }
}

/// How many there are of each grade, the best first.
pub(crate) fn counts(grades: impl Iterator<Item = ElasticityGrade>) -> Vec<(ElasticityGrade, u64)> {
    let mut counts: Vec<(ElasticityGrade, u64)> = ElasticityGrade::ALL.iter().map(|grade| (*grade, 0)).collect();
    grades.for_each(|grade| counts[grade as usize].1 += 1);
    counts
}

fn counted(all: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    all.for_each(|(words, count)| *counts.entry(words).or_default() += count);
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
