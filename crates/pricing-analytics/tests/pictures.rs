//! Every picture of figures: sound XML, a finding as its title, marks inside it, its data as a table.

#![allow(clippy::unwrap_used, reason = "a test may end where it expected something")]

use pricing_analytics::{
    BridgeChart, BridgeStep, CalendarChart, CalendarDay, ChartError, ChartLook, DISTANCE_EDGES_BP, DistanceSums,
    DistributionBar, DistributionChart, HeatMapChart, IndexHistoryChart, IndexLine, MarketChart, NumberStyle, Palette,
    ScatterChart, ScatterPoint, draw_bridge, draw_calendar, draw_distribution, draw_heat_map, draw_index_history,
    draw_scatter,
};
use pricing_domain::Currency;

/// 2026-11-20.
const DAY: i32 = 20_777;

fn look(width: u32, height: u32) -> ChartLook {
    let palette = Palette {
        surface: "#ffffff".into(),
        text: "#1a1d21".into(),
        text_muted: "#5b6470".into(),
        border: "#d8dde3".into(),
        own_price: "#0b5cad".into(),
        competitors: ["#b14a00", "#00786a", "#8d2f7f", "#6a6400"].map(String::from).to_vec(),
    };
    ChartLook { width, height, palette, labels: NumberStyle { decimal_separator: '.', grouping: ',' } }
}

fn index_history(width: u32) -> MarketChart {
    let line = |name: &str, offset: i64, gap: i32| IndexLine {
        name: name.to_owned(),
        days: (DAY - 27..=DAY)
            .filter(|day| (day - gap).rem_euclid(11) != 0)
            .map(|day| (day, 10_120 + offset + i64::from(day % 7) * 12, 8_400))
            .collect(),
    };
    let lines = vec![line("ElektroMax", 60, 5), line("TechHaus <b>", -180, 6), line("Kabel & Co", 0, 7)];
    draw_index_history(&IndexHistoryChart { look: look(width, 280), from_day: DAY - 27, to_day: DAY, lines }).unwrap()
}

fn heat_map() -> MarketChart {
    let cell = |row: i64, column: i64| ((row + column) % 4 != 0).then(|| (9_200 + row * 320 + column * 150, 12));
    draw_heat_map(&HeatMapChart {
        look: look(640, 0),
        row_word: "Brand".into(),
        rows: ["Aurora", "Borealis", "Cirrus", "A brand with a name that is far too long for its column"]
            .map(String::from)
            .to_vec(),
        columns: ["ElektroMax", "TechHaus", "Kabel & Co"].map(String::from).to_vec(),
        cells: (0..4).map(|row| (0..3).map(|column| cell(row, column)).collect()).collect(),
    })
    .unwrap()
}

fn distribution() -> MarketChart {
    let bar = |group: usize| {
        let (from_bp, to_bp) = DistanceSums::edges(group);
        DistributionBar { from_bp, to_bp, products: (group as u64 * 37) % 90 }
    };
    let bars = (0..=DISTANCE_EDGES_BP.len()).map(bar).collect();
    draw_distribution(&DistributionChart { look: look(640, 260), bars }).unwrap()
}

fn bridge() -> MarketChart {
    let step = |name: &str, amount_minor: i64| BridgeStep { name: name.to_owned(), amount_minor };
    draw_bridge(&BridgeChart {
        look: look(720, 280),
        subject: "Margin".into(),
        currency: Currency::EUR,
        before: "28 Sep – 25 Oct".into(),
        after: "26 Oct – 22 Nov".into(),
        before_minor: 4_012_345,
        steps: vec![
            step("Price", 120_000),
            step("Cost", -60_000),
            step("Volume", 85_050),
            step("Mix", -12_000),
            step("New", 30_000),
            step("Ended", -9_000),
        ],
    })
    .unwrap()
}

fn calendar() -> MarketChart {
    let day = |day: i32| CalendarDay { day, lowered: ((day * 7) % 13) as u64, raised: ((day * 5) % 7) as u64 };
    let days = (DAY - 80..=DAY).filter(|day| day % 3 != 0).map(day).collect();
    draw_calendar(&CalendarChart { look: look(640, 0), from_day: DAY - 90, to_day: DAY, days }).unwrap()
}

fn scatter() -> MarketChart {
    let point = |place: i64| ScatterPoint {
        name: format!("TV & Audio > Kind {place}"),
        index: 9_600 + (place * 173) % 1_100,
        margin_bp: 1_200 + ((place * 311) % 2_400) as i32,
        weight: 10_000 / (place + 1),
        products: 10,
    };
    let points = (0..30).map(point).collect();
    draw_scatter(&ScatterChart { look: look(640, 360), noun: "categories".into(), points, margin_bp: Some(2_340) })
        .unwrap()
}

fn all() -> Vec<(&'static str, MarketChart)> {
    vec![
        ("index", index_history(720)),
        ("index-small", index_history(320)),
        ("heat-map", heat_map()),
        ("distribution", distribution()),
        ("bridge", bridge()),
        ("calendar", calendar()),
        ("scatter", scatter()),
    ]
}

#[test]
fn pictures_are_accessible_xml_without_styles_and_scripts_and_with_their_data() {
    for (name, chart) in all() {
        let document = roxmltree::Document::parse(&chart.svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{name}");
        assert_eq!(root.attribute("aria-label"), Some(chart.title.as_str()), "{name}");
        assert!(document.descendants().all(|node| !node.has_tag_name("script") && node.attribute("style").is_none()));
        assert!(!chart.title.is_empty() && !chart.description.is_empty(), "{name}");
        assert!(!chart.table.rows.is_empty() && !chart.marks.is_empty(), "{name}");
        assert!(chart.table.rows.iter().all(|row| row.len() == chart.table.columns.len()), "{name}");
        assert!(chart.table.to_csv().lines().count() == chart.table.rows.len() + 1, "{name}");
    }
}

#[test]
fn marks_lie_inside_the_picture_and_name_rows_of_the_table() {
    for (name, chart) in all() {
        let document = roxmltree::Document::parse(&chart.svg).unwrap();
        let side = |attribute: &str| document.root_element().attribute(attribute).unwrap().parse::<f64>().unwrap();
        let (width, height) = (side("width"), side("height"));
        for mark in &chart.marks {
            assert!(mark.left < mark.right && mark.top < mark.bottom, "{name}: {mark:?}");
            assert!(mark.right <= width + 12.0 && mark.bottom <= height + 12.0, "{name}: {mark:?}");
            assert!((mark.row as usize) < chart.table.rows.len(), "{name}: {mark:?}");
            assert!(!mark.words.is_empty(), "{name}");
        }
    }
}

#[test]
fn no_words_leave_the_picture() {
    for (name, chart) in all() {
        let document = roxmltree::Document::parse(&chart.svg).unwrap();
        let width: f64 =
            document.root_element().attribute("viewBox").unwrap().split(' ').nth(2).unwrap().parse().unwrap();
        for text in document.descendants().filter(|node| node.has_tag_name("text")) {
            let x: f64 = text.attribute("x").unwrap().parse().unwrap();
            assert!((0.0..=width).contains(&x), "{name}: {:?} at {x}", text.text());
        }
    }
}

#[test]
fn titles_say_the_finding() {
    let titles: Vec<String> = all().into_iter().map(|(_, chart)| chart.title).collect();
    assert_eq!(titles[0], "Against ElektroMax we stand at 101.9, 0.1 points lower than on 24 Oct");
    assert!(titles[2].starts_with("Dearest with A brand") && titles[2].ends_with("over 12 products"), "{}", titles[2]);
    assert!(titles[3].contains("products are dearer than the lowest offer"), "{}", titles[3]);
    assert_eq!(titles[4], "Margin rose by 3.8 % to 41,664 EUR; the largest part is price (+1,200)");
    assert!(titles[5].contains("price changes fell on"), "{}", titles[5]);
    assert!(titles[6].contains("of 30 categories are dearer than the lowest offers"), "{}", titles[6]);
}

#[test]
fn without_anything_to_show_the_error_says_so() {
    let empty = draw_index_history(&IndexHistoryChart {
        look: look(640, 240),
        from_day: DAY,
        to_day: DAY,
        lines: vec![IndexLine { name: "A".into(), days: Vec::new() }],
    });
    assert!(matches!(empty, Err(ChartError::NoPrices { .. })));
    let calendar = CalendarChart { look: look(640, 240), from_day: DAY, to_day: DAY, days: Vec::new() };
    assert!(matches!(draw_calendar(&calendar), Err(ChartError::NothingToShow(_))));
}

/// `PICTURES=FOLDER cargo test -p pricing-analytics --test pictures` also writes them, to be looked at.
#[test]
fn the_same_specification_gives_the_same_bytes() {
    for ((name, one), (_, other)) in all().into_iter().zip(all()) {
        assert_eq!(one.svg, other.svg, "{name}");
        if let Some(folder) = std::env::var_os("PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), one.svg).unwrap();
        }
    }
}

#[test]
fn the_axis_of_a_distribution_begins_at_zero_however_few_products_there_are() {
    let bars = vec![DistributionBar { from_bp: None, to_bp: Some(0), products: 1 }];
    let chart = draw_distribution(&DistributionChart { look: look(640, 260), bars }).unwrap();
    assert!(!chart.svg.contains("−1") && !chart.svg.contains("−2"), "no count lies below zero");
}

#[test]
fn a_day_between_gaps_has_a_mark_and_its_coverage_is_rounded() {
    let drawn = |days: [i32; 3]| {
        let days = days.map(|day| (day, 10_100, 6_667)).to_vec();
        let lines = vec![IndexLine { name: "X".into(), days }];
        draw_index_history(&IndexHistoryChart { look: look(640, 280), from_day: DAY - 27, to_day: DAY, lines }).unwrap()
    };
    let (joined, alone) = (drawn([DAY - 9, DAY - 8, DAY - 7]), drawn([DAY - 9, DAY - 8, DAY - 5]));
    let marks = |chart: &MarketChart| chart.svg.matches("<rect").count();
    assert_eq!(marks(&alone), marks(&joined) + 1);
    assert!(joined.description.contains("coverage 66.7 %"), "{}", joined.description);
}

#[test]
fn the_title_of_a_scatter_says_what_holds_for_its_points() {
    /// Index and margin of each point.
    type Points<'a> = &'a [(i64, i32)];
    let cases: [(Points<'_>, i32, &str); 9] = [
        (&[(9_900, 100)], 100, "None of 1 brands is dearer than the lowest offers"),
        (&[(10_500, -300)], -300, "1 of 1 brands is dearer than the lowest offers and sells below cost"),
        (
            &[(10_500, -300), (10_700, -100)],
            -200,
            "2 of 2 brands are dearer than the lowest offers and sell below cost",
        ),
        (
            &[(10_500, -300), (10_700, 100)],
            -100,
            "2 of 2 brands are dearer than the lowest offers; 1 of them sells below cost",
        ),
        (&[(10_500, 2_000)], 2_000, "1 of 1 brands is dearer than the lowest offers"),
        (&[(10_500, 2_000), (9_000, 2_000)], 2_000, "1 of 2 brands is dearer than the lowest offers"),
        (
            &[(10_500, 3_000), (10_600, 2_900), (9_000, 1_000)],
            2_000,
            "2 of 3 brands are dearer than the lowest offers; none of them earns less than average",
        ),
        (
            &[(10_500, 3_000), (9_000, 1_000)],
            2_000,
            "1 of 2 brands is dearer than the lowest offers and does not earn less than average",
        ),
        (
            &[(10_500, 1_000), (9_000, 3_000)],
            2_000,
            "1 of 2 brands is dearer than the lowest offers and earns less than average",
        ),
    ];
    for (points, average, expected) in cases {
        let point = |(index, margin_bp): &(i64, i32)| ScatterPoint {
            name: "Boilo".into(),
            index: *index,
            margin_bp: *margin_bp,
            weight: 1,
            products: 1,
        };
        let points = points.iter().map(point).collect();
        let chart = ScatterChart { look: look(640, 300), noun: "brands".into(), points, margin_bp: Some(average) };
        assert_eq!(draw_scatter(&chart).expect("a picture").title, expected);
    }
}

#[test]
fn whole_bars_of_a_bridge_that_do_not_begin_at_zero_are_broken() {
    let drawn = |before_minor: i64| {
        let steps = vec![BridgeStep { name: "Price".into(), amount_minor: 10_000 }];
        draw_bridge(&BridgeChart {
            look: look(640, 280),
            subject: "Margin".into(),
            currency: Currency::EUR,
            before: "A".into(),
            after: "B".into(),
            before_minor,
            steps,
        })
        .expect("a picture")
    };
    assert!(drawn(4_000_000).svg.contains("the axis does not begin at 0"));
    assert!(!drawn(10_000).svg.contains("the axis does not begin at 0"));
}
