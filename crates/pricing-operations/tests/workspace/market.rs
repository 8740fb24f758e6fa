//! Figures over time and in detail, against numbers worked out by hand.

use app_contract::{ChartPalette, ChartRequestLook, MarketChartView};
use pricing_domain::{
    FileKind, IndexForm, MarketFilter, MarketGroup, MarketRows, Outcome, PictureFormat, ReportFormat, ReportKind,
};
use pricing_operations::{ChartQuestion, ReportQuestion};

use crate::support::Shop;

/// A1 cost 30.00 until the catalogue came on 2 March with 29.99; X asked 25.00, then 24.00.
pub async fn watched() -> Shop {
    let shop = Shop::with_products().await;
    let history = "sku,price_list,price,currency,valid_from\nA1,DEFAULT,30.00,EUR,2026-02-20\n";
    shop.import_clean(FileKind::PriceHistory, history).await;
    let seen = "sku,competitor,observed_at,price,currency\n\
                A1,X,2026-02-25T08:00:00Z,25.00,EUR\n\
                A1,X,2026-02-27T08:00:00Z,24.00,EUR\n\
                A1,X,2026-03-02T08:00:00Z,24.00,EUR\n\
                B2,Y,2026-03-02T08:00:00Z,20.99,EUR\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let sold = "sku,date,units,net_revenue\n\
                A1,2026-02-18,10,200.00\n\
                A1,2026-02-25,12,252.00\n\
                B2,2026-02-25,5,80.00\n";
    shop.import_clean(FileKind::Sales, sold).await;
    shop
}

pub async fn filter(shop: &Shop) -> MarketFilter {
    MarketFilter { from: Some("2026-02-23".parse().unwrap()), ..MarketFilter::of_list(shop.list("DEFAULT").await) }
}

pub fn look() -> ChartRequestLook {
    let palette = ChartPalette {
        surface: "#fff".into(),
        text: "#000".into(),
        text_muted: "#555".into(),
        border: "#ccc".into(),
        own_price: "#00f".into(),
        competitors: vec!["#f00".into()],
    };
    ChartRequestLook { width: 640, height: 280, palette }
}

async fn chart(shop: &Shop, filter: &MarketFilter, question: ChartQuestion) -> MarketChartView {
    shop.workspace.market_chart(filter, question, look()).await.unwrap()
}

/// (day, index, coverage) against X.
pub async fn against_x(shop: &Shop, filter: &MarketFilter) -> Vec<[String; 3]> {
    let only = MarketFilter { competitors: vec!["x".into()], ..filter.clone() };
    let view = chart(shop, &only, ChartQuestion::IndexHistory).await;
    view.rows.into_iter().map(|row| <[String; 3]>::try_from(row).unwrap()).collect()
}

#[tokio::test]
async fn the_index_of_the_past_follows_both_prices_day_by_day() {
    let shop = watched().await;
    let days = against_x(&shop, &filter(&shop).await).await;
    let expected = [
        ["2026-02-25", "120.00", "100.00"],
        ["2026-02-26", "120.00", "100.00"],
        ["2026-02-27", "125.00", "100.00"],
        ["2026-02-28", "125.00", "100.00"],
        ["2026-03-01", "125.00", "100.00"],
        // 29.99 ÷ 24.00, one of three priced products.
        ["2026-03-02", "124.96", "33.33"],
    ];
    assert_eq!(days, expected.map(|row| row.map(str::to_owned)));
}

#[tokio::test]
async fn new_facts_change_today_and_facts_of_the_past_their_days() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let before = against_x(&shop, &all).await;
    shop.later_hours(24);
    let seen = "sku,competitor,observed_at,price,currency\nA1,X,2026-03-03T11:00:00Z,26.00,EUR\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let after = against_x(&shop, &all).await;
    assert_eq!(after[..before.len()], before, "what was stays");
    assert_eq!(after.last().unwrap()[..2], ["2026-03-03".to_owned(), "115.35".to_owned()]);
    // A price of the past that is told later: everything is summed up anew, and all other days come out the same.
    let seen = "sku,competitor,observed_at,price,currency\nA1,X,2026-02-24T09:00:00Z,30.00,EUR\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let anew = against_x(&shop, &all).await;
    assert_eq!(anew[0], ["2026-02-24", "100.00", "100.00"].map(str::to_owned));
    assert_eq!(anew[1..], after);
}

#[tokio::test]
async fn a_filter_by_brand_category_or_role_keeps_its_segments_only() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let boilo = MarketFilter { brands: vec!["boilo".into()], ..all.clone() };
    let last = against_x(&shop, &boilo).await.pop().unwrap();
    assert_eq!(last, ["2026-03-02", "124.96", "50.00"].map(str::to_owned), "one of two products");
    let living = MarketFilter { categories: vec!["Living".into()], ..all.clone() };
    let empty = shop.workspace.market_chart(&living, ChartQuestion::IndexHistory, look()).await;
    assert!(empty.is_err());
    let overview = shop.workspace.market_overview(&living, IndexForm::Basket).await.unwrap();
    assert_eq!((overview.priced, overview.compared, overview.index_centi), (1, 0, None));
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nD4,Bell,EUR,5.00\n").await;
    for (categories, brands, priced) in [([""], "", 1), (["Kitchen"], "", 0), ([""], "Boilo", 0)] {
        let categories = categories.map(str::to_owned).to_vec();
        let without = MarketFilter { categories, brands: vec![brands.to_owned()], ..all.clone() };
        let overview = shop.workspace.market_overview(&without, IndexForm::Basket).await.unwrap();
        assert_eq!(overview.priced, priced, "{without:?}");
    }
}

#[tokio::test]
async fn every_figure_leads_to_as_many_products_as_it_counts() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let overview = shop.workspace.market_overview(&all, IndexForm::Basket).await.unwrap();
    assert_eq!((overview.priced, overview.compared, overview.win, overview.loss), (3, 2, 1, 1));
    // (10 + 12) × 29.99 + 5 × 19.99 against 22 × 24.00 + 5 × 20.99.
    assert_eq!(overview.index_centi, Some(12_003));
    for (rows, expected) in [
        (MarketRows::Priced, overview.priced),
        (MarketRows::Compared, overview.compared),
        (MarketRows::NotCompared, overview.priced - overview.compared),
        (MarketRows::Standing(Outcome::Win), overview.win),
        (MarketRows::Standing(Outcome::Loss), overview.loss),
        (MarketRows::Position(1), overview.positions[0]),
        (MarketRows::Position(2), overview.positions[1]),
        (MarketRows::PositionFrom(1), overview.compared),
        (MarketRows::PositionFrom(2), overview.positions[1]),
        (MarketRows::Distance(Some(2_000), None), 1),
        (MarketRows::BelowFloor, overview.below_floor),
        (MarketRows::BelowCost, overview.below_cost),
        (MarketRows::Promoted, overview.promoted),
        // Of three products two were sold, both with a cost and a stock; X changed the price of one.
        (MarketRows::Costed, 2),
        (MarketRows::Sold, 2),
        (MarketRows::Stocked, 2),
        (MarketRows::Changed, 1),
    ] {
        let page = shop.workspace.market_products(&all, &rows, 0, 500).await.unwrap();
        assert_eq!((page.matching, page.rows.len() as u64), (expected, expected), "{rows:?}");
    }
    let dearer = shop.workspace.market_products(&all, &MarketRows::Standing(Outcome::Loss), 0, 1).await.unwrap();
    let row = &dearer.rows[0];
    assert_eq!((row.product.sku.as_str(), row.distance_bp, row.position), ("A1", Some(2_496), Some(2)));
    assert_eq!(row.stake_minor, 22 * 599);
}

#[tokio::test]
async fn what_changed_is_the_same_by_the_snapshot_and_by_the_spans() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let seen = "sku,competitor,observed_at,price,currency\nB2,X,2026-02-28T11:00:00Z,26.00,EUR\n\
                B2,X,2026-03-01T11:00:00Z,26.00,EUR\nC3,Y,2026-02-28T09:00:00Z,5.00,EUR\n\
                C3,Y,2026-03-01T09:00:00Z,5.50,CHF\nC3,Y,2026-03-02T09:00:00Z,5.50,EUR\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let changed = async |from: &str, to: &str| {
        let period = MarketFilter { from: Some(from.parse().unwrap()), to: Some(to.parse().unwrap()), ..all.clone() };
        let page = shop.workspace.market_products(&period, &MarketRows::Changed, 0, 500).await.unwrap();
        page.rows.iter().map(|row| row.product.sku.clone()).collect::<Vec<_>>()
    };
    // The snapshot keeps four weeks; a period that begins before them is answered from the spans.
    let lately = changed("2026-02-10", "2026-03-02").await;
    assert!(lately.contains(&"A1".to_owned()) && !lately.contains(&"C3".to_owned()), "{lately:?}");
    assert_eq!(changed("2025-12-01", "2026-03-02").await, lately);
    assert_eq!(changed("2026-02-28", "2026-02-28").await, Vec::<String>::new(), "A1 changed the day before");
}

#[tokio::test]
async fn changes_are_counted_on_their_day_and_by_whom() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let calendar = chart(&shop, &all, ChartQuestion::Calendar).await;
    assert_eq!(calendar.rows, [["2026-02-27", "1", "0"].map(str::to_owned)]);
    let positions = shop.workspace.competitor_positions(&all, IndexForm::Basket).await.unwrap();
    let x = positions.iter().find(|one| one.competitor == "X").unwrap();
    assert_eq!((x.lowered, x.raised, x.mean_change_bp, x.index_centi), (1, 0, Some(-400), Some(12_496)));
    // Comparable at the end of each of six days, with one change: five in thirty days.
    assert_eq!(x.changes_per_30_days_centi, Some(500));
}

#[tokio::test]
async fn the_bridge_adds_up_to_the_cent() {
    let shop = watched().await;
    // A week counts once its Sunday is known.
    shop.import_clean(FileKind::Sales, "sku,date,units,net_revenue\nB2,2026-03-01,1,16.00\n").await;
    let bridge = chart(&shop, &filter(&shop).await, ChartQuestion::Bridge(1)).await;
    let amounts: Vec<(&str, &str)> = bridge.rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    // A1: 10 pieces for 200.00 at a cost of 12.50, then 12 for 252.00; B2 is new with 96.00 less 54.00.
    let expected = [
        ("16 Feb – 22 Feb", "75.00"),
        ("Price", "12.00"),
        ("Cost", "0.00"),
        ("Volume", "15.00"),
        ("Mix", "0.00"),
        ("New", "42.00"),
        ("Ended", "0.00"),
        ("23 Feb – 1 Mar", "144.00"),
    ];
    assert_eq!(amounts, expected);
}

#[tokio::test]
async fn groups_and_pictures_show_the_same_products() {
    let shop = watched().await;
    let all = filter(&shop).await;
    for by in [MarketGroup::Brand, MarketGroup::Category, MarketGroup::Role, MarketGroup::PriceList] {
        let groups = shop.workspace.group_standings(&all, by, IndexForm::Basket, 500).await.unwrap();
        assert_eq!(groups.iter().map(|group| group.products).sum::<u64>(), 3, "{by}");
        assert_eq!(groups.iter().map(|group| group.compared).sum::<u64>(), 2, "{by}");
    }
    let distribution = chart(&shop, &all, ChartQuestion::Distribution).await;
    let counted: u64 = distribution.rows.iter().map(|row| row[2].parse::<u64>().unwrap()).sum();
    assert_eq!(counted, 2);
    let heat = chart(&shop, &all, ChartQuestion::HeatMap(MarketGroup::Brand, IndexForm::Basket)).await;
    assert_eq!(heat.rows, [["Boilo", "124.96", "95.24"].map(str::to_owned)]);
    let scatter = chart(&shop, &all, ChartQuestion::Scatter(MarketGroup::Category)).await;
    assert_eq!(scatter.rows.len(), 1);
    for (format, begins) in
        [(PictureFormat::Png, &b"\x89PNG"[..]), (PictureFormat::Svg, &b"<svg"[..]), (PictureFormat::Csv, &b"From"[..])]
    {
        let path = shop.path(&format!("chart.{format}"));
        shop.workspace.export_chart(&path, distribution.clone(), format).await.unwrap();
        assert!(std::fs::read(path).unwrap().starts_with(begins), "{format}");
    }
}

#[tokio::test]
async fn every_report_is_written_as_pdf_and_as_workbook() {
    let shop = watched().await;
    let promoted = "sku,price_list,name,price,currency,valid_from,valid_to\n\
                    A1,DEFAULT,Spring,24.99,EUR,2026-03-02,2026-03-10\n";
    shop.import_clean(FileKind::Promotions, promoted).await;
    let all = filter(&shop).await;
    for kind in ReportKind::ALL {
        for (format, begins) in [(ReportFormat::Pdf, &b"%PDF"[..]), (ReportFormat::Xlsx, &b"PK"[..])] {
            let path = shop.path(&format!("{kind}.{format}"));
            let question = ReportQuestion { kind: *kind, filter: &all, pinned_answers: true };
            shop.workspace.write_report(&path, question, format).await.unwrap();
            assert!(std::fs::read(path).unwrap().starts_with(begins), "{kind} {format}");
        }
    }
}

#[tokio::test]
async fn figures_are_no_change_of_the_workspace_and_an_undo_takes_them_along() {
    let shop = watched().await;
    let all = filter(&shop).await;
    let sequence = shop.workspace.sequence().await.unwrap();
    let before = against_x(&shop, &all).await;
    assert_eq!(shop.workspace.sequence().await.unwrap(), sequence);
    let seen = "sku,competitor,observed_at,price,currency\nA1,X,2026-02-26T08:00:00Z,20.00,EUR\n";
    let report = shop.import_clean(FileKind::Observations, seen).await;
    assert_ne!(against_x(&shop, &all).await, before);
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(against_x(&shop, &all).await, before);
}
