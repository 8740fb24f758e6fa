//! The formula language: `y ~ a * b + log(price) | product + week | price ~ cost`, with factors, interactions, absorbed
//! fixed effects, instruments and random effects `(1 + x | group)`.
//!
//! The notation is Wilkinson and Rogers (1973), “Symbolic Description of Factorial Models for Analysis of Variance”,
//! with the parts after `|` as in fixest (Bergé 2018) and random effects as in lme4 (Bates et al. 2015).

mod evaluate;
mod expression;

use crate::error::{Result, ScienceError};

pub(crate) use evaluate::{Evaluated, evaluate, groups, numbers};
pub use expression::Expression;
use expression::{Reader, Token};

/// A product of atoms, in canonical order of mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The atoms; none is the intercept.
    pub atoms: Vec<Expression>,
}

impl Term {
    fn times(&self, other: &Term) -> Term {
        let mut atoms = self.atoms.clone();
        atoms.extend(other.atoms.iter().filter(|atom| !self.atoms.contains(atom)).cloned());
        Term { atoms }
    }

    /// Whether both name the same product, in any order.
    pub fn is_same(&self, other: &Term) -> bool {
        self.atoms.len() == other.atoms.len() && self.atoms.iter().all(|atom| other.atoms.contains(atom))
    }
}

/// `(1 + x | group)`
#[derive(Debug, Clone, PartialEq)]
pub struct RandomEffects {
    /// Whether the intercept varies.
    pub has_intercept: bool,
    /// The slopes that vary.
    pub slopes: Vec<Expression>,
    /// What they vary over.
    pub group: Expression,
}

/// `endogenous ~ instruments`
#[derive(Debug, Clone, PartialEq)]
pub struct InstrumentPart {
    /// The regressors that are determined together with the outcome.
    pub endogenous: Vec<Term>,
    /// What moves them and is excluded from the equation.
    pub instruments: Vec<Term>,
}

/// A formula, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The outcome.
    pub outcome: Expression,
    /// Whether there is an intercept.
    pub has_intercept: bool,
    /// The regressors, without the intercept.
    pub terms: Vec<Term>,
    /// The fixed effects to absorb: each a product of columns.
    pub absorbed: Vec<Term>,
    /// Instruments, where there are any.
    pub instruments: Option<InstrumentPart>,
    /// Random effects, where there are any.
    pub random: Option<RandomEffects>,
}

impl Formula {
    /// Reads a formula.
    pub fn parse(text: &str) -> Result<Formula> {
        let mut reader = Reader::new(text)?;
        let outcome = reader.sum()?;
        reader.expect(Token::Tilde, "write OUTCOME ~ TERMS")?;
        let mut side = Side { has_intercept: true, ..Side::default() };
        side.read(&mut reader)?;
        let mut formula = Formula {
            outcome,
            has_intercept: side.has_intercept,
            terms: side.terms,
            absorbed: Vec::new(),
            instruments: None,
            random: side.random,
        };
        while reader.take(Token::Bar) {
            let mut part = Side::default();
            part.read(&mut reader)?;
            if reader.take(Token::Tilde) {
                let mut instruments = Side::default();
                instruments.read(&mut reader)?;
                formula.instruments = Some(InstrumentPart { endogenous: part.terms, instruments: instruments.terms });
            } else {
                formula.absorbed.extend(part.terms);
            }
        }
        reader.expect(Token::End, "nothing may follow here")?;
        Ok(formula)
    }
}

#[derive(Default)]
struct Side {
    has_intercept: bool,
    terms: Vec<Term>,
    random: Option<RandomEffects>,
}

impl Side {
    fn read(&mut self, reader: &mut Reader) -> Result<()> {
        let mut is_removed = reader.take(Token::Minus);
        loop {
            self.item(reader, is_removed)?;
            if reader.take(Token::Plus) {
                is_removed = false;
            } else if reader.take(Token::Minus) {
                is_removed = true;
            } else {
                return Ok(());
            }
        }
    }

    fn item(&mut self, reader: &mut Reader, is_removed: bool) -> Result<()> {
        if reader.is_at(&Token::Open) {
            return self.random_effects(reader);
        }
        for term in product(reader)? {
            match &term.atoms[..] {
                [Expression::Number(one)] if *one == 1.0 => self.has_intercept = !is_removed,
                [Expression::Number(zero)] if *zero == 0.0 => self.has_intercept = is_removed,
                [Expression::Number(_)] => return Err(reader.problem("a bare number is 0 or 1 here; use I(…)")),
                _ if is_removed => self.terms.retain(|known| !known.is_same(&term)),
                _ if self.terms.iter().any(|known| known.is_same(&term)) => {}
                _ => self.terms.push(term),
            }
        }
        Ok(())
    }

    fn random_effects(&mut self, reader: &mut Reader) -> Result<()> {
        reader.expect(Token::Open, "")?;
        let mut inner = Side { has_intercept: true, ..Side::default() };
        inner.read(reader)?;
        reader.expect(Token::Bar, "random effects are written (1 + x | group)")?;
        let group = reader.primary()?;
        reader.expect(Token::Close, "random effects end with )")?;
        if self.random.is_some() {
            return Err(reader.problem("one set of random effects at a time"));
        }
        let slopes = inner.terms.into_iter().flat_map(|term| term.atoms).collect();
        self.random = Some(RandomEffects { has_intercept: inner.has_intercept, slopes, group });
        Ok(())
    }
}

/// `a * b : c`: `*` crosses, `:` multiplies and binds closer.
fn product(reader: &mut Reader) -> Result<Vec<Term>> {
    let mut terms = vec![interaction(reader)?];
    while reader.take(Token::Star) {
        let factor = interaction(reader)?;
        let crossed: Vec<Term> = terms.iter().map(|term| term.times(&factor)).collect();
        terms.push(factor);
        terms.extend(crossed);
    }
    terms.sort_by_key(|term| term.atoms.len());
    Ok(terms)
}

fn interaction(reader: &mut Reader) -> Result<Term> {
    let mut term = Term { atoms: vec![reader.primary()?] };
    while reader.take(Token::Colon) {
        term = term.times(&Term { atoms: vec![reader.primary()?] });
    }
    Ok(term)
}

impl Reader {
    fn problem(&self, reason: &str) -> ScienceError {
        ScienceError::Formula { text: self.text().to_owned(), reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Formula;

    fn name(term: &super::Term) -> String {
        term.atoms.iter().map(super::Expression::to_string).collect::<Vec<_>>().join(":")
    }

    fn names(text: &str) -> Vec<String> {
        Formula::parse(text).expect("valid").terms.iter().map(name).collect()
    }

    #[test]
    fn a_star_crosses_everything() {
        assert_eq!(names("y ~ a*b*c"), ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]);
        assert_eq!(names("y ~ a*b - a:b + b"), ["a", "b"]);
    }

    #[test]
    fn parts_after_bars_are_fixed_effects_and_instruments() {
        let formula = Formula::parse("log(q) ~ deal | store + week | lp ~ log(cost*(1-m/100))").expect("valid");
        assert_eq!(formula.absorbed.len(), 2);
        let part = formula.instruments.expect("valid");
        assert_eq!(name(&part.instruments[0]), "log(cost*(1-m/100))");
        assert_eq!(name(&part.endogenous[0]), "lp");
    }

    #[test]
    fn random_effects_and_intercepts_are_read() {
        let formula = Formula::parse("y ~ 0 + x + (1 + x | store)").expect("valid");
        assert!(!formula.has_intercept);
        assert_eq!(formula.random.expect("valid").slopes.len(), 1);
        assert!(Formula::parse("y ~ x - 1").is_ok_and(|formula| !formula.has_intercept));
    }

    #[test]
    fn wrong_words_are_refused_with_the_text() {
        for text in ["y", "y ~", "y ~ x )", "y ~ (x", "~ x", "y ~ 2"] {
            assert!(Formula::parse(text).is_err(), "{text}");
        }
    }
}
