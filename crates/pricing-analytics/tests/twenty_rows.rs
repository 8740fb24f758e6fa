//! Twenty products, their offers, sales and price changes, small enough to be worked out with pencil and paper.
//!
//! `expected.csv` was worked out apart from the code, from the definitions, with fractions. Two of its lines in full:
//! product P07 costs 19.99 and the lowest usable offer is A's 18.99: 19.99 ÷ 18.99 − 1 = 5.27 %; the basket against C
//! holds P07, P10, P16, P18 and P03, P13 fall out, since their readings are older than three days or not there.

#![allow(clippy::unwrap_used, reason = "a test may end where it expected something")]

use std::collections::BTreeMap;

use pricing_analytics::{
    AdvertisedSums, BridgeSums, ChangeSums, CoverageSums, Figure, FloorSums, FreshnessSums, IndexSums, PeriodSales,
    PriceChange, PromotionSums, StandingSums, Volatility, by_group, days_of_cover, distance_to_next, gap, position,
};
use pricing_domain::{BasisPoints, Currency, IndexForm, Instant, MicroAmount, Money, Ratio, Rounding};

const TOLERANCE: BasisPoints = BasisPoints(50);
/// An offer that was read longer ago is not used.
const USABLE_HOURS: i64 = 72;
const COMPETITORS: [&str; 3] = ["A", "B", "C"];
/// Days on which each of the ten listings of `changes.csv` was read.
const LISTING_DAYS: u64 = 140;

type Answers = BTreeMap<(String, String, String), String>;

struct Row {
    fields: BTreeMap<String, String>,
}

impl Row {
    fn text(&self, column: &str) -> &str {
        &self.fields[column]
    }

    fn whole(&self, column: &str) -> i64 {
        self.text(column).parse().unwrap()
    }

    fn minor(&self, column: &str) -> Option<i64> {
        let text = self.text(column);
        (!text.is_empty()).then(|| Money::parse(text, Currency::EUR).unwrap().amount_minor)
    }

    fn micro(&self, column: &str) -> i64 {
        MicroAmount::parse(self.text(column)).unwrap().0
    }

    fn own(&self) -> i64 {
        self.minor("own").unwrap()
    }

    fn units_milli(&self) -> i64 {
        self.whole("units") * 1_000
    }

    /// Age and amount of each competitor's offer.
    fn offers(&self) -> impl Iterator<Item = (&'static str, i64, i64)> {
        COMPETITORS.into_iter().filter_map(|name| {
            let column = name.to_lowercase();
            Some((name, self.whole_or_none(&format!("{column}_age"))?, self.minor(&column)?))
        })
    }

    fn whole_or_none(&self, column: &str) -> Option<i64> {
        self.text(column).parse().ok()
    }

    fn usable(&self) -> Vec<(&'static str, i64)> {
        let young = self.offers().filter(|(_, age, _)| *age <= USABLE_HOURS);
        young.map(|(name, _, amount)| (name, amount)).collect()
    }

    fn lowest(&self) -> Option<i64> {
        self.usable().into_iter().map(|(_, amount)| amount).min()
    }
}

fn rows(name: &str) -> Vec<Row> {
    let path = format!("tests/twenty_rows/{name}.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| Row {
        fields: header.iter().cloned().zip(record.iter().map(str::to_owned)).collect(),
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Everything that is summed up over a group of products.
#[derive(Default)]
struct Sums {
    indexes: Vec<IndexSums>,
    standing: StandingSums,
    coverage: CoverageSums,
    floors: FloorSums,
    promotions: PromotionSums,
    advertised: AdvertisedSums,
}

impl Sums {
    fn add(&mut self, row: &Row) {
        if self.indexes.is_empty() {
            self.indexes = IndexForm::ALL.iter().map(|form| IndexSums::new(*form)).collect();
        }
        let own = row.own();
        if let Some(lowest) = row.lowest() {
            self.indexes.iter_mut().for_each(|index| index.add(own, lowest, row.units_milli()));
        }
        self.standing.add(own, row.lowest(), row.units_milli(), TOLERANCE);
        self.coverage.add(row.usable().len() as u64);
        self.floors.add(own, row.minor("floor"));
        self.promotions.add(own, row.minor("promotion"), 0);
        if let Some(map) = row.minor("map") {
            self.advertised.add(row.minor("promotion").unwrap_or(own), map);
            row.usable().into_iter().for_each(|(_, amount)| self.advertised.add(amount, map));
        }
    }

    fn merge(&mut self, other: &Self) {
        if self.indexes.is_empty() {
            self.indexes.clone_from(&other.indexes);
        } else {
            self.indexes.iter_mut().zip(&other.indexes).for_each(|(sum, more)| sum.merge(more));
        }
        self.standing.merge(&other.standing);
        self.coverage.merge(&other.coverage);
        self.floors.merge(&other.floors);
        self.promotions.merge(&other.promotions);
        self.advertised.merge(&other.advertised);
    }

    fn answer(&self, by: &str, group: &str, answers: &mut Answers) {
        let mut say = |figure: &str, value: Option<i64>| insert(answers, figure, by, group, value);
        for (form, index) in IndexForm::ALL.iter().zip(&self.indexes) {
            say(&format!("index_{form}"), index.hundredths());
        }
        assert_eq!(self.standing.index.hundredths(), self.indexes[0].hundredths(), "{by} {group}");
        assert_eq!(Some(self.standing.coverage_bp()), self.coverage.coverage_bp(), "{by} {group}");
        say("win", Some(self.standing.win as i64));
        say("tie", Some(self.standing.tie as i64));
        say("loss", Some(self.standing.loss as i64));
        say("coverage_bp", self.coverage.coverage_bp().map(i64::from));
        say("floor_below", Some(self.floors.below as i64));
        say("floor_at", Some(self.floors.at as i64));
        say("promotion_share_bp", self.promotions.share_bp().map(i64::from));
        say("promotion_depth_bp", self.promotions.depth_bp().map(i64::from));
        say("map_violations", Some(self.advertised.violations as i64));
    }
}

fn insert(answers: &mut Answers, figure: &str, by: &str, group: &str, value: Option<i64>) {
    let text = value.map_or_else(String::new, |value| value.to_string());
    answers.insert((figure.to_owned(), by.to_owned(), group.to_owned()), text);
}

fn bp(ratio: Option<Ratio>) -> Option<i64> {
    let scaled = |ratio: Ratio| Ratio { numerator: ratio.numerator * 10_000, denominator: ratio.denominator };
    ratio.map(|ratio| scaled(ratio).round(Rounding::Nearest))
}

fn groups(products: &[Row], answers: &mut Answers) {
    let columns = [("product", "sku"), ("brand", "brand"), ("category", "category"), ("role", "role")];
    for (by, column) in columns.into_iter().chain([("price_list", "price_list")]) {
        let sums = by_group(products, |row| row.text(column), |sums: &mut Sums, row| sums.add(row));
        let mut all = Sums::default();
        for (group, sums) in &sums {
            sums.answer(by, group, answers);
            all.merge(sums);
        }
        // Whatever the grouping, the parts give the same whole.
        all.answer("all", "all", answers);
    }
}

fn competitors(products: &[Row], answers: &mut Answers) {
    for name in COMPETITORS {
        let mut indexes: Vec<IndexSums> = IndexForm::ALL.iter().map(|form| IndexSums::new(*form)).collect();
        let (mut standing, mut freshness) = (StandingSums::default(), FreshnessSums::default());
        for row in products {
            let theirs = row.usable().into_iter().find(|(who, _)| *who == name).map(|(_, amount)| amount);
            standing.add(row.own(), theirs, row.units_milli(), TOLERANCE);
            if let Some(theirs) = theirs {
                indexes.iter_mut().for_each(|index| index.add(row.own(), theirs, row.units_milli()));
            }
            row.offers().filter(|(who, ..)| *who == name).for_each(|(_, age, _)| freshness.add(age));
        }
        for (form, index) in IndexForm::ALL.iter().zip(&indexes) {
            insert(answers, &format!("index_{form}"), "competitor", name, index.hundredths());
        }
        insert(answers, "coverage_bp", "competitor", name, Some(i64::from(standing.coverage_bp())));
        insert(answers, "fresh_bp", "competitor", name, freshness.fresh_bp().map(i64::from));
        insert(answers, "mean_age_hours", "competitor", name, freshness.mean_hours());
    }
}

fn single_products(products: &[Row], answers: &mut Answers) {
    for row in products {
        let sku = row.text("sku");
        let offers: Vec<i64> = row.usable().into_iter().map(|(_, amount)| amount).collect();
        let mut say = |figure: &str, value: Option<i64>| insert(answers, figure, "product", sku, value);
        say("position", Some(i64::from(position(row.own(), offers.iter().copied()))));
        say("gap_bp", bp(row.lowest().and_then(|lowest| gap(row.own(), lowest))));
        say("next_bp", bp(distance_to_next(row.own(), offers)));
        let cover = days_of_cover(row.whole("stock"), row.units_milli());
        say("cover_days", cover.map(|days| days.round(Rounding::Nearest)));
    }
}

fn bridge(answers: &mut Answers) {
    let mut sums = BridgeSums::default();
    for row in rows("sales") {
        let period = |name: &str| PeriodSales {
            units_milli: row.whole(&format!("units_{name}")) * 1_000,
            revenue_micro: row.micro(&format!("revenue_{name}")),
            cost_micro: row.micro(&format!("cost_{name}")),
        };
        sums.add(period("before"), period("after"));
    }
    let bridge = sums.bridge();
    for (step, amount) in [
        ("before", bridge.before_micro),
        ("price", bridge.price_micro),
        ("cost", bridge.cost_micro),
        ("volume", bridge.volume_micro),
        ("mix", bridge.mix_micro),
        ("new", bridge.new_micro),
        ("ended", bridge.ended_micro),
        ("after", bridge.after_micro),
    ] {
        insert(answers, "bridge_micro", "all", step, Some(amount as i64));
    }
}

fn changes(answers: &mut Answers) {
    let change = |row: &Row| {
        let mover = COMPETITORS.iter().position(|name| *name == row.text("competitor")).unwrap() as u32;
        let product = row.text("sku")[1..].parse().unwrap();
        let at = Instant(0).plus_days(row.whole("day"));
        PriceChange { product, at, mover, old_minor: row.minor("old").unwrap(), new_minor: row.minor("new").unwrap() }
    };
    let changes: Vec<PriceChange> = rows("changes").iter().map(change).collect();
    let add = |sums: &mut ChangeSums, change: &&PriceChange| sums.add(change.old_minor, change.new_minor);
    let by_competitor = by_group(&changes, |change| COMPETITORS[change.mover as usize].to_owned(), add);
    let by_day = by_group(&changes, |change| (change.at.hours_since(Instant(0)) / 24).to_string(), add);
    for (by, sums) in [("competitor", by_competitor), ("day", by_day)] {
        for (group, sums) in sums {
            let volatility = Volatility::of(&sums, LISTING_DAYS).unwrap();
            let mut say = |figure: &str, value: Option<i64>| insert(answers, figure, by, &group, value);
            say("lowered", Some(sums.lowered as i64));
            say("raised", Some(sums.raised as i64));
            say("mean_change_bp", sums.mean_bp().map(i64::from));
            say("size_bp", volatility.size_bp.map(i64::from));
            say("changes_per_30_days_centi", Some(volatility.changes_per_30_days_centi));
        }
    }
}

#[test]
fn every_figure_of_the_twenty_rows_equals_the_one_worked_out_by_hand() {
    let products = rows("products");
    let mut answers = Answers::new();
    groups(&products, &mut answers);
    competitors(&products, &mut answers);
    single_products(&products, &mut answers);
    bridge(&mut answers);
    changes(&mut answers);
    let text = |row: &Row, column: &str| row.text(column).to_owned();
    let expected: Answers = rows("expected")
        .iter()
        .map(|row| ((text(row, "figure"), text(row, "by"), text(row, "group")), text(row, "value")))
        .collect();
    for (figure, value) in &expected {
        assert_eq!(answers.get(figure), Some(value), "{figure:?}");
    }
    assert_eq!(answers.len(), expected.len(), "every figure has its expected value");
}
