//! Measures the product at sizes that hurt: import, pricing, grid, product and chart, decisions, and the memory of
//! each, on a real workspace file through the commands that every host runs.
//!
//! Each part runs in a process of its own, so that peaks of memory are its own too and every start is a real start.

mod arguments;
mod catalogue;
mod figures;
mod machine;
mod parts;
mod questions;
mod report;
mod session;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Parser;

use arguments::Arguments;
use catalogue::Brands;
use figures::Figure;
use parts::{Part, Topic};

/// The size that `--quick` measures.
const QUICK_PRODUCTS: u32 = 20_000;
/// The same for the workspace with a long history.
const QUICK_HISTORY: u32 = 2_000;

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(part) = arguments.part {
        let folder = arguments.folder.context("a part needs its folder")?;
        let products = *arguments.products.first().context("a part needs the number of products")?;
        let figures = parts::measure(part, &folder, products)?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(ExitCode::SUCCESS);
    }
    let sizes = if arguments.quick { vec![QUICK_PRODUCTS] } else { arguments.products.clone() };
    let machine = machine::describe();
    println!("{machine}\n");
    let mut figures = Vec::new();
    for products in sizes {
        figures.extend(measure_size(products, &arguments)?);
    }
    figures.extend(measure_history(&arguments)?);
    figures.extend(measure_alone(&arguments)?);
    figures.extend(measure_sample(&arguments)?);
    println!("{}", report::table(&figures));
    if arguments.writes() {
        let file = report::write_document(&machine, &figures)?;
        println!("written to {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// All parts at one size, in a folder that is gone afterwards.
fn measure_size(products: u32, arguments: &Arguments) -> Result<Vec<Figure>> {
    if !Part::OF_A_CATALOGUE.into_iter().any(|part| arguments.shows(part)) {
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir().context("making a folder for the workspace")?;
    eprintln!("{products} products: generating the files");
    catalogue::write_files(folder.path(), products, Brands::OfEveryKind)?;
    let mut figures = Vec::new();
    for part in Part::OF_A_CATALOGUE {
        if !arguments.needs(part) {
            continue;
        }
        eprintln!("{products} products: {part}");
        let measured = in_own_process(part, folder.path(), products)?;
        if arguments.shows(part) {
            figures.extend(measured);
        }
    }
    Ok(figures)
}

/// What needs no catalogue of the others.
fn measure_alone(arguments: &Arguments) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for part in Part::ALONE.into_iter().filter(|part| arguments.shows(*part)) {
        eprintln!("by itself: {part}");
        let folder = tempfile::tempdir().context("making a folder")?;
        figures.extend(in_own_process(part, folder.path(), if arguments.quick { parts::SMALL } else { 0 })?);
    }
    Ok(figures)
}

/// Figures over a long history, in a folder that is gone afterwards unless it is to be kept.
fn measure_history(arguments: &Arguments) -> Result<Vec<Figure>> {
    if !arguments.names(Part::Analytics) {
        return Ok(Vec::new());
    }
    let products = if arguments.quick { QUICK_HISTORY } else { arguments.history_products };
    let folder = tempfile::tempdir().context("making a folder for the workspace")?;
    eprintln!("{products} products with a history: generating the catalogue");
    catalogue::write_files(folder.path(), products, Brands::OfOneKind)?;
    let mut figures = Vec::new();
    for part in Part::OF_A_HISTORY {
        eprintln!("{products} products with a history: {part}");
        let measured = in_own_process(part, folder.path(), products)?;
        if part.topic() == Topic::Market {
            figures.extend(measured);
        }
    }
    if let Some(kept) = &arguments.keep {
        // It may lie on another disk.
        std::fs::copy(session::Session::file(folder.path()), kept).context("keeping the workspace")?;
    }
    Ok(figures)
}

/// The parts about the sample.
fn measure_sample(arguments: &Arguments) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for part in Part::OF_THE_SAMPLE.into_iter().filter(|part| arguments.shows(*part)) {
        eprintln!("the sample: {part}");
        let folder = tempfile::tempdir().context("making a folder for the sample")?;
        figures.extend(in_own_process(part, folder.path(), 0)?);
    }
    Ok(figures)
}

fn in_own_process(part: Part, folder: &Path, products: u32) -> Result<Vec<Figure>> {
    let program = std::env::current_exe().context("finding this program")?;
    let output = Command::new(program)
        .args(["--part", &part.to_string(), "--products", &products.to_string()])
        .arg("--folder")
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting the part {part}"))?;
    ensure!(output.status.success(), "the part {part} ended with {}", output.status);
    let answer = String::from_utf8(output.stdout).context("reading the figures")?;
    serde_json::from_str(answer.trim()).with_context(|| format!("reading the figures of {part}: {answer}"))
}
