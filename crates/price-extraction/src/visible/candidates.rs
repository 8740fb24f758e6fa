//! Collects the amounts that a page shows, each with the words and the markup around it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use pricing_domain::Currency;

use super::labels::role_beside;
use super::zones::{Zone, Zones};
use super::{cards, choices, discounts, quantities, spans, taxes};
use crate::amount::Amount;
use crate::dom::{Dom, Kind, NodeId, Tag};
use crate::page::Page;
use crate::price_text::mentions::{Mention, mentions, normalise};
use crate::price_text::number::{Certainty, NumberHints};
use crate::price_text::words::Role;

/// Longest text that is looked into for a price.
const LONGEST_TEXT: usize = 160;
/// Most candidates of a page.
const MOST: usize = 1_500;

/// An amount shown on the page.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub node: NodeId,
    pub amount: Amount,
    pub other_reading: Option<Amount>,
    pub certainty: Certainty,
    pub currencies: Vec<Currency>,
    pub has_sign: bool,
    pub role: Role,
    pub zone: Zone,
    /// Nothing else of weight stands in the same text.
    pub alone: bool,
    pub text: String,
}

/// A text with its numbers, before they are read.
struct Block {
    node: NodeId,
    /// Its first text with a digit.
    digits: NodeId,
    shown: Rc<Shown>,
}

/// The text of an element, with its numbers once somebody asks for them.
struct Shown {
    text: String,
    mentions: OnceCell<Vec<Mention>>,
}

impl Shown {
    fn mentions(&self) -> &[Mention] {
        self.mentions.get_or_init(|| mentions(&normalise(&self.text)))
    }
}

/// The texts of elements around digits: neighbours climb through the same ones.
struct Texts<'d, 'a> {
    dom: &'d Dom<'a>,
    known: HashMap<NodeId, Rc<Shown>>,
}

impl Texts<'_, '_> {
    /// Most texts that are kept.
    const MOST: usize = 2_000;

    fn of(&mut self, id: NodeId) -> Rc<Shown> {
        if self.known.len() > Self::MOST {
            self.known.clear();
        }
        let read = || Shown { text: self.dom.text(id, LONGEST_TEXT + 1), mentions: OnceCell::new() };
        Rc::clone(self.known.entry(id).or_insert_with(|| Rc::new(read())))
    }
}

/// All amounts shown, in document order.
pub(crate) fn collect(page: &Page<'_>, zones: &mut Zones<'_>) -> Vec<Candidate> {
    let blocks = blocks(page.dom, zones);
    let signed = blocks.iter().filter(|block| block.shown.mentions().iter().any(|mention| is_signed(page, mention)));
    let mut amounts: Vec<NodeId> = signed.map(|block| block.digits).collect();
    amounts.sort_unstable();
    let cards = cards::priced(page, &amounts, |id| zones.is_of_others(id));
    zones.add_cards(cards);
    let separator = majority_separator(&blocks);
    let mut found = Vec::new();
    for block in &blocks {
        let around = zones.around(block.node);
        let mut places = Places { dom: page.dom, at: block.node + 1, end: page.dom.node(block.node).end };
        let count = block.shown.mentions().iter().filter(|mention| !mention.currencies.is_empty()).count();
        for mention in block.shown.mentions() {
            let sign = is_signed(page, mention);
            let expected = page.local_currency().into_iter().chain(page.head.currency());
            let known = expected.into_iter().any(|known| mention.currencies.contains(&known));
            let spelt_out = around.contains(Zone::PRICE) && mention.long_sign;
            if mention.weak_sign && !known && !spelt_out {
                continue;
            }
            if !sign && (!around.contains(Zone::PRICE) || count > 0 || mention.inside_word) {
                continue;
            }
            let place = places.next_with(mention.number.leading_digits());
            let zone = place.map_or(around, |place| around.with(zones.around(place)));
            found.extend(candidate(page, block, mention, zone, separator));
        }
    }
    mark_crowds(page.dom, &mut found);
    quantities::mark(page, &mut found);
    spans::mark(page.dom, &mut found);
    choices::mark(page, &mut found);
    taxes::mark(page, &mut found);
    discounts::mark(page, &mut found);
    found
}

/// Whether a sign stands beside a number, or a dash for its cents that the site's country writes.
fn is_signed(page: &Page<'_>, mention: &Mention) -> bool {
    !mention.currencies.is_empty() || mention.is_round && page.local_currency().is_some()
}

/// Walks through the texts of a block to where each of its numbers stands.
struct Places<'d, 'a> {
    dom: &'d Dom<'a>,
    at: NodeId,
    end: NodeId,
}

impl Places<'_, '_> {
    /// The next text with these digits.
    fn next_with(&mut self, digits: &str) -> Option<NodeId> {
        let holds = |id: &NodeId| matches!(self.dom.node(*id).kind, Kind::Text(text) if text.contains(digits));
        let found = (self.at..self.end).find(holds)?;
        self.at = found;
        Some(found)
    }
}

fn candidate(
    page: &Page<'_>,
    block: &Block,
    mention: &Mention,
    zone: Zone,
    separator: Option<char>,
) -> Option<Candidate> {
    let local = page.local_currency();
    let currency = match mention.currencies.as_slice() {
        [only] => Some(*only),
        several => local.filter(|local| several.is_empty() || several.contains(local)),
    };
    let hints = NumberHints {
        decimal_separator: page.hints.decimal_separator,
        usual_separator: separator.or_else(|| page.usual_separator()),
        currency,
    };
    let reading = mention.number.read(&hints)?;
    let (text, mentions) = (&block.shown.text, block.shown.mentions().len());
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let few_words = letters <= 24 && mentions <= 3;
    let role = match mention.role {
        Role::Plain if mention.range_end => Role::Threshold,
        Role::Plain if is_bracketed_rate(text) => Role::Unit,
        Role::Plain if few_words && mentions == 1 => role_beside(page.dom, block.node).unwrap_or(Role::Plain),
        role => role,
    };
    let in_name = page
        .title_node
        .is_some_and(|title| page.dom.contains(title, block.node) || page.dom.contains(block.node, title));
    let zone = if in_name { zone.with(Zone::NAME) } else { zone };
    Some(Candidate {
        node: block.node,
        amount: reading.amount,
        other_reading: reading.other,
        certainty: reading.certainty,
        currencies: mention.currencies.clone(),
        has_sign: is_signed(page, mention),
        role,
        zone,
        alone: few_words,
        text: text.clone(),
    })
}

/// The separator before two last digits, where nearly all of the page's prices agree.
fn majority_separator(blocks: &[Block]) -> Option<char> {
    let (mut dots, mut commas) = (0, 0);
    for mention in
        blocks.iter().flat_map(|block| block.shown.mentions()).filter(|mention| !mention.currencies.is_empty())
    {
        match mention.number.fraction_separator() {
            Some('.') => dots += 1,
            Some(',') => commas += 1,
            _ => {}
        }
    }
    match (dots, commas) {
        (dots, commas) if dots > 4 * commas => Some('.'),
        (dots, commas) if commas > 4 * dots => Some(','),
        _ => None,
    }
}

/// The smallest elements that hold a whole price.
fn blocks(dom: &Dom<'_>, zones: &mut Zones<'_>) -> Vec<Block> {
    let mut seen = HashSet::new();
    let mut blocks = Vec::new();
    let mut texts = Texts { dom, known: HashMap::new() };
    let mut id = 1;
    while (id as usize) < dom.nodes.len() && blocks.len() < MOST {
        let node = dom.node(id);
        match node.kind {
            Kind::Element(_) if node.tag.is_unseen() && node.tag != Tag::Noscript => {
                id = node.end;
                continue;
            }
            Kind::Text(text) if has_digit(text) && text.len() < 2 * LONGEST_TEXT => {
                let block = block_of(dom, zones, &mut texts, id);
                if let Some(block) = block.filter(|block| seen.insert(block.node)) {
                    blocks.push(block);
                }
            }
            _ => {}
        }
        id += 1;
    }
    blocks
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || !text.is_ascii() && text.chars().any(char::is_numeric)
}

/// Climbs from a text with a digit to the element that holds the whole price.
fn block_of<'a>(dom: &Dom<'a>, zones: &mut Zones<'_>, texts: &mut Texts<'_, 'a>, text_node: NodeId) -> Option<Block> {
    let mut at = dom.node(text_node).parent;
    let mut shown = texts.of(at);
    let mut priced = false;
    for step in 0..5 {
        if at == 0 || shown.text.len() > LONGEST_TEXT {
            return None;
        }
        priced |= zones.own(at).contains(Zone::PRICE);
        let found = shown.mentions();
        let signed = found.iter().any(|mention| !mention.currencies.is_empty() || mention.is_round);
        if signed && (has_fraction(found) || !fraction_follows(dom, at)) {
            return Some(Block { node: at, digits: text_node, shown });
        }
        // A sign may stand in a neighbour of digits, not of a sentence.
        if !signed && !priced && shown.text.chars().filter(|c| c.is_alphabetic()).count() > 20 {
            return None;
        }
        let parent = dom.node(at).parent;
        let around = texts.of(parent);
        // Digits in an element named a price stand for themselves, unless a sign stands close by.
        let leaves = priced && !zones.own(parent).contains(Zone::PRICE) && around.text.len() > shown.text.len() + 12;
        let full = around.text.len() > 60 || step == 4 || leaves && !signed;
        if full && !found.is_empty() && (priced || signed) {
            return Some(Block { node: at, digits: text_node, shown });
        }
        if full && !priced && around.text.len() > LONGEST_TEXT {
            return None;
        }
        (at, shown) = (parent, around);
    }
    None
}

/// Whether a text is nothing but a price for something in brackets: `($6.24 / pack)`.
fn is_bracketed_rate(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('(') && text.ends_with(')') && text.contains('/')
}

/// Whether a price has its cents already, so that digits that follow are something else: sizes, a count of reviews.
fn has_fraction(found: &[Mention]) -> bool {
    let mut signed = found.iter().filter(|mention| !mention.currencies.is_empty());
    signed.any(|mention| mention.number.fraction_separator().is_some())
}

/// Whether the digits after the decimal separator stand in the element that follows.
fn fraction_follows(dom: &Dom<'_>, id: NodeId) -> bool {
    let parent = dom.node(id).parent;
    let next = (dom.node(id).end..dom.node(parent).end).find_map(|next| match dom.node(next).kind {
        Kind::Text(text) if !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    });
    next.is_some_and(|text| {
        let digits = text.trim_start_matches(['.', ',']);
        digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) || matches!(text, "." | ",")
    })
}

/// Marks amounts that stand in a list of many with the same markup: a category, a carousel without a telling name.
/// Amounts side by side in one element, without links to other pages, are facts about one product instead.
fn mark_crowds(dom: &Dom<'_>, found: &mut [Candidate]) {
    let mut groups: HashMap<u64, (HashSet<Amount>, HashSet<NodeId>)> = HashMap::new();
    let key = |candidate: &Candidate| {
        let mut path = DefaultHasher::new();
        for id in dom.self_and_ancestors(candidate.node).take(4) {
            (dom.name(id), dom.raw_attribute(id, "class")).hash(&mut path);
        }
        path.finish()
    };
    let keys: Vec<u64> = found.iter().map(key).collect();
    for (key, candidate) in keys.iter().zip(found.iter()) {
        let (amounts, parents) = groups.entry(*key).or_default();
        amounts.insert(candidate.amount);
        parents.insert(dom.node(candidate.node).parent);
    }
    for (key, candidate) in keys.iter().zip(found.iter_mut()) {
        let listed = |parents: &HashSet<NodeId>| parents.len() >= 4 || links_away(dom, candidate.node);
        if groups.get(key).is_some_and(|(amounts, parents)| amounts.len() >= 4 && listed(parents)) {
            candidate.zone = candidate.zone.with(Zone::CROWD);
        }
    }
}

/// Whether an element holds a link to another page.
fn links_away(dom: &Dom<'_>, id: NodeId) -> bool {
    let leads = |inner: NodeId| dom.raw_attribute(inner, "href").is_some_and(|href| !href.trim().starts_with('#'));
    dom.descendants(id).any(|inner| dom.node(inner).tag == Tag::A && leads(inner))
}
