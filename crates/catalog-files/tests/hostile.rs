//! Files that were made to hurt: each is refused or read in bounded memory and time, and says why.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use catalog_files::{Problems, ReadOptions, open_detected};

/// Reads to the end; gives good rows, problems, and the reason of a refusal of the whole file.
fn read(name: &str, bytes: Vec<u8>) -> (u64, u64, String) {
    let started = Instant::now();
    let mut problems = Problems::default();
    let outcome = match open_detected(None, name, Box::new(Cursor::new(bytes)), ReadOptions::default()) {
        Err(problem) => (0, 0, problem.reason),
        Ok(mut reader) => {
            let mut good = 0;
            while let Some(rows) = reader.next_batch(1_000, &mut problems) {
                good += rows.len() as u64;
            }
            (good, problems.total, problems.kept.first().map_or_else(String::new, |problem| problem.reason.clone()))
        }
    };
    assert!(started.elapsed() < Duration::from_secs(20), "{name} took {:?}", started.elapsed());
    outcome
}

const HEADER: &str = "sku,name,currency,price\n";

#[test]
fn a_million_columns_are_refused() {
    let quoted = format!("{HEADER}{}\nA1,Kettle,EUR,9.95\n", "\"x\",".repeat(200_000));
    let (good, refused, reason) = read("wide.csv", quoted.into_bytes());
    assert_eq!((good, refused), (1, 1), "{reason}");
    let header = format!("{}\n", "c,".repeat(600_000));
    assert!(!read("wide-header.csv", header.into_bytes()).2.is_empty());
}

#[test]
fn a_mark_that_is_never_closed_costs_one_row() {
    let text = format!("{HEADER}A1,\"Kettle,EUR,9.95\n{}", "A2,Toaster,EUR,19.95\n".repeat(3));
    let (good, refused, _) = read("mark.csv", text.into_bytes());
    assert_eq!((good, refused), (1, 3), "the row itself, and two that repeat an article");
    let endless = format!("{HEADER}A1,\"{}", "x".repeat(6 << 20));
    let (good, refused, reason) = read("endless.csv", endless.into_bytes());
    assert_eq!((good, refused), (0, 1));
    assert!(reason.contains("1 MiB"), "{reason}");
}

#[test]
fn a_packed_file_is_read_as_a_stream() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(HEADER.as_bytes()).expect("memory");
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..64 {
        packed.write_all(&zeros).expect("memory");
    }
    let (good, refused, reason) = read("bomb.csv.gz", packed.finish().expect("memory"));
    assert_eq!((good, refused), (0, 1), "{reason}");
}

/// A workbook with one price, whose shared strings have this part.
fn workbook_with_strings(name: &str, strings: &str) -> Vec<u8> {
    workbook("", name, strings)
}

/// The same with further rows.
fn workbook(more_rows: &str, name: &str, strings: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = |links: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
        )
    };
    let link = |kind: &str, target: &str| {
        format!("<Relationship Id=\"{kind}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let cells = |cells: &[&str]| {
        let cells = cells.iter().map(|text| format!("<c t=\"str\"><v>{text}</v></c>"));
        format!("<row>{}</row>", cells.collect::<String>())
    };
    let rows = [cells(&["sku", "name", "currency", "price"]), cells(&["A1", "Kettle", "EUR", "9.95"])].concat();
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", links(&link("officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"worksheet\"/>\
                 </sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            links(&(link("worksheet", "worksheets/sheet1.xml") + &link("sharedStrings", "sharedStrings.xml"))),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}{more_rows}</sheetData></worksheet>"),
        ),
        (name, format!("<sst xmlns=\"{MAIN}\" {strings}</sst>")),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in &parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        archive.write_all(content.as_bytes()).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

#[test]
fn a_workbook_that_claims_more_texts_than_it_has_room_for_is_refused() {
    for name in ["xl/sharedStrings.xml", "xl/SHAREDSTRINGS.XML"] {
        for count in ["1", "2", "many", ""] {
            let file = workbook_with_strings(name, &format!("uniqueCount=\"{count}\"><si><t>a</t></si>"));
            assert_eq!(read("claims.xlsx", file), (1, 0, String::new()), "{name}, {count}");
        }
        for count in ["99999999999", "18446744073709551615", "99999999999999999999999"] {
            let file = workbook_with_strings(name, &format!("uniqueCount=\"{count}\"><si><t>a</t></si>"));
            let (good, _, reason) = read("claims.xlsx", file);
            assert_eq!(good, 0, "{name}, {count}");
            assert!(reason.contains("claims more texts"), "{name}, {count}: {reason}");
        }
    }
}

#[test]
fn a_workbook_with_far_more_texts_than_its_sheets_show_is_refused() {
    for (text, times) in [("<si/>", 2_000_001), ("<si><t>a</t></si>", 500_001)] {
        let strings = format!("uniqueCount=\"{times}\">{}", text.repeat(times));
        let (good, _, reason) = read("texts.xlsx", workbook_with_strings("xl/sharedStrings.xml", &strings));
        assert_eq!(good, 0, "{times} × {text}");
        assert!(reason.contains("CSV UTF-8"), "{times} × {text}: {reason}");
    }
    let few = format!("uniqueCount=\"1000\">{}", "<si><t>a</t></si>".repeat(1_000));
    assert_eq!(read("texts.xlsx", workbook_with_strings("xl/sharedStrings.xml", &few)), (1, 0, String::new()));
}

#[test]
fn a_cell_that_stands_beyond_any_sheet_is_refused() {
    for place in ["ABCDEFGHIJKLMNOP1", "A99999999999999999999", "ZZZZZZZZ1", "A4294967295"] {
        let row = format!("<row><c r=\"{place}\" t=\"str\"><v>A2</v></c></row>");
        let (good, _, reason) = read("far.xlsx", workbook(&row, "xl/sharedStrings.xml", "uniqueCount=\"0\">"));
        assert!(good <= 1, "{place}");
        assert!(good == 1 || reason.contains("The workbook cannot be read"), "{place}: {reason}");
    }
}

#[test]
fn nested_values_and_records_without_an_end_are_bounded() {
    let deep = format!("{{\"sku\":{}1{}}}\n", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    assert!(!read("deep.jsonl", deep.into_bytes()).2.is_empty());
    let open = format!("{{\"sku\":\"A1\"}}\n{{\"a\":[{}", "1,".repeat(2 << 20));
    assert!(!read("open.jsonl", open.into_bytes()).2.is_empty());
}

#[test]
fn records_that_break_off_cost_their_own_lines_and_bounded_time() {
    let record =
        |number: u32| format!("{{\"sku\":\"A{number}\",\"name\":\"K\",\"currency\":\"EUR\",\"price\":9.95}},\n");
    let good: String = (0..30_000).map(record).collect();
    let (rows, refused, _) = read("lists.jsonl", format!("{}{good}", "{\"a\":[\n".repeat(200)).into_bytes());
    assert_eq!((rows, refused), (30_000, 200));
}

#[test]
fn halves_of_a_letter_in_two_cells_cost_their_row() {
    let text =
        [b"\xef\xbb\xbf".as_slice(), HEADER.as_bytes(), b"A1,\"Kettle\",E\xc3,\xb6\nA2,\"L\xc3\xb6ffel\",EUR,4.50\n"]
            .concat();
    let (good, refused, reason) = read("halves.csv", text);
    assert_eq!((good, refused), (1, 1));
    assert!(reason.contains("not UTF-8"), "{reason}");
}

#[test]
fn a_cell_of_thousands_of_codes_is_reported_in_few_and_short_notes() {
    let text = format!("sku,name,currency,price,gtin\nA1,Kettle,EUR,9.95,{}\n", "no code ".repeat(40_000));
    let mut problems = Problems::default();
    let file = Box::new(Cursor::new(text.into_bytes()));
    let mut reader = open_detected(None, "codes.csv", file, ReadOptions::default()).expect("a list of products");
    let rows = reader.next_batch(1_000, &mut problems).expect("a batch");
    assert_eq!((rows.len(), problems.total), (1, 0));
    assert_eq!(problems.noted, 51, "fifty codes and the rest");
    let longest = problems.notes.iter().map(|note| note.found.len() + note.reason.len()).max();
    assert!(longest.is_some_and(|longest| longest < 400), "{longest:?}");
}
