//! A text to its rule set: lines by their indentation, every wrong one reported.

use pricing_domain::{Guardrails, Hours, Rule, RuleSet, RuleTest, Strategy, Validity, Weekday};

use super::RuleFileProblem;
use super::guardrails::read_guardrail;
use super::scopes::read_scope;
use super::strategies::{read_policy, read_strategy};
use super::tests_of_files::read_test_line;
use super::words::Words;

/// A line with what stands indented below it.
struct Block<'a> {
    line: usize,
    words: &'a str,
    inner: Vec<Block<'a>>,
}

/// What was found so far.
struct Reader {
    set: RuleSet,
    problems: Vec<RuleFileProblem>,
}

/// Reads the text form.
pub(super) fn read(text: &str) -> Result<RuleSet, Vec<RuleFileProblem>> {
    let mut reader = Reader { set: empty(), problems: Vec::new() };
    let blocks = reader.blocks(text);
    blocks.iter().for_each(|block| reader.top(block));
    if reader.set.name.is_empty() {
        reader.report(1, "The file begins with its name: rule set \"…\"".into());
    }
    reader.problems.sort_by_key(|problem| problem.line);
    if reader.problems.is_empty() { Ok(reader.set) } else { Err(reader.problems) }
}

fn empty() -> RuleSet {
    RuleSet {
        name: String::new(),
        rules: Vec::new(),
        otherwise: Strategy::Keep,
        guardrails: Guardrails { no_cut_without_cost: true, ..Guardrails::default() },
        endings: Vec::new(),
        approval_limit: None,
        tests: Vec::new(),
    }
}

impl Reader {
    fn report(&mut self, line: usize, message: String) {
        self.problems.push(RuleFileProblem { line, message });
    }

    /// The lines as a tree.
    fn blocks<'a>(&mut self, text: &'a str) -> Vec<Block<'a>> {
        // The blocks that are open, each with its indentation; the first stands for the file.
        let mut open: Vec<(usize, Block<'a>)> = vec![(0, Block { line: 0, words: "", inner: Vec::new() })];
        let mut begun = vec![0usize];
        for (line, raw) in (1..).zip(text.lines()) {
            let words = raw.trim();
            if words.is_empty() || words.starts_with('#') {
                continue;
            }
            let indent = 1 + raw.len() - raw.trim_start().len();
            while begun.last().is_some_and(|last| *last >= indent) && open.len() > 1 {
                close(&mut open);
                begun.pop();
            }
            begun.push(indent);
            open.push((indent, Block { line, words, inner: Vec::new() }));
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().map(|(_, file)| file.inner).unwrap_or_default()
    }

    fn top(&mut self, block: &Block<'_>) {
        let mut words = Words::new(block.words);
        let result = if words.take("rule set") {
            words.text().map(|name| self.set.name = name).and_then(|()| words.end())
        } else if words.take("approval limit") {
            words.percent().map(|limit| self.set.approval_limit = Some(limit)).and_then(|()| words.end())
        } else if words.take("otherwise") {
            read_strategy(&mut words).map(|strategy| self.set.otherwise = strategy)
        } else if words.take("guardrails") {
            self.guardrails(block);
            words.end()
        } else if words.take("test") {
            self.test(&mut words, block)
        } else if matches!(words.word(), "rule" | "group") {
            let rule = self.rule(block);
            self.set.rules.push(rule);
            return;
        } else {
            Err(format!(
                "“{}” is not understood. A line begins with: rule set, approval limit, otherwise, rule, group, \
                 guardrails, test",
                block.words
            ))
        };
        if let Err(message) = result {
            self.report(block.line, message);
        }
    }

    fn guardrails(&mut self, block: &Block<'_>) {
        for inner in &block.inner {
            let mut words = Words::new(inner.words);
            let RuleSet { guardrails, endings, .. } = &mut self.set;
            if let Err(message) = read_guardrail(&mut words, guardrails, endings) {
                self.report(inner.line, message);
            }
        }
    }

    fn test(&mut self, words: &mut Words<'_>, block: &Block<'_>) -> Result<(), String> {
        let mut test = RuleTest { name: words.text()?, ..RuleTest::default() };
        for inner in &block.inner {
            if let Err(message) = read_test_line(&mut Words::new(inner.words), &mut test) {
                self.report(inner.line, message);
            }
        }
        let is_complete = !test.gives.is_empty();
        self.set.tests.push(test);
        if is_complete { words.end() } else { Err("A test says what it gives: gives 78.40".into()) }
    }

    fn rule(&mut self, block: &Block<'_>) -> Rule {
        let mut words = Words::new(block.words);
        let is_group = words.word() == "group";
        let mut rule = Rule::default();
        match words.text().and_then(|name| words.end().map(|()| name)) {
            Ok(name) => rule.name = name,
            Err(message) => self.report(block.line, message),
        }
        let mut is_priced = false;
        for inner in &block.inner {
            let mut words = Words::new(inner.words);
            if matches!(words.word(), "rule" | "group") {
                let inner = self.rule(inner);
                rule.rules.push(inner);
                continue;
            }
            is_priced |= inner.words.starts_with("price");
            if let Err(message) = rule_line(&mut Words::new(inner.words), &mut rule) {
                self.report(inner.line, message);
            }
        }
        if is_group && rule.rules.is_empty() {
            self.report(block.line, "A group has rules indented below it".into());
        } else if !is_group && !is_priced {
            self.report(block.line, "A rule says how its price is found: price lowest - 1 %".into());
        } else if !is_group && !rule.rules.is_empty() {
            self.report(block.line, "What has rules below it is a group, not a rule".into());
        }
        rule
    }
}

/// Ends the innermost block.
fn close(open: &mut Vec<(usize, Block<'_>)>) {
    if let Some((_, done)) = open.pop()
        && let Some((_, outer)) = open.last_mut()
    {
        outer.inner.push(done);
    }
}

fn rule_line(words: &mut Words<'_>, rule: &mut Rule) -> Result<(), String> {
    if words.take("off") {
        rule.enabled = false;
    } else if words.take("owner") {
        rule.owner = words.text()?;
    } else if words.take("note") {
        rule.note = words.text()?;
    } else if words.take("valid") {
        rule.valid = read_validity(words)?;
    } else if words.take("for") {
        rule.scope = read_scope(words.take_rest())?;
    } else if words.take("when") {
        rule.condition = Some(words.take_rest().to_owned());
    } else if words.take("offers") {
        rule.offers = Some(read_policy(words)?);
    } else if words.take("price") {
        rule.strategy = read_strategy(words)?;
    } else if words.take("else") {
        rule.fallback = Some(read_strategy(words)?);
    } else {
        return Err(format!(
            "“{}” is not understood. A rule has: off, owner, note, valid, for, when, offers, price, else",
            words.take_rest()
        ));
    }
    words.end()
}

fn read_validity(words: &mut Words<'_>) -> Result<Validity, String> {
    let mut valid = Validity::default();
    let day = |words: &mut Words<'_>| {
        let text = words.word();
        text.parse().map_err(|_| format!("“{text}” is no day such as 2026-11-27"))
    };
    if words.take("from") {
        valid.from = Some(day(words)?);
    }
    if words.take("to") {
        valid.to = Some(day(words)?);
    }
    if words.take("on") {
        loop {
            valid.weekdays.push(words.word().parse::<Weekday>()?);
            if !words.take(",") {
                break;
            }
        }
    }
    if words.take("between") {
        let from = words.whole()?;
        if !words.take("and") {
            return Err("Hours are written: between 8 and 20".into());
        }
        valid.hours = Some(Hours { from, to: words.whole()? });
    }
    Ok(valid)
}
