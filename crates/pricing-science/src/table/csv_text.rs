//! CSV text to a table: a column is numeric when every cell that is not empty (or NA) is a number.

use super::{Table, Values};
use crate::error::{Result, ScienceError};

impl Table {
    /// Reads CSV text whose first line names the columns. Two passes where there are texts, one otherwise.
    pub fn from_csv(text: &[u8]) -> Result<Table> {
        let mut names = Vec::new();
        let mut numbers: Vec<Option<Vec<f64>>> = Vec::new();
        for_each_record(text, |record| {
            if names.is_empty() {
                names = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                numbers = vec![Some(Vec::new()); names.len()];
                return;
            }
            for (column, cell) in numbers.iter_mut().zip(record) {
                match number(cell) {
                    Some(number) => column.iter_mut().for_each(|column| column.push(number)),
                    None => *column = None,
                }
            }
        })?;
        if names.is_empty() {
            return Err(ScienceError::Unsuitable(
                "the file is empty; its first line has to name the columns".to_owned(),
            ));
        }
        let mut texts: Vec<Vec<String>> = vec![Vec::new(); names.len()];
        if numbers.iter().any(Option::is_none) {
            let mut is_heading = true;
            for_each_record(text, |record| {
                for ((cell, texts), numbers) in record.iter().zip(&mut texts).zip(&numbers) {
                    if numbers.is_none() && !is_heading {
                        texts.push(String::from_utf8_lossy(cell).into_owned());
                    }
                }
                is_heading = false;
            })?;
        }
        let values = numbers.into_iter().zip(&texts).map(|(numbers, texts)| match numbers {
            Some(numbers) => Values::Number(numbers),
            None => Values::from_texts(texts),
        });
        Table::new(names.into_iter().zip(values).collect())
    }
}

fn for_each_record(text: &[u8], mut take: impl FnMut(&csv::ByteRecord)) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut record = csv::ByteRecord::new();
    loop {
        let is_there = reader
            .read_byte_record(&mut record)
            .map_err(|error| ScienceError::Unsuitable(format!("the CSV text cannot be read: {error}")))?;
        if !is_there {
            return Ok(());
        }
        take(&record);
    }
}

fn number(cell: &[u8]) -> Option<f64> {
    match cell.trim_ascii() {
        b"" | b"NA" | b"NaN" => Some(f64::NAN),
        text => std::str::from_utf8(text).ok()?.parse().ok(),
    }
}
