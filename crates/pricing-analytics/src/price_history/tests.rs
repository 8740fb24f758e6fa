//! What every picture keeps to, whatever is in it.

use pricing_domain::{Currency, Instant};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use roxmltree::{Document, Node};

use super::samples::{busy_chart, chart, day, line, span};
use super::{ChartError, CompetitorLine, DrawnChart, PriceHistoryChart, PriceSpan, draw};
use crate::number_style::NumberStyle;
use crate::text::text_width;

/// Elements and attributes that a strict content security policy lets through and that run nothing.
const ELEMENTS: [&str; 7] = ["svg", "desc", "g", "rect", "polyline", "circle", "text"];

fn parse(drawn: &DrawnChart) -> Document<'_> {
    Document::parse(&drawn.svg).expect("the picture is XML")
}

fn texts<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name("text"))
}

fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).and_then(|text| text.parse().ok()).expect("a number")
}

fn words<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

/// Left, top, right and bottom of a text, in pixels.
fn text_box(node: Node<'_, '_>) -> [f64; 4] {
    let size = number(node, "font-size") / 4.0;
    let width = text_width(words(node), size);
    let (x, middle) = (number(node, "x") / 4.0, number(node, "y") / 4.0 + size * 0.4);
    let left = match node.attribute("text-anchor") {
        Some("end") => x - width,
        Some("middle") => x - width / 2.0,
        _ => x,
    };
    [left, middle - size / 2.0, left + width, middle + size / 2.0]
}

/// Corners of all polylines and circles of a colour, in pixels.
fn strokes(document: &Document<'_>, color: &str) -> Vec<Vec<(f64, f64)>> {
    let is_color =
        |node: Node<'_, '_>, name| node.attribute(name).is_some_and(|found| found.eq_ignore_ascii_case(color));
    let of_polyline = |node: Node<'_, '_>| {
        let points = node.attribute("points").unwrap_or_default().split_whitespace();
        let corner = points.filter_map(|point| point.split_once(','));
        corner.map(|(x, y)| (x.parse::<f64>().expect("x") / 4.0, y.parse::<f64>().expect("y") / 4.0)).collect()
    };
    let polylines = document.descendants().filter(|node| node.has_tag_name("polyline") && is_color(*node, "stroke"));
    let circles = document.descendants().filter(|node| node.has_tag_name("circle") && is_color(*node, "fill"));
    let of_circle = |node| vec![(number(node, "cx") / 4.0, number(node, "cy") / 4.0); 2];
    polylines.map(of_polyline).chain(circles.map(of_circle)).collect()
}

fn lies_on(corners: &[(f64, f64)], x: f64, y: f64) -> bool {
    corners.windows(2).any(|pair| pair[0].1 == y && pair[1].1 == y && pair[0].0 - 1.0 <= x && x <= pair[1].0 + 1.0)
}

#[test]
fn the_picture_is_accessible_xml_without_styles_and_scripts() {
    let drawn = draw(&busy_chart(5)).expect("a chart");
    let document = parse(&drawn);
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(root.attribute("aria-label"), Some(drawn.title.as_str()));
    assert_eq!(
        root.children().find(|node| node.has_tag_name("desc")).and_then(|node| node.text()),
        Some(&*drawn.description)
    );
    for node in document.descendants().filter(Node::is_element) {
        assert!(ELEMENTS.contains(&node.tag_name().name()), "{node:?}");
        assert!(node.attributes().all(|attribute| attribute.name() != "style" && !attribute.name().starts_with("on")));
    }
}

#[test]
fn names_are_never_markup() {
    let hostile = "</text><script>alert(1)</script>\" onload='x' \u{0}\u{202E}&amp;";
    let sample = PriceHistoryChart { competitors: vec![line(hostile, &[span(1, 30, 100)])], width: 1600, ..chart() };
    let drawn = draw(&sample).expect("a chart");
    let document = parse(&drawn);
    assert!(document.descendants().all(|node| !node.has_tag_name("script") && !node.has_attribute("onload")));
    assert_eq!(drawn.series[0].name, "</text><script>alert(1)</script>\" onload='x' &amp;");
    assert!(drawn.title.contains("</text><script>"));
}

#[test]
fn hover_points_lie_on_the_steps_inside_the_plot() {
    let drawn = draw(&busy_chart(6)).expect("a chart");
    let document = parse(&drawn);
    assert!(drawn.points.windows(2).all(|pair| pair[0].x < pair[1].x && pair[0].at < pair[1].at));
    for point in &drawn.points {
        assert!((drawn.plot_left..=drawn.plot_right).contains(&point.x));
        for value in &point.values {
            assert!((drawn.plot_top..=drawn.plot_bottom).contains(&value.y));
            let series = &drawn.series[value.series as usize];
            let strokes = strokes(&document, &series.color);
            assert!(strokes.iter().any(|corners| lies_on(corners, point.x, value.y)), "{series:?} {point:?}");
        }
    }
}

#[test]
fn hover_tells_what_held_and_what_was_not_read() {
    let competitor = line("A", &[span(5, 10, 1100), span(20, 30, 1200)]);
    let sample = PriceHistoryChart { own: vec![span(1, 30, 1000)], competitors: vec![competitor], ..chart() };
    let drawn = draw(&sample).expect("a chart");
    let told: Vec<(Instant, Vec<i64>)> = drawn
        .points
        .iter()
        .map(|point| (point.at, point.values.iter().map(|value| value.amount_minor).collect()))
        .collect();
    assert_eq!(
        told,
        [
            (day(1), vec![1000]),
            (day(5), vec![1000, 1100]),
            (day(10), vec![1000]),
            (day(20), vec![1000, 1200]),
            (day(30), vec![1000, 1200])
        ]
    );
}

#[test]
fn words_never_cover_each_other_or_leave_the_picture() {
    for width in [240, 300, 480, 640, 1000, 1600, 4000] {
        for (height, competitors) in [(120, 9), (160, 3), (280, 8), (400, 12)] {
            for from in [day(1), day(18), day(28), day(30).plus_hours(-7), day(30).plus_hours(-1)] {
                let sample = PriceHistoryChart { width, height, from, ..busy_chart(competitors) };
                words_are_apart(&draw(&sample).expect("a chart"), f64::from(width), f64::from(height));
            }
        }
    }
}

fn words_are_apart(drawn: &DrawnChart, width: f64, height: f64) {
    let document = parse(drawn);
    let boxes: Vec<([f64; 4], &str)> = texts(&document).map(|node| (text_box(node), words(node))).collect();
    for (place, (one, text)) in boxes.iter().enumerate() {
        let inside = one[0] >= -0.5 && one[1] >= -0.5 && one[2] <= width + 0.5 && one[3] <= height + 0.5;
        assert!(inside, "{width} × {height}: {text} {one:?}");
        for (other, other_text) in &boxes[..place] {
            let apart = one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
            assert!(apart, "{width} × {height}: {text} {one:?} covers {other_text} {other:?}");
        }
    }
}

#[test]
fn gaps_and_sold_out_stretches_are_seen() {
    let sold_out = PriceSpan { available: false, ..span(10, 12, 2000) };
    let spans = [span(2, 4, 2000), span(6, 10, 2000), sold_out, span(20, 20, 2000)];
    let sample = PriceHistoryChart { competitors: vec![line("A", &spans)], ..chart() };
    let drawn = draw(&sample).expect("a chart");
    let document = parse(&drawn);
    let strokes = strokes(&document, &drawn.series[0].color);
    assert_eq!(strokes.len(), 4, "{strokes:?}");
    let dashed = document.descendants().find(|node| node.has_attribute("stroke-dasharray")).expect("a dashed layer");
    assert_eq!(dashed.children().filter(Node::is_element).count(), 1);
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("circle")).count(), 1);
}

#[test]
fn our_line_is_twice_as_thick_as_the_others() {
    let drawn = draw(&busy_chart(1)).expect("a chart");
    let document = parse(&drawn);
    let width = |color: &str| {
        let is_line =
            |node: &Node<'_, '_>| node.attribute("stroke").is_some_and(|found| found.eq_ignore_ascii_case(color));
        document.descendants().find(is_line).map(|node| number(node, "stroke-width") / 4.0)
    };
    assert_eq!(width(&drawn.series[0].color), Some(2.5));
    assert_eq!(width(&drawn.series[1].color), Some(1.25));
}

#[test]
fn at_most_eight_competitors_are_drawn_and_the_others_counted() {
    let mut sample = busy_chart(11);
    sample.competitors.push(line("Stale but near", &[span(1, 3, 2450)]));
    let drawn = draw(&sample).expect("a chart");
    let names: Vec<&str> = drawn.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names.len(), 9);
    assert_eq!(names[0], "Our price");
    assert!(!names.contains(&"Stale but near"));
    assert!(drawn.description.contains("4 more competitors are not drawn."), "{}", drawn.description);
    let mut colors: Vec<&str> = drawn.series.iter().map(|series| series.color.as_str()).collect();
    colors.sort_unstable();
    colors.dedup();
    assert_eq!(colors.len(), 9);
}

#[test]
fn amounts_follow_currency_and_locale() {
    let mut sample = busy_chart(0);
    sample.currency = Currency::new("JPY").expect("a currency");
    sample.own = vec![span(1, 30, 1_234_567)];
    sample.labels = NumberStyle { decimal_separator: ',', grouping: '.' };
    let drawn = draw(&sample).expect("a chart");
    assert!(drawn.svg.contains("Our price 1.234.567"));
    assert!(drawn.description.contains("in JPY. Our price: 1.234.567 now."), "{}", drawn.description);
}

#[test]
fn without_prices_or_period_the_error_says_why() {
    let nothing = draw(&chart()).expect_err("no prices");
    assert!(nothing.to_string().starts_with("There is no price to show between 1 Nov 2026 and 30 Nov 2026"));
    let backwards = PriceHistoryChart { to: day(1), ..busy_chart(1) };
    assert!(matches!(draw(&backwards), Err(ChartError::EmptyPeriod { .. })));
    let beyond = PriceHistoryChart { to: Instant(i64::MAX), ..busy_chart(1) };
    assert!(matches!(draw(&beyond), Err(ChartError::OutsideCalendar { .. })));
}

#[test]
fn a_minute_a_day_and_a_century_have_named_ticks() {
    let noon = day(15).plus_hours(12);
    for (length, expected) in [
        (60_000_000, "15 Nov 12:00"),
        (86_400_000_000, "15 Nov 12:00"),
        (86_400_000_000 * 60, "7 Dec"),
        (86_400_000_000 * 36_525, "2040"),
    ] {
        let to = Instant(noon.0 + length);
        let own = vec![PriceSpan { from: noon, to, amount_minor: 100, available: true }];
        let drawn = draw(&PriceHistoryChart { from: noon, to, own, ..chart() }).expect("a chart");
        let document = parse(&drawn);
        let found: Vec<&str> = texts(&document).map(words).collect();
        assert!(found.contains(&expected), "{expected}: {found:?}");
    }
}

#[test]
fn ten_thousand_changes_stay_a_small_picture() {
    let changes = 10_000;
    let step = (day(30).0 - day(1).0) / changes;
    let at = |place: i64| Instant(day(1).0 + place * step);
    let price =
        |place| PriceSpan { from: at(place), to: at(place + 1), amount_minor: place * 7919 % 1000, available: true };
    let spans: Vec<PriceSpan> = (0..changes).map(price).collect();
    let drawn = draw(&PriceHistoryChart { width: 240, own: spans, ..chart() }).expect("a chart");
    assert!(drawn.svg.len() < 60_000, "{}", drawn.svg.len());
    assert!(drawn.points.len() <= 240);
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    assert_eq!(draw(&busy_chart(9)), draw(&busy_chart(9)));
}

fn any_instant() -> impl Strategy<Value = Instant> {
    prop_oneof![8 => -10i64..50, 1 => Just(i64::MIN), 1 => any::<i64>()]
        .prop_map(|value| if value.abs_diff(0) < 100 { day(value) } else { Instant(value) })
}

fn any_span() -> impl Strategy<Value = PriceSpan> {
    let amount = prop_oneof![8 => 0i64..5000, 1 => any::<i64>(), 1 => Just(i64::MAX)];
    (any_instant(), any_instant(), amount, any::<bool>()).prop_map(|(from, to, amount_minor, available)| PriceSpan {
        from,
        to,
        amount_minor,
        available,
    })
}

fn any_line() -> impl Strategy<Value = CompetitorLine> {
    (".{0,30}", prop::collection::vec(any_span(), 0..8)).prop_map(|(name, spans)| CompetitorLine { name, spans })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_comes_the_picture_is_sound(
        (width, height) in prop_oneof![(240u32..2000, 120u32..600), any::<(u32, u32)>()],
        (from, to) in prop_oneof![4 => Just((day(1), day(30))), 1 => (any_instant(), any_instant())],
        own in prop::collection::vec(any_span(), 0..12),
        competitors in prop::collection::vec(any_line(), 0..12),
        promotions in prop::collection::vec((any_instant(), any_instant()), 0..4),
        reading_holds_hours in prop_oneof![0u32..100, Just(u32::MAX)],
    ) {
        let sample =
            PriceHistoryChart { width, height, from, to, own, competitors, promotions, reading_holds_hours, ..chart() };
        if let Ok(drawn) = draw(&sample) {
            prop_assert!(Document::parse(&drawn.svg).is_ok());
            prop_assert!(drawn.plot_left < drawn.plot_right && drawn.plot_top < drawn.plot_bottom);
            prop_assert!(drawn.points.windows(2).all(|pair| pair[0].x < pair[1].x));
            for point in &drawn.points {
                prop_assert!((drawn.plot_left..=drawn.plot_right).contains(&point.x));
                prop_assert!(point.values.iter().all(|value| (drawn.plot_top..=drawn.plot_bottom).contains(&value.y)));
            }
            prop_assert_eq!(&draw(&sample), &Ok(drawn));
        }
    }
}
