//! Workbooks as spreadsheets write them: numbers, dates and truth values in cells of their own kind.

use std::io::Cursor;

use catalog_files::{Problems, ReadOptions, Rows, open};
use pricing_domain::FileKind;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

#[test]
fn cells_of_their_own_kind_are_read_as_their_values() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sales").expect("a name");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in (0..).zip(["sku", "date", "units", "price", "promotion"]) {
        sheet.write_string(2, column, name).expect("a cell");
    }
    sheet.write_number(4, 0, 10_002).expect("a cell");
    let day = ExcelDateTime::from_ymd(2026, 11, 1).expect("a day");
    sheet.write_datetime_with_format(4, 1, &day, &date).expect("a cell");
    sheet.write_number(4, 2, -2).expect("a cell");
    sheet.write_number(4, 3, 3.35).expect("a cell");
    sheet.write_string(5, 0, "007").expect("a cell");
    sheet.write_string(5, 1, "2026-11-02").expect("a cell");
    sheet.write_number(5, 2, 1.5).expect("a cell");
    sheet.write_string(5, 3, "3,50").expect("a cell");
    sheet.write_string(6, 0, "008").expect("a cell");
    sheet.write_number(6, 2, 1).expect("a cell");
    let bytes = workbook.save_to_buffer().expect("memory");

    let mut problems = Problems::default();
    let mut reader =
        open(FileKind::Sales, "sales.xlsx", Box::new(Cursor::new(bytes)), ReadOptions::default()).expect("readable");
    assert_eq!(reader.facts().encoding, "XLSX, sheet “Sales”");
    let Some(Rows::Sales(rows)) = reader.next_batch(10, &mut problems) else { panic!("rows of sales") };
    let seen: Vec<_> = (rows.iter())
        .map(|row| (row.line, row.sku.as_str(), row.date.to_string(), row.units_milli, row.price.map(|price| price.0)))
        .collect();
    assert_eq!(
        seen,
        [
            (5, "10002", "2026-11-01".to_owned(), -2_000, Some(3_350_000)),
            (6, "007", "2026-11-02".to_owned(), 1_500, Some(3_500_000)),
        ]
    );
    assert_eq!((problems.total, problems.kept[0].line, problems.kept[0].column.as_str()), (1, 7, "date"));
    assert_eq!(reader.next_batch(10, &mut problems), None);
}

#[test]
fn the_sheet_with_known_columns_is_read_below_its_title_and_another_by_its_name() {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet();
    notes.set_name("Notes").expect("a name");
    notes.write_string(0, 0, "Prices of the week").expect("a cell");
    for (name, line, price) in [("Week 48", 3, 9.5), ("Week 49", 0, 8.5)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        if line > 0 {
            sheet.write_string(0, 0, "Our catalogue, autumn").expect("a cell");
        }
        for (column, name) in (0..).zip(["sku", "name", "currency", "price"]) {
            sheet.write_string(line, column, name).expect("a cell");
        }
        for (column, text) in (0..).zip(["A1", "Lamp", "EUR"]) {
            sheet.write_string(line + 1, column, text).expect("a cell");
        }
        sheet.write_number(line + 1, 3, price).expect("a cell");
    }
    let bytes = workbook.save_to_buffer().expect("memory");
    let price = |sheet: Option<&str>| {
        let options = ReadOptions { sheet: sheet.map(str::to_owned), ..ReadOptions::default() };
        let mut reader = open(FileKind::Products, "week.xlsx", Box::new(Cursor::new(bytes.clone())), options)?;
        match reader.next_batch(9, &mut Problems::default()) {
            Some(Rows::Products(rows)) => Ok::<_, pricing_domain::Problem>((rows[0].line, rows[0].price_minor)),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(price(None), Ok((5, Some(950))));
    assert_eq!(price(Some("Week 49")), Ok((2, Some(850))));
    assert!(price(Some("Week 50")).expect_err("no such sheet").reason.contains("Week 48"));
}

#[test]
fn what_is_neither_text_nor_xlsx_is_refused_with_what_to_do() {
    for (bytes, advice) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), "Save it as XLSX"),
        (b"%PDF-1.7", "Export the rows"),
        (b"\x1f\x8b\x08\0", "Export or download it again"),
        (b"s\0k\0u\0", "UTF-16 with a byte order mark"),
        (b"PK\x03\x04 no archive", "Save it anew"),
        (b"", "empty"),
    ] {
        let source = Box::new(Cursor::new(bytes.to_vec()));
        let refused = open(FileKind::Products, "file", source, ReadOptions::default());
        let problem = refused.err().expect("refused");
        assert!(problem.reason.contains(advice), "{bytes:?}: {problem}");
    }
}
