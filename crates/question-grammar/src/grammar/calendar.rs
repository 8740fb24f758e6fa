//! Stretches of the calendar in a question: “this month”, “letzten Freitag”, “im Oktober”, “Q3 2025”, “since Monday”,
//! “between 1 and 15 October”. Stretches that are counted back from today (“the last 3 weeks”) are `spans`.

use crate::intents::{CalendarPart, Period, PeriodUnit};
use crate::tokens::Token;

const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jan", "jaenner"],
    &["february", "februar", "feb"],
    &["march", "maerz"],
    &["april", "apr"],
    &["may", "mai"],
    &["june", "juni", "jun"],
    &["july", "juli", "jul"],
    &["august", "aug"],
    &["september", "sep", "sept"],
    &["october", "oktober", "oct", "okt"],
    &["november", "nov"],
    &["december", "dezember", "dec", "dez"],
];
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "montag"],
    &["tuesday", "dienstag"],
    &["wednesday", "mittwoch"],
    &["thursday", "donnerstag"],
    &["friday", "freitag"],
    &["saturday", "samstag", "sonnabend"],
    &["sunday", "sonntag"],
];
const UNITS: [(&[&str], PeriodUnit); 5] = [
    (&["day", "tag", "tages"], PeriodUnit::Day),
    (&["week", "woche"], PeriodUnit::Week),
    (&["month", "monat", "monats"], PeriodUnit::Month),
    (&["quarter", "quartal", "quartals"], PeriodUnit::Quarter),
    (&["year", "jahr", "jahres"], PeriodUnit::Year),
];
/// One of them that runs.
const THIS: [&str; 16] = [
    "this",
    "current",
    "running",
    "ongoing",
    "dieser",
    "dieses",
    "diesen",
    "diesem",
    "diese",
    "laufenden",
    "laufende",
    "laufendes",
    "aktuellen",
    "aktuelle",
    "aktueller",
    "aktuelles",
];
/// The one before it.
const BEFORE_THIS: [&str; 14] = [
    "last",
    "previous",
    "prior",
    "past",
    "letzte",
    "letzten",
    "letzter",
    "letztes",
    "letztem",
    "vorige",
    "vorigen",
    "voriger",
    "vergangenen",
    "vergangene",
];
const ORDINALS: [&[&str]; 4] = [
    &["first", "1st", "ersten", "erste", "erstes", "1"],
    &["second", "2nd", "zweiten", "zweite", "zweites", "2"],
    &["third", "3rd", "dritten", "dritte", "drittes", "3"],
    &["fourth", "4th", "vierten", "vierte", "viertes", "4"],
];
const SINCE: [&str; 4] = ["since", "seit", "seitdem", "ab"];
const FROM: [&str; 5] = ["from", "between", "von", "vom", "zwischen"];
const TO: [&str; 8] = ["to", "until", "till", "and", "bis", "und", "through", "zum"];
const ARTICLES: [&str; 8] = ["the", "of", "dem", "den", "der", "des", "zum", "im"];
/// What stands before a part of the calendar and says nothing more.
const BEFORE: [&str; 8] = ["in", "im", "on", "am", "during", "over", "within", "of"];

fn place_in(lists: &[&[&str]], word: &str) -> Option<i8> {
    lists.iter().position(|list| list.contains(&word)).and_then(|place| i8::try_from(place + 1).ok())
}

fn unit_of(word: &str) -> Option<PeriodUnit> {
    UNITS.iter().find(|(words, _)| words.contains(&word)).map(|(_, unit)| *unit)
}

/// “2025”.
fn year_of(token: Option<&Token>) -> Option<i16> {
    let token = token?;
    let plain = token.folded.len() == 4 && token.folded.bytes().all(|byte| byte.is_ascii_digit());
    token.folded.parse().ok().filter(|year| plain && (2000..2100).contains(year))
}

/// A day of a month: “1”, “1st”, “15.”.
fn day_of(token: &Token) -> Option<i8> {
    let digits = token.folded.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &token.folded[digits.len()..];
    let plain = matches!(ending, "" | "st" | "nd" | "rd" | "th") && token.sign.is_none();
    digits.parse().ok().filter(|day| plain && (1..=31).contains(day))
}

/// “1.10”, “01.10.2026”, “2026-10-01”.
fn digits_date(token: &Token) -> Option<CalendarPart> {
    let text = token.text.trim_end_matches('.');
    let date = |day: &str, month: &str, year: Option<&str>| {
        let (day, month): (i8, i8) = (day.parse().ok()?, month.parse().ok()?);
        let year: Option<i16> = match year {
            Some(year) => Some(year.parse::<i16>().ok().map(|year| if year < 100 { 2000 + year } else { year })?),
            None => None,
        };
        ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(CalendarPart::Date(day, month, year))
    };
    match text.split(['.', '-']).collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 => date(day, month, Some(year)),
        [day, month, year] if text.contains('.') => date(day, month, Some(year)),
        [day, month] if text.contains('.') && month.len() <= 2 => date(day, month, None),
        _ => None,
    }
}

/// A part of the calendar at the beginning of some tokens, and how many it takes. `expects`: a word before says that one
/// follows, so that words with other meanings may be one.
fn part(tokens: &[Token], expects: bool) -> Option<(CalendarPart, usize)> {
    let word = |place: usize| tokens.get(place).map_or("", |token| token.folded.as_str());
    let (first, second) = (word(0), word(1));
    let with_year = |part: &dyn Fn(Option<i16>) -> CalendarPart, taken: usize| {
        let year = year_of(tokens.get(taken));
        Some((part(year), taken + usize::from(year.is_some())))
    };
    let unit = |unit, back, taken| Some((CalendarPart::Unit { unit, back }, taken));
    match (first, second) {
        ("yesterday" | "gestern", _) => return unit(PeriodUnit::Day, 1, 1),
        ("vorgestern", _) => return unit(PeriodUnit::Day, 2, 1),
        ("vorwoche", _) => return unit(PeriodUnit::Week, 1, 1),
        ("vormonat" | "vormonats", _) => return unit(PeriodUnit::Month, 1, 1),
        ("vorquartal" | "vorquartals", _) => return unit(PeriodUnit::Quarter, 1, 1),
        ("vorjahr" | "vorjahres", _) => return unit(PeriodUnit::Year, 1, 1),
        ("mtd", _) => return unit(PeriodUnit::Month, 0, 1),
        ("qtd", _) => return unit(PeriodUnit::Quarter, 0, 1),
        ("ytd", _) => return unit(PeriodUnit::Year, 0, 1),
        ("week" | "month" | "quarter" | "year", "to") if word(2) == "date" => return unit(unit_of(first)?, 0, 3),
        ("week" | "month" | "quarter" | "year", "before") if word(2) == "last" => return unit(unit_of(first)?, 2, 3),
        (_, "before") if word(2) == "yesterday" && unit_of(first) == Some(PeriodUnit::Day) => {
            return unit(PeriodUnit::Day, 2, 3);
        }
        _ => {}
    }
    if let Some(own) = unit_of(second) {
        if THIS.contains(&first) && own != PeriodUnit::Day {
            return unit(own, 0, 2);
        }
        if first.starts_with("vorletzt") {
            return unit(own, 2, 2);
        }
        if own == PeriodUnit::Quarter
            && let Some(quarter) = place_in(&ORDINALS, first)
        {
            return with_year(&|year| CalendarPart::Quarter(quarter, year), 2);
        }
    }
    if unit_of(first) == Some(PeriodUnit::Quarter)
        && let Some(quarter) = second.parse().ok().filter(|quarter| (1..=4).contains(quarter))
    {
        return with_year(&|year| CalendarPart::Quarter(quarter, year), 2);
    }
    if let Some(quarter) =
        first.strip_prefix('q').and_then(|rest| rest.parse().ok()).filter(|one| (1..=4).contains(one))
    {
        return with_year(&|year| CalendarPart::Quarter(quarter, year), 1);
    }
    // “Last Friday”, “letzten Oktober”.
    let past = ["last", "past", "letzten", "letzter", "letztem", "vergangenen", "vorigen", "previous"].contains(&first);
    let (named, taken) = if past { (second, 2) } else { (first, 1) };
    if let Some(weekday) = place_in(&WEEKDAYS, named).filter(|_| past || expects) {
        return Some((CalendarPart::Weekday(weekday), taken));
    }
    // “1 October”, “the 1st of October”, “1. Oktober”.
    if let Some(day) = tokens.first().and_then(day_of) {
        let of = usize::from(second == "of") + 1;
        if let Some(month) = place_in(&MONTHS, word(of)) {
            return with_year(&|year| CalendarPart::Date(day, month, year), of + 1);
        }
        if expects
            && tokens[0].folded.contains('.')
            && let Some(date) = digits_date(&tokens[0])
        {
            return Some((date, 1));
        }
    }
    if let Some(month) = place_in(&MONTHS, named) {
        // “May” is a word of its own.
        let certain = expects || past || named != "may" && named.len() > 3;
        if certain
            && let Some(day) = tokens.get(taken).filter(|_| year_of(tokens.get(taken)).is_none()).and_then(day_of)
        {
            return with_year(&|year| CalendarPart::Date(day, month, year), taken + 1);
        }
        if certain {
            return with_year(&|year| CalendarPart::Month(month, year), taken);
        }
    }
    if let Some(year) = year_of(tokens.first()).filter(|_| expects) {
        return Some((CalendarPart::Year(year), 1));
    }
    if ["year", "jahr", "jahre", "jahres"].contains(&first)
        && let Some(year) = year_of(tokens.get(1))
    {
        return Some((CalendarPart::Year(year), 2));
    }
    let whole = tokens.first().and_then(digits_date);
    whole.filter(|date| expects || matches!(date, CalendarPart::Date(_, _, Some(_)))).map(|date| (date, 1))
}

/// Whether a unit that runs is named anywhere: “this month”.
pub(super) fn names_current(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| THIS.contains(&pair[0].folded.as_str()) && unit_of(&pair[1].folded).is_some())
}

/// A part after articles.
fn part_after(tokens: &[Token], expects: bool) -> Option<(CalendarPart, usize)> {
    let between = tokens.iter().take_while(|token| ARTICLES.contains(&token.folded.as_str())).count();
    // “The beginning of the month”, “Anfang Oktober”.
    let rest = &tokens[between..];
    let begins = ["beginning", "start", "anfang", "beginn", "first"];
    if rest.first().is_some_and(|token| begins.contains(&token.folded.as_str())) {
        let more = rest[1..].iter().take_while(|token| ARTICLES.contains(&token.folded.as_str())).count();
        let named = rest.get(1 + more).and_then(|token| unit_of(&token.folded));
        if let Some(unit) = named {
            return Some((CalendarPart::Unit { unit, back: 0 }, between + more + 2));
        }
        return part(&rest[1 + more..], true).map(|(part, taken)| (part, between + more + 1 + taken));
    }
    let to_date = rest.first().and_then(|token| match token.folded.as_str() {
        "monatsbeginn" | "monatsanfang" => Some(PeriodUnit::Month),
        "jahresbeginn" | "jahresanfang" => Some(PeriodUnit::Year),
        "quartalsbeginn" | "quartalsanfang" => Some(PeriodUnit::Quarter),
        "wochenbeginn" | "wochenanfang" => Some(PeriodUnit::Week),
        _ => None,
    });
    if let Some(unit) = to_date {
        return Some((CalendarPart::Unit { unit, back: 0 }, between + 1));
    }
    part(rest, expects).map(|(part, taken)| (part, between + taken))
}

/// A stretch of the calendar at the beginning of some tokens, and how many it takes. `before`: the word before them.
pub(super) fn period(tokens: &[Token], before: &str, with_current: bool) -> Option<(Period, usize)> {
    let first = tokens.first()?.folded.as_str();
    // “This month against last month”: whole ones, where the one that runs is named too.
    let unit = tokens.get(1).and_then(|token| unit_of(&token.folded)).filter(|_| with_current);
    if let Some(unit) = unit.filter(|_| BEFORE_THIS.contains(&first)) {
        return Some((Period::Of(CalendarPart::Unit { unit, back: 1 }), 2));
    }
    if SINCE.contains(&first) {
        let (part, taken) = part_after(&tokens[1..], true)?;
        return Some((Period::Since(part), 1 + taken));
    }
    let opens = FROM.contains(&first);
    let start = usize::from(opens);
    let link = |place: usize| tokens.get(place).is_some_and(|token| TO.contains(&token.folded.as_str()));
    let dash = |place: usize| {
        tokens
            .get(place)
            .is_some_and(|token| ["to", "until", "till", "bis", "through"].contains(&token.folded.as_str()))
    };
    let expects = opens || BEFORE.contains(&before) || SINCE.contains(&before);
    if let Some((begin, taken)) = part_after(&tokens[start..], expects || opens) {
        let at = start + taken;
        if ((opens && link(at)) || dash(at))
            && let Some((end, more)) = part_after(&tokens[at + 1..], true)
        {
            return Some((Period::Between(begin, end), at + 1 + more));
        }
        let from = matches!(first, "from" | "von" | "vom");
        return (!opens || from).then_some((Period::Of(begin), at)).filter(|_| !starts_with_article(tokens, start));
    }
    // “Between 1 and 15 October”: the month is said once.
    let day = tokens.get(start).and_then(day_of).filter(|_| opens)?;
    if !link(start + 1) {
        return None;
    }
    match part_after(&tokens[start + 2..], true)? {
        (end @ CalendarPart::Date(_, month, year), taken) => {
            Some((Period::Between(CalendarPart::Date(day, month, year), end), start + 2 + taken))
        }
        _ => None,
    }
}

/// “The”, “der” and the like are left to what they stand before, so that a name that begins with them is not cut.
fn starts_with_article(tokens: &[Token], start: usize) -> bool {
    tokens.get(start).is_some_and(|token| ARTICLES.contains(&token.folded.as_str()))
}
