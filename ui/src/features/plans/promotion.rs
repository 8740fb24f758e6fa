//! Promotions: what one would bring, take from others, and may be announced against.

use app_contract::{PlanPromotion, PromotionInput, PromotionRow, PromotionView};
use leptos::prelude::*;
use pricing_domain::{Currency, GridFilter, Money};

use super::desk::{PlanDesk, fields};
use super::grades::GradeShares;
use crate::components::facts::{fact, items};
use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::features::scenarios::product_filter::ProductFilter;
use crate::features::scenarios::typed_change::number;
use crate::formats::{MISSING, decimal, integer, money, percent, signed_money};
use crate::reads::read;
use crate::session::Session;

/// A promotion as it is typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    percent: String,
    weeks: String,
    lift: String,
    funding: String,
    cannibalised: String,
    only: Vec<GridFilter>,
}

impl Typed {
    fn new() -> Self {
        let plan = PromotionInput::default();
        Self {
            percent: plan.percent.to_string(),
            weeks: plan.weeks.to_string(),
            lift: plan.lift.to_string(),
            funding: plan.funding.to_string(),
            cannibalised: plan.cannibalised.to_string(),
            only: plan.only,
        }
    }

    fn plan(&self, price_list: String) -> Option<PromotionInput> {
        Some(PromotionInput {
            price_list,
            only: self.only.clone(),
            percent: number(&self.percent)?,
            weeks: self.weeks.trim().parse().ok()?,
            lift: number(&self.lift)?,
            funding: number(&self.funding)?,
            cannibalised: number(&self.cannibalised)?,
        })
    }
}

/// The form and what would come of it.
#[component]
pub fn PromotionPlanner() -> impl IntoView {
    let session = expect_context::<Session>();
    let typed = RwSignal::new(Typed::new());
    let list = Memo::new(move |_| session.price_list().map(|list| list.code));
    let plan = Memo::new(move |_| list.get().and_then(|list| typed.with(|typed| typed.plan(list))));
    let answer = read(move || plan.get().map(|plan| PlanPromotion { plan }));
    let start = typed.get_untracked();
    let comes = move || view! { <Reading from=answer lines=10 show=|view: PromotionView| view! { <Effect view /> } /> };
    let field = fields(typed);
    let unreadable = Signal::derive(move || list.get().is_some() && plan.get().is_none());
    let only = Memo::new(move |_| typed.with(|typed| typed.only.clone()));
    view! {
        <PlanDesk label="Promotion" testid="promotion-form" unreadable answer=comes>
                    <div class="field-grid">
                        {field("Takes off", &start.percent, "%", |typed, text| typed.percent = text)}
                        {field("For", &start.weeks, "weeks", |typed, text| typed.weeks = text)}
                        {field("Sells beside the lower price", &start.lift, "% more", |typed, text| typed.lift = text)}
                        {field("Paid by the supplier", &start.funding, "% of it", |typed, text| typed.funding = text)}
                        {field("Missing at others", &start.cannibalised, "% of the more", |typed, text| {
                            typed.cannibalised = text;
                        })}
                    </div>
                    <ProductFilter
                        only=only
                        set=Callback::new(move |only| typed.update(|typed| typed.only = only))
                    />
        </PlanDesk>
    }
}

const PRIOR: TableShape = TableShape::framed(
    "Prior prices",
    &[
        Column::head("Product"),
        Column::number("Today"),
        Column::number("Reduced"),
        Column::number("Lowest of 30 days"),
        Column::number("Announced at most"),
        Column::text("History"),
        Column::number("Elasticity"),
        Column::text("It rests on"),
    ],
)
.tall()
.testid("promotion-prior");

/// What comes of it, the plain answer first.
#[component]
fn Effect(
    /// The promotion.
    view: PromotionView,
) -> impl IntoView {
    let currency = view.currency;
    let amount = |minor: i64| money(Money::new(minor, currency));
    let change = view.margin_change;
    let answer = format!(
        "It {} {} of margin over {} weeks (between {} and {} with 95 % certainty).",
        if change.value < 0 { "costs" } else { "brings" },
        amount(change.value.abs()),
        view.weeks,
        signed_money(Money::new(change.low, currency)),
        signed_money(Money::new(change.high, currency))
    );
    let pays = match view.break_even_lift {
        Some(lift) if lift <= 0.0 => "It pays by the lower price alone.".to_owned(),
        Some(lift) => format!("It pays once it sells {} % more than the lower price alone brings.", decimal(lift, 0)),
        None => "No lift makes it pay: every further unit loses money.".to_owned(),
    };
    let remarks = items(view.remarks.iter().cloned());
    let prior = format!(
        "Prior prices by our own history: {} proven, {} unproven; {} must not be announced as reduced.",
        integer(view.proven),
        integer(view.unproven),
        integer(view.not_reduced)
    );
    let grades = view.grades.clone();
    let rows = view.rows.into_iter().map(|row| prior_row(row, currency)).collect();
    view! {
        <section class="panel" aria-label="Effect">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="promotion-answer">{answer}</p>
                <p>{pays}</p>
                <dl class="facts">
                    {fact("Products reduced", integer(view.reduced))}
                    {fact("Units more", decimal(view.more_units, 0))}
                    {fact("Units missing at others", decimal(view.lost_units, 0))}
                    {fact("Margin missing at others", amount(view.lost_margin))}
                    {fact("Paid by the supplier", amount(view.funding))}
                    {fact("Revenue, all products", format!("{} → {}", amount(view.without.revenue.value), amount(view.with.revenue.value)))}
                    {fact("Margin, all products", format!("{} → {}", amount(view.without.margin.value), amount(view.with.margin.value)))}
                </dl>
                <ul class="muted">{remarks}</ul>
                <GradeShares grades />
                <h3>"What each reduction may be announced against"</h3>
                <p class="muted">{prior}</p>
                {PRIOR.with(rows)}
            </div>
        </section>
    }
}

/// A product with its prior price.
fn prior_row(row: PromotionRow, currency: Currency) -> Row {
    let price = |minor: i64| money(Money::new(minor, currency));
    let is_no_reduction = row.prior_minor.is_some_and(|prior| row.reduced_minor >= prior);
    let announced = match (row.reduction_bp, is_no_reduction) {
        (_, true) => "no reduction".to_owned(),
        (Some(reduction), false) => percent(reduction),
        (None, false) => MISSING.to_owned(),
    };
    let rests = match row.extrapolated {
        true => format!("{}; price never charged", row.grade.title()),
        false => row.grade.title().to_owned(),
    };
    row![
        Cell::from(row.sku).code().note(row.name),
        price(row.price_minor),
        price(row.reduced_minor),
        row.prior_minor.map_or_else(|| MISSING.to_owned(), price),
        announced,
        if row.proven { "proven" } else { "unproven" },
        decimal(row.elasticity, 2),
        rests
    ]
}

#[cfg(test)]
mod tests {
    use app_contract::PromotionInput;

    use super::Typed;

    #[test]
    fn what_is_typed_at_first_is_the_usual_promotion_and_nonsense_is_none() {
        assert_eq!(Typed::new().plan(String::new()), Some(PromotionInput::default()));
        assert_eq!(Typed { percent: String::new(), ..Typed::new() }.plan(String::new()), None);
    }
}
