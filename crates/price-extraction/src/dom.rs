//! A page as a flat tree: nodes in document order, each knowing its parent and where its descendants end, so that no
//! walk needs recursion. Names and texts are slices of the page.

mod entities;
mod parser;
mod queries;
mod text;

pub(crate) use entities::unescape;
pub(crate) use parser::{ParseLimit, parse};

/// Index of a node.
pub(crate) type NodeId = u32;

/// One attribute; the value still has its character references.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    /// An element by its name as written.
    Element(&'a str),
    /// Text, or the content of a script.
    Text(&'a str),
}

/// One node of the tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    pub kind: Kind<'a>,
    pub tag: Tag,
    pub parent: NodeId,
    /// The first node after this one that is not inside it.
    pub end: NodeId,
    attributes: (u32, u32),
}

/// A parsed page. Node 0 is the root, an element without a name.
#[derive(Debug)]
pub(crate) struct Dom<'a> {
    /// The page as text.
    pub source: &'a str,
    pub nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
}

macro_rules! tags {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// The elements that reading treats in a special way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Tag { $($name),+, Other, Text }

        impl Tag {
            /// The tag of a name in any case.
            pub fn of(name: &str) -> Self {
                let bytes = name.as_bytes();
                if bytes.len() > 10 {
                    return Self::Other;
                }
                let mut lower = [0u8; 10];
                for (to, from) in lower.iter_mut().zip(bytes) {
                    *to = from.to_ascii_lowercase();
                }
                match std::str::from_utf8(&lower[..bytes.len()]) {
                    $(Ok($text) => Self::$name,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    A = "a", Abbr = "abbr", Address = "address", Area = "area", Article = "article", Aside = "aside", B = "b",
    Base = "base", Big = "big", Blockquote = "blockquote", Body = "body", Br = "br", Button = "button", Caption = "caption",
    Code = "code", Col = "col", Data = "data", Dd = "dd", Del = "del", Details = "details", Dialog = "dialog", Div = "div",
    Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset", Figure = "figure", Font = "font",
    Footer = "footer", Form = "form", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head",
    Header = "header", Hr = "hr", Html = "html", I = "i", Iframe = "iframe", Img = "img", Input = "input", Ins = "ins",
    Label = "label", Li = "li", Link = "link", Main = "main", Meta = "meta", Nav = "nav", Noscript = "noscript",
    Ol = "ol", Optgroup = "optgroup", Opt = "option", P = "p", Param = "param", Pre = "pre", S = "s", Script = "script",
    Section = "section", Select = "select", Small = "small", Source = "source", Span = "span", Strike = "strike",
    Strong = "strong", Style = "style", Sub = "sub", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody",
    Td = "td", Template = "template", Textarea = "textarea", Tfoot = "tfoot", Th = "th", Thead = "thead", Time = "time",
    Title = "title", Tr = "tr", Track = "track", Tt = "tt", U = "u", Ul = "ul", Wbr = "wbr",
}

impl Tag {
    /// Elements that never have content.
    pub const fn is_void(self) -> bool {
        matches!(
            self,
            Self::Area
                | Self::Base
                | Self::Br
                | Self::Col
                | Self::Embed
                | Self::Hr
                | Self::Img
                | Self::Input
                | Self::Link
                | Self::Meta
                | Self::Param
                | Self::Source
                | Self::Track
                | Self::Wbr
        )
    }

    /// Elements whose content is text to the end tag, whatever it holds.
    pub const fn is_raw_text(self) -> bool {
        matches!(self, Self::Script | Self::Style | Self::Textarea | Self::Title | Self::Iframe)
    }

    /// Elements that mark up characters and may be wrongly nested with blocks.
    pub const fn is_formatting(self) -> bool {
        matches!(
            self,
            Self::A
                | Self::B
                | Self::Big
                | Self::Code
                | Self::Em
                | Self::Font
                | Self::I
                | Self::S
                | Self::Small
                | Self::Strike
                | Self::Strong
                | Self::Tt
                | Self::U
        )
    }

    /// Elements that stand beside their neighbours on a line.
    pub const fn is_inline(self) -> bool {
        self.is_formatting()
            || matches!(
                self,
                Self::Span
                    | Self::Sup
                    | Self::Sub
                    | Self::Abbr
                    | Self::Data
                    | Self::Del
                    | Self::Ins
                    | Self::Time
                    | Self::Label
                    | Self::Other
                    | Self::Wbr
                    | Self::Meta
                    | Self::Link
                    | Self::Script
                    | Self::Text
            )
    }

    /// Elements that close an open paragraph.
    pub const fn is_block(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Details
                | Self::Dialog
                | Self::Div
                | Self::Dl
                | Self::Fieldset
                | Self::Figure
                | Self::Footer
                | Self::Form
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Header
                | Self::Hr
                | Self::Main
                | Self::Nav
                | Self::Ol
                | Self::P
                | Self::Pre
                | Self::Section
                | Self::Table
                | Self::Ul
        )
    }

    /// Elements that an end tag of an inline element does not reach across.
    pub const fn is_special(self) -> bool {
        self.is_block()
            || matches!(
                self,
                Self::Body
                    | Self::Button
                    | Self::Caption
                    | Self::Dd
                    | Self::Dt
                    | Self::Head
                    | Self::Html
                    | Self::Li
                    | Self::Noscript
                    | Self::Select
                    | Self::Tbody
                    | Self::Td
                    | Self::Template
                    | Self::Tfoot
                    | Self::Th
                    | Self::Thead
                    | Self::Tr
            )
    }

    /// Whether its text is never shown as such.
    pub const fn is_unseen(self) -> bool {
        matches!(
            self,
            Self::Script
                | Self::Style
                | Self::Template
                | Self::Head
                | Self::Noscript
                | Self::Svg
                | Self::Iframe
                | Self::Textarea
                | Self::Title
        )
    }
}
