//! Fits of public data whose coefficients and standard errors are known, compared value by value.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use pricing_science::{BetweenVariance, FitReport, FitRequest, GroupedReport, Table, WeakInstruments, fit, fit_groups};

/// A known value and what was computed.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The identifier in the file.
    pub id: String,
    /// Model, parameter and statistic.
    pub what: String,
    /// The known value.
    pub expected: f64,
    /// The computed one; NaN where there is none.
    pub computed: f64,
    /// Whether it agrees with the recomputed value to six significant digits (to the tolerance that the file states,
    /// where it states one) and rounds to the published form, where there is one.
    pub agrees: bool,
}

/// The folder of third-party data; `None` with a line on stderr when there is none.
pub fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {test} needs SHARED_DATA");
    }
    folder
}

/// A gzipped CSV file as a table.
pub fn read_table(path: &Path) -> Table {
    let packed = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut text).expect("a gzip file");
    Table::from_csv(&text).expect("a table")
}

/// Compares every row of the file.
pub fn compare_all(data: &Path) -> Vec<Comparison> {
    let folder = data.join("science");
    let mut fitted =
        Fitted { folder: folder.clone(), tables: BTreeMap::new(), fits: BTreeMap::new(), groups: BTreeMap::new() };
    let text = std::fs::read(folder.join("expected.csv")).expect("expected.csv");
    let mut reader = csv::Reader::from_reader(&text[..]);
    reader.records().map(|record| compare(&record.expect("a row"), &mut fitted)).collect()
}

fn compare(record: &csv::StringRecord, fitted: &mut Fitted) -> Comparison {
    let cell = |place: usize| record.get(place).unwrap_or("");
    let (id, model, parameter, statistic) = (cell(0), cell(2), cell(3), cell(4));
    let expected: f64 = cell(5).parse().expect("a value");
    let computed = fitted.value(id, cell(1), model, parameter, statistic);
    let tolerance = match cell(9) {
        note if note.contains("tol 1e-4") || note.contains("lme4") => 1e-4,
        _ => 0.5e-5,
    };
    let is_close = (computed - expected).abs() <= tolerance * expected.abs();
    let published = cell(6);
    let decimals = published.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let is_printed = published.is_empty() || format!("{computed:.decimals$}") == published;
    Comparison {
        id: id.to_owned(),
        what: format!("{model}: {parameter} {statistic}"),
        expected,
        computed,
        agrees: is_close && is_printed,
    }
}

struct Fitted {
    folder: PathBuf,
    tables: BTreeMap<String, Table>,
    fits: BTreeMap<String, FitReport>,
    groups: BTreeMap<String, GroupedReport>,
}

/// A request in words: formula, definitions, condition, clusters, convention.
fn request(
    formula: &str,
    definitions: &[(&str, &str)],
    condition: &str,
    clusters: &[&str],
    errors: &str,
) -> FitRequest {
    FitRequest {
        formula: formula.to_owned(),
        definitions: definitions.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        condition: (!condition.is_empty()).then(|| condition.to_owned()),
        clusters: clusters.iter().map(|name| (*name).to_owned()).collect(),
        convention: (!errors.is_empty()).then(|| pricing_science::Convention::find(errors).expect("a convention")),
        ..FitRequest::default()
    }
}

impl Fitted {
    fn table(&mut self, dataset: &str) -> &Table {
        let path = self.folder.join(format!("{dataset}.gz"));
        self.tables.entry(dataset.to_owned()).or_insert_with(|| read_table(&path))
    }

    fn fit(&mut self, dataset: &str, request: &FitRequest) -> FitReport {
        let key = format!("{dataset} {request:?}");
        if let Some(known) = self.fits.get(&key) {
            return known.clone();
        }
        let report = fit(self.table(dataset), request).unwrap_or_else(|error| panic!("{}: {error}", request.formula));
        self.fits.insert(key, report.clone());
        report
    }

    fn value(&mut self, id: &str, dataset: &str, model: &str, parameter: &str, statistic: &str) -> f64 {
        let (family, number) = id.split_once('.').unwrap_or((id, ""));
        match family {
            "A1" | "A2" | "A4" => self.brands(id, dataset, parameter, statistic),
            "B1" => self.stores(number, dataset, parameter, statistic),
            "B2" => {
                let clusters: &[&str] = if model.ends_with("2way") { &["store", "week"] } else { &["store"] };
                let formula = "logmove ~ lp + deal + feat | store + week";
                coefficient(
                    &self.fit(dataset, &request(formula, OWN_PRICE, "brand == 1", clusters, "CRD")),
                    parameter,
                    statistic,
                )
            }
            "B4" => {
                let definitions = &[OWN_PRICE[0], ("lc", "lp + log(1 - profit / 100)")];
                let formula = "logmove ~ deal + feat | store | lp ~ lc";
                coefficient(
                    &self.fit(dataset, &request(formula, definitions, "brand == 1", &["store"], "CR0")),
                    parameter,
                    statistic,
                )
            }
            "B5" => {
                let formula = "logmove ~ lp + deal + feat + (1 + lp | store)";
                coefficient(
                    &self.fit(dataset, &request(formula, OWN_PRICE, "brand == 1", &[], "")),
                    parameter,
                    statistic,
                )
            }
            "C2" => {
                let formula = "lv ~ DISP + lp | RETAILER";
                coefficient(
                    &self.fit(dataset, &request(formula, CHEESE, "", &["RETAILER"], "CRD")),
                    parameter,
                    statistic,
                )
            }
            "C4" => self.shrinkage(dataset, model, statistic),
            "C5" => {
                let formula = "lv ~ DISP + lp + (1 + lp | RETAILER)";
                coefficient(&self.fit(dataset, &request(formula, CHEESE, "", &[], "")), parameter, statistic)
            }
            "D1" => self.tuna(number, dataset, model, parameter, statistic),
            "E1" | "E4" => self.cigarettes(id, dataset, parameter, statistic),
            _ => f64::NAN,
        }
    }

    fn brands(&mut self, id: &str, dataset: &str, parameter: &str, statistic: &str) -> f64 {
        let formula = match id {
            "A1" => "log(sales) ~ lp",
            "A2" => "log(sales) ~ brand + lp",
            _ => "log(sales) ~ lp * brand * feat",
        };
        let errors = statistic.strip_prefix("se_").unwrap_or("classical");
        let mut request = request(formula, &[("lp", "log(price)")], "", &[], errors);
        if let Some((brand, promoted)) = parameter.split_once('_') {
            let mut parts = vec!["lp".to_owned()];
            let mut add = |name: String| parts.push(name);
            if brand != "dominicks" {
                add(format!("lp:brand[{brand}]"));
            }
            if promoted == "feat" {
                add("lp:feat".to_owned());
                if brand != "dominicks" {
                    add(format!("lp:brand[{brand}]:feat"));
                }
            }
            request.sums = vec![(parameter.to_owned(), parts)];
        }
        coefficient(&self.fit(dataset, &request), &parameter.replace("C(brand)[T.", "brand["), statistic)
    }

    fn stores(&mut self, brand: &str, dataset: &str, parameter: &str, statistic: &str) -> f64 {
        let (errors, clusters): (&str, &[&str]) = match statistic {
            text if text.starts_with("se_cluster") => ("CRD", &["store"]),
            text if text.starts_with("se_robust") => ("HC1", &[]),
            _ => ("classical", &[]),
        };
        let condition = format!("brand == {brand}");
        let request = request("logmove ~ lp + deal + feat | store", OWN_PRICE, &condition, clusters, errors);
        coefficient(&self.fit(dataset, &request), parameter, statistic)
    }

    fn shrinkage(&mut self, dataset: &str, model: &str, statistic: &str) -> f64 {
        let between = if model.ends_with("DL") { BetweenVariance::Moments } else { BetweenVariance::Reml };
        let key = format!("{between:?}");
        if !self.groups.contains_key(&key) {
            let request = request("lv ~ DISP + lp", CHEESE, "", &[], "");
            let report = fit_groups(self.table(dataset), &request, "RETAILER", Some(("lp", between))).expect("fits");
            self.groups.insert(key.clone(), report);
        }
        let found = self.groups[&key].shrinkage.as_ref().expect("shrunk");
        match statistic {
            "tau2" => found.tau2,
            "mu" => found.mean,
            "se_mu" => found.mean_error,
            "Q" => found.q,
            "raw_sd" => found.raw_deviation,
            "shrunk_sd" => found.shrunk_deviation,
            _ => f64::NAN,
        }
    }

    fn tuna(&mut self, number: &str, dataset: &str, model: &str, parameter: &str, statistic: &str) -> f64 {
        let formula = if model.ends_with("OLS") {
            format!("log(MOVE{number}) ~ NSALE{number} + LPRICE{number}")
        } else {
            format!("log(MOVE{number}) ~ NSALE{number} | LPRICE{number} ~ LWHPRIC{number}")
        };
        // For some of them the instrument is weak; the published figures are computed all the same.
        let request = FitRequest { weak_instruments: WeakInstruments::Show, ..request(&formula, &[], "", &[], "") };
        coefficient(&self.fit(dataset, &request), parameter, statistic)
    }

    fn cigarettes(&mut self, id: &str, dataset: &str, parameter: &str, statistic: &str) -> f64 {
        let levels = &[
            ("lq", "log(packs)"),
            ("lrp", "log(price / cpi)"),
            ("lri", "log(income / population / cpi)"),
            ("salestax", "(taxs - tax) / cpi"),
            ("cigtax", "tax / cpi"),
        ];
        if id == "E1" {
            let formula = "lq ~ 1 | lrp ~ salestax";
            return coefficient(
                &self.fit(dataset, &request(formula, levels, "year == 1995", &[], "HC1")),
                parameter,
                statistic,
            );
        }
        let instruments = match id {
            "E4.salestax" => "dsales",
            "E4.cigtax" => "dcig",
            _ => "dsales + dcig",
        };
        let changes = [
            ("lq", "change(lq, state, year)"),
            ("lrp", "change(lrp, state, year)"),
            ("lri", "change(lri, state, year)"),
            ("dsales", "change(salestax, state, year)"),
            ("dcig", "change(cigtax, state, year)"),
        ];
        let definitions: Vec<(&str, &str)> = levels.iter().copied().chain(changes).collect();
        let formula = format!("lq ~ lri | lrp ~ {instruments}");
        coefficient(&self.fit(dataset, &request(&formula, &definitions, "", &[], "HC1")), parameter, statistic)
    }
}

const OWN_PRICE: &[(&str, &str)] = &[("lp", "log(choose(price, brand))")];
const CHEESE: &[(&str, &str)] = &[("lv", "log(VOLUME)"), ("lp", "log(PRICE)")];

fn coefficient(report: &FitReport, parameter: &str, statistic: &str) -> f64 {
    let name = match parameter {
        "const" | "Intercept" => "(Intercept)",
        "ln(price)" => "lp",
        other => other,
    };
    let stage = report.first_stages.first();
    let test = report.overidentification.as_ref();
    match statistic {
        "coef" => report.find(name).map_or(f64::NAN, |found| found.estimate),
        "rsquared" => report.r_squared,
        "first_stage_F(robust)" => stage.map_or(f64::NAN, |stage| stage.f_robust),
        "first_stage_F" | "F_HC1" => stage.map_or(f64::NAN, |stage| stage.f),
        "J" => test.map_or(f64::NAN, |test| test.j),
        "p" => test.map_or(f64::NAN, |test| test.p),
        text if text.starts_with("se") => report.find(name).map_or(f64::NAN, |found| found.standard_error),
        _ => f64::NAN,
    }
}
