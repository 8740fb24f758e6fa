//! What a line asks and what is answered: a page, a price text, or whether robots.txt permits an address.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use price_collection::robots::Robots;
use price_extraction::{PageAnswer, PageInput, PriceHints, PriceText, SiteHints, extract, parse_price};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::files::read_page_file;

/// Most robots.txt files that are kept parsed.
const KEPT_ROBOTS: usize = 512;

/// What kind of question every line asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Questions {
    /// `{id, url, file}`: what does this page say?
    Pages,
    /// `{id, text, currency_hint, decimal_separator}`: which price is in this text?
    Prices,
    /// `{id, robots_file | robots_txt, user_agent, url}`: may this address be fetched?
    Robots,
}

/// An answer as one line of JSON, without its line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The object.
    pub json: String,
    /// The question could not be answered; the object has an `error` that says why.
    pub failed: bool,
}

/// Answers lines. Shared by all threads.
#[derive(Debug)]
pub struct Reader {
    questions: Questions,
    folders: Vec<PathBuf>,
    robots: Mutex<HashMap<PathBuf, Arc<Robots>>>,
}

#[derive(Deserialize)]
struct PageQuestion {
    file: PathBuf,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    content_type: Option<String>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    hints: Option<SiteHints>,
}

#[derive(Deserialize)]
struct PriceQuestion {
    /// `null` is a text without an amount; left out it is a mistake.
    #[serde(deserialize_with = "said")]
    text: Option<String>,
    #[serde(default)]
    currency_hint: Option<String>,
    #[serde(default)]
    decimal_separator: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Deserialize)]
struct RobotsQuestion {
    #[serde(default)]
    robots_file: Option<PathBuf>,
    #[serde(default)]
    robots_txt: Option<String>,
    #[serde(default)]
    user_agent: String,
    #[serde(default)]
    url: String,
}

#[derive(Serialize)]
struct WithId<T> {
    id: Value,
    #[serde(flatten)]
    answer: T,
}

#[derive(Serialize)]
struct RobotsAnswer {
    allowed: bool,
    rule: Option<String>,
}

#[derive(Serialize)]
struct Failure {
    error: String,
}

impl Reader {
    /// Files that a line names are looked for in `folders`, in this order.
    pub fn new(questions: Questions, folders: Vec<PathBuf>) -> Self {
        Self { questions, folders, robots: Mutex::new(HashMap::new()) }
    }

    /// Answers one line. Never fails: what cannot be answered is an object with an `error`.
    pub fn answer(&self, line: &[u8]) -> Answered {
        let question: Value = match serde_json::from_slice(line) {
            Ok(question @ Value::Object(_)) => question,
            Ok(_) => return failure(Value::Null, "a line holds one JSON object".to_owned()),
            Err(error) => return failure(Value::Null, format!("no JSON object: {error}")),
        };
        let id = question.get("id").cloned().unwrap_or(Value::Null);
        let answered = match self.questions {
            Questions::Pages => self.page(question).map(|answer| answered(id.clone(), answer)),
            Questions::Prices => price(question).map(|answer| answered(id.clone(), answer)),
            Questions::Robots => self.robots(question).map(|answer| answered(id.clone(), answer)),
        };
        answered.unwrap_or_else(|error| failure(id, error))
    }

    /// What a line is answered with when reading it broke down.
    pub(super) fn broken(line: &[u8]) -> Answered {
        let id =
            serde_json::from_slice::<Value>(line).ok().and_then(|mut question| Some(question.get_mut("id")?.take()));
        failure(id.unwrap_or(Value::Null), "reading this line failed; please report it with its file".to_owned())
    }

    fn page(&self, question: Value) -> Result<PageAnswer, String> {
        let question: PageQuestion = parsed(question)?;
        let body = read_page_file(&self.find(&question.file)).map_err(|error| error.to_string())?;
        let page = PageInput {
            body: &body,
            content_type: question.content_type.as_deref(),
            status: question.status,
            url: question.url.as_deref().unwrap_or(""),
            hints: question.hints.unwrap_or_default(),
        };
        Ok(extract(&page).into())
    }

    fn robots(&self, question: Value) -> Result<RobotsAnswer, String> {
        let question: RobotsQuestion = parsed(question)?;
        let robots = match (&question.robots_txt, &question.robots_file) {
            (Some(text), _) => Arc::new(Robots::parse(text.as_bytes())),
            (None, Some(file)) => self.robots_file(file)?,
            (None, None) => return Err("name a robots_file, or give the robots_txt itself".to_owned()),
        };
        let verdict = robots.allowed(&question.user_agent, &question.url);
        Ok(RobotsAnswer { allowed: verdict.allowed, rule: verdict.rule })
    }

    /// A file that was parsed before is not parsed again.
    fn robots_file(&self, file: &Path) -> Result<Arc<Robots>, String> {
        let path = self.find(file);
        let kept = || self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&path) {
            return Ok(Arc::clone(known));
        }
        let body = read_page_file(&path).map_err(|error| error.to_string())?;
        let parsed = Arc::new(Robots::parse(&body));
        let mut kept = kept();
        if kept.len() >= KEPT_ROBOTS {
            kept.clear();
        }
        kept.insert(path, Arc::clone(&parsed));
        Ok(parsed)
    }

    /// Where a file named in a line is: the first folder that has it.
    fn find(&self, file: &Path) -> PathBuf {
        let mut places = self.folders.iter().map(|folder| folder.join(file));
        places.find(|place| place.exists()).unwrap_or_else(|| file.to_owned())
    }
}

fn price(question: Value) -> Result<PriceText, String> {
    let question: PriceQuestion = parsed(question)?;
    let separator = question.decimal_separator.unwrap_or_default();
    let decimal_separator = match separator.trim() {
        "" => None,
        "." => Some('.'),
        "," => Some(','),
        // `1250€600`: the sign stands between whole and decimals.
        "€" => Some('€'),
        other => return Err(format!("decimal_separator is “.”, “,” or “€”, not “{other}”")),
    };
    let hints = PriceHints {
        currency: None,
        currency_text: question.currency_hint,
        decimal_separator,
        language: question.language,
    };
    Ok(parse_price(&question.text.unwrap_or_default(), &hints))
}

fn said<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(value)
}

fn parsed<T: for<'de> Deserialize<'de>>(question: Value) -> Result<T, String> {
    serde_json::from_value(question).map_err(|error| error.to_string())
}

fn answered<T: Serialize>(id: Value, answer: T) -> Answered {
    match serde_json::to_string(&WithId { id: id.clone(), answer }) {
        Ok(json) => Answered { json, failed: false },
        Err(error) => failure(id, error.to_string()),
    }
}

fn failure(id: Value, error: String) -> Answered {
    let json = serde_json::to_string(&WithId { id, answer: Failure { error } }).expect("texts are JSON");
    Answered { json, failed: true }
}
