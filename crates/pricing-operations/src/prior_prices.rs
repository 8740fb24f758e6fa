//! The prior price of a product on every list (Directive 98/6/EC, article 6a): what a reduction may be announced
//! against, from our own price history, and whether it is announced against another price.

use app_contract::{PriorPriceView, ReductionKind};
use pricing_analytics::{AppliedPrice, prior_price, reduction};
use pricing_domain::{BasisPoints, Instant, Money, ProductId, Ratio, Rounding};
use pricing_store::{CampaignRow, PriceListRow, WasPriceRow};

use crate::price_lists::start_words;
use crate::{OperationError, Workspace};

/// Days before a reduction in which its prior price lies.
pub(crate) const PRIOR_DAYS: u32 = 30;

/// A reduction whose prior price is asked for.
struct Asked {
    kind: ReductionKind,
    name: String,
    starts: Instant,
    reduced_minor: Option<i64>,
    announced_minor: Option<i64>,
}

impl Workspace {
    /// The prior prices of a product: on each list of every promotion that runs or is to come, of a price with a
    /// was-price beside it, or else of a reduction that started now.
    pub async fn prior_prices_of(&self, product: ProductId) -> Result<Vec<PriorPriceView>, OperationError> {
        let now = self.now();
        let found = self.store.find_product(product).await?;
        let key = found.ok_or_else(|| OperationError::not_found("This product is not in the workspace any more."))?;
        let campaigns = self.store.campaigns_of(key, now).await?;
        let lists = self.store.price_lists().await?;
        let mut views = Vec::new();
        for was in self.store.was_prices(key, now).await? {
            let Some(list) = lists.iter().find(|list| list.key == was.list_key) else { continue };
            let own = campaigns.iter().filter(|campaign| campaign.list_key == list.key);
            for asked in asked(&was, own, now) {
                views.extend(self.prior_view(key, list, asked).await?);
            }
        }
        Ok(views)
    }

    async fn prior_view(
        &self,
        key: i64,
        list: &PriceListRow,
        asked: Asked,
    ) -> Result<Option<PriorPriceView>, OperationError> {
        let since = asked.starts.plus_days(-i64::from(PRIOR_DAYS));
        let applied = self.store.applied_prices(key, list.key, since).await?;
        let applied: Vec<AppliedPrice> =
            applied.into_iter().map(|(from, to, amount_minor)| AppliedPrice { from, to, amount_minor }).collect();
        let prior = prior_price(&applied, asked.starts, PRIOR_DAYS);
        if prior.amount_minor.is_none() && asked.kind == ReductionKind::None {
            return Ok(None);
        }
        let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, list.currency));
        let share = |against: Option<i64>| reduction_bp(asked.reduced_minor?, against?);
        let mut view = PriorPriceView {
            price_list: list.settings.name.clone(),
            kind: asked.kind,
            name: asked.name,
            starts: asked.starts,
            starts_words: start_words(list, asked.starts),
            reduced: money(asked.reduced_minor),
            prior: money(prior.amount_minor),
            proven: prior.proven,
            days: PRIOR_DAYS,
            announced: money(asked.announced_minor),
            reduction_bp: share(prior.amount_minor),
            announced_bp: share(asked.announced_minor),
            wrong: false,
            words: String::new(),
        };
        (view.wrong, view.words) = judgement(&view);
        Ok(Some(view))
    }
}

/// Which reductions of a list there are.
fn asked<'a>(was: &WasPriceRow, campaigns: impl Iterator<Item = &'a CampaignRow>, now: Instant) -> Vec<Asked> {
    let mut asked: Vec<Asked> = campaigns
        .map(|campaign| Asked {
            kind: if campaign.valid_from > now { ReductionKind::Planned } else { ReductionKind::Running },
            name: campaign.name.clone(),
            starts: campaign.valid_from,
            reduced_minor: campaign.price_minor,
            announced_minor: was.was_minor.filter(|was| campaign.price_minor.is_none_or(|price| *was > price)),
        })
        .collect();
    let is_reduced = was.was_minor.zip(was.price_minor).is_some_and(|(was, price)| was > price);
    if let Some(starts) = was.price_from.filter(|_| is_reduced && asked.is_empty()) {
        asked.push(Asked {
            kind: ReductionKind::WasPrice,
            name: String::new(),
            starts,
            reduced_minor: was.price_minor,
            announced_minor: was.was_minor,
        });
    }
    if asked.is_empty() {
        asked.push(Asked {
            kind: ReductionKind::None,
            name: String::new(),
            starts: now,
            reduced_minor: None,
            announced_minor: None,
        });
    }
    asked
}

/// Whether the announcement is wrong, and what to say of it.
fn judgement(view: &PriorPriceView) -> (bool, String) {
    let unproven = if view.proven {
        String::new()
    } else {
        format!(" Unproven: our prices are not known over all of the {} days before.", view.days)
    };
    let percent = |share: Option<i32>| share.map(|share| format!(" ({})", BasisPoints(-share))).unwrap_or_default();
    let Some(prior) = view.prior else {
        return (
            view.announced.is_some(),
            "No own price is known before the reduction: nothing may be announced.".into(),
        );
    };
    let said = match (view.announced, view.reduced) {
        (Some(announced), _) if announced != prior => {
            let shown = percent(view.announced_bp);
            let lawful = match view.reduction_bp {
                Some(share) if share > 0 => format!("announce it against {prior}{}", percent(view.reduction_bp)),
                _ => format!("the price is not below {prior}: announce no reduction"),
            };
            return (
                true,
                format!("Shown against {announced}{shown}, but the prior price is {prior}: {lawful}.{unproven}"),
            );
        }
        (Some(announced), _) => {
            format!("Announced against {announced}, the prior price{}.", percent(view.reduction_bp))
        }
        (None, Some(_)) => match view.reduction_bp {
            Some(share) if share > 0 => format!("May be announced against {prior}{}.", percent(view.reduction_bp)),
            _ => format!("Not below the prior price of {prior}: announce no reduction."),
        },
        (None, None) => format!("A reduction that starts now is announced against {prior}."),
    };
    (false, format!("{said}{unproven}"))
}

pub(crate) fn reduction_bp(price: i64, prior: i64) -> Option<i32> {
    let ratio = reduction(price, prior)?;
    let scaled = Ratio { numerator: ratio.numerator * 10_000, ..ratio };
    i32::try_from(scaled.round(Rounding::Nearest)).ok()
}
