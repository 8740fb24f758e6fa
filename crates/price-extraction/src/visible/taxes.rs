//! An amount with tax and the same without it, each beside its own words: `£82.50 ex VAT (£99.00 inc VAT)`. The one with
//! tax is the price.

use super::candidates::Candidate;
use super::labels::{says_with_tax, says_without_tax, speaks_of_tax};
use super::zones::Zone;
use crate::amount::Amount;
use crate::dom::{Dom, Kind, NodeId, unescape};
use crate::page::Page;
use crate::price_text::mentions::{mentions, normalise};
use crate::price_text::number::NumberHints;
use crate::price_text::words::Role;

/// How many visible texts apart the two may stand.
const APART: i64 = 8;
/// How many nodes behind an amount its words may stand, and how many bytes they may have.
const BEHIND: NodeId = 6;
const LONGEST: usize = 40;
/// The highest rate of a tax on sales, in percent, and the lowest.
const RATES: (i64, i64) = (30, 2);
/// The rates that countries have, in tenths of a percent.
const EXACT_RATES: [i64; 34] = [
    26, 30, 38, 40, 50, 55, 60, 70, 75, 80, 81, 90, 95, 100, 105, 110, 120, 130, 135, 140, 150, 160, 170, 180, 190,
    200, 210, 220, 230, 240, 250, 255, 260, 270,
];

/// Marks the amounts without tax that stand beside their like with it.
pub(crate) fn mark(page: &Page<'_>, found: &mut [Candidate]) {
    let may_be = |one: &Candidate| {
        one.has_sign
            && one.amount.is_positive()
            && !one.zone.contains(Zone::ELSEWHERE)
            && !one.zone.contains(Zone::STRUCK)
            && matches!(one.role, Role::Plain | Role::Now | Role::From | Role::Member)
    };
    let said: Vec<(usize, Option<Said>)> =
        (0..found.len()).filter(|at| may_be(&found[*at])).map(|at| (at, said(page.dom, &found[at]))).collect();
    let mut marked = Vec::new();
    for (net, of_net) in &said {
        let is_like = |(gross, of_gross): &&(usize, Option<Said>)| {
            let (low, high) = (&found[*net], &found[*gross]);
            let is_told = match (of_net, of_gross) {
                (Some(net), Some(gross)) if low.node == high.node && !net.with_tax && !gross.with_tax => true,
                (Some(net), Some(gross)) => return !net.with_tax && gross.with_tax && are_pair(page, low, high),
                (Some(net), None) => !net.with_tax,
                (None, Some(gross)) => gross.with_tax && gross.is_bracketed && low.node < high.node,
                (None, None) => false,
            };
            is_told && are_pair(page, low, high) && is_by_a_rate(low.amount, high.amount)
        };
        marked.extend(said.iter().find(is_like).map(|(gross, _)| (*net, *gross)));
    }
    for (net, gross) in marked {
        found[net].role = Role::Member;
        // Words in one line with both are about the lower: “399,00 € netto 335,29 €”.
        if found[gross].node == found[net].node && found[gross].role == Role::Member {
            found[gross].role = Role::Plain;
        }
    }
}

/// Whether two amounts stand near each other and differ by no more than a tax.
fn are_pair(page: &Page<'_>, net: &Candidate, gross: &Candidate) -> bool {
    let scaled = gross.amount.times(100);
    net.amount.times(100 + RATES.1) <= scaled
        && scaled <= net.amount.times(100 + RATES.0)
        && page.distance(net.node, gross.node).abs() <= APART
}

/// Whether two amounts differ by a rate of tax that some country has, to the last place of both.
fn is_by_a_rate(net: Amount, gross: Amount) -> bool {
    let places = net.decimals().max(gross.decimals());
    let one = Amount::new(1, places);
    // In tenths of a percent.
    let within = |rate: &i64| {
        let (exact, given) = (net.times(1000 + rate), gross.times(1000));
        let off = one.times(1600);
        exact.plus(off).is_some_and(|most| given <= most) && given.plus(off).is_some_and(|most| exact <= most)
    };
    EXACT_RATES.iter().any(within)
}

/// What the words beside an amount say of tax.
#[derive(Clone, Copy)]
struct Said {
    with_tax: bool,
    /// They open brackets around it: `8,500円(税込 9,350円)`.
    is_bracketed: bool,
}

/// What the words in an amount's own text, or right behind or before it, say of tax; `None` where they say nothing.
fn said(dom: &Dom<'_>, one: &Candidate) -> Option<Said> {
    if !one.alone {
        return None;
    }
    let behind = || {
        let (id, text) = dom.texts_behind(one.node, BEHIND).next()?;
        let together = dom.ancestors(one.node).take(2).any(|above| dom.contains(above, id));
        says_behind(&unescape(text)).filter(|_| together)
    };
    let before = || {
        let from = one.node.saturating_sub(BEHIND);
        let (id, text) = (from..one.node).rev().find_map(|id| match dom.node(id).kind {
            Kind::Text(text) if text.chars().any(char::is_alphanumeric) => Some((id, unescape(text))),
            _ => None,
        })?;
        let together = dom.ancestors(one.node).take(2).any(|above| dom.contains(above, id));
        let has_digits = text.chars().any(|c| c.is_ascii_digit());
        let is_bracketed = opens_brackets(&text);
        let is_meant = together && !has_digits && (is_bracketed || text.trim_end().ends_with([':', '：']));
        is_meant.then(|| says_whether_with_tax(&text)).flatten().map(|with_tax| Said { with_tax, is_bracketed })
    };
    let own = || {
        let is_bracketed = one.text.trim_start().starts_with(['(', '（', '[']);
        let with_tax = says_whether_with_tax(&one.text).or_else(|| says_of_tax(part_of_amount(one)?, &one.text))?;
        Some(Said { with_tax, is_bracketed })
    };
    own().or_else(before).or_else(|| behind().map(|with_tax| Said { with_tax, is_bracketed: false }))
}

/// What a text right behind an amount says of tax. Words that lead to another amount, or open brackets, are about that one.
fn says_behind(text: &str) -> Option<bool> {
    // A rate is no amount: `inkl. 19 % MwSt.`
    let has_amount = |text: &str| text.chars().any(|c| c.is_ascii_digit()) && !text.contains('%');
    let own = text.trim_start().split(['(', '（', '[']).next().unwrap_or("");
    match () {
        () if own.trim().is_empty() => {
            says_whether_with_tax(text).filter(|_| !opens_brackets(text) && !has_amount(text))
        }
        () if has_amount(own) => says_of_tax(first_part(own), own).filter(|_| !has_amount(first_part(own))),
        () => says_whether_with_tax(own).or_else(|| says_of_tax(first_part(own), own)),
    }
}

/// Whether the last brackets of a text are not closed in it.
fn opens_brackets(text: &str) -> bool {
    text.rfind(['(', '（', '[']).is_some_and(|at| !text[at..].contains([')', '）', ']']))
}

/// Signs that set the parts of a line apart.
const PARTS: [char; 9] = ['·', '•', '|', '(', ')', '（', '）', ';', '/'];

fn first_part(text: &str) -> &str {
    text.split(PARTS).find(|part| !part.trim().is_empty()).unwrap_or(text)
}

/// The part of a text in several parts that holds its amount: `excl. € 949,59` of `incl. btw · excl. € 949,59`.
fn part_of_amount(one: &Candidate) -> Option<&str> {
    let is_own = |part: &&str| {
        let hints = NumberHints::default();
        let of_part = mentions(&normalise(part));
        of_part.iter().any(|mention| mention.number.read(&hints).is_some_and(|read| read.amount == one.amount))
    };
    one.text.contains(PARTS).then(|| one.text.split(PARTS).find(is_own)).flatten()
}

/// Whether a short text says that tax is in an amount; `None` where it says nothing, or both.
pub(crate) fn says_whether_with_tax(text: &str) -> Option<bool> {
    says_of_tax(text, text)
}

/// The same for a part of a text, any part of which may name the tax: `incl. btw · excl.`.
fn says_of_tax(part: &str, text: &str) -> Option<bool> {
    let (with, without) = (says_with_tax(part), says_without_tax(part));
    (text.len() <= LONGEST && speaks_of_tax(text) && with != without).then_some(with)
}

#[cfg(test)]
mod tests {
    use crate::dom::parse;
    use crate::extraction::SiteHints;
    use crate::page::Page;
    use crate::price_text::words::Role;
    use crate::sources::metas;
    use crate::visible::candidates;
    use crate::visible::zones::Zones;

    fn roles(body: &str) -> Vec<(String, bool)> {
        let source = format!("<title>Gate</title><h1>Gate</h1>{body}");
        let dom = parse(&source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example.co.uk/gate", &hints);
        let mut zones = Zones::new(&dom, page.title_node);
        let found = candidates::collect(&page, &mut zones);
        found.iter().map(|one| (one.amount.to_string(), one.role == Role::Member)).collect()
    }

    #[test]
    fn the_amount_without_tax_counts_less_beside_the_one_with_it() {
        let pair = "<p>Our Price: <b>£<i>82.50</i></b> ex VAT</p><p>(<b>£<i>99.00</i></b> inc VAT)</p>";
        assert_eq!(roles(pair), [("82.50".to_owned(), true), ("99.00".to_owned(), false)]);
        let alone = "<p>Our Price: <b>£<i>82.50</i></b> ex VAT</p>";
        assert_eq!(roles(alone), [("82.50".to_owned(), false)], "the only price there is");
        let other = "<p>Our Price: <b>£<i>82.50</i></b> ex VAT</p><p>Set of two <b>£<i>180.00</i></b> inc VAT</p>";
        assert_eq!(roles(other)[0], ("82.50".to_owned(), false), "no rate of tax is so high");
    }

    #[test]
    fn an_amount_without_tax_is_told_by_its_like_in_brackets_or_beside_it() {
        let nets = |body: &str| roles(body).into_iter().filter(|(_, is_net)| *is_net).map(|(amount, _)| amount);
        for (body, net) in [
            ("<p><span>8,500円</span>(税込 <span>9,350円</span>)</p>", "8500"),
            ("<p><b>8,500円</b><i>(税込9,350円)</i></p>", "8500"),
            ("<p><b>£100.00</b> <i>(£120.00 inc. VAT)</i></p>", "100.00"),
            ("<p><b>€ 1.149,-</b></p><small>incl. btw · excl. € 949,59</small>", "949.59"),
            ("<p><b>399,00 €</b> <i>netto 335,29 €</i></p>", "335.29"),
            ("<p><b>399,00 € netto 335,29 €</b></p>", "335.29"),
            ("<p>税抜: <b>8,500円</b> 税込: <b>9,350円</b></p>", "8500"),
        ] {
            assert_eq!(nets(body).collect::<Vec<_>>(), [net], "{body}");
        }
        for body in [
            "<p><s>£120.00</s> <b>£100.00</b> inc. VAT</p>",
            "<p>Was <b>£120.00</b> inc. VAT, now <b>£100.00</b></p>",
            "<p><b>£100.00</b> <i>(£112.34 with case, inc. VAT)</i></p>",
        ] {
            assert_eq!(nets(body).count(), 0, "{body}");
        }
    }
}
