//! Lines in, lines out: answered by all cores, written in the order of the questions, never more than a few in memory.

use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::questions::{Answered, Reader};

/// Longest line that is taken; a longer one is answered with an error.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;
/// How many questions wait for each core.
const WAITING: usize = 8;

/// What came of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Questions, which is answers too.
    pub lines: u64,
    /// Of these answered with an error.
    pub failed: u64,
}

struct Work {
    line: Vec<u8>,
    answer: Sender<Answered>,
}

/// Answers every line of `input` by one line of `output`. Empty lines are passed over. Ends with the input, or with the
/// first error of reading it or of writing.
pub fn answer_lines(reader: &Reader, input: impl BufRead, output: impl Write + Send) -> io::Result<LineCounts> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (work, waiting) = sync_channel::<Work>(threads * WAITING);
    let (order, in_order) = sync_channel::<Receiver<Answered>>(threads * WAITING);
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| answer_waiting(reader, &waiting));
        }
        let writing = scope.spawn(move || write_in_order(&in_order, output));
        let asked = ask(input, &work, &order);
        drop((work, order));
        let counts = writing.join().expect("writing does not panic")?;
        asked.map(|()| counts)
    })
}

/// Hands out the lines until they end, or until nobody writes any more.
fn ask(mut input: impl BufRead, work: &SyncSender<Work>, order: &SyncSender<Receiver<Answered>>) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        let length = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if length as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            pass_over_line(&mut input)?;
            line.truncate(64);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let (answer, answered) = channel();
        if order.send(answered).is_err() || work.send(Work { line, answer }).is_err() {
            return Ok(());
        }
    }
}

fn pass_over_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let end = held.iter().position(|byte| *byte == b'\n');
        let passed = end.map_or(held.len(), |end| end + 1);
        let done = end.is_some() || held.is_empty();
        input.consume(passed);
        if done {
            return Ok(());
        }
    }
}

fn answer_waiting(reader: &Reader, waiting: &Mutex<Receiver<Work>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Work { line, answer }) = next else { return };
        let read = catch_unwind(AssertUnwindSafe(|| reader.answer(line.trim_ascii())));
        // Nobody listens when writing ended early; then the rest is passed over.
        let _ = answer.send(read.unwrap_or_else(|_| Reader::broken(line.trim_ascii())));
    }
}

/// Writes the answers; flushes whenever the next one is not there yet, so that a pipe sees each as soon as it can.
fn write_in_order(in_order: &Receiver<Receiver<Answered>>, mut output: impl Write) -> io::Result<LineCounts> {
    let mut counts = LineCounts::default();
    loop {
        let next = match in_order.try_recv() {
            Ok(next) => next,
            Err(TryRecvError::Disconnected) => break,
            Err(TryRecvError::Empty) => {
                output.flush()?;
                let Ok(next) = in_order.recv() else { break };
                next
            }
        };
        let Ok(answered) = next.recv() else { break };
        counts.lines += 1;
        counts.failed += u64::from(answered.failed);
        output.write_all(answered.json.as_bytes())?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{LineCounts, answer_lines};
    use crate::reading::{Questions, Reader};

    fn run(questions: Questions, folder: &std::path::Path, input: &str) -> (LineCounts, Vec<Value>) {
        let reader = Reader::new(questions, vec![folder.to_owned()]);
        let mut output = Vec::new();
        let counts = answer_lines(&reader, input.as_bytes(), &mut output).expect("in memory");
        let text = String::from_utf8(output).expect("JSON is UTF-8");
        (counts, text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect())
    }

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let input: String =
            (0..500).map(|id| format!("{{\"id\":{id},\"text\":\"{}\"}}\n", "9 ".repeat(id % 90))).collect();
        let (counts, answers) = run(Questions::Prices, ".".as_ref(), &input);
        assert_eq!((counts.lines, counts.failed), (500, 0));
        assert!(answers.iter().enumerate().all(|(id, answer)| answer["id"] == id));
    }

    #[test]
    fn a_bad_line_is_answered_with_an_error_and_the_run_goes_on() {
        let input = "{\"id\":\"a\",\"text\":\"5 €\"}\n\nno json\n[1]\n{\"id\":\"b\"}\n{\"id\":\"n\",\"text\":null}\n\
            {\"id\":\"c\",\"text\":\"7,50 €\",\"currency_hint\":null,\"decimal_separator\":\",\"}";
        let (counts, answers) = run(Questions::Prices, ".".as_ref(), input);
        assert_eq!(counts, LineCounts { lines: 6, failed: 3 });
        assert_eq!((&answers[0]["amount"], &answers[0]["currency"]), (&Value::from("5"), &Value::from("EUR")));
        assert!(answers[1]["error"].is_string() && answers[2]["error"].is_string());
        assert_eq!(answers[3]["id"], "b");
        assert!(answers[3]["error"].as_str().is_some_and(|error| error.contains("text")));
        assert_eq!(answers[4]["amount"], Value::Null);
        assert_eq!(answers[5]["amount"], "7.50");
    }

    #[test]
    fn pages_are_found_in_the_folder_of_the_input() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(
            folder.path().join("lamp.html"),
            "<title>Lamp</title><h1>Lamp</h1><p class=price>12,90 €</p><button>In den Warenkorb</button>",
        )
        .expect("written");
        let input = "{\"id\":1,\"url\":\"https://shop.example/lamp\",\"file\":\"lamp.html\"}\n{\"id\":2,\"file\":\"no.html\"}\n";
        let (counts, answers) = run(Questions::Pages, folder.path(), input);
        assert_eq!(counts, LineCounts { lines: 2, failed: 1 });
        assert_eq!(answers[0]["price"], "12.90");
        assert_eq!(answers[0]["state"], "product");
        assert_eq!(answers[0]["availability"], "InStock");
        assert!(answers[1]["error"].as_str().is_some_and(|error| error.contains("no.html")));
    }

    #[test]
    fn robots_are_asked_by_text_and_by_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("robots.txt"), "User-agent: *\nDisallow: /cart").expect("written");
        let input = "{\"id\":1,\"robots_file\":\"robots.txt\",\"user_agent\":\"X\",\"url\":\"https://a.example/cart\"}\n\
            {\"id\":2,\"robots_txt\":\"\",\"user_agent\":\"X\",\"url\":\"https://a.example/cart\"}\n{\"id\":3}";
        let (_, answers) = run(Questions::Robots, folder.path(), input);
        assert_eq!(answers[0]["allowed"], false);
        assert!(answers[0]["rule"].as_str().is_some_and(|rule| rule.contains("/cart")));
        assert_eq!((&answers[1]["allowed"], &answers[1]["rule"]), (&Value::Bool(true), &Value::Null));
        assert!(answers[2]["error"].is_string());
    }
}
