//! Parts that several reports share.

use app_contract::{
    ChartPalette, ChartRequestLook, CompetitorPosition, GroupStanding, MarketOverview, MarketProductPage,
    PromotionsView,
};
use pricing_domain::{CivilDate, Currency, Money};
use reports::{Block, Cell, Column, KeyFigure, Table, Tone};

use super::{AS_OF_NOW, product_cells};

/// How pictures are drawn on paper: the light theme's colours.
pub(super) fn print_look(width: u32, height: u32) -> ChartRequestLook {
    ChartRequestLook { width, height, palette: ChartPalette::on_paper() }
}

/// The figures that are read first.
pub(super) fn overview_figures(overview: &MarketOverview, competitors: &[CompetitorPosition]) -> Vec<Block> {
    let mut figures = Vec::new();
    let past = overview.is_past();
    // What a figure is of, where the report is about days that are over.
    let of = |day: Option<CivilDate>| match day {
        Some(day) => format!(", {}", day.strftime("%-d %b")),
        None if past => AS_OF_NOW.to_owned(),
        None => String::new(),
    };
    if let Some(first) = competitors.iter().find(|one| one.index_centi.is_some()) {
        figures.push(figure(
            &format!("Price index vs {}", first.competitor),
            points(first.index_centi),
            format!("coverage {}{}", percent(Some(first.coverage_bp)), of(first.standing_day)),
            (Tone::Neutral, vec![Cell::number(first.index_centi, 2)]),
        ));
    }
    figures.push(figure(
        "Index vs lowest offers",
        points(overview.index_centi),
        format!("coverage {}{}", percent(Some(overview.coverage_bp)), of(overview.standing_day)),
        (Tone::Neutral, vec![Cell::number(overview.index_centi, 2)]),
    ));
    figures.push(figure(
        "Cheaper / level / dearer",
        format!("{} / {} / {}", whole(overview.win), whole(overview.tie), whole(overview.loss)),
        format!(
            "of {}, ±{}{}",
            whole(overview.compared),
            percent(Some(overview.tolerance_bp)),
            of(overview.standing_day)
        ),
        (Tone::Neutral, [overview.win, overview.tie, overview.loss].map(Cell::count).to_vec()),
    ));
    if let Some(sales) = &overview.sales {
        let (note, tone) = change(sales.revenue_minor, sales.revenue_before_minor);
        figures.push(money_figure("Net revenue", sales.revenue_minor, overview.currency, note, tone));
        let (note, tone) = change(sales.margin_minor, sales.margin_before_minor);
        figures.push(money_figure("Margin", sales.margin_minor, overview.currency, note, tone));
        let until = format!("sales to {}", sales.period.1.strftime("%-d %b"));
        let parts = vec![Cell::percent(sales.margin_bp)];
        figures.push(figure("Margin rate", percent(sales.margin_bp), until, (Tone::Neutral, parts)));
    }
    let below = overview.below_floor + overview.below_cost;
    figures.push(figure(
        "Below floor / below cost",
        format!("{} / {}", whole(overview.below_floor), whole(overview.below_cost)),
        format!("{} at their floor{}", whole(overview.at_floor), of(None)),
        (
            if below > 0 { Tone::Bad } else { Tone::Good },
            [overview.below_floor, overview.below_cost].map(Cell::count).to_vec(),
        ),
    ));
    figures.push(figure(
        "Competitor price changes",
        whole(overview.lowered + overview.raised),
        format!("{} down, {} up", whole(overview.lowered), whole(overview.raised)),
        (Tone::Neutral, vec![Cell::count(overview.lowered + overview.raised)]),
    ));
    vec![Block::Figures(figures)]
}

fn figure(label: &str, value: String, note: String, (tone, parts): (Tone, Vec<Cell>)) -> KeyFigure {
    KeyFigure { label: label.to_owned(), value, parts, unit: String::new(), note, tone }
}

/// A figure of money.
fn money_figure(label: &str, minor: i64, currency: Currency, note: String, tone: Tone) -> KeyFigure {
    let parts = vec![Cell::number(Some(minor), currency.minor_digits())];
    KeyFigure { unit: currency.to_string(), ..figure(label, money(minor, currency), note, (tone, parts)) }
}

/// Against the period before, with a sign that says what the colour says.
fn change(now: i64, before: i64) -> (String, Tone) {
    if before <= 0 {
        return ("no period before".to_owned(), Tone::Neutral);
    }
    let tenths = (i128::from(now) - i128::from(before)) * 1_000 / i128::from(before);
    let sign = if tenths > 0 { "+" } else { "" };
    let text = Cell::Number { value: i64::try_from(tenths).unwrap_or(0), digits: 1 };
    let note = format!("{sign}{} % on the period before", printed(&text));
    (
        note,
        if tenths > 0 {
            Tone::Good
        } else if tenths < 0 {
            Tone::Bad
        } else {
            Tone::Neutral
        },
    )
}

fn printed(cell: &Cell) -> String {
    cell.to_string()
}

fn whole(count: u64) -> String {
    printed(&Cell::count(count))
}

fn points(hundredths: Option<i64>) -> String {
    printed(&Cell::number(hundredths.map(|value| (value + 5).div_euclid(10)), 1))
}

fn percent(basis_points: Option<i32>) -> String {
    printed(&Cell::percent(basis_points))
}

/// Whole units of the currency from ten thousand on.
fn money(minor: i64, currency: Currency) -> String {
    let major = 10i64.pow(u32::from(currency.minor_digits()));
    let text = if minor.abs() >= 10_000 * major {
        printed(&Cell::number(Some((minor + major / 2).div_euclid(major)), 0))
    } else {
        printed(&Cell::number(Some(Money::new(minor, currency).amount_minor), currency.minor_digits()))
    };
    format!("{text} {currency}")
}

/// `past`: the report is about days that are over.
pub(super) fn competitor_table(competitors: &[CompetitorPosition], past: bool) -> Table {
    let rows = competitors.iter().map(|one| {
        vec![
            Cell::text(&one.competitor),
            Cell::number(one.index_centi, 2),
            Cell::percent(Some(one.coverage_bp)),
            Cell::count(one.win),
            Cell::count(one.tie),
            Cell::count(one.loss),
            Cell::percent(one.fresh_bp),
            Cell::count(one.lowered),
            Cell::count(one.raised),
            Cell::change(one.mean_change_bp),
        ]
    });
    Table {
        title: match competitors.iter().find_map(|one| one.standing_day) {
            Some(day) => format!("By competitor, on {}", day.strftime("%-d %b %Y")),
            None if past => format!("By competitor{AS_OF_NOW}"),
            None => "By competitor".into(),
        },
        columns: vec![
            Column::words("Competitor", 24),
            Column::numbers("Index", 9),
            Column::numbers("Coverage", 10),
            Column::numbers("We are cheaper", 10),
            Column::numbers("Level", 8),
            Column::numbers("We are dearer", 10),
            Column::numbers(if past { "Seen within a day (now)" } else { "Seen within a day" }, 11),
            Column::numbers("Prices lowered", 10),
            Column::numbers("Prices raised", 10),
            Column::numbers("Mean change", 10),
        ],
        rows: rows.collect(),
        note:
            "Index: Σ(units × own) ÷ Σ(units × theirs) × 100 over sold products with a usable offer; above 100 we are \
               dearer. Coverage: those products ÷ priced products."
                .into(),
        empty: "No competitor is matched.".into(),
    }
}

/// `now` is added to the title.
pub(super) fn group_table(word: &str, groups: &[GroupStanding], currency: Currency, now: &str) -> Table {
    let digits = currency.minor_digits();
    let rows = groups.iter().map(|one| {
        vec![
            Cell::text(if one.name.is_empty() { "None" } else { &one.name }),
            Cell::count(one.products),
            Cell::number(one.index_centi, 2),
            Cell::percent(Some(one.coverage_bp)),
            Cell::count(one.win),
            Cell::count(one.tie),
            Cell::count(one.loss),
            Cell::number(Some(one.revenue_minor), digits),
            Cell::percent(one.margin_bp),
        ]
    });
    Table {
        title: format!("By {}{now}", word.to_lowercase()),
        columns: vec![
            Column::words(word, 28),
            Column::numbers("Products", 10),
            Column::numbers("Index vs lowest", 10),
            Column::numbers("Coverage", 10),
            Column::numbers("Cheaper", 9),
            Column::numbers("Level", 8),
            Column::numbers("Dearer", 8),
            Column::numbers(&format!("Net revenue of 28 days, {currency}"), 17),
            Column::numbers("Margin", 9),
        ],
        rows: rows.collect(),
        note: "Net revenue and margin at today's prices and costs, over the units of the newest 28 days.".into(),
        empty: "Nothing has a price here.".into(),
    }
}

pub(super) fn product_table(title: &str, page: &MarketProductPage) -> Table {
    let currency = page.currency;
    let left = page.matching.saturating_sub(page.rows.len() as u64);
    Table {
        title: title.to_owned(),
        columns: vec![
            Column::words("SKU", 14),
            Column::words("Product", 44),
            Column::numbers(&format!("Ours, {currency}"), 11),
            Column::numbers("Lowest", 11),
            Column::numbers("Distance", 10),
            Column::numbers("Place", 7),
            Column::numbers("Margin", 9),
            Column::numbers("Units, 28 days", 9),
            Column::numbers("At stake", 12),
        ],
        rows: page.rows.iter().map(|row| product_cells(row, currency)).collect(),
        note: if left > 0 { format!("and {} more", whole(left)) } else { String::new() },
        empty: "None.".into(),
    }
}

/// The promotions that ran.
pub(super) fn promotion_table(promotions: &PromotionsView) -> Table {
    let currency = promotions.currency;
    let digits = currency.minor_digits();
    let rows = promotions.rows.iter().map(|one| {
        vec![
            Cell::text(&one.sku),
            Cell::text(&one.name),
            Cell::text(&one.promotion),
            Cell::date(Some(one.first_day)),
            Cell::date(one.last_day),
            Cell::number(one.price_minor, digits),
            Cell::percent(one.depth_bp),
            Cell::number(one.units_milli.map(|units| units / 1_000), 0),
            Cell::change(one.uplift_bp),
            Cell::number(one.funded_minor, digits),
        ]
    });
    let left = promotions.matching.saturating_sub(promotions.rows.len() as u64);
    let more = if left > 0 { format!("And {} more. ", whole(left)) } else { String::new() };
    Table {
        title: "Promotions that ran".into(),
        columns: vec![
            Column::words("SKU", 12),
            Column::words("Product", 26),
            Column::words("Promotion", 16),
            Column::dates("First day", 11),
            Column::dates("Last day", 11),
            Column::numbers(&format!("Price, {currency}"), 10),
            Column::numbers("Below regular", 9),
            Column::numbers("Units", 8),
            Column::numbers("Uplift", 9),
            Column::numbers(&format!("Funded, {currency}"), 10),
        ],
        rows: rows.collect(),
        note: format!(
            "{more}Uplift: units a day in the promotion ÷ units a day over the 28 days before − 1, without regard to season; \
             none where those days had a promotion too. Funded: what suppliers pay a piece × pieces sold."
        ),
        empty: "No promotion ran in this period.".into(),
    }
}
