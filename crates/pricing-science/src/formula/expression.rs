//! Arithmetic over columns: tokens, grammar, and the canonical way to write an expression down.

use std::fmt;

use crate::error::{Result, ScienceError};

/// Arithmetic, a call, or a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// A column.
    Column(String),
    /// A function of expressions.
    Call(String, Vec<Expression>),
    /// The negative.
    Negative(Box<Expression>),
    /// Two expressions and an operator.
    Binary(Operator, Box<Expression>, Box<Expression>),
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Power => "^",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::And => "&",
            Operator::Or => "or",
        }
    }

    fn precedence(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide => 5,
            Operator::Power => 6,
            _ => 3,
        }
    }
}

impl Expression {
    /// Reads an expression that stands alone: a condition or a definition.
    pub fn parse(text: &str) -> Result<Expression> {
        let mut reader = Reader::new(text)?;
        let expression = reader.condition()?;
        reader.expect(Token::End, "nothing may follow here")?;
        Ok(expression)
    }

    fn precedence(&self) -> u8 {
        match self {
            Expression::Binary(operator, ..) => operator.precedence(),
            _ => 9,
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Number(number) => write!(out, "{number}"),
            Expression::Text(text) => write!(out, "'{text}'"),
            Expression::Column(name) => out.write_str(name),
            Expression::Negative(inner) => write!(out, "-{inner}"),
            Expression::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(Expression::to_string).collect();
                write!(out, "{name}({})", arguments.join(","))
            }
            Expression::Binary(operator, left, right) => {
                let own = operator.precedence();
                let side = |side: &Expression, is_right: bool| {
                    let is_looser = side.precedence() < own || is_right && side.precedence() == own;
                    if is_looser { format!("({side})") } else { side.to_string() }
                };
                write!(out, "{}{}{}", side(left, false), operator.sign(), side(right, true))
            }
        }
    }
}

/// The smallest parts of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Operator(Operator),
    Plus,
    Minus,
    Star,
    Colon,
    Bar,
    Tilde,
    Open,
    Close,
    Comma,
    End,
}

/// Reads tokens one after the other.
pub(super) struct Reader {
    source: String,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    pub(super) fn new(text: &str) -> Result<Reader> {
        let tokens = tokens(text).map_err(|reason| ScienceError::Formula { text: text.to_owned(), reason })?;
        Ok(Reader { source: text.to_owned(), tokens, at: 0 })
    }

    pub(super) fn text(&self) -> &str {
        &self.source
    }

    fn current(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    pub(super) fn is_at(&self, token: &Token) -> bool {
        self.current() == token
    }

    pub(super) fn take(&mut self, token: Token) -> bool {
        let is_there = self.is_at(&token);
        self.at += usize::from(is_there);
        is_there
    }

    pub(super) fn expect(&mut self, token: Token, reason: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.refusal(reason)) }
    }

    fn refusal(&self, reason: &str) -> ScienceError {
        ScienceError::Formula { text: self.source.clone(), reason: reason.to_owned() }
    }

    /// Comparisons joined by `&` and `|`.
    fn condition(&mut self) -> Result<Expression> {
        let mut left = self.conjunction()?;
        while self.take(Token::Bar) {
            left = binary(Operator::Or, left, self.conjunction()?);
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expression> {
        let mut left = self.comparison()?;
        while self.take(Token::Operator(Operator::And)) {
            left = binary(Operator::And, left, self.comparison()?);
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expression> {
        let left = self.sum()?;
        let Token::Operator(operator) = *self.current() else { return Ok(left) };
        if operator.precedence() != 3 {
            return Ok(left);
        }
        self.at += 1;
        Ok(binary(operator, left, self.sum()?))
    }

    pub(super) fn sum(&mut self) -> Result<Expression> {
        let mut left = self.multiplied()?;
        loop {
            left = if self.take(Token::Plus) {
                binary(Operator::Add, left, self.multiplied()?)
            } else if self.take(Token::Minus) {
                binary(Operator::Subtract, left, self.multiplied()?)
            } else {
                return Ok(left);
            };
        }
    }

    fn multiplied(&mut self) -> Result<Expression> {
        let mut left = self.power()?;
        loop {
            left = if self.take(Token::Star) {
                binary(Operator::Multiply, left, self.power()?)
            } else if self.take(Token::Operator(Operator::Divide)) {
                binary(Operator::Divide, left, self.power()?)
            } else {
                return Ok(left);
            };
        }
    }

    fn power(&mut self) -> Result<Expression> {
        if self.take(Token::Minus) {
            return Ok(Expression::Negative(Box::new(self.power()?)));
        }
        let base = self.primary()?;
        if self.take(Token::Operator(Operator::Power)) {
            return Ok(binary(Operator::Power, base, self.power()?));
        }
        Ok(base)
    }

    /// A number, a text, a column, a call, or an expression in parentheses.
    pub(super) fn primary(&mut self) -> Result<Expression> {
        let token = self.current().clone();
        self.at += 1;
        match token {
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Name(name) if self.take(Token::Open) => {
                let mut arguments = vec![self.condition()?];
                while self.take(Token::Comma) {
                    arguments.push(self.condition()?);
                }
                self.expect(Token::Close, "a call ends with )")?;
                Ok(Expression::Call(name, arguments))
            }
            Token::Name(name) => Ok(Expression::Column(name)),
            Token::Open => {
                let inner = self.condition()?;
                self.expect(Token::Close, "a ) is missing")?;
                Ok(inner)
            }
            _ => Err(self.refusal("a column, a number or a function should stand here")),
        }
    }
}

fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, Box::new(left), Box::new(right))
}

fn tokens(text: &str) -> std::result::Result<Vec<Token>, String> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let (token, length) = match letter {
            _ if letter.is_whitespace() => (None, 1),
            _ if letter.is_ascii_digit() || letter == '.' && next.is_ascii_digit() => number(&letters[at..])?,
            _ if letter.is_alphabetic() || letter == '_' => {
                let is_part = |letter: &&char| letter.is_alphanumeric() || matches!(**letter, '_' | '.');
                let name: String = letters[at..].iter().take_while(is_part).collect();
                let length = name.chars().count();
                (Some(Token::Name(name)), length)
            }
            '`' | '\'' | '"' => quoted(&letters[at..])?,
            _ => match two_letters(letter, next) {
                Some(operator) => (Some(Token::Operator(operator)), 2),
                None => (Some(sign(letter)?), 1),
            },
        };
        tokens.extend(token);
        at += length;
    }
    Ok(tokens)
}

fn number(letters: &[char]) -> std::result::Result<(Option<Token>, usize), String> {
    let mut length = 0;
    while let Some(letter) = letters.get(length) {
        let is_exponent_sign = matches!(letter, '+' | '-') && matches!(letters[length - 1], 'e' | 'E');
        if !(letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E') || is_exponent_sign) {
            break;
        }
        length += 1;
    }
    let text: String = letters[..length].iter().collect();
    let number = text.parse().map_err(|_| format!("{text} is no number"))?;
    Ok((Some(Token::Number(number)), length))
}

fn quoted(letters: &[char]) -> std::result::Result<(Option<Token>, usize), String> {
    let inner: String = letters[1..].iter().take_while(|letter| **letter != letters[0]).collect();
    let length = inner.chars().count() + 2;
    if letters.len() < length {
        return Err(format!("a {} is missing", letters[0]));
    }
    Ok((Some(if letters[0] == '`' { Token::Name(inner) } else { Token::Text(inner) }), length))
}

fn two_letters(letter: char, next: char) -> Option<Operator> {
    match (letter, next) {
        ('=', '=') => Some(Operator::Equal),
        ('!', '=') => Some(Operator::NotEqual),
        ('<', '=') => Some(Operator::LessEqual),
        ('>', '=') => Some(Operator::GreaterEqual),
        ('&', '&') => Some(Operator::And),
        _ => None,
    }
}

fn sign(letter: char) -> std::result::Result<Token, String> {
    Ok(match letter {
        '+' => Token::Plus,
        '-' => Token::Minus,
        '*' => Token::Star,
        ':' => Token::Colon,
        '|' => Token::Bar,
        '~' => Token::Tilde,
        '(' => Token::Open,
        ')' => Token::Close,
        ',' => Token::Comma,
        '/' => Token::Operator(Operator::Divide),
        '^' => Token::Operator(Operator::Power),
        '<' => Token::Operator(Operator::Less),
        '>' => Token::Operator(Operator::Greater),
        '&' => Token::Operator(Operator::And),
        _ => return Err(format!("{letter} has no meaning here")),
    })
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn an_expression_is_written_as_it_would_be_read_again() {
        for text in ["a-(b-c)", "(a+b)*c/d^2", "log((taxs-tax)/cpi)", "-x", "a==1&b!='x'", "2^-1"] {
            let expression = Expression::parse(text).expect("valid");
            assert_eq!(expression.to_string(), text);
            assert_eq!(Expression::parse(&expression.to_string()).expect("valid"), expression);
        }
    }
}
