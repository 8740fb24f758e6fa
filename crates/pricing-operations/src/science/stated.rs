//! Collections of named problems with the answers that somebody else computed: every entry is named by its problem and
//! states its parameters with the answer. What is solved stands beside what is stated, with the largest difference.

use pricing_science::{Answer, BestPrice, Markdown, Problem, solve};
use serde::Serialize;
use serde_json::Value;

use crate::OperationError;

/// A named problem, solved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedAnswer {
    /// Its name in the file, with its place where there are several.
    pub name: String,
    /// The answer.
    pub answer: Answer,
    /// What the file states of it.
    pub stated: Vec<f64>,
    /// How far the answer lies from that at most, as a part of what is stated.
    pub difference: f64,
}

/// What a collection asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedAnswers {
    /// Solved, in the order of the file.
    pub answers: Vec<StatedAnswer>,
    /// Names of entries that are no problem that could be solved from the file alone.
    pub left_out: Vec<String>,
}

/// A problem with what is stated of its answer, in the order of [`figures`].
struct Stated {
    name: String,
    problem: Problem,
    known: Vec<f64>,
}

/// Solves every entry that is known by its name.
pub(super) fn answers(file: &serde_json::Map<String, Value>) -> Result<StatedAnswers, OperationError> {
    let mut found = StatedAnswers { answers: Vec::new(), left_out: Vec::new() };
    for (name, entry) in file {
        let Some(problems) = problems(file, name, entry).filter(|problems| !problems.is_empty()) else {
            found.left_out.push(name.clone());
            continue;
        };
        for Stated { name, problem, known } in problems {
            let answer = solve(&problem)?;
            let difference = difference(&figures(&answer), &known);
            found.answers.push(StatedAnswer { name, answer, stated: known, difference });
        }
    }
    if found.answers.is_empty() {
        return Err(OperationError::refused(
            "The file is neither a problem with its kind nor a collection of named problems.",
        ));
    }
    Ok(found)
}

/// Reads a problem and what is known of its answer from an entry.
type Reading<'a> = &'a dyn Fn(&Value) -> Option<(Problem, Vec<f64>)>;

fn problems(file: &serde_json::Map<String, Value>, name: &str, entry: &Value) -> Option<Vec<Stated>> {
    let begins = |words: &str| name.starts_with(words);
    let each = |of: Reading<'_>| -> Option<Vec<Stated>> {
        let entries = entry.as_array().map_or_else(|| std::slice::from_ref(entry), Vec::as_slice);
        let stated = |(place, one): (usize, &Value)| {
            let (problem, known) = of(one)?;
            let name = if entries.len() > 1 { format!("{name} · {}", place + 1) } else { name.to_owned() };
            Some(Stated { name, problem, known })
        };
        entries.iter().enumerate().map(stated).collect()
    };
    if begins("const_elasticity p=") {
        each(&|one| {
            let (cost, elasticity) = (number(one, "c")?, number(one, "e")?);
            let problem = Problem::ConstantElasticity { cost, elasticity, upper_bound: None, vat: None };
            Some((problem, vec![number(one, "p")?]))
        })
    } else if begins("vat") {
        each(&|one| {
            let (cost, elasticity, vat) = (number(one, "c_net")?, number(one, "e")?, number(one, "vat")?);
            let problem = Problem::ConstantElasticity { cost, elasticity, upper_bound: None, vat: Some(vat) };
            Some((problem, vec![number(one, "p_net")?, number(one, "p_gross")?]))
        })
    } else if begins("linear q=") {
        each(&|one| {
            let (intercept, slope, cost) = (number(one, "a")?, number(one, "b")?, number(one, "c")?);
            Some((Problem::Linear { intercept, slope, cost }, vec![number(one, "p")?]))
        })
    } else if begins("exponential q=") {
        each(&|one| {
            let (slope, cost) = (number(one, "b")?, number(one, "c")?);
            Some((Problem::Exponential { slope, cost }, vec![number(one, "p")?]))
        })
    } else if begins("logit s=") {
        each(&|one| {
            let (utility, slope, cost) = (number(one, "a")?, number(one, "b")?, number(one, "c")?);
            Some((Problem::Logit { utility, slope, cost }, vec![number(one, "p")?]))
        })
    } else if begins("MNL") {
        // Entries of one family share its utilities and costs.
        let shared = |key: &str| {
            let own = entry.get(key).and_then(numbers);
            own.or_else(|| {
                file.iter()
                    .filter(|(other, _)| other.starts_with("MNL"))
                    .find_map(|(_, other)| numbers(other.get(key)?))
            })
        };
        let (utilities, costs) = (shared("a")?, shared("c")?);
        let slopes = match &entry["b"] {
            Value::Number(one) => vec![one.as_f64()?; utilities.len()],
            several => numbers(several)?,
        };
        let known = joint(entry, "prices")?;
        Some(vec![Stated { name: name.to_owned(), problem: Problem::LogitFamily { utilities, slopes, costs }, known }])
    } else if begins("multi linear") {
        let slopes = entry["B"].as_array()?.iter().map(numbers).collect::<Option<Vec<_>>>()?;
        let (intercepts, costs) = (numbers(&entry["a"])?, numbers(&entry["c"])?);
        let known = joint(entry, "p")?;
        Some(vec![Stated {
            name: name.to_owned(),
            problem: Problem::LinearFamily { intercepts, slopes, costs },
            known,
        }])
    } else if begins("gallego_van_ryzin") {
        let arrivals = name.split_once("a=")?.1.trim().parse().ok()?;
        let stock = |(key, one): (&String, &Value)| {
            let (stock, time) = key.strip_prefix("n=")?.split_once(",t=")?;
            let problem = Problem::Stock { arrivals, stock: stock.parse().ok()?, time: time.parse().ok()? };
            Some(Stated {
                name: format!("{name} · {key}"), problem, known: vec![number(one, "J")?, number(one, "p")?]
            })
        };
        entry.get("table")?.as_object()?.iter().map(stock).collect()
    } else if begins("markdown_deterministic") {
        each(&|one| {
            let mut known = vec![number(one, "value")?, number(one, "left")?];
            known.extend(numbers(&one["prices"])?);
            Some((Problem::Markdown(markdown(one, "q0")?), known))
        })
    } else if begins("markdown_stochastic") {
        let stocks = entry.get("value")?.as_object()?;
        let one = |(stock, value): (&String, &Value)| {
            let markdown = Markdown { stock: stock.parse().ok()?, ..markdown(entry, "mu0")? };
            let known = vec![value.as_f64()?, number(&entry["first_week_price"], stock)?];
            Some(Stated {
                name: format!("{name} · {stock} units"),
                problem: Problem::StochasticMarkdown(markdown),
                known,
            })
        };
        stocks.iter().map(one).collect()
    } else if begins("gittins_beta") {
        let one = |(key, index): (&String, &Value)| {
            let (counts, discount) = key.split_once(" gamma=")?;
            let (successes, failures) = counts.trim_matches(['(', ')']).split_once(',')?;
            let problem = Problem::Gittins {
                successes: successes.trim().parse().ok()?,
                failures: failures.trim().parse().ok()?,
                discount: discount.parse().ok()?,
            };
            Some(Stated { name: format!("{name} · {key}"), problem, known: vec![index.as_f64()?] })
        };
        entry.as_object()?.iter().map(one).collect()
    } else if begins("experiment_sizes") {
        entry.as_object().map(|sizes| sizes.iter().filter_map(|(key, size)| experiment(name, key, size)).collect())
    } else {
        None
    }
}

/// A number of observations whose name tells the test: `…prop_test_p1_50_p2_75_power90`, `…t_test_delta1_sd1_power90`,
/// `conv_3pct_vs_3_3pct_power80`. Both sides are tested at 5 %.
fn experiment(name: &str, key: &str, size: &Value) -> Option<Stated> {
    const SIGNIFICANCE: f64 = 0.05;
    let (test, power) = key.rsplit_once("_power")?;
    let power = power.parse::<f64>().ok()? / 100.0;
    let percent = |text: &str| text.replace('_', ".").parse::<f64>().ok().map(|percent| percent / 100.0);
    let problem = if let Some((_, shares)) = test.split_once("prop_test_p1_") {
        let (first, second) = shares.split_once("_p2_")?;
        Problem::Proportions { first: percent(first)?, second: percent(second)?, significance: SIGNIFICANCE, power }
    } else if let Some((_, means)) = test.split_once("t_test_delta") {
        let (difference, deviation) = means.split_once("_sd")?;
        let (difference, deviation) = (difference.parse().ok()?, deviation.parse().ok()?);
        Problem::Means { difference, deviation, significance: SIGNIFICANCE, power }
    } else {
        let (first, second) = test.strip_prefix("conv_")?.split_once("pct_vs_")?;
        let second = second.strip_suffix("pct")?;
        Problem::Proportions { first: percent(first)?, second: percent(second)?, significance: SIGNIFICANCE, power }
    };
    Some(Stated { name: format!("{name} · {key}"), problem, known: vec![size.as_f64()?] })
}

fn markdown(entry: &Value, units: &str) -> Option<Markdown> {
    Some(Markdown {
        stock: number(entry, "inv")?,
        elasticity: number(entry, "e")?,
        units: number(entry, units)?,
        season: numbers(&entry["season"])?,
        ladder: numbers(&entry["ladder"])?,
        salvage: number(entry, "salvage")?,
        most_changes: entry["max_price_changes"].as_u64().and_then(|changes| usize::try_from(changes).ok()),
        largest_cut: None,
    })
}

fn joint(entry: &Value, prices: &str) -> Option<Vec<f64>> {
    let mut known = numbers(&entry[prices])?;
    known.push(number(entry, "profit")?);
    Some(known)
}

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key)?.as_f64()
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// The figures of an answer that a file may state.
fn figures(answer: &Answer) -> Vec<f64> {
    match answer {
        Answer::Best { best, gross } => {
            let net = match best {
                BestPrice::Interior { price, .. } => Some(*price),
                BestPrice::AtUpperBound { price } => *price,
            };
            net.into_iter().chain(*gross).collect()
        }
        Answer::Price { price } => vec![*price],
        Answer::Joint(joint) => joint.prices.iter().copied().chain([joint.profit]).collect(),
        Answer::Stock(stock) => vec![stock.value, stock.price],
        Answer::Path(path) => [path.value, path.left].into_iter().chain(path.prices.iter().copied()).collect(),
        // The policy has a line for each stock from none to the one that is asked about.
        Answer::Policy(policy) => policy.last().map_or_else(Vec::new, |last| vec![last.value, last.first_price]),
        Answer::Combination(_) => Vec::new(),
        Answer::Size { size } => vec![*size],
        Answer::Index { index } => vec![*index],
    }
}

fn difference(found: &[f64], known: &[f64]) -> f64 {
    if found.len() != known.len() {
        return f64::MAX;
    }
    let apart = |(found, known): (&f64, &f64)| (found - known).abs() / known.abs().max(1.0);
    found.iter().zip(known).map(apart).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::answers;

    #[test]
    fn named_problems_are_solved_beside_what_is_stated_of_them() {
        let file = json!({
            "const_elasticity p=c*e/(1+e)": [{"c": 6.0, "e": -2.5, "p": 10.0}, {"c": 6.0, "e": -2.0, "p": 13.0}],
            "vat": {"c_net": 6.0, "e": -2.5, "vat": 0.2, "p_net": 10.0, "p_gross": 12.0},
            "experiment_sizes": {"R_power_t_test_delta1_sd1_power90": 22.021_095_570_096_918, "published": "a book"},
            "a remark": "no problem"
        });
        let found = answers(file.as_object().expect("an object")).expect("solved");
        let names: Vec<&str> = found.answers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        assert_eq!(found.left_out, ["a remark"]);
        let wrong: Vec<&str> =
            found.answers.iter().filter(|one| one.difference > 1e-9).map(|one| one.name.as_str()).collect();
        assert_eq!(wrong, ["const_elasticity p=c*e/(1+e) · 2"], "twice the cost is 12");
        let nothing = answers(json!({"colour": "blue"}).as_object().expect("an object")).expect_err("no problem");
        assert!(nothing.message.contains("neither a problem with its kind"));
    }

    #[test]
    fn the_shared_closed_forms_run_and_agree() {
        let Some(folder) = std::env::var_os("SHARED_DATA") else {
            eprintln!("skipped: the_shared_closed_forms_run_and_agree needs SHARED_DATA");
            return;
        };
        let path = std::path::Path::new(&folder).join("science/optimisation/closed_forms.json");
        let found = super::super::optimise_file(&path, &Default::default(), None).expect("solved");
        let super::super::Optimised::Stated(found) = found else { panic!("named problems") };
        assert!(found.answers.len() >= 40, "{}", found.answers.len());
        let apart: Vec<_> = found.answers.iter().filter(|one| one.difference > 1e-6).collect();
        assert!(apart.is_empty(), "{apart:?}");
    }
}
