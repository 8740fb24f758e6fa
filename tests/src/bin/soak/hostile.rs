//! Files that were made to hurt: every importer reads those of its family before it reads damaged ones.

use std::io::{Cursor, Write};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const HEADER: &str = "sku,name,currency,price\n";

/// Delimited text: a million columns, marks that nothing closes, cells and lines without an end.
pub fn delimited() -> Vec<Vec<u8>> {
    let wide = "c,".repeat(1_000_000);
    let texts = [
        format!("{wide}\n{wide}\n"),
        format!("{HEADER}{}\nA1,Kettle,EUR,9.95\n", "\"x\",".repeat(1_000_000)),
        format!("{HEADER}A1,\"Kettle,EUR,9.95\n{}", "A2,Toaster,EUR,19.95\n".repeat(100_000)),
        format!("{HEADER}{}", "A1,\"Kettle,EUR,9.95\n".repeat(100_000)),
        format!("\"{HEADER}{}", "A2,Toaster,EUR,19.95\n".repeat(100_000)),
        format!("{HEADER}A1,{}", "x".repeat(16 << 20)),
        format!("{HEADER}A1,{},EUR,9.95\n", "\"\"".repeat(1 << 20)),
        format!("{HEADER}{}", "\n".repeat(4 << 20)),
        format!("{HEADER}A1,Kettle,EUR,{}\n", "9".repeat(1 << 20)),
        format!("sku,price,{}\n", (0..100_000).map(|number| format!("attribute:a{number},")).collect::<String>()),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// Feeds: entities within entities, elements within elements, texts, names and attributes without an end.
pub fn feeds() -> Vec<Vec<u8>> {
    let rss = |inner: &str| {
        format!(
            "<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel><item><g:id>A1</g:id>{inner}</item></channel></rss>"
        )
    };
    let texts = [
        format!("<?xml version=\"1.0\"?>{}{}", entities(), rss("<title>&e9;</title><g:price>&e9; EUR</g:price>")),
        format!("<!DOCTYPE rss [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{}", rss("<title>&f;</title>")),
        rss(&"<a>".repeat(500_000)),
        rss(&format!("{}{}", "<g:shipping>".repeat(100_000), "</g:shipping>".repeat(100_000))),
        rss(&format!("<title>{}", "x".repeat(16 << 20))),
        rss(&format!("<title {}>Kettle</title>", "a='1' ".repeat(1 << 20))),
        rss(&format!("<{}/>", "n".repeat(8 << 20))),
        rss(&format!("<!--{}", "-".repeat(8 << 20))),
        rss(&format!("<title><![CDATA[{}", "]".repeat(8 << 20))),
        rss(&"<g:product_detail><g:attribute_name>a</g:attribute_name></g:product_detail>".repeat(20_000)),
        format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(500_000)),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// JSON: values within values, records without an end, names without number.
pub fn json_lines() -> Vec<Vec<u8>> {
    let texts = [
        format!("{{\"sku\":{}1{}}}\n", "{\"a\":".repeat(200_000), "}".repeat(200_000)),
        "[".repeat(4 << 20),
        format!("{{\"sku\":\"A1\"}}\n{{\"a\":[{}", "1,".repeat(4 << 20)),
        format!("{{\"sku\":\"{}", "x".repeat(16 << 20)),
        format!("{{{}}}\n", (0..200_000).map(|number| format!("\"a{number}\":1,")).collect::<String>()),
        (0..50_000).map(|number| format!("{{\"a{number}\":1}}\n")).collect(),
        format!("{{\"sku\":\"A1\",\"price\":{}}}\n", "9".repeat(1 << 20)),
        "{\"a\":[\n".repeat(100_000),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// The central bank's rates with the faults of feeds and of delimited text.
pub fn rates() -> Vec<Vec<u8>> {
    let envelope = |inner: &str| {
        format!(
            "<gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\"><Cube>{inner}</Cube></gesmes:Envelope>"
        )
    };
    let day = "<Cube time='2026-11-24'><Cube currency='USD' rate='";
    let texts = [
        format!("{}{}", entities(), envelope(&format!("{day}&e9;'/></Cube>"))),
        envelope(&"<Cube>".repeat(500_000)),
        envelope(&format!("{day}{}", "9".repeat(16 << 20))),
        format!("Date,{}\n2026-11-24,{}\n", "USD,".repeat(500_000), "1.05,".repeat(500_000)),
        format!("Date,USD\n{}", "2026-11-24,1.0532\n".repeat(100_000)),
        format!("Date,\"USD\n{}", "2026-11-24,1.0532\n".repeat(100_000)),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// Nested entities: nine times ten of the one before.
fn entities() -> String {
    let nested = (1..10).map(|level| format!("<!ENTITY e{level} \"{}\">", format!("&e{};", level - 1).repeat(10)));
    format!("<!DOCTYPE rss [<!ENTITY e0 \"xxxxxxxxxx\">{}]>", nested.collect::<String>())
}

/// Packed files that unpack to far more than they hold, within each other, or to nothing.
pub fn packed() -> Result<Vec<Vec<u8>>> {
    let zeros = "0".repeat(200 << 20);
    let lines = format!("{HEADER}{}", "A2,Toaster,EUR,19.95\n".repeat(512 << 10));
    let wide = format!("{}\n", "c,".repeat(32 << 20));
    let once = archive(&[("list.csv", zeros.as_bytes())])?;
    let overlapping = [gzip(lines.as_bytes())?, gzip(b"A3,Lamp,EUR,1\n")?].concat();
    Ok(vec![
        gzip(zeros.as_bytes())?,
        gzip(lines.as_bytes())?,
        gzip(wide.as_bytes())?,
        gzip(&gzip(&gzip(zeros.as_bytes())?)?)?,
        archive(&[("list.zip", &once)])?,
        archive(&[("list.csv.gz", &gzip(zeros.as_bytes())?)])?,
        once,
        archive(&[("list.csv", wide.as_bytes())])?,
        archive(&[("../../list.csv", HEADER.as_bytes())])?,
        archive(&[("a.csv", HEADER.as_bytes()), ("b.csv", HEADER.as_bytes())])?,
        archive(&[])?,
        overlapping,
    ])
}

/// Workbooks whose parts unpack to far more than they hold.
pub fn workbooks() -> Result<Vec<Vec<u8>>> {
    let cells = |cell: &str, times: usize| {
        let row = format!("<row>{}</row>", cell.repeat(64));
        format!("{SHEET}<sheetData>{}</sheetData></worksheet>", row.repeat(times / 64))
    };
    let strings = |item: &str, times: usize| format!("{STRINGS}{}</sst>", item.repeat(times));
    let empty = strings("", 0);
    let claiming = |count: &str| format!("{}uniqueCount=\"{count}\"></sst>", STRINGS.replace('>', " "));
    let inline = format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "x".repeat(4_000));
    let nested = format!(
        "{}{SHEET}<sheetData><row r=\"1\"><c t=\"str\"><v>&e9;</v></c></row></sheetData></worksheet>",
        entities()
    );
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>".repeat(10_000);
    Ok(vec![
        workbook(&cells("<c><v>1</v></c>", 1 << 20), &empty)?,
        workbook(
            &cells("<c t=\"s\"><v>0</v></c>", 1 << 20),
            &strings(&format!("<si><t>{}</t></si>", "x".repeat(1 << 20)), 1),
        )?,
        workbook(&cells(&inline, 40_000), &empty)?,
        workbook(&cells("<c/>", 64), &strings("<si/>", 20 << 20))?,
        workbook(&cells("<c/>", 64), &strings("<si><t>a</t></si>", 8 << 20))?,
        workbook(&cells("<c><v>1</v></c>", 64), &claiming("99999999999"))?,
        workbook(&cells("<c><v>1</v></c>", 64), &claiming("18446744073709551615"))?,
        workbook(&nested, &empty)?,
        workbook(&format!("{SHEET}<sheetData>{far}</sheetData></worksheet>"), &empty)?,
        workbook(&format!("{SHEET}<sheetData>{}", "<row>".repeat(1 << 20)), &empty)?,
        workbook(&format!("{SHEET}<sheetData><row r=\"1\"><c t=\"str\"><v>{}", "x".repeat(64 << 20)), &empty)?,
    ])
}

const SHEET: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">";
const STRINGS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">";

/// A workbook with one sheet of this XML.
fn workbook(sheet: &str, strings: &str) -> Result<Vec<u8>> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
                <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r0\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"r2\" Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    archive(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

/// One file as gzip.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).context("packing")?;
    packed.finish().context("packing")
}

/// An archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
        archive.write_all(bytes).context("packing")?;
    }
    Ok(archive.finish()?.into_inner())
}
