//! Optima with a closed form, or found by trying everything, against known values.

#[path = "support/reference.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod reference;

use pricing_science::{
    BestPrice, Markdown, Problem, best_combination, best_markdown, constant_elasticity_price, exponential_price,
    gittins_index, linear_price, linear_prices, logit_price, logit_prices, size_for_means, size_for_proportions,
    stochastic_markdown, stock_price,
};
use serde_json::Value;

fn known() -> Option<(std::path::PathBuf, Value)> {
    let data = reference::shared_data("optima_are_those_known")?;
    let folder = data.join("science/optimisation");
    let text = std::fs::read_to_string(folder.join("closed_forms.json")).expect("closed_forms.json");
    Some((folder, serde_json::from_str(&text).expect("JSON")))
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} in {value}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn entries(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

#[track_caller]
fn close(computed: f64, known: f64) {
    assert!((computed - known).abs() <= 1e-9 * known.abs().max(1.0), "{computed} instead of {known}");
}

#[test]
fn single_prices_are_those_known() {
    let Some((_, known)) = known() else { return };
    for case in entries(&known["const_elasticity p=c*e/(1+e)"]) {
        let best = constant_elasticity_price(number(&case, "c"), number(&case, "e"), None);
        let BestPrice::Interior { price, markup_percent, margin_percent } = best else { panic!("{case}") };
        close(price, number(&case, "p"));
        close(markup_percent, number(&case, "markup_pct"));
        close(margin_percent, number(&case, "margin_pct"));
    }
    for case in entries(&known["linear q=a-b p"]) {
        close(linear_price(number(&case, "a"), number(&case, "b"), number(&case, "c")), number(&case, "p"));
    }
    for case in entries(&known["exponential q=A exp(-b p)"]) {
        close(exponential_price(number(&case, "b"), number(&case, "c")), number(&case, "p"));
    }
    for case in entries(&known["logit s=1/(1+exp(-(a-bp)))"]) {
        close(logit_price(number(&case, "a"), number(&case, "b"), number(&case, "c")), number(&case, "p"));
    }
}

#[test]
fn joint_prices_are_those_known() {
    let Some((_, known)) = known() else { return };
    let common = &known["MNL common markup m=(1+W(sum exp(a-bc)/e))/b"];
    let (utilities, costs) = (numbers(&common["a"]), numbers(&common["c"]));
    let joint = logit_prices(&utilities, &[number(common, "b"); 4], &costs).expect("prices");
    joint.prices.iter().zip(numbers(&common["prices"])).for_each(|(price, known)| close(*price, known));
    close(joint.profit, number(common, "profit"));
    let own = &known["MNL heterogeneous b: p-c-1/b = theta"];
    let joint = logit_prices(&utilities, &numbers(&own["b"]), &costs).expect("prices");
    joint.prices.iter().zip(numbers(&own["prices"])).for_each(|(price, known)| close(*price, known));
    close(joint.profit, number(own, "profit"));
    let linear = &known["multi linear p=(B+B')^-1(a+B'c)"];
    let slopes: Vec<Vec<f64>> = entries(&linear["B"]).iter().map(numbers).collect();
    let joint = linear_prices(&numbers(&linear["a"]), &slopes, &numbers(&linear["c"])).expect("prices");
    joint.prices.iter().zip(numbers(&linear["p"])).for_each(|(price, known)| close(*price, known));
    close(joint.profit, number(linear, "profit"));
}

#[test]
fn stocks_and_markdowns_are_those_known() {
    let Some((_, known)) = known() else { return };
    for (name, case) in known["gallego_van_ryzin a=20"]["table"].as_object().expect("a table") {
        let (stock, time) = name.strip_prefix("n=").and_then(|text| text.split_once(",t=")).expect("n and t");
        let found = stock_price(20.0, stock.parse().expect("units"), time.parse().expect("a time"));
        close(found.value, number(case, "J"));
        close(found.price, number(case, "p"));
    }
    for case in entries(&known["markdown_deterministic"]) {
        let most_changes = case["max_price_changes"].as_u64().map(|changes| changes as usize);
        let found = best_markdown(&markdown(&case, "inv", "q0", most_changes)).expect("a path");
        close(found.value, number(&case, "value"));
        assert_eq!(found.prices, numbers(&case["prices"]));
        close(found.left, number(&case, "left"));
    }
    let case = &known["markdown_stochastic_DP"];
    let policy = stochastic_markdown(&markdown(case, "inv", "mu0", None)).expect("a policy");
    for (stock, value) in case["value"].as_object().expect("values") {
        let found = &policy[stock.parse::<usize>().expect("units")];
        close(found.value, value.as_f64().expect("a value"));
        close(found.first_price, number(&case["first_week_price"], stock));
    }
}

fn markdown(case: &Value, stock: &str, units: &str, most_changes: Option<usize>) -> Markdown {
    Markdown {
        stock: number(case, stock),
        elasticity: number(case, "e"),
        units: number(case, units),
        season: numbers(&case["season"]),
        ladder: numbers(&case["ladder"]),
        salvage: number(case, "salvage"),
        most_changes,
        largest_cut: None,
    }
}

#[test]
fn sizes_and_indices_are_those_known() {
    let Some((_, known)) = known() else { return };
    let sizes = &known["experiment_sizes"];
    close(size_for_proportions(0.5, 0.75, 0.05, 0.9), number(sizes, "R_power_prop_test_p1_50_p2_75_power90"));
    close(size_for_proportions(0.03, 0.033, 0.05, 0.8), number(sizes, "conv_3pct_vs_3_3pct_power80"));
    close(size_for_means(1.0, 1.0, 0.05, 0.9).expect("a size"), number(sizes, "R_power_t_test_delta1_sd1_power90"));
    for (name, index) in known["gittins_beta"].as_object().expect("indices") {
        let (counts, discount) = name.split_once(" gamma=").expect("a discount");
        let (wins, losses) = counts.trim_matches(['(', ')']).split_once(',').expect("counts");
        let found = gittins_index(
            wins.parse().expect("wins"),
            losses.parse().expect("losses"),
            discount.parse().expect("a discount"),
        );
        let index = index.as_f64().expect("an index");
        assert!((found - index).abs() < 1e-6, "{name}: {found} instead of {index}");
    }
}

#[test]
fn eleven_products_with_cross_effects_are_solved_by_trying_everything() {
    let Some((folder, known)) = known() else { return };
    let text = std::fs::read_to_string(folder.join("oj11.txt")).expect("oj11.txt");
    let Ok(Problem::CrossEffects { products, limits }) = Problem::from_plain_text(&text) else { panic!("not read") };
    let mut without_count = limits.clone();
    without_count.most_changes = None;
    // Without any limit 5^11 combinations are tried, which is left to the optimised build.
    for (place, limits) in [(1, &without_count), (2, &limits)] {
        let line = known["oj11_exhaustive_5^11"]["result"][place].as_str().expect("a result");
        let field = |name: &str| {
            line.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split(' ').next()).expect("a field")
        };
        let found = best_combination(&products, limits).expect("solved").expect("feasible");
        close(found.profit, field("profit").parse().expect("a profit"));
        assert_eq!(found.feasible.to_string(), field("n"));
        let ratios: Vec<f64> = field("levels").split(',').map(|ratio| ratio.parse().expect("a ratio")).collect();
        assert_eq!(found.ratios, ratios);
    }
}
