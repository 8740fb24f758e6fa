//! Parts that several reports share.

use app_contract::{
    ChartPalette, ChartRequestLook, CompetitorPosition, GroupStanding, MarketOverview, MarketProductPage,
};
use pricing_domain::{Currency, Money};
use reports::{Block, Cell, Column, KeyFigure, Table, Tone};

use super::product_cells;

/// How pictures are drawn on paper: the light theme's colours.
pub(super) fn print_look(width: u32, height: u32) -> ChartRequestLook {
    let competitors = ["#b14a00", "#00786a", "#8d2f7f", "#6a6400", "#b3261e", "#4b5a8a", "#37713c", "#7a5038"];
    let palette = ChartPalette {
        surface: "#ffffff".into(),
        text: "#1a1d21".into(),
        text_muted: "#5b6470".into(),
        border: "#d8dde3".into(),
        own_price: "#0b5cad".into(),
        competitors: competitors.map(String::from).to_vec(),
    };
    ChartRequestLook { width, height, palette }
}

/// The figures that are read first.
pub(super) fn overview_figures(overview: &MarketOverview, competitors: &[CompetitorPosition]) -> Vec<Block> {
    let mut figures = Vec::new();
    if let Some(first) = competitors.iter().find(|one| one.index_centi.is_some()) {
        figures.push(figure(
            &format!("Price index vs {}", first.competitor),
            points(first.index_centi),
            format!("coverage {}", percent(Some(first.coverage_bp))),
            Tone::Neutral,
        ));
    }
    figures.push(figure(
        "Index vs lowest offers",
        points(overview.index_centi),
        format!("coverage {}", percent(Some(overview.coverage_bp))),
        Tone::Neutral,
    ));
    figures.push(figure(
        "Cheaper / level / dearer",
        format!("{} / {} / {}", whole(overview.win), whole(overview.tie), whole(overview.loss)),
        format!("of {} compared, ±{}", whole(overview.compared), percent(Some(overview.tolerance_bp))),
        Tone::Neutral,
    ));
    if let Some(sales) = &overview.sales {
        let money = |minor: i64| money(minor, overview.currency);
        let (note, tone) = change(sales.revenue_minor, sales.revenue_before_minor);
        figures.push(figure("Net revenue", money(sales.revenue_minor), note, tone));
        let (note, tone) = change(sales.margin_minor, sales.margin_before_minor);
        figures.push(figure("Margin", money(sales.margin_minor), note, tone));
        let until = format!("sales to {}", sales.period.1.strftime("%-d %b"));
        figures.push(figure("Margin rate", percent(sales.margin_bp), until, Tone::Neutral));
    }
    let below = overview.below_floor + overview.below_cost;
    figures.push(figure(
        "Below floor / below cost",
        format!("{} / {}", whole(overview.below_floor), whole(overview.below_cost)),
        format!("{} at their floor", whole(overview.at_floor)),
        if below > 0 { Tone::Bad } else { Tone::Good },
    ));
    figures.push(figure(
        "Competitor price changes",
        whole(overview.lowered + overview.raised),
        format!("{} down, {} up", whole(overview.lowered), whole(overview.raised)),
        Tone::Neutral,
    ));
    vec![Block::Figures(figures)]
}

fn figure(label: &str, value: String, note: String, tone: Tone) -> KeyFigure {
    KeyFigure { label: label.to_owned(), value, note, tone }
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

pub(super) fn competitor_table(competitors: &[CompetitorPosition]) -> Table {
    let rows = competitors.iter().map(|one| {
        vec![
            Cell::text(&one.competitor),
            Cell::number(one.index_centi.map(|value| (value + 5).div_euclid(10)), 1),
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
        title: "By competitor".into(),
        columns: vec![
            Column::words("Competitor", 24),
            Column::numbers("Index", 9),
            Column::numbers("Coverage", 10),
            Column::numbers("We are cheaper", 10),
            Column::numbers("Level", 8),
            Column::numbers("We are dearer", 10),
            Column::numbers("Seen within a day", 11),
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

pub(super) fn group_table(word: &str, groups: &[GroupStanding], currency: Currency) -> Table {
    let digits = currency.minor_digits();
    let rows = groups.iter().map(|one| {
        vec![
            Cell::text(if one.name.is_empty() { "None" } else { &one.name }),
            Cell::count(one.products),
            Cell::number(one.index_centi.map(|value| (value + 5).div_euclid(10)), 1),
            Cell::percent(Some(one.coverage_bp)),
            Cell::count(one.win),
            Cell::count(one.tie),
            Cell::count(one.loss),
            Cell::number(Some(one.revenue_minor), digits),
            Cell::percent(one.margin_bp),
        ]
    });
    Table {
        title: format!("By {}", word.to_lowercase()),
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
