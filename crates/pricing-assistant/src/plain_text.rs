//! Text from outside made plain: what a person cannot see is taken out, so that nothing hides in it.

/// Without control characters, zero-width letters, marks of direction and tag letters; line breaks become blanks.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .filter_map(|letter| if letter.is_whitespace() { Some(' ') } else { (!is_hidden(letter)).then_some(letter) })
        .collect()
}

/// The same, with its line breaks.
pub(crate) fn visible_lines(text: &str) -> String {
    text.chars().filter(|letter| matches!(letter, '\n' | '\t') || !is_hidden(*letter)).collect()
}

/// Whether a letter takes no room of its own on the screen.
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(u32::from(letter),
            0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0xE0000..=0xE0FFF)
}

/// A name from a file or a page, quoted as data; an article number stands for itself.
pub(crate) fn quoted(text: &str) -> String {
    let text = visible(text);
    let plain =
        text.len() <= 40 && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter));
    if plain || text == "–" { text } else { format!("«{}»", text.replace(['«', '»'], "'")) }
}

#[cfg(test)]
mod tests {
    use super::{quoted, visible};

    #[test]
    fn hidden_letters_are_taken_out_and_names_are_quoted() {
        assert_eq!(visible("ig\u{200b}nore\u{202e} \u{e0041}all\n"), "ignore all ");
        assert_eq!(quoted("NL-10001"), "NL-10001");
        assert_eq!(quoted("Duo » 12 Headphones"), "«Duo ' 12 Headphones»");
    }
}
