//! Asking the tree: attributes, ancestors, descendants.

use std::borrow::Cow;

use super::{Attribute, Dom, Kind, Node, NodeId, Tag, unescape};

impl<'a> Dom<'a> {
    /// A node by its index.
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// The attributes of a node, values as written.
    pub fn attributes(&self, id: NodeId) -> &[Attribute<'a>] {
        let (from, to) = self.node(id).attributes;
        &self.attributes[from as usize..to as usize]
    }

    /// An attribute's value as written. An attribute without a value is the empty text.
    pub fn raw_attribute(&self, id: NodeId, name: &str) -> Option<&'a str> {
        self.attributes(id)
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map(|attribute| attribute.value)
    }

    /// An attribute's value with its character references replaced.
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<Cow<'a, str>> {
        self.raw_attribute(id, name).map(unescape)
    }

    /// The element's name as written; empty for text.
    pub fn name(&self, id: NodeId) -> &'a str {
        match self.node(id).kind {
            Kind::Element(name) => name,
            Kind::Text(_) => "",
        }
    }

    /// The nodes above, the nearest first, without the root.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            at = self.node(at).parent;
            (at != 0).then_some(at)
        })
    }

    /// The node and those above it, without the root.
    pub fn self_and_ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::once(id).chain(self.ancestors(id))
    }

    /// All nodes inside, in document order.
    pub fn descendants(&self, id: NodeId) -> std::ops::Range<NodeId> {
        id + 1..self.node(id).end
    }

    /// All elements of one kind, in document order.
    pub fn elements(&self, tag: Tag) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len() as NodeId).filter(move |id| self.node(*id).tag == tag)
    }

    /// Whether `inner` is `outer` or inside it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner < self.node(outer).end
    }

    /// The texts with a letter or a digit that begin within so many nodes behind another.
    pub fn texts_behind(&self, id: NodeId, reach: NodeId) -> impl Iterator<Item = (NodeId, &'a str)> + '_ {
        let end = self.node(id).end;
        let last = (end + reach).min(self.nodes.len() as NodeId);
        (end..last).filter_map(|near| match self.node(near).kind {
            Kind::Text(text) if text.chars().any(char::is_alphanumeric) => Some((near, text)),
            _ => None,
        })
    }

    /// The content of a script or title: its text as written.
    pub fn raw_text(&self, id: NodeId) -> &'a str {
        self.descendants(id)
            .find_map(|inner| match self.node(inner).kind {
                Kind::Text(text) => Some(text),
                Kind::Element(_) => None,
            })
            .unwrap_or("")
    }
}
