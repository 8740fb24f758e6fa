//! Tokens to a tree, by binding strength (a Pratt parser). The first problem ends the reading.

use super::lexer::{Placed, Token, tokens};
use super::problems::{LanguageProblem, TextRange};
use super::syntax::{Expression, Kind, Operator, binding};

/// Deeper nesting is refused: it is no rule that a person can read, and a stack has an end.
const DEEPEST: usize = 64;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Expression, LanguageProblem> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    if parser.peek() == &Token::End {
        return Err(LanguageProblem::new(TextRange::new(0, text.len()), "There is nothing here yet"));
    }
    let expression = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.left_over(&expression, text)),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].token
    }

    fn range(&self) -> TextRange {
        self.tokens[self.at].range
    }

    /// The token that is next, which is passed unless it is the end.
    fn next(&mut self) -> Placed {
        let placed = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        placed
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn is_word(&self, word: &str) -> bool {
        self.is_word_at(self.at, word)
    }

    fn is_word_at(&self, at: usize, word: &str) -> bool {
        matches!(self.tokens.get(at).map(|placed| &placed.token), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    fn expression(&mut self, weakest: u8) -> Result<Expression, LanguageProblem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(LanguageProblem::new(self.range(), "This is nested too deeply; split it into several rules"));
        }
        let mut left = self.prefix()?;
        while let Some((operator, words)) = self.operator().filter(|(operator, _)| operator.binding() > weakest) {
            (0..words).for_each(|_| {
                self.next();
            });
            left = match operator {
                Infix::Plain(operator) => {
                    let right = self.expression(operator.binding())?;
                    let range = left.range.to(right.range);
                    Expression { kind: Kind::Binary { operator, left: left.into(), right: right.into() }, range }
                }
                Infix::In { negated } => self.options(left, negated)?,
                Infix::Percent => {
                    let range = TextRange::new(left.range.start, self.tokens[self.at - 1].range.end);
                    Expression { kind: Kind::Percent(left.into()), range }
                }
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator that is next, and how many tokens it takes.
    fn operator(&self) -> Option<(Infix, usize)> {
        let plain = |operator, words| Some((Infix::Plain(operator), words));
        match self.peek() {
            Token::Symbol(symbol) => match *symbol {
                "=" => plain(Operator::Equal, 1),
                "<>" => plain(Operator::NotEqual, 1),
                "<" => plain(Operator::Less, 1),
                "<=" => plain(Operator::LessOrEqual, 1),
                ">" => plain(Operator::Greater, 1),
                ">=" => plain(Operator::GreaterOrEqual, 1),
                "+" => plain(Operator::Add, 1),
                "-" => plain(Operator::Subtract, 1),
                "*" => plain(Operator::Multiply, 1),
                "/" => plain(Operator::Divide, 1),
                "%" => Some((Infix::Percent, 1)),
                _ => None,
            },
            Token::Word(word) => match word.to_ascii_lowercase().as_str() {
                "and" => plain(Operator::And, 1),
                "or" => plain(Operator::Or, 1),
                "of" => plain(Operator::Of, 1),
                "is" if self.is_word_at(self.at + 1, "not") => plain(Operator::NotEqual, 2),
                "is" => plain(Operator::Equal, 1),
                "within" => plain(Operator::Within, 1),
                "contains" => plain(Operator::Contains, 1),
                "starts" if self.is_word_at(self.at + 1, "with") => plain(Operator::StartsWith, 2),
                "ends" if self.is_word_at(self.at + 1, "with") => plain(Operator::EndsWith, 2),
                "in" => Some((Infix::In { negated: false }, 1)),
                "not" if self.is_word_at(self.at + 1, "in") => Some((Infix::In { negated: true }, 2)),
                _ => None,
            },
            _ => None,
        }
    }

    fn options(&mut self, subject: Expression, negated: bool) -> Result<Expression, LanguageProblem> {
        let mut options = Vec::new();
        let (start, mut end) = (subject.range, self.range());
        if self.take_symbol("(") {
            loop {
                options.push(self.expression(binding::COMPARE)?);
                if !self.take_symbol(",") {
                    break;
                }
            }
            end = self.range();
            self.close("(")?;
        } else {
            let only = self.expression(binding::COMPARE)?;
            end = end.to(only.range);
            options.push(only);
        }
        let range = start.to(end);
        Ok(Expression { kind: Kind::In { subject: subject.into(), options, negated }, range })
    }

    fn prefix(&mut self) -> Result<Expression, LanguageProblem> {
        let Placed { token, range } = self.next();
        let kind = match token {
            Token::Number(digits) => Kind::Number(digits),
            Token::Day(day) => Kind::Day(day),
            Token::Text(text) => Kind::Text(text),
            Token::Symbol("(") => {
                let inner = self.expression(0)?;
                let end = self.range();
                self.close("(")?;
                return Ok(Expression { range: range.to(end), ..inner });
            }
            Token::Symbol("-") => {
                let operand = self.expression(binding::NEGATE)?;
                let range = range.to(operand.range);
                return Ok(Expression { kind: Kind::Negate(operand.into()), range });
            }
            Token::Symbol("+") => return self.expression(binding::NEGATE),
            Token::Word(word) if word.eq_ignore_ascii_case("not") => {
                let operand = self.expression(binding::NOT)?;
                let range = range.to(operand.range);
                return Ok(Expression { kind: Kind::Not(operand.into()), range });
            }
            Token::Word(word) if word.eq_ignore_ascii_case("days") && self.is_word("since") => {
                self.next();
                let day = self.expression(binding::NEGATE)?;
                let range = range.to(day.range);
                let kind = Kind::Call { name: "days_since".into(), name_range: range, arguments: vec![day] };
                return Ok(Expression { kind, range });
            }
            Token::Word(word) if is_operator_word(&word) => {
                return Err(LanguageProblem::new(range, format!("Something is missing before “{word}”")));
            }
            Token::Word(word) if self.is_symbol("(") => return self.call(word, range),
            Token::Word(word) => Kind::Name(word),
            Token::Symbol(symbol) => {
                return Err(LanguageProblem::new(range, format!("A name or a number is missing before “{symbol}”")));
            }
            Token::End => return Err(LanguageProblem::new(range, "Something is missing at the end")),
        };
        Ok(Expression { kind, range })
    }

    fn call(&mut self, name: String, name_range: TextRange) -> Result<Expression, LanguageProblem> {
        self.next();
        let mut arguments = Vec::new();
        if !self.is_symbol(")") {
            loop {
                arguments.push(self.expression(0)?);
                if !self.take_symbol(",") {
                    break;
                }
            }
        }
        let range = name_range.to(self.range());
        self.close(&format!("{name}("))?;
        Ok(Expression { kind: Kind::Call { name, name_range, arguments }, range })
    }

    fn close(&mut self, opened: &str) -> Result<(), LanguageProblem> {
        if self.take_symbol(")") {
            return Ok(());
        }
        let problem = LanguageProblem::new(self.range(), format!("A closing bracket for “{opened}” is missing here"));
        let at = self.range().start;
        Err(problem.or_write_at(TextRange::new(at, at), ")"))
    }

    /// What to say about a token behind a whole expression.
    fn left_over(&self, before: &Expression, text: &str) -> LanguageProblem {
        let range = self.range();
        let word = range.of(text);
        let after = self.tokens.get(self.at + 1).map(|placed| (&placed.token, placed.range));
        match (self.peek(), after) {
            (Token::Symbol(","), Some((Token::Number(digits), after)))
                if text[..range.start].ends_with(|last: char| last.is_ascii_digit()) =>
            {
                let from = text[..range.start].trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
                let whole = &text[from..range.start];
                LanguageProblem::new(TextRange::new(from, after.end), "Decimals are written with a dot")
                    .or_write(format!("{whole}.{digits}"))
            }
            (Token::Symbol(")"), _) => LanguageProblem::new(range, "This bracket was never opened").or_write(""),
            (Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Day(_), _) => {
                let at = TextRange::new(before.range.end, before.range.end);
                let problem =
                    LanguageProblem::new(range, format!("Something is missing before “{word}”, such as “and” or “*”"));
                problem.or_write_at(at, " and")
            }
            _ => LanguageProblem::new(range, format!("“{word}” does not belong here")),
        }
    }
}

#[derive(Clone, Copy)]
enum Infix {
    Plain(Operator),
    In { negated: bool },
    Percent,
}

impl Infix {
    const fn binding(self) -> u8 {
        match self {
            Self::Plain(operator) => operator.binding(),
            Self::In { .. } => binding::COMPARE,
            Self::Percent => binding::PERCENT,
        }
    }
}

/// Words that stand between two parts and are no names.
pub(super) fn is_operator_word(word: &str) -> bool {
    ["and", "or", "of", "is", "in", "within", "contains"].iter().any(|one| word.eq_ignore_ascii_case(one))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_problem_points_at_its_word() {
        let at = |text: &str| {
            let problem = parse(text).expect_err("a problem");
            (problem.range.of(text).to_owned(), problem.fix.map(|fix| fix.replacement))
        };
        assert_eq!(at("cost * 1,35"), ("1,35".into(), Some("1.35".into())));
        assert_eq!(at("min(cost, 5"), (String::new(), Some(")".into())));
        assert_eq!(at("stock > "), (String::new(), None));
        assert_eq!(at("and kvi").0, "and");
        assert_eq!(at("cost 5").0, "5");
        assert!(parse(&"(".repeat(5_000)).is_err(), "deep nesting is refused and does not end the program");
        assert!(parse("  ").is_err());
    }
}
