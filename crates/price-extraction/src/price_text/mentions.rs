//! Finds the numbers of a short text with the currency and the words beside each.

pub(crate) mod ranges;

use pricing_domain::Currency;

use super::conditions::{is_deducted_before, is_deduction, is_surcharge, is_with_points, names_lowest};
use super::number::{Beside, Number, SURE_DECIMAL, lex};
use super::words::{
    Role, ends_in_name, is_for_several, is_minor_unit, is_rate, is_times, is_unit, multiplier, role_after, role_before,
};
use crate::currencies::{is_weak, longest_token, may_be_named, named};
use crate::visible::labels::speaks_of_tax;

/// Longest text that is looked at, in characters.
const LONGEST_TEXT: usize = 600;
/// How many characters after a number may tell what it is.
const WORDS_AFTER: usize = 32;

/// A number in a text that may be a price.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub number: Number,
    /// What the sign beside the number may mean; empty without a sign.
    pub currencies: Vec<Currency>,
    pub role: Role,
    /// Two mentions with a dash between them: this is the second.
    pub range_end: bool,
    /// Letters or other characters stand directly around it, so that it may be a part of a name.
    pub inside_word: bool,
    /// The sign is also an ordinary letter or word.
    pub weak_sign: bool,
    /// The sign is a code or a word of three letters or more.
    pub long_sign: bool,
    /// Digits stand right beside it that are not read with it.
    pub is_beside_digits: bool,
    /// A dash stands for its cents: `129,-`, `799:-`. Only prices are written so, with a sign or without one.
    pub is_round: bool,
}

/// The text with one kind of blank, ASCII digits and no invisible characters.
pub(crate) fn normalise(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len().min(LONGEST_TEXT));
    let mut raised = Vec::new();
    for c in text.chars() {
        if chars.len() >= LONGEST_TEXT {
            break;
        }
        let written_small = raised_digits(c);
        if !written_small.is_empty() {
            raised.extend(written_small.chars());
            continue;
        }
        push_raised(&mut chars, &mut raised);
        match plain(c) {
            Some(' ') if matches!(chars.last(), None | Some(' ')) => {}
            Some(c) => chars.push(c),
            None => {}
        }
    }
    push_raised(&mut chars, &mut raised);
    while chars.last() == Some(&' ') {
        chars.pop();
    }
    chars
}

/// `29⁹⁹` and `29½`: two raised digits after a number without a fraction are one. Others are notes.
fn push_raised(chars: &mut Vec<char>, raised: &mut Vec<char>) {
    let digits = chars.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let separator = chars.len().checked_sub(digits + 1).map(|at| chars[at]);
    let has_fraction = matches!(separator, Some('.' | ',' | SURE_DECIMAL)) && digits != 3;
    if raised.len() == 2 && digits > 0 && !has_fraction {
        chars.push(SURE_DECIMAL);
        chars.append(raised);
    }
    raised.clear();
}

/// The digits that a small or raised sign stands for.
const fn raised_digits(c: char) -> &'static str {
    match c {
        '⁰' => "0",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        '⁴' => "4",
        '⁵' => "5",
        '⁶' => "6",
        '⁷' => "7",
        '⁸' => "8",
        '⁹' => "9",
        '¼' => "25",
        '½' => "50",
        '¾' => "75",
        _ => "",
    }
}

/// One character in its plain form; `None` for those without width.
fn plain(c: char) -> Option<char> {
    let digit = |zero: u32| char::from_u32(u32::from('0') + (c as u32 - zero));
    match c as u32 {
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF | 0x00AD => None,
        0x0660..=0x0669 => digit(0x0660),
        0x06F0..=0x06F9 => digit(0x06F0),
        0x0966..=0x096F => digit(0x0966),
        0x09E6..=0x09EF => digit(0x09E6),
        0x0E50..=0x0E59 => digit(0x0E50),
        0xFF10..=0xFF19 => digit(0xFF10),
        0x066B => Some(SURE_DECIMAL),
        // The middle dot of old English and Spanish prices.
        0x00B7 | 0x2027 | 0x2219 => Some('.'),
        0x066C | 0x2019 | 0x02BC | 0x00B4 | 0x2018 => Some('\''),
        0xFF0C => Some(','),
        0xFF0E => Some('.'),
        0xFF04 => Some('$'),
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

struct Span {
    number: Number,
    start: usize,
    end: usize,
    before: Option<(usize, &'static [Currency])>,
    after: Option<(usize, &'static [Currency])>,
    weak: bool,
    beside: Beside,
}

/// All numbers of a normalised text that could be prices, in order.
pub(crate) fn mentions(chars: &[char]) -> Vec<Mention> {
    let mut spans = spans(chars);
    settle_neighbours(chars, &mut spans);
    let mut found: Vec<Mention> = Vec::with_capacity(spans.len());
    for (index, span) in spans.iter().enumerate() {
        let from = index.checked_sub(1).map_or(0, |previous| spans[previous].outer_end());
        let Some(mut mention) = describe(chars, span, from, &spans[index + 1..]) else { continue };
        if let Some(previous) = index.checked_sub(1).map(|previous| &spans[previous]) {
            ranges::note(chars, (previous, span), found.last_mut(), &mut mention);
            let between: String = chars[from..span.outer_start().max(from)].iter().collect();
            mention.role = role_after_count(previous, &between).unwrap_or(mention.role);
            if is_lowest_of_days(chars, previous) {
                mention.role = Role::Was;
            }
            let earlier = index.checked_sub(2).map_or(0, |earlier| spans[earlier].outer_end());
            let lead: String = chars[earlier..previous.outer_start().max(earlier)].iter().collect();
            if repeats_saving(&lead, &between) {
                mention.role = Role::Saving;
            }
            let is_price = matches!(mention.role, Role::Plain | Role::Now | Role::From);
            let with_points = previous.is_bare() && is_with_points(&between, "");
            if is_price && (with_points || is_deducted_before(&lead, &between)) {
                mention.role = Role::Member;
            }
        }
        let is_price = matches!(mention.role, Role::Plain | Role::Now | Role::From);
        if is_price && !mention.currencies.is_empty() && is_surcharge(&chars[..span.outer_start()]) {
            mention.role = Role::Threshold;
        }
        if let Some(next) = spans.get(index + 1).filter(|next| !span.is_bare() && is_count(next)) {
            // `R 83 x 6`
            let between: String = chars[span.outer_end().min(next.start)..next.start].iter().collect();
            if is_times(&between) && !between.trim().is_empty() {
                mention.role = Role::Instalment;
            }
        }
        // `5–10 €`: the sign after the second number is also that of the first.
        if let Some(first) = found.last_mut()
            && mention.range_end
            && span.before.is_none()
            && first.currencies.is_empty()
            && !first.inside_word
        {
            first.currencies.clone_from(&mention.currencies);
        }
        if let Some(first) = found.last_mut().filter(|first| mention.range_end && first.role == Role::Plain)
            && mention.role == Role::Plain
            && !first.currencies.is_empty()
        {
            first.role = Role::From;
        }
        found.push(mention);
    }
    found
}

/// What a count before a price makes of it: `3 for £5` is no price of one, `12x R$ 99,90` one of twelve payments.
fn role_after_count(previous: &Span, between: &str) -> Option<Role> {
    match () {
        () if !is_count(previous) => None,
        () if is_for_several(between) => Some(Role::Bundle),
        () if is_times(between) => Some(Role::Instalment),
        () => None,
    }
}

/// Whether a number is that of the days whose lowest price is told: “lowest price in 30 days: 17.90 €”.
fn is_lowest_of_days(chars: &[char], days: &Span) -> bool {
    if !days.is_bare() || days.number.leading_digits() != "30" {
        return false;
    }
    let before: String = chars[days.start.saturating_sub(60)..days.start].iter().collect();
    names_lowest(&before)
}

/// Whether an amount tells once more what a percentage told: “You save 16 % / 35.00 €”, “Sie sparen 16 % (35,00 €)”.
fn repeats_saving(lead: &str, between: &str) -> bool {
    let sign = between.trim().strip_prefix(['%', '％', '٪']).map(str::trim);
    matches!(sign, Some("/" | "(" | "=")) && role_before(lead) == Some(Role::Saving)
}

/// Whether a number may be a count: bare, of one or two digits.
fn is_count(span: &Span) -> bool {
    span.is_bare() && span.number.digit_count() <= 2 && !span.number.has_separators()
}

/// Digits right beside a price, with nothing but blanks between: cents beyond doubt (`12 zł 50 gr`) become its own;
/// others leave it unsure.
fn settle_neighbours(chars: &[char], spans: &mut Vec<Span>) {
    let mut index = 0;
    while index < spans.len() {
        if spans[index].is_bare() {
            index += 1;
            continue;
        }
        let is_blank =
            |from: usize, to: usize| from <= to && to - from <= 2 && chars[from..to].iter().all(|c| *c == ' ');
        let this = &spans[index];
        let next = spans.get(index + 1).filter(|next| next.is_bare() && is_blank(this.outer_end(), next.start));
        if let Some((next, amount)) = next.and_then(|next| Some((next, this.number.with_cents(&next.number)?))) {
            let word: String =
                chars[next.end..].iter().skip_while(|c| **c == ' ').take_while(|c| !c.is_whitespace()).collect();
            let (end, cents) = (next.end, next.number.clone());
            if is_minor_unit(word.trim_end_matches([',', ';', ')'])) {
                spans.remove(index + 1);
                let this = &mut spans[index];
                this.number = std::mem::take(&mut this.number).joined(&cents);
                this.after = Some((end, this.after.map_or(&[], |(_, sign)| sign)));
            } else if word.is_empty() {
                spans[index].beside = Beside::Cents(amount);
            }
        }
        let this = &spans[index];
        let previous = index.checked_sub(1).map(|previous| &spans[previous]);
        let previous =
            previous.filter(|one| one.is_bare() && is_blank(one.end, this.outer_start()) && !one.in_word(chars));
        if let Some(previous) = previous
            && this.beside == Beside::Nothing
        {
            let beside = previous.number.with_cents(&this.number).map_or(Beside::Digits, Beside::Cents);
            spans[index].beside = beside;
        }
        index += 1;
    }
}

impl Span {
    fn outer_start(&self) -> usize {
        self.before.map_or(self.start, |(start, _)| start)
    }

    fn outer_end(&self) -> usize {
        self.after.map_or(self.end, |(end, _)| end)
    }

    const fn is_bare(&self) -> bool {
        self.before.is_none() && self.after.is_none() && self.number.inner_sign.is_none()
    }

    fn in_word(&self, chars: &[char]) -> bool {
        self.start > 0 && chars[self.start - 1].is_alphabetic()
    }
}

fn spans(chars: &[char]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let starts = chars[at].is_ascii_digit() || matches!(chars[at], '.' | ',') && starts_fraction(chars, at);
        let Some((mut number, mut end)) = starts.then(|| lex(chars, at)).flatten() else {
            at += 1;
            continue;
        };
        let taken = spans.last().map_or(0, Span::outer_end);
        let before = token_before(chars, at, taken);
        // `A4 500 €`: what follows a letter is no thousands.
        let follows_letter = before.is_none() && at > 0 && chars[at - 1].is_alphabetic();
        if let Some(first) = number.first_group().filter(|_| follows_letter) {
            end = at + first.digit_count();
            number = first;
        }
        let gap = usize::from(chars.get(end) == Some(&' '));
        if let Some((power, length)) = multiplier(&chars[(end + gap).min(chars.len())..], gap == 0) {
            number = number.multiplied(power);
            end += gap + length;
        }
        let mut after = token_after(chars, end);
        let touches_next =
            |token_end: usize| chars.get(end) == Some(&' ') && chars.get(token_end).is_some_and(char::is_ascii_digit);
        if after.is_some_and(|(token_end, _)| {
            before.is_some() && leads_to_number(chars, token_end) || touches_next(token_end)
        }) {
            after = None;
        }
        let next = after.map_or(end, |(token_end, _)| token_end);
        let mut signs = [(before.map(|(from, _)| from), Some(at)), (Some(end), after.map(|(to, _)| to))].into_iter();
        let weak = (before.is_some() || after.is_some())
            && signs.all(|sign| match sign {
                (Some(from), Some(to)) => {
                    let token: String = chars[from..to].iter().collect();
                    is_weak(token.trim_matches([' ', ':', '-', '.']))
                }
                _ => true,
            });
        spans.push(Span { number, start: at, end, before, after, weak, beside: Beside::Nothing });
        at = next.max(end);
    }
    spans
}

/// Whether the separator at `at` begins a number such as `,89` or `$..75`: not a full stop after a word.
fn starts_fraction(chars: &[char], at: usize) -> bool {
    let mut digits_at = at;
    while matches!(chars.get(digits_at), Some('.' | ',')) {
        digits_at += 1;
    }
    let before = at.checked_sub(1).map(|before| chars[before]);
    chars.get(digits_at).is_some_and(char::is_ascii_digit) && !before.is_some_and(|c| c.is_alphanumeric() || c == ')')
}

fn leads_to_number(chars: &[char], at: usize) -> bool {
    let at = if chars.get(at) == Some(&' ') { at + 1 } else { at };
    chars.get(at).is_some_and(char::is_ascii_digit)
}

/// The longest currency token that ends before `start`, after blanks and a colon.
fn token_before(chars: &[char], start: usize, taken: usize) -> Option<(usize, &'static [Currency])> {
    let mut end = start;
    while end > taken && matches!(chars[end - 1], ' ' | ':' | '-' | '\u{a0}') && start - end < 3 {
        end -= 1;
    }
    let earliest = taken.max(end.saturating_sub(longest_token()));
    if end > taken && !may_be_sign(chars[end - 1]) {
        return None;
    }
    for from in earliest..end {
        let cut_word = from > 0 && chars[from].is_alphabetic() && chars[from - 1].is_alphabetic();
        if chars[from] == ' ' || cut_word || !may_be_named(chars[from], end - from) {
            continue;
        }
        let token: String = chars[from..end].iter().collect();
        let found = named(&token);
        if !found.is_empty() {
            return Some(code_before(chars, from, taken, found).unwrap_or((from, found)));
        }
    }
    None
}

/// A code before a sign that stands for several currencies: `MXN $1,299`.
fn code_before(
    chars: &[char],
    sign: usize,
    taken: usize,
    possible: &[Currency],
) -> Option<(usize, &'static [Currency])> {
    let end = if sign > taken && chars[sign - 1] == ' ' { sign - 1 } else { sign };
    let start = end.checked_sub(3).filter(|start| *start >= taken)?;
    let stands_alone = start == 0 || !chars[start - 1].is_alphanumeric();
    let code: String = chars[start..end].iter().collect();
    let upper = code.bytes().all(|byte| byte.is_ascii_uppercase());
    let found = (possible.len() > 1 && stands_alone && upper).then(|| named(&code))?;
    matches!(found, [only] if possible.contains(only)).then_some((start, found))
}

/// The longest currency token that starts after `end`, after at most one blank.
fn token_after(chars: &[char], end: usize) -> Option<(usize, &'static [Currency])> {
    let mut from = end;
    if matches!(chars.get(from), Some(',' | '.')) && matches!(chars.get(from + 1), Some('-' | '–' | '—')) {
        from += 2;
        while matches!(chars.get(from), Some('-' | '–' | '—')) {
            from += 1;
        }
    }
    if chars.get(from) == Some(&' ') {
        from += 1;
    }
    if !chars.get(from).is_some_and(|c| may_be_sign(*c)) {
        return None;
    }
    let latest = chars.len().min(from + longest_token());
    for to in (from + 1..=latest).rev() {
        let cut_word = chars[to - 1].is_alphabetic() && chars.get(to).is_some_and(|c| joins_word(*c));
        if chars[to - 1] == ' ' || cut_word || !may_be_named(chars[from], to - from) {
            continue;
        }
        let token: String = chars[from..to].iter().collect();
        let found = named(&token);
        if !found.is_empty() {
            return Some((to, found));
        }
    }
    None
}

/// Whether a currency's sign or name may begin or end with this character.
fn may_be_sign(c: char) -> bool {
    c.is_alphabetic() || !c.is_ascii() || matches!(c, '$' | '.' | ':' | '\'' | '"' | '/' | '-')
}

fn joins_word(c: char) -> bool {
    c.is_alphabetic() && !matches!(c as u32, 0x3040..=0x9FFF | 0xAC00..=0xD7AF)
}

fn describe(chars: &[char], span: &Span, from: usize, following: &[Span]) -> Option<Mention> {
    let (outer_start, outer_end) = (span.outer_start(), span.outer_end());
    let text_before: String = chars[from..outer_start.max(from)].iter().collect();
    let to = following.first().map_or(chars.len(), Span::outer_start).max(outer_end);
    let text_after: String = chars[outer_end..to].iter().take(WORDS_AFTER).collect();
    let words_after = After { chars: &chars[outer_end..], own: to - outer_end, following };
    let currencies = both_sides(span);
    let bare = currencies.is_empty();
    if is_other_number(chars, span, &text_after, bare) {
        return None;
    }
    let trimmed = text_before.trim_end();
    let dash = trimmed.ends_with(['-', '–', '—', '−', '~', '～']);
    let range_end = dash && from > 0 && trimmed.trim_start().chars().count() <= 3;
    let negative = !range_end
        && dash
        && !trimmed.ends_with('~')
        && (outer_start == span.start || trimmed.len() == text_before.len())
        && trimmed.chars().count() <= 2;
    let role = match () {
        () if is_deducted_before(&text_before, &text_after) => Role::Saving,
        () if is_per_measure(chars, outer_start, &text_before) => Role::Unit,
        () if from > 0 && is_label_of_other(&text_before, &text_after) => role_of("", words_after.role(), negative),
        () => role_of(&text_before, words_after.role(), negative),
    };
    let touches = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '#'));
    let inside_word =
        bare && (touches(span.start.checked_sub(1).and_then(|at| chars.get(at))) || touches(chars.get(span.end)));
    let sign_length = |sign: Option<(usize, usize)>| sign.map_or(0, |(from, to)| to.saturating_sub(from));
    let long_sign = sign_length(span.before.map(|(from, _)| (from, span.start))) >= 3
        || sign_length(span.after.map(|(to, _)| (span.end, to))) >= 3;
    let may_end_name = span.before.is_none() && span.number.last_groups().is_some() && ends_in_name(&text_before);
    let beside = if may_end_name { Beside::Name } else { span.beside.clone() };
    Some(Mention {
        number: span.number.clone().with_beside(beside),
        currencies,
        role,
        range_end,
        inside_word,
        weak_sign: span.weak,
        long_sign,
        is_beside_digits: span.beside != Beside::Nothing,
        is_round: ends_in_dash(&chars[span.end..]),
    })
}

/// What follows a number.
struct After<'t> {
    /// All of it.
    chars: &'t [char],
    /// How many of these characters stand before the next number.
    own: usize,
    following: &'t [Span],
}

impl After<'_> {
    /// What the words say. They begin before the next number; that is a part of them where it has no sign: `/100 g`.
    fn role(&self) -> Option<Role> {
        if self.chars.is_empty() {
            return None;
        }
        let own: String = self.chars[..self.own].iter().take(WORDS_AFTER).collect();
        let is_bare = self.following.first().is_some_and(Span::is_bare);
        let end = if is_bare { self.chars.len() } else { self.own };
        let all: String = self.chars[..end].iter().take(WORDS_AFTER).collect();
        let lower = own.to_lowercase();
        let deducts = || {
            self.following.first().is_some_and(|next| {
                let beyond = self.beyond(next);
                is_deduction(lower.trim(), &beyond) || next.is_bare() && is_with_points(&lower, &beyond)
            })
        };
        match () {
            () if is_rate(&self.chars.iter().take(WORDS_AFTER).collect::<String>()) => Some(Role::Unit),
            () if deducts() => Some(Role::Member),
            () => role_after(&all, lower.len(), self.following.is_empty()),
        }
    }

    /// The words after the next number.
    fn beyond(&self, next: &Span) -> String {
        let start = self.own + next.outer_end().saturating_sub(next.outer_start());
        self.chars.iter().skip(start).take(WORDS_AFTER).collect::<String>().to_lowercase()
    }
}

/// Whether the words before a number are the label of tax of the number before those: `100 € HT 120 € TTC`,
/// `£100 ex VAT (£120 …)`.
fn is_label_of_other(before: &str, after: &str) -> bool {
    speaks_of_tax(before) && (before.trim_end().ends_with('(') || speaks_of_tax(after))
}

/// Whether a separator and a dash stand right after a number, and no other number follows them.
fn ends_in_dash(after: &[char]) -> bool {
    let mut after = after.iter().copied();
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '−');
    let begins = matches!(after.next(), Some(',' | '.' | ':')) && after.next().is_some_and(is_dash);
    begins && !after.find(|c| !(is_dash(*c) || c.is_whitespace())).is_some_and(|c| c.is_ascii_digit())
}

/// Whether a measure stands right before a price, as in “Price per 100 g: £1.25”; its own number cuts the words before.
fn is_per_measure(chars: &[char], start: usize, text_before: &str) -> bool {
    const REACH: usize = 24;
    let word = text_before.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '('));
    let wider = || chars[start.saturating_sub(REACH)..start].iter().collect::<String>();
    !word.is_empty() && is_unit(word) && role_before(&wider()) == Some(Role::Unit)
}

/// What the words say; the words before outweigh those after, except where these make it no price at all.
fn role_of(text_before: &str, after: Option<Role>, negative: bool) -> Role {
    match (role_before(text_before), after) {
        _ if negative => Role::Saving,
        _ if text_before.trim_end().ends_with(['=', '＝']) => Role::Unit,
        (_, Some(role @ (Role::Unit | Role::Instalment | Role::Saving | Role::Shipping | Role::Member))) => role,
        (Some(Role::Now), Some(Role::From)) => Role::Now,
        (Some(Role::Now), Some(role)) | (None, Some(role)) => role,
        (Some(role), _) => role,
        (None, None) => Role::Plain,
    }
}

/// Percentages, measures, dates, times, article numbers.
fn is_other_number(chars: &[char], span: &Span, text_after: &str, bare: bool) -> bool {
    let next = chars[span.end..].iter().find(|c| **c != ' ');
    if matches!(next, Some('%' | '％' | '٪' | '折')) || span.number.looks_like_date() && bare {
        return true;
    }
    // `1e3 €`
    let is_power = span.start > 1
        && matches!(chars[span.start - 1], 'e' | 'E')
        && chars[span.start - 2].is_ascii_digit()
        && span.before.is_none();
    if is_power {
        return true;
    }
    if !bare {
        return false;
    }
    let clock = chars.get(span.end) == Some(&':') && chars.get(span.end + 1).is_some_and(char::is_ascii_digit);
    let minutes = span.start > 1 && chars[span.start - 1] == ':' && chars[span.start - 2].is_ascii_digit();
    let word: String = text_after.trim_start().chars().take_while(|c| !c.is_whitespace() && *c != ')').collect();
    clock || minutes || is_unit(word.trim_end_matches([',', '.', ';'])) || span.number.digit_count() > 12
}

/// The currencies that fit the signs on both sides.
fn both_sides(span: &Span) -> Vec<Currency> {
    match (span.before, span.after) {
        (Some((_, before)), Some((_, after))) => {
            let common: Vec<Currency> = before.iter().filter(|currency| after.contains(currency)).copied().collect();
            if common.is_empty() { before.to_vec() } else { common }
        }
        (Some((_, one)), None) | (None, Some((_, one))) => one.to_vec(),
        (None, None) => span.number.inner_sign.map_or_else(Vec::new, |sign| named(&sign.to_string()).to_vec()),
    }
}
