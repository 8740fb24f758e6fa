//! A text to its rule set: lines by their indentation, every wrong one reported.

use pricing_domain::{Guardrails, Hours, Rule, RuleSet, RuleTest, Strategy, Validity, Weekday};

use super::RuleFileProblem;
use super::guardrails::read_guardrail;
use super::scopes::read_scope;
use super::strategies::{read_policy, read_strategy};
use super::tests_of_files::read_test_line;
use super::two_way_tables::{self, begins_table};
use super::words::{Once, Words};

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
    /// Statements of the file, and guardrails, that stand once.
    once: Once,
    guardrails_once: Once,
}

/// Reads the text form.
pub(super) fn read(text: &str) -> Result<RuleSet, Vec<RuleFileProblem>> {
    let mut reader =
        Reader { set: empty(), problems: Vec::new(), once: Once::default(), guardrails_once: Once::default() };
    reader.indentation(text);
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

    /// A line below one that has no lines of its own is a mistake of indentation: left out, it would not hold.
    fn childless(&mut self, block: &Block<'_>) {
        for inner in &block.inner {
            let message = format!(
                "“{}” is indented below “{}”, which has no lines of its own. Indent it like that line, or less",
                inner.words, block.words
            );
            self.report(inner.line, message);
        }
    }

    /// A tab is no number of blanks that everybody agrees on: a file is indented by the one or by the other.
    fn indentation(&mut self, text: &str) {
        let mut first = None;
        for (line, raw) in (1..).zip(text.lines()) {
            let words = raw.trim_start();
            let indent = &raw[..raw.len() - words.len()];
            if words.is_empty() || words.starts_with('#') || indent.is_empty() {
                continue;
            }
            let mark = if indent.contains('\t') { '\t' } else { ' ' };
            let is_mixed = indent.chars().any(|letter| letter != mark) || *first.get_or_insert(mark) != mark;
            if is_mixed {
                self.report(line, "Indent with blanks or with tabs, not with both in one file".into());
                return;
            }
        }
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
        if matches!(words.word(), "rule" | "group") && !block.words.starts_with("rule set") {
            let rule = self.rule(block);
            self.set.rules.push(rule);
            return;
        }
        let mut words = Words::new(block.words);
        let result = if words.take("guardrails") {
            self.guardrails(block);
            words.end()
        } else if words.take("test") {
            self.test(&mut words, block)
        } else if begins_table(block.words) && !block.inner.is_empty() {
            words.take("otherwise");
            let noted = self.once.note("otherwise");
            self.table(words, block).into_iter().for_each(|table| self.set.otherwise = table);
            noted
        } else {
            self.childless(block);
            self.statement(&mut words, block.words)
        };
        if let Err(message) = result {
            self.report(block.line, message);
        }
    }

    /// A line of the file that stands by itself.
    fn statement(&mut self, words: &mut Words<'_>, line: &str) -> Result<(), String> {
        if words.take("rule set") {
            self.once.note("rule set")?;
            self.set.name = words.text()?;
        } else if words.take("approval limit") {
            self.once.note("approval limit")?;
            self.set.approval_limit = Some(words.percent()?);
        } else if words.take("otherwise") {
            self.once.note("otherwise")?;
            self.set.otherwise = read_strategy(words)?;
        } else {
            return Err(format!(
                "“{line}” is not understood. A line begins with: rule set, approval limit, otherwise, rule, group, \
                 guardrails, test"
            ));
        }
        words.end()
    }

    fn guardrails(&mut self, block: &Block<'_>) {
        for inner in &block.inner {
            self.childless(inner);
            let mut words = Words::new(inner.words);
            let RuleSet { guardrails, endings, .. } = &mut self.set;
            if let Err(message) = read_guardrail(&mut words, guardrails, endings, &mut self.guardrails_once) {
                self.report(inner.line, message);
            }
        }
    }

    fn test(&mut self, words: &mut Words<'_>, block: &Block<'_>) -> Result<(), String> {
        let mut test = RuleTest { name: words.text()?, ..RuleTest::default() };
        let mut once = Once::default();
        for inner in &block.inner {
            self.childless(inner);
            if let Err(message) = read_test_line(&mut Words::new(inner.words), &mut test, &mut once) {
                self.report(inner.line, message);
            }
        }
        let is_complete = !test.gives.is_empty();
        self.set.tests.push(test);
        if is_complete { words.end() } else { Err("A test says what it gives: gives 78.40".into()) }
    }

    /// The table in two dimensions that a line begins; `None`: it is reported.
    fn table(&mut self, mut words: Words<'_>, block: &Block<'_>) -> Option<Strategy> {
        words.take("table");
        block.inner.iter().for_each(|row| self.childless(row));
        let below: Vec<(usize, &str)> = block.inner.iter().map(|row| (row.line, row.words)).collect();
        match two_way_tables::read(words.take_rest(), &below) {
            Ok(table) => Some(table),
            Err((line, message)) => {
                self.report(line.unwrap_or(block.line), message);
                None
            }
        }
    }

    fn rule_table(&mut self, block: &Block<'_>, rule: &mut Rule, once: &mut Once) {
        let mut words = Words::new(block.words);
        let is_price = words.take("price");
        if !is_price {
            words.take("else");
        }
        if let Err(message) = once.note(if is_price { "price" } else { "else" }) {
            return self.report(block.line, message);
        }
        match self.table(words, block) {
            Some(table) if is_price => rule.strategy = table,
            table => rule.fallback = table,
        }
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
        let mut once = Once::default();
        for inner in &block.inner {
            let mut words = Words::new(inner.words);
            if matches!(words.word(), "rule" | "group") {
                let inner = self.rule(inner);
                rule.rules.push(inner);
                continue;
            }
            is_priced |= inner.words.starts_with("price");
            if begins_table(inner.words) && !inner.inner.is_empty() {
                self.rule_table(inner, &mut rule, &mut once);
                continue;
            }
            self.childless(inner);
            if let Err(message) = rule_line(&mut Words::new(inner.words), &mut rule, &mut once) {
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

fn rule_line(words: &mut Words<'_>, rule: &mut Rule, once: &mut Once) -> Result<(), String> {
    if words.take("off") {
        once.note("off")?;
        rule.enabled = false;
    } else if words.take("owner") {
        once.note("owner")?;
        rule.owner = words.text()?;
    } else if words.take("note") {
        once.note("note")?;
        rule.note = words.text()?;
    } else if words.take("valid") {
        once.note("valid")?;
        rule.valid = read_validity(words)?;
    } else if words.take("for") {
        once.note("for")?;
        rule.scope = read_scope(words.take_rest())?;
    } else if words.take("when") {
        once.note("when")?;
        rule.condition = Some(words.take_rest().to_owned());
    } else if words.take("offers") {
        once.note("offers")?;
        rule.offers = Some(read_policy(words)?);
    } else if words.take("price") {
        once.note("price")?;
        rule.strategy = read_strategy(words)?;
    } else if words.take("else") {
        once.note("else")?;
        rule.fallback = Some(read_strategy(words)?);
    } else {
        let text = words.take_rest();
        let why = if text.contains('|') {
            "Rows and columns of a table stand further in than the line that begins it"
        } else {
            "A rule has: off, owner, note, valid, for, when, offers, price, else"
        };
        return Err(format!("“{text}” is not understood. {why}"));
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
