//! Reading pages, price texts and robots.txt without a workspace: one question a line for scripts, one question for
//! a person.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app_commands::reading::{
    PageAnswer, PageInput, PriceHints, PriceText, Questions, Reader, SiteHints, VariantAnswer, answer_lines, extract,
    parse_price, read_page_file,
};
use clap::Args;

use crate::output;
use crate::run::PARTLY;

/// Pages to read.
#[derive(Args)]
pub struct ExtractWords {
    /// A page's file; with --jsonl the file of questions (without it standard input).
    #[arg(required_unless_present = "jsonl")]
    pub file: Option<PathBuf>,
    /// One question a line, one answer a line, in order; exit code 3 when a line could not be answered.
    #[arg(long)]
    pub jsonl: bool,
    /// The page's address: its country and its number help to read it.
    #[arg(long, default_value = "", conflicts_with = "jsonl")]
    pub url: String,
}

/// Price texts to read.
#[derive(Args)]
pub struct ParsePriceWords {
    /// A text with a price; with --jsonl the file of questions (without it standard input).
    #[arg(required_unless_present = "jsonl")]
    pub text: Option<String>,
    /// One question a line, one answer a line, in order; exit code 3 when a line could not be answered.
    #[arg(long)]
    pub jsonl: bool,
    /// A text that may name the currency.
    #[arg(long, conflicts_with = "jsonl")]
    pub currency_hint: Option<String>,
    /// `.` or `,` where the site's custom is known.
    #[arg(long, conflicts_with = "jsonl")]
    pub decimal: Option<char>,
}

/// Addresses to ask a robots.txt for.
#[derive(Args)]
pub struct RobotsWords {
    /// A robots.txt; with --jsonl the file of questions (without it standard input).
    #[arg(required_unless_present = "jsonl")]
    pub file: Option<PathBuf>,
    /// One question a line, one answer a line, in order; exit code 3 when a line could not be answered.
    #[arg(long)]
    pub jsonl: bool,
    /// The address to fetch.
    #[arg(long, required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub url: Option<String>,
    /// The product token of the program that fetches.
    #[arg(long, default_value = "OmniPriceX", conflicts_with = "jsonl")]
    pub user_agent: String,
}

/// `omnipricex extract`
pub fn extract_pages(words: ExtractWords, json: bool) -> Result<ExitCode> {
    if words.jsonl {
        return lines(Questions::Pages, words.file.as_deref());
    }
    let file = words.file.context("name a page's file")?;
    let body = read_page_file(&file)?;
    let page =
        PageInput { body: &body, content_type: None, status: None, url: &words.url, hints: SiteHints::default() };
    output::answer(json, &PageAnswer::from(extract(&page)), page_in_words);
    Ok(ExitCode::SUCCESS)
}

/// `omnipricex parse-price`
pub fn parse_prices(words: ParsePriceWords, json: bool) -> Result<ExitCode> {
    if words.jsonl {
        return lines(Questions::Prices, words.text.as_deref().map(Path::new));
    }
    let hints =
        PriceHints { currency_text: words.currency_hint, decimal_separator: words.decimal, ..PriceHints::default() };
    let text = words.text.context("give a text with a price")?;
    output::answer(json, &parse_price(&text, &hints), price_in_words);
    Ok(ExitCode::SUCCESS)
}

/// `omnipricex robots`
pub fn ask_robots(words: RobotsWords, json: bool) -> Result<ExitCode> {
    if words.jsonl {
        return lines(Questions::Robots, words.file.as_deref());
    }
    let question = serde_json::json!({
        "robots_file": words.file.context("name a robots.txt")?,
        "user_agent": words.user_agent,
        "url": words.url.context("name an address with --url")?,
    });
    let answered = Reader::new(Questions::Robots, Vec::new()).answer(question.to_string().as_bytes());
    let answer: serde_json::Value = serde_json::from_str(&answered.json)?;
    if let Some(error) = answer["error"].as_str() {
        bail!("{error}");
    }
    output::answer(json, &answer, |answer| {
        let verdict = if answer["allowed"] == true { "allowed" } else { "disallowed" };
        println!("{verdict}: {}", answer["rule"].as_str().unwrap_or("no rule applies"));
    });
    Ok(ExitCode::SUCCESS)
}

/// Answers all lines of a file or of standard input. 3 when some could not be answered.
fn lines(questions: Questions, file: Option<&Path>) -> Result<ExitCode> {
    let named = file.filter(|file| *file != Path::new("-"));
    let input: Box<dyn Read> = match named {
        Some(file) => Box::new(File::open(file).with_context(|| format!("opening {}", file.display()))?),
        None => Box::new(io::stdin()),
    };
    let folder = named.map(Path::to_owned).or_else(redirected_input).and_then(|file| Some(file.parent()?.to_owned()));
    let reader = Reader::new(questions, folder.into_iter().collect());
    let counts = match answer_lines(&reader, BufReader::new(input), BufWriter::new(io::stdout())) {
        // Whoever reads the answers has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        counts => counts.context("reading questions and writing answers")?,
    };
    if counts.failed > 0 {
        eprintln!("omnipricex: {} of {} lines could not be answered; each says why", counts.failed, counts.lines);
        return Ok(ExitCode::from(PARTLY));
    }
    Ok(ExitCode::SUCCESS)
}

/// The file that standard input was redirected from, where the system tells.
fn redirected_input() -> Option<PathBuf> {
    std::fs::read_link("/proc/self/fd/0").ok().filter(|path| path.is_file())
}

fn page_in_words(answer: &PageAnswer) {
    println!("{}", answer.title.as_deref().unwrap_or("(no title)"));
    let currency = answer.currency.map(|currency| currency.to_string()).unwrap_or_default();
    match answer.price {
        Some(price) => println!("  price         {price} {currency} ({} confidence)", answer.confidence),
        None => println!("  price         refused: {}", answer.state),
    }
    let texts = [
        ("state", Some(answer.state.to_string())),
        ("list price", answer.list_price.map(|price| format!("{price} {currency}"))),
        ("availability", answer.availability.map(|value| value.to_string())),
        ("condition", answer.condition.map(|value| value.to_string())),
        ("brand", answer.brand.clone()),
        ("sku", answer.sku.clone()),
        ("mpn", answer.mpn.clone()),
        ("gtin", answer.gtin.clone()),
        ("shipping", answer.shipping.map(|cost| format!("{cost} {currency}"))),
        ("pack", answer.pack.as_ref().map(|pack| pack.to_string())),
        ("seller", answer.seller.clone()),
        ("promotion", answer.promotion.clone()),
        ("method", answer.method.map(|method| method.to_string())),
        ("evidence", answer.evidence.clone()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            println!("  {name:<13} {text}");
        }
    }
    answer.variants.iter().for_each(|variant| println!("  variant       {}", variant_in_words(variant)));
    answer.readings.iter().for_each(|reading| println!("  reading       {reading}"));
    answer.warnings.iter().for_each(|warning| println!("  warning       {warning}"));
}

fn variant_in_words(variant: &VariantAnswer) -> String {
    let parts = [
        variant.title.clone(),
        variant.price.map(|price| price.to_string()),
        variant.sku.as_ref().map(|sku| format!("sku {sku}")),
        variant.availability.map(|value| value.to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn price_in_words(read: &PriceText) {
    let currency = read.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    match read.amount {
        Some(amount) => println!("{amount}{currency} ({} confidence)", read.confidence),
        None => println!("refused"),
    }
    read.reason.iter().for_each(|reason| println!("  {reason}"));
    read.readings.iter().for_each(|reading| println!("  possible: {reading}{currency}"));
}
