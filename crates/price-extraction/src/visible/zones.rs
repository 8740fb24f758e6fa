//! What the markup around an element says of it: struck out, in a carousel, a price per unit, hidden.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{buttons, cards, sections};
use crate::dom::{Dom, NodeId, Tag};

/// A set of things that the markup around an element says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Zone(u32);

impl Zone {
    pub const PRICE: Self = Self(1);
    pub const CURRENT: Self = Self(1 << 1);
    pub const STRUCK: Self = Self(1 << 2);
    pub const ELSEWHERE: Self = Self(1 << 3);
    pub const LINK: Self = Self(1 << 4);
    pub const HIDDEN: Self = Self(1 << 5);
    pub const OPTION: Self = Self(1 << 6);
    pub const SAVING: Self = Self(1 << 7);
    pub const SHIPPING: Self = Self(1 << 8);
    pub const UNIT: Self = Self(1 << 9);
    pub const INSTALMENT: Self = Self(1 << 10);
    pub const MEMBER: Self = Self(1 << 11);
    pub const MAIN: Self = Self(1 << 12);
    pub const CROWD: Self = Self(1 << 13);
    pub const STOCK: Self = Self(1 << 14);
    pub const USED: Self = Self(1 << 15);
    /// A discount stated beside it proves it to be the reduced price.
    pub const REDUCED: Self = Self(1 << 16);
    /// It stands in the product's name.
    pub const NAME: Self = Self(1 << 17);

    /// Whether all of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The zones by their names in the list of class names.
const NAMED: [(&str, Zone); 13] = [
    ("price", Zone::PRICE),
    ("current", Zone::CURRENT),
    ("struck", Zone::STRUCK),
    ("elsewhere", Zone::ELSEWHERE),
    ("saving", Zone::SAVING),
    ("shipping", Zone::SHIPPING),
    ("unit", Zone::UNIT),
    ("instalment", Zone::INSTALMENT),
    ("member", Zone::MEMBER),
    ("main", Zone::MAIN),
    ("hidden", Zone::HIDDEN),
    ("stock", Zone::STOCK),
    ("used", Zone::USED),
];

/// Zones that hold only for the element itself and the few above it, not for a whole page section.
const CLOSE: Zone = Zone(
    Zone::PRICE.0
        | Zone::CURRENT.0
        | Zone::STRUCK.0
        | Zone::SAVING.0
        | Zone::SHIPPING.0
        | Zone::UNIT.0
        | Zone::INSTALMENT.0
        | Zone::MEMBER.0
        | Zone::STOCK.0
        | Zone::USED.0,
);

/// Zones that say nothing of an element that holds the product's name.
const ABOUT_OTHERS: Zone = Zone(Zone::ELSEWHERE.0 | Zone::HIDDEN.0);

struct Names {
    matcher: AhoCorasick,
    zones: Vec<Zone>,
}

static MATCHER: LazyLock<Names> = LazyLock::new(|| {
    let (mut patterns, mut zones) = (Vec::new(), Vec::new());
    for line in include_str!("../../data/zone_names.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (name, parts) = line.split_once('\t').expect("two columns");
        let zone = NAMED.iter().find(|(known, _)| *known == name).map(|(_, zone)| *zone).expect("a known zone");
        for part in parts.split('|') {
            patterns.push(part);
            zones.push(zone);
        }
    }
    let matcher = AhoCorasick::builder().ascii_case_insensitive(true).build(&patterns);
    Names { matcher: matcher.expect("the list of names is small"), zones }
});

/// Remembers what each element says by itself.
pub(crate) struct Zones<'a> {
    dom: &'a Dom<'a>,
    /// Where the product's name stands: what holds it is about the product, whatever its class is called.
    title: Option<NodeId>,
    /// Parts that show other products: under a heading that announces them, or with the form of a card.
    of_others: Vec<(NodeId, NodeId)>,
    /// How many cards there are.
    cards: usize,
    own: Vec<Option<Zone>>,
}

impl<'a> Zones<'a> {
    /// Nothing looked at yet.
    pub fn new(dom: &'a Dom<'a>, title: Option<NodeId>) -> Self {
        let mut of_others = sections::of_others(dom, title);
        let cards = cards::of_others(dom, title);
        let count = cards.len();
        of_others.extend(cards);
        Self { dom, title, of_others, cards: count, own: vec![None; dom.nodes.len()] }
    }

    /// Whether a node stands in a part that is known to show other products.
    pub fn is_of_others(&self, id: NodeId) -> bool {
        self.of_others.iter().any(|(from, to)| (*from..*to).contains(&id))
    }

    /// Adds cards of other products.
    pub fn add_cards(&mut self, cards: Vec<(NodeId, NodeId)>) {
        self.cards += cards.len();
        self.of_others.extend(cards);
    }

    /// Whether the page shows several cards of other products, as lists do.
    pub const fn has_cards(&self) -> bool {
        self.cards >= 2
    }

    /// What everything around a node says of it.
    pub fn around(&mut self, id: NodeId) -> Zone {
        let mut zone = if self.is_of_others(id) { Zone::ELSEWHERE } else { Zone::default() };
        let mut at = id;
        let mut steps = 0;
        while at != 0 {
            let own = self.own(at);
            let reach = if steps <= 3 { Zone(u32::MAX) } else { Zone(!CLOSE.0) };
            let whole_page = matches!(self.dom.node(at).tag, Tag::Body | Tag::Html | Tag::Main);
            if !whole_page {
                let holds_title = self.title.is_some_and(|title| self.dom.contains(at, title));
                let meant = if holds_title { Zone(!ABOUT_OTHERS.0) } else { Zone(u32::MAX) };
                zone = zone.with(own.only(reach).only(meant));
            }
            at = self.dom.node(at).parent;
            steps += 1;
        }
        zone
    }

    /// What an element's own name and attributes say.
    pub fn own(&mut self, id: NodeId) -> Zone {
        if let Some(known) = self.own[id as usize] {
            return known;
        }
        let zone = self.read(id);
        self.own[id as usize] = Some(zone);
        zone
    }

    fn read(&self, id: NodeId) -> Zone {
        let mut zone = match self.dom.node(id).tag {
            Tag::Del | Tag::S | Tag::Strike => Zone::STRUCK,
            Tag::Nav | Tag::Footer => Zone::ELSEWHERE,
            Tag::Aside if !buttons::is_buy_box(self.dom, id) => Zone::ELSEWHERE,
            Tag::Header if self.dom.descendants(id).all(|inner| self.dom.node(inner).tag != Tag::H1) => Zone::ELSEWHERE,
            Tag::A => {
                if self.dom.raw_attribute(id, "href").is_some_and(leads_away) {
                    Zone::LINK
                } else {
                    Zone::default()
                }
            }
            Tag::Opt | Tag::Select => Zone::OPTION,
            _ => Zone::default(),
        };
        for attribute in self.dom.attributes(id) {
            match lower_case(attribute.name).as_ref() {
                "class" | "id" | "itemprop" | "data-testid" | "data-test" | "data-qa" | "data-hook"
                | "data-automation" | "data-role" => {
                    for hit in MATCHER.matcher.find_overlapping_iter(attribute.value) {
                        zone = zone.with(self.named(hit.pattern().as_usize(), attribute.value, hit.start(), hit.end()));
                    }
                }
                "style" => zone = zone.with(styled(attribute.value)),
                "hidden" => zone = zone.with(Zone::HIDDEN),
                "data-a-strike" if attribute.value == "true" => zone = zone.with(Zone::STRUCK),
                _ => {}
            }
        }
        zone
    }

    /// What a part of a name says: only at the beginning of a word of the name, for short parts.
    fn named(&self, pattern: usize, value: &str, start: usize, end: usize) -> Zone {
        let zone = MATCHER.zones[pattern];
        let before = value[..start].chars().next_back();
        let first = value[start..].chars().next();
        let starts_word = before.is_none_or(|c| !c.is_ascii_alphanumeric())
            || before.is_some_and(|c| c.is_ascii_lowercase()) && first.is_some_and(|c| c.is_ascii_uppercase());
        let whole = zone != Zone::HIDDEN
            || !value[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        // “pris” is also in “enterprise”, and “hind” in “behind”.
        let is_loose = zone == Zone::PRICE && !matches!(&value[start..end], "pris" | "hind");
        if is_loose || starts_word && whole { zone } else { Zone::default() }
    }
}

/// The name in lower case; names hardly ever need it.
fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether a link leads to another page than this one.
pub(crate) fn leads_away(href: &str) -> bool {
    let href = href.trim();
    !(href.is_empty() || href.starts_with('#') || href.to_ascii_lowercase().starts_with("javascript:"))
}

fn styled(style: &str) -> Zone {
    let compact: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let away = |side: &str| {
        let shift = compact.split(side).nth(1).unwrap_or("");
        shift.chars().take_while(char::is_ascii_digit).count() >= 4
    };
    let hidden = ["display:none", "visibility:hidden", "opacity:0;"].iter().any(|said| compact.contains(said))
        || compact.ends_with("opacity:0")
        || ["left:-", "top:-", "text-indent:-"].iter().any(|side| away(side));
    let struck = compact.contains("line-through");
    match (hidden, struck) {
        (true, true) => Zone::HIDDEN.with(Zone::STRUCK),
        (true, false) => Zone::HIDDEN,
        (false, true) => Zone::STRUCK,
        (false, false) => Zone::default(),
    }
}
