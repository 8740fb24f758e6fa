//! An amount with tax and the same without it, each beside its own words: `£82.50 ex VAT (£99.00 inc VAT)`. The one with
//! tax is the price.

use super::candidates::Candidate;
use super::labels::{says_with_tax, says_without_tax, speaks_of_tax};
use super::zones::Zone;
use crate::dom::{Dom, NodeId, unescape};
use crate::page::Page;
use crate::price_text::words::Role;

/// How many visible texts apart the two may stand.
const APART: i64 = 8;
/// How many nodes behind an amount its words may stand, and how many bytes they may have.
const BEHIND: NodeId = 6;
const LONGEST: usize = 40;
/// The highest rate of a tax on sales, in percent, and the lowest.
const RATES: (i64, i64) = (30, 2);

/// Marks the amounts without tax that stand beside their like with it.
pub(crate) fn mark(page: &Page<'_>, found: &mut [Candidate]) {
    let may_be = |one: &Candidate| {
        one.has_sign
            && one.amount.is_positive()
            && !one.zone.contains(Zone::ELSEWHERE)
            && matches!(one.role, Role::Plain | Role::Now | Role::From | Role::Member)
    };
    let taxed: Vec<(usize, bool)> = (0..found.len())
        .filter(|at| may_be(&found[*at]))
        .filter_map(|at| Some((at, is_with_tax(page.dom, &found[at])?)))
        .collect();
    for (net, _) in taxed.iter().filter(|(_, with_tax)| !with_tax) {
        let is_like = |(gross, with_tax): &&(usize, bool)| {
            let (net, gross) = (&found[*net], &found[*gross]);
            let scaled = gross.amount.times(100);
            *with_tax
                && page.distance(net.node, gross.node).abs() <= APART
                && net.amount.times(100 + RATES.1) <= scaled
                && scaled <= net.amount.times(100 + RATES.0)
        };
        if taxed.iter().any(|one| is_like(&one)) {
            found[*net].role = Role::Member;
        }
    }
}

/// Whether the words in an amount's own text, or right behind it, say that tax is in it; `None` where they say nothing.
fn is_with_tax(dom: &Dom<'_>, one: &Candidate) -> Option<bool> {
    let behind = || {
        let (id, text) = dom.texts_behind(one.node, BEHIND).next()?;
        let together = dom.ancestors(one.node).take(2).any(|above| dom.contains(above, id));
        says_whether_with_tax(&unescape(text)).filter(|_| together)
    };
    if one.alone { says_whether_with_tax(&one.text).or_else(behind) } else { None }
}

/// Whether a short text says that tax is in an amount; `None` where it says nothing, or both.
pub(crate) fn says_whether_with_tax(text: &str) -> Option<bool> {
    let (with, without) = (says_with_tax(text), says_without_tax(text));
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
}
