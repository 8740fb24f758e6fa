//! Parses HTML of any quality in one pass. Follows the standard's implied end tags and the way it ignores stray ones;
//! leaves out what only rendering needs (foster parenting, reopened formatting elements).

use memchr::{memchr, memmem};

use super::{Attribute, Dom, Kind, Node, NodeId, Tag};

/// Deepest nesting that is read. Real pages stay below 150.
const DEEPEST: usize = 1_500;
/// Most nodes and most attributes that are read.
const MOST_NODES: usize = 600_000;
/// How far up an end tag looks for its start tag.
const LOOK_UP: usize = 200;

/// Why a page was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParseLimit {
    /// Nested more deeply than any shop's page.
    Depth,
    /// More elements than any shop's page.
    Nodes,
}

struct Parser<'a> {
    source: &'a str,
    dom: Dom<'a>,
    open: Vec<Open<'a>>,
}

struct Open<'a> {
    node: NodeId,
    tag: Tag,
    name: &'a str,
    /// Its end tag came while blocks inside it were open: it closes with the innermost of them.
    closing: bool,
}

/// Parses a page. Takes time proportional to its length.
pub(crate) fn parse(source: &str) -> Result<Dom<'_>, ParseLimit> {
    let nodes = Vec::with_capacity(source.len() / 48);
    let mut parser = Parser { source, dom: Dom { source, nodes, attributes: Vec::new() }, open: Vec::new() };
    parser.push(Kind::Element(""), Tag::Other, (0, 0));
    parser.open.push(Open { node: 0, tag: Tag::Other, name: "", closing: false });
    parser.run()?;
    let end = parser.dom.nodes.len() as NodeId;
    parser.open.iter().for_each(|open| parser.dom.nodes[open.node as usize].end = end);
    Ok(parser.dom)
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), ParseLimit> {
        let mut at = 0;
        let bytes = self.source.as_bytes();
        while at < bytes.len() {
            if self.dom.nodes.len() > MOST_NODES || self.dom.attributes.len() > 2 * MOST_NODES {
                return Err(ParseLimit::Nodes);
            }
            let Some(tag_at) = self.next_tag(at) else {
                self.text(at, bytes.len());
                break;
            };
            self.text(at, tag_at);
            at = match bytes[tag_at + 1] {
                b'/' => self.end_tag(tag_at),
                b'!' | b'?' => self.declaration(tag_at),
                _ => self.start_tag(tag_at)?,
            };
        }
        Ok(())
    }

    /// The next `<` that begins a tag, an end tag, a comment or a declaration.
    fn next_tag(&self, mut at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        loop {
            at += memchr(b'<', &bytes[at..])?;
            match bytes.get(at + 1) {
                Some(b'!' | b'?') => return Some(at),
                Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => return Some(at),
                Some(byte) if byte.is_ascii_alphabetic() => return Some(at),
                _ => at += 1,
            }
        }
    }

    fn push(&mut self, kind: Kind<'a>, tag: Tag, attributes: (u32, u32)) -> NodeId {
        let id = self.dom.nodes.len() as NodeId;
        let parent = self.open.last().map_or(0, |open| open.node);
        self.dom.nodes.push(Node { kind, tag, parent, end: id + 1, attributes });
        id
    }

    fn text(&mut self, from: usize, to: usize) {
        let text = &self.source[from..to];
        if !text.bytes().all(|byte| byte.is_ascii_whitespace()) || !text.is_empty() && self.inline_context() {
            self.push(Kind::Text(text), Tag::Text, (0, 0));
        }
    }

    /// Whether blanks here set two words apart.
    fn inline_context(&self) -> bool {
        self.dom.nodes.last().is_some_and(|node| node.tag.is_inline())
    }

    fn declaration(&self, at: usize) -> usize {
        let bytes = self.source.as_bytes();
        let comment = bytes[at..].starts_with(b"<!--");
        let cdata = bytes[at..].starts_with(b"<![CDATA[");
        let (start, needle): (usize, &[u8]) = match (comment, cdata) {
            (true, _) => (at + 4, b"-->"),
            (_, true) => (at + 9, b"]]>"),
            _ => (at + 2, b">"),
        };
        if comment && bytes[start..].starts_with(b">") {
            return start + 1;
        }
        memmem::find(&bytes[start.min(bytes.len())..], needle).map_or(bytes.len(), |found| start + found + needle.len())
    }

    fn name_end(&self, from: usize) -> usize {
        let bytes = &self.source.as_bytes()[from..];
        from + bytes
            .iter()
            .position(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace())
            .unwrap_or(bytes.len())
    }

    fn end_tag(&mut self, at: usize) -> usize {
        let name_end = self.name_end(at + 2);
        let name = &self.source[at + 2..name_end];
        self.close(Tag::of(name), name);
        memchr(b'>', &self.source.as_bytes()[name_end..]).map_or(self.source.len(), |found| name_end + found + 1)
    }

    fn start_tag(&mut self, at: usize) -> Result<usize, ParseLimit> {
        let name_end = self.name_end(at + 1);
        let name = &self.source[at + 1..name_end];
        let tag = Tag::of(name);
        let first = self.dom.attributes.len() as u32;
        let (after, self_closed) = self.attributes(name_end);
        let attributes = (first, self.dom.attributes.len() as u32);
        self.imply_ends(tag);
        // The template of a shadow tree is shown where it stands.
        let is_shadow = tag == Tag::Template
            && self.dom.attributes[first as usize..].iter().any(|one| one.name.eq_ignore_ascii_case("shadowrootmode"));
        let shown = if is_shadow { Tag::Div } else { tag };
        let node = self.push(Kind::Element(name), shown, attributes);
        if tag.is_void() || self_closed && tag == Tag::Other {
            return Ok(after);
        }
        if self.open.len() >= DEEPEST {
            return Err(ParseLimit::Depth);
        }
        self.open.push(Open { node, tag, name, closing: false });
        if tag.is_raw_text() { Ok(self.raw_text(tag, name, after)) } else { Ok(after) }
    }

    /// Takes the content of a script or style up to its end tag.
    fn raw_text(&mut self, tag: Tag, name: &'a str, from: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = from;
        let end = loop {
            let Some(found) = memmem::find(&bytes[at..], b"</") else { break bytes.len() };
            at += found;
            let candidate = bytes.get(at + 2..at + 2 + name.len());
            if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes())) {
                break at;
            }
            at += 2;
        };
        if end > from {
            let text = &self.source[from..end];
            self.push(Kind::Text(text), Tag::Text, (0, 0));
        }
        self.close(tag, name);
        memchr(b'>', &bytes[end..]).map_or(bytes.len(), |found| end + found + 1)
    }

    /// Reads the attributes of a start tag. Gives the position after `>` and whether the tag closed itself.
    fn attributes(&mut self, mut at: usize) -> (usize, bool) {
        let bytes = self.source.as_bytes();
        let mut slash = false;
        loop {
            while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
                slash = bytes[at] == b'/';
                at += 1;
            }
            match bytes.get(at) {
                None => return (bytes.len(), slash),
                Some(b'>') => return (at + 1, slash),
                _ => {}
            }
            slash = false;
            let name_start = at;
            at += 1;
            while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/')) {
                at += 1;
            }
            let name = &self.source[name_start..at];
            let value;
            (value, at) = self.attribute_value(at);
            self.dom.attributes.push(Attribute { name, value });
        }
    }

    fn attribute_value(&self, mut at: usize) -> (&'a str, usize) {
        let bytes = self.source.as_bytes();
        let blanks = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let after_name = at + blanks(at);
        if bytes.get(after_name) != Some(&b'=') {
            return ("", at);
        }
        at = after_name + 1;
        at += blanks(at);
        match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = memchr(*quote, &bytes[at + 1..]).map_or(bytes.len(), |found| at + 1 + found);
                (&self.source[at + 1..end], (end + 1).min(bytes.len()))
            }
            _ => {
                let length = bytes[at..].iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
                let end = length.map_or(bytes.len(), |length| at + length);
                (&self.source[at..end], end)
            }
        }
    }

    /// Closes what a start tag implies to be closed.
    fn imply_ends(&mut self, tag: Tag) {
        let (closes, within): (&[Tag], &[Tag]) = match tag {
            Tag::Li => (&[Tag::Li], &[Tag::Ul, Tag::Ol]),
            Tag::Dd | Tag::Dt => (&[Tag::Dd, Tag::Dt], &[Tag::Dl]),
            Tag::Opt => (&[Tag::Opt], &[Tag::Select]),
            Tag::Optgroup => (&[Tag::Opt, Tag::Optgroup], &[Tag::Select]),
            Tag::Td | Tag::Th => (&[Tag::Td, Tag::Th], &[Tag::Table, Tag::Tr]),
            Tag::Tr => (&[Tag::Tr], &[Tag::Table]),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => (&[Tag::Tbody, Tag::Thead, Tag::Tfoot], &[Tag::Table]),
            Tag::A => (&[Tag::A], &[Tag::Table, Tag::Body]),
            Tag::Body => (&[Tag::Head], &[Tag::Body]),
            Tag::Button => (&[Tag::Button], &[Tag::Body]),
            _ if tag.is_block() => (&[Tag::P], &[Tag::Table, Tag::Button, Tag::Td, Tag::Div, Tag::Li]),
            _ => return,
        };
        let found = self.open.iter().rposition(|open| closes.contains(&open.tag) || within.contains(&open.tag));
        if let Some(index) = found.filter(|index| closes.contains(&self.open[*index].tag)) {
            let across_blocks = self.open[index + 1..].iter().any(|open| open.tag.is_block());
            if !(tag == Tag::A && across_blocks) {
                self.pop_to(index);
            }
        }
    }

    fn close(&mut self, tag: Tag, name: &'a str) {
        let lowest = self.open.len().saturating_sub(LOOK_UP).max(1);
        let Some(index) = (lowest..self.open.len()).rev().find(|index| same(&self.open[*index], tag, name)) else {
            return;
        };
        let across = self.open[index + 1..].iter().any(|open| open.tag.is_special());
        let structural = matches!(tag, Tag::Table | Tag::Body | Tag::Html);
        let past_cell = self.open[index + 1..].iter().any(|open| matches!(open.tag, Tag::Td | Tag::Th | Tag::Table));
        match () {
            () if tag.is_formatting() && across => self.open[index].closing = true,
            () if !tag.is_special() && across => {}
            () if past_cell
                && !structural
                && !matches!(tag, Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Td | Tag::Th) => {}
            () => self.pop_to(index),
        }
    }

    /// Closes the open elements down to `index`, and those before it that wait for that.
    fn pop_to(&mut self, index: usize) {
        let end = self.dom.nodes.len() as NodeId;
        while self.open.len() > index.max(1) || self.open.len() > 1 && self.open.last().is_some_and(|open| open.closing)
        {
            let open = self.open.pop().expect("longer than one");
            self.dom.nodes[open.node as usize].end = end;
        }
    }
}

fn same(open: &Open<'_>, tag: Tag, name: &str) -> bool {
    open.tag == tag && (tag != Tag::Other || open.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{ParseLimit, parse};
    use crate::dom::Kind;

    fn outline(source: &str) -> String {
        let dom = parse(source).expect("within the limits");
        let mut out = String::new();
        let mut open: Vec<u32> = Vec::new();
        for (id, node) in dom.nodes.iter().enumerate().skip(1) {
            while open.last().is_some_and(|end| *end <= id as u32) {
                open.pop();
                out.push(')');
            }
            match node.kind {
                Kind::Element(name) => {
                    out.push_str(name);
                    out.push('(');
                    open.push(node.end);
                }
                Kind::Text(text) => out.push_str(text.trim()),
            }
        }
        out.push_str(&")".repeat(open.len()));
        out
    }

    #[test]
    fn implied_and_stray_end_tags_are_handled_as_browsers_do() {
        assert_eq!(outline("<ul><li>a<li>b</ul>c"), "ul(li(a)li(b))c");
        assert_eq!(outline("<p>a<div>b</p></div>c"), "p(a)div(b)c");
        assert_eq!(outline("<div><span>a</div>b</span>"), "div(span(a))b");
        assert_eq!(outline("<div><a><div>x</a>y</div>z</div>w"), "div(a(div(xy))z)w");
        assert_eq!(outline("<table><tr><td>1<td>2<tr><td>3</table>4"), "table(tr(td(1)td(2))tr(td(3)))4");
        assert_eq!(outline("<script>if(a<b){'</div>'}</script><b>x"), "script(if(a<b){'</div>'})b(x)");
        assert_eq!(outline("a < b <!-- <p> --> <br/>c"), "a < bbr()c");
    }

    #[test]
    fn a_page_nested_without_end_is_refused_quickly() {
        assert_eq!(parse(&"<div>".repeat(100_000)).map(|_| ()), Err(ParseLimit::Depth));
        assert_eq!(parse(&"<b></b>".repeat(700_000)).map(|_| ()), Err(ParseLimit::Nodes));
        assert!(parse(&format!("<p {}>", "a=b ".repeat(50_000))).is_ok());
        assert!(parse(&format!("<p title=\"{}", "x".repeat(5_000_000))).is_ok());
    }
}
