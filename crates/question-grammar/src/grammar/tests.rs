//! Questions with what they ask for, over the names of a small workspace.

use crate::{
    Intent, Language, NameIndex, Names, PriceListName, ProductLookup, documented, understand, understand_after,
    understand_with_file,
};

struct Shelf;

impl ProductLookup for Shelf {
    fn sku(&self, word: &str) -> Option<String> {
        ["NL-10001", "NL-10002"]
            .iter()
            .find(|sku| sku.eq_ignore_ascii_case(word) || sku[3..] == *word)
            .map(ToString::to_string)
    }

    fn products_with(&self, words: &[String]) -> usize {
        let name = "brysta duo 108 wireless headphones, black";
        usize::from(words.iter().all(|word| name.contains(word.as_str())))
    }
}

fn names() -> NameIndex {
    let list = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    NameIndex::new(&Names {
        brands: list(&["Brysta", "Zorvik", "Hexavo"]),
        categories: list(&[
            "TV & Audio > Headphones",
            "TV & Audio > Televisions",
            "Accessories > USB Cables",
            "Accessories > HDMI Cables",
        ]),
        suppliers: list(&["Sundwall Trading"]),
        tags: list(&["leaflet"]),
        competitors: list(&["ElektroMax", "Gerätefuchs", "Strompfeil"]),
        price_lists: vec![
            PriceListName { code: "DE".into(), name: "Germany".into() },
            PriceListName { code: "AT".into(), name: "Austria".into() },
        ],
    })
}

fn read(question: &str) -> String {
    let reading = understand(question, &names(), &Shelf);
    let left_aside = if reading.intent == Intent::NotUnderstood { reading.unused.join(", ") } else { String::new() };
    let words = format!("{:?} {left_aside}", reading.intent);
    words.replace("Grid(", "").replace("BasisPoints", "")
}

/// What the reading of a question must contain, piece by piece.
#[test]
fn questions_in_both_languages_are_read_as_they_are_meant() {
    let cases = include_str!("questions.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut wrong = Vec::new();
    for line in cases {
        let (question, wanted) = line.split_once('\t').expect("a question and what it asks for");
        let got = read(question);
        for piece in wanted.split(" + ").filter(|piece| !got.contains(piece)) {
            wrong.push(format!("{question}\n   lacks {piece}\n   got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_documented_question_is_understood_in_both_languages() {
    let fill = |text: &str| {
        text.replace("{sku}", "NL-10001").replace("{competitor}", "ElektroMax").replace("{category}", "Headphones")
    };
    for example in documented() {
        let (english, german) = (fill(example.english), fill(example.german));
        let reading = understand(&english, &names(), &Shelf);
        assert_ne!(reading.intent, Intent::NotUnderstood, "{english}");
        assert_eq!(reading.intent, understand(&german, &names(), &Shelf).intent, "{english} / {german}");
    }
}

#[test]
fn a_name_that_is_not_here_is_never_dropped() {
    for question in [
        "Which Samsung products are below cost?",
        "How do we stand against MediaMarkt?",
        "why did we drop SKU 4711?",
        "Welche Produkte von Samsung liegen unter Einstand?",
        "Was verlangt Amazon bei NL-10001?",
    ] {
        assert!(
            matches!(understand(question, &names(), &Shelf).intent, Intent::NotHere { .. }),
            "{question}: {}",
            read(question)
        );
    }
}

/// What would be answered about everything, or about us, is not answered.
#[test]
fn what_is_asked_of_others_or_of_nothing_here_is_not_answered() {
    for (question, wanted) in [
        ("our margin on fridges?", "NotHere"),
        ("Welche Filiale verkauft am meisten Kopfhörer", "NotHere"),
        ("which margin has ElektroMax on headphones", "OutOfScope"),
        ("Welche Marge hat ElektroMax auf Fernseher", "OutOfScope"),
        ("what are ElektroMax's costs", "OutOfScope"),
        ("what will ElektroMax charge for NL-10001 next week", "OutOfScope"),
        ("was wird Strompfeil morgen für NL-10001 verlangen", "OutOfScope"),
        ("Wie viele Stück verkauft ElektroMax von NL-10001", "OutOfScope"),
        ("how many headphones will we sell next month", "OutOfScope"),
        ("margin in the shoe department", "NotHere"),
        ("Mindestmarge?", "Rules"),
        ("what do headphones cost on average", "Total"),
        ("does ElektroMax sell NL-10001 and for how much", "Product"),
        ("Setz NL-10001 mal auf 669", "Order"),
        ("Lösch bitte alle Sperren", "Order"),
        ("where do we lose margin against ElektroMax", "Compare"),
        ("what do the rules in force say", "Rules"),
    ] {
        assert!(read(question).starts_with(wanted), "{question}: {}", read(question));
    }
}

#[test]
fn slips_of_the_hand_are_forgiven_and_told() {
    let reading = understand("where are we dearer than Electromax in haedphones", &names(), &Shelf);
    assert_eq!(reading.corrected.len(), 2, "{:?}", reading.corrected);
    assert!(format!("{:?}", reading.intent).contains("ElektroMax"));
}

#[test]
fn any_text_is_read_without_a_fault() {
    for text in
        ["", "?", "%", "-", "5", "- 5 %", "\u{308}", "\u{1F600}", "----5", "5%%%", "NL-", "a\u{0}b", "€€", "1,2,3.4.5"]
    {
        let _ = understand(text, &names(), &Shelf);
    }
}

/// What questions in a row are read as.
#[test]
fn a_short_question_is_read_with_the_one_before() {
    let cases: &[(&[&str], &str, &[&str])] = &[
        (&["price index against ElektroMax"], "and Strompfeil?", &["Compare", "Strompfeil"]),
        (&["und gegen Strompfeil?", "Preisindex ggü. ElektroMax"], "und Gerätefuchs", &["Compare", "Gerätefuchs"]),
        (&["Umsatz der letzten 28 Tage?"], "und davon Brysta", &["Trend", "Revenue", "Brysta"]),
        (&["Marge bei Kopfhörern"], "und bei Fernsehern?", &["Total", "Margin", "Televisions"]),
        (
            &["how many headphones of Brysta are out of stock"],
            "and Zorvik",
            &["Find", "OutOfStock", "Zorvik", "Headphones"],
        ),
    ];
    let more: &[(&[&str], &str, &[&str])] = &[
        // Each name in the place of the one before it: who is cheaper stays as it was.
        (
            &["how many headphones does Strompfeil undercut us on"],
            "what about Gerätefuchs",
            &["Gerätefuchs", "Cheaper"],
        ),
        (&["how many headphones does ElektroMax undercut"], "and Strompfeil", &["Strompfeil", "Cheaper"]),
        (&["wie viele Preise sinken bei Kopfhörern"], "und rauf?", &["Changes", "Up", "Headphones"]),
        (&["Marge bei Kopfhörern"], "und der Bestand?", &["Headphones"]),
        (
            &["was verlangt die Konkurrenz für NL-10001"],
            "und wie viel Marge haben wir da noch",
            &["NL-10001", "Margin"],
        ),
        (&["Bestand NL-10001"], "wie oft hat sich der in den letzten 4 Wochen verkauft", &["NL-10001", "Units"]),
        (&["Warum soll NL-10001 billiger werden"], "was kostet uns der im Einkauf", &["NL-10001", "Margin"]),
        (
            &["how many more NL-10001 must I sell if I drop it 10 %?"],
            "and if its only 5 %?",
            &["BreakEven", "BasisPoints(-500)", "NL-10001"],
        ),
        (&["welche Kopfhörer kosten unter 400 Euro"], "und unter 360?", &["Find", "Price", "Below", "Amount(36000)"]),
        (&["welche Kopfhörer kosten unter 400 Euro"], "und über 500?", &["Find", "Above", "Amount(50000)"]),
        (&["what if headphones go down 5 %"], "and up 3 %?", &["WhatIf", "BasisPoints(300)", "Headphones"]),
    ];
    for (before, question, wanted) in cases.iter().chain(more) {
        let reading = understand_after(before, question, &names(), &Shelf);
        let got = format!("{:?}", reading.intent);
        assert_eq!(reading.after.as_deref(), Some(before[0]), "{question}");
        for piece in *wanted {
            assert!(got.contains(piece), "{question} lacks {piece}: {got}");
        }
    }
    let got =
        format!("{:?}", understand_after(&["Marge bei Kopfhörern"], "und bei Fernsehern?", &names(), &Shelf).intent);
    assert!(!got.contains("Headphones"), "{got}");
}

/// Who “they” are is known only from who was named before; what they may be otherwise is not guessed.
#[test]
fn they_are_the_competitors_that_were_named_before() {
    let two = "How do we stand against Strompfeil and Gerätefuchs?";
    /// What was asked before, the question, what is understood, and what is not.
    type Case<'a> = (&'a [&'a str], &'a str, &'a [&'a str], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&["price index against ElektroMax"], "where are they cheaper than us?", &["Compare", "ElektroMax"], &[]),
        (&[two], "where are they cheaper than us?", &["Each", "Strompfeil", "Gerätefuchs"], &[]),
        (&[two], "and both in headphones?", &["Each", "Strompfeil", "Gerätefuchs", "Headphones"], &[]),
        (&[two], "and they?", &["Each", "Strompfeil", "Gerätefuchs"], &[]),
        (&[two], "where is the latter cheaper than us?", &["Gerätefuchs"], &["Strompfeil"]),
        (&[two], "where is the former cheaper than us?", &["Strompfeil"], &["Gerätefuchs"]),
        (&[two], "wo ist er günstiger als wir?", &["Choose", "Strompfeil", "Gerätefuchs"], &[]),
        (&["Preisindex ggü. ElektroMax"], "wo sind sie günstiger als wir?", &["Compare", "ElektroMax"], &[]),
        (&["which headphones are below cost?"], "are they in stock?", &["NotUnderstood"], &[]),
        (&[two], "are they in stock?", &["NotUnderstood"], &[]),
        (&["price index against ElektroMax"], "what did they pay for it", &["NotUnderstood"], &[]),
    ];
    for (before, question, wanted, unwanted) in cases {
        let got = format!("{:?}", understand_after(before, question, &names(), &Shelf).intent);
        for piece in *wanted {
            assert!(got.contains(piece), "{question} lacks {piece}: {got}");
        }
        assert!(unwanted.iter().all(|piece| !got.contains(piece)), "{question}: {got}");
    }
}

/// What questions about a file at hand are read as; what must not be read as one.
#[test]
fn questions_about_a_file_are_told_from_others() {
    let cases = include_str!("file_questions.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut wrong = Vec::new();
    for line in cases {
        let (question, wanted) = line.split_once('\t').expect("a question and what it asks for");
        let got = understand_with_file(&[], question, &names(), &Shelf)
            .map_or_else(|| "Else".to_owned(), |reading| format!("{:?} {:?}", reading.intent, reading.unused));
        for piece in wanted.split(" + ").filter(|piece| !got.contains(piece)) {
            wrong.push(format!("{question} lacks {piece}: {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_question_of_its_own_does_not_lean_on_the_one_before() {
    for question in ["and which rules never fire?", "Strompfeil", "und welche Artikel liegen unter Einstand?", "help"] {
        let reading = understand_after(&["price index against ElektroMax"], question, &names(), &Shelf);
        assert_eq!(reading.after, None, "{question}");
        assert_eq!(reading.intent, understand(question, &names(), &Shelf).intent, "{question}");
    }
}

#[test]
fn what_was_not_understood_is_named() {
    let reading = understand("wer gewinnt am samstag, hsv oder pauli", &names(), &Shelf);
    assert_eq!(reading.intent, Intent::NotUnderstood);
    assert!(reading.unused.iter().any(|word| word == "hsv"), "{:?}", reading.unused);
    let reading = understand("price index without Brysta", &names(), &Shelf);
    assert_eq!(reading.intent, Intent::NotUnderstood);
    assert!(!reading.unused.is_empty());
}

#[test]
fn german_is_told_by_its_words_and_letters() {
    for question in ["top 3 Kopfhörer nach Absatz", "laufen gerade Aktionen", "Preisindex ggü. Gerätefuchs"] {
        assert_eq!(understand(question, &names(), &Shelf).language, Language::German, "{question}");
    }
    for question in ["price index against Gerätefuchs", "top 3 headphones by units"] {
        assert_eq!(understand(question, &names(), &Shelf).language, Language::English, "{question}");
    }
}
