//! A model's Markdown as pieces of an answer: paragraphs and tables. Links lose their address, images and markup vanish,
//! so that an answer can lead nowhere that our own look-ups do not lead.

use app_contract::{AnswerRow, AnswerTable};

use crate::composer::Block;
use crate::plain_text::visible_lines;

/// Longest table that a model may write.
const MOST_ROWS: usize = 50;
/// In place of an address.
const ADDRESS: &str = "(address left out)";

/// The pieces of a text.
pub(super) fn blocks(text: &str, step: u32) -> Vec<Block> {
    let text = visible_lines(text);
    let (mut blocks, mut paragraph) = (Vec::new(), String::new());
    let mut lines = text.lines().peekable();
    let end = |paragraph: &mut String, blocks: &mut Vec<Block>| {
        if !paragraph.trim().is_empty() {
            blocks.push(Block::Prose(std::mem::take(paragraph).trim().to_owned()));
        }
        paragraph.clear();
    };
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.starts_with('|') {
            let mut rows = vec![line];
            while let Some(more) = lines.next_if(|next| next.trim().starts_with('|')) {
                rows.push(more.trim());
            }
            end(&mut paragraph, &mut blocks);
            blocks.extend(table(&rows, step));
            continue;
        }
        if line.is_empty()
            || line.chars().all(|letter| matches!(letter, '-' | '*' | '_' | '='))
            || line.starts_with("```")
        {
            end(&mut paragraph, &mut blocks);
            continue;
        }
        let (begins, words) = line_of(line);
        if begins {
            end(&mut paragraph, &mut blocks);
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(&words);
    }
    end(&mut paragraph, &mut blocks);
    blocks
}

/// A line without its marks; `true`: it begins a paragraph.
fn line_of(line: &str) -> (bool, String) {
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() {
        return (true, inline(heading.trim()));
    }
    for mark in ["- ", "* ", "+ ", "• ", "> "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (true, format!("• {}", inline(rest.trim())));
        }
    }
    // “1. ” is a mark of a list and no figure.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits)
        && let Some(rest) = line[digits..].strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix(' '))
    {
        return (true, format!("• {}", inline(rest.trim())));
    }
    (false, inline(line))
}

/// Words without marks, tags, links and addresses.
pub(super) fn inline(text: &str) -> String {
    let text = without_links(text);
    let text = without_tags(&text);
    let words = text.split(' ').map(|word| if is_address(word) { ADDRESS } else { word });
    let text = words.collect::<Vec<_>>().join(" ");
    text.replace("**", "").replace("__", "").replace(['`', '*'], "")
}

/// Whether a word may be an address.
pub(super) fn is_address(word: &str) -> bool {
    let lower = word.to_lowercase();
    ["://", "www.", "mailto:", "javascript:", "data:", "file:"].iter().any(|mark| lower.contains(mark))
}

/// `[words](address)` becomes its words, `![words](address)` nothing.
fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(middle) = rest.find("](") {
        let Some(start) = rest[..middle].rfind('[') else {
            kept.push_str(&rest[..middle]);
            rest = rest[middle + 2..].split_once(')').map_or("", |(_, after)| after);
            continue;
        };
        let is_image = rest[..start].ends_with('!');
        kept.push_str(&rest[..start - usize::from(is_image)]);
        if !is_image {
            kept.push_str(&rest[start + 1..middle]);
        }
        rest = rest[middle + 2..].split_once(')').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// What stands between `<` and `>` where it looks like a tag.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let after = &rest[start + 1..];
        let tag = after.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?'));
        kept.push_str(&rest[..start]);
        if !tag {
            kept.push('<');
            rest = after;
            continue;
        }
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

fn table(lines: &[&str], step: u32) -> Option<Block> {
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| inline(cell.trim())).collect() };
    let rule = |line: &&&str| !line.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' '));
    let mut rows = lines.iter().filter(rule).map(|line| cells(line));
    let titles = rows.next()?;
    let rows: Vec<Vec<String>> = rows
        .take(MOST_ROWS)
        .map(|mut row| {
            row.resize(titles.len(), String::new());
            row
        })
        .collect();
    if rows.is_empty() || titles.len() > 12 {
        return None;
    }
    let numeric = |column: usize| {
        rows.iter().all(|row| {
            row[column].is_empty()
                || row[column].trim_start_matches(['-', '−', '+']).starts_with(|letter: char| letter.is_ascii_digit())
        })
    };
    let columns = titles.iter().enumerate().map(|(place, title)| (title.clone(), numeric(place))).collect();
    let total = rows.len() as u64;
    let rows = rows.into_iter().map(|cells| AnswerRow { cells, link: None }).collect();
    Some(Block::Table(AnswerTable { title: String::new(), columns, rows, total, step }))
}

#[cfg(test)]
mod tests {
    use super::{blocks, inline};
    use crate::composer::Block;

    #[test]
    fn links_images_tags_and_addresses_lead_nowhere() {
        for (written, kept) in [
            ("See [the list](https://evil.example/?q=27.20) now", "See the list now"),
            ("![x](https://evil.example/a.png?margin=8) Done", " Done"),
            ("<img src=\"https://evil.example/?a\"> and <b>bold</b>", " and bold"),
            ("Go to https://evil.example/?k=1 or www.evil.example", "Go to (address left out) or (address left out)"),
            ("**bold** `code` a < b", "bold code a < b"),
            ("open ](javascript:alert(1)) it", "open ) it"),
        ] {
            assert_eq!(inline(written), kept, "{written}");
        }
    }

    #[test]
    fn paragraphs_lists_and_tables_become_blocks() {
        let text = "## Result\n\nWe are dearer\nat two shops:\n- ElektroMax\n1. Strompfeil\n\n| SKU | Price |\n|---|---:|\n| A-1 | 12.30 EUR |\n";
        let found = blocks(text, 0);
        let words: Vec<String> = found
            .iter()
            .map(|block| match block {
                Block::Prose(text) => text.clone(),
                Block::Table(table) => format!("{:?} {:?}", table.columns, table.rows[0].cells),
                _ => String::new(),
            })
            .collect();
        assert_eq!(
            words,
            [
                "Result",
                "We are dearer at two shops:",
                "• ElektroMax",
                "• Strompfeil",
                "[(\"SKU\", false), (\"Price\", true)] [\"A-1\", \"12.30 EUR\"]",
            ]
        );
    }
}
