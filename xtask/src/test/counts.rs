//! Counts tests from what their runner prints, line by line, and decides which lines a person needs to see.

use std::fmt;

/// How many tests passed, failed, and were skipped for want of data.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Tests that ran to their end.
    pub passed: usize,
    /// Tests that failed, or never finished.
    pub failed: usize,
    /// Tests that returned at once, printing `skipped: NAME needs SHARED_DATA`.
    pub skipped: usize,
}

impl Counts {
    /// Adds the counts of another run.
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The program that runs the tests, which decides how its lines read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// `cargo nextest run`
    Nextest,
    /// `cargo test`
    CargoTest,
}

/// Reads the lines of one run.
#[derive(Debug)]
pub struct Reader {
    runner: Runner,
    ran: Counts,
    skipped_names: Vec<String>,
    is_inside_passed_test: bool,
}

impl Reader {
    /// A reader for the lines of this runner.
    pub fn new(runner: Runner) -> Reader {
        Reader { runner, ran: Counts::default(), skipped_names: Vec::new(), is_inside_passed_test: false }
    }

    /// Takes a line in; tells whether it is worth showing. The output of tests that passed is not.
    pub fn read(&mut self, line: &str) -> bool {
        let text = line.trim();
        if let Some(name) = skipped_name(text) {
            if !self.skipped_names.iter().any(|known| known == name) {
                self.skipped_names.push(name.to_owned());
            }
            return true;
        }
        match self.runner {
            Runner::Nextest => self.read_nextest(line, text),
            Runner::CargoTest => self.read_cargo_test(text),
        }
    }

    /// The counts of all lines. A skipped test passes in its runner's eyes; here it is one or the other.
    pub fn counts(&self) -> Counts {
        let skipped = self.skipped_names.len();
        Counts { passed: self.ran.passed.saturating_sub(skipped), failed: self.ran.failed, skipped }
    }

    fn read_nextest(&mut self, line: &str, text: &str) -> bool {
        if let Some(ran) = nextest_summary(text) {
            self.ran.add(ran);
        }
        if is_nextest_status(line) {
            self.is_inside_passed_test = text.starts_with("PASS");
            return true;
        }
        !self.is_inside_passed_test
    }

    fn read_cargo_test(&mut self, text: &str) -> bool {
        if let Some(ran) = cargo_test_result(text) {
            self.ran.add(ran);
        }
        true
    }
}

/// `skipped: NAME needs SHARED_DATA`; the name counts once however often it is printed.
fn skipped_name(text: &str) -> Option<&str> {
    text.strip_prefix("skipped: ")
}

/// Lines of nextest itself are aligned to the right at column 12; a test's output is indented by four.
fn is_nextest_status(line: &str) -> bool {
    let word = line.trim_start().split(' ').next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    let ends_at_column = indent + word.len() == 12 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    ends_at_column || line.starts_with("────") || line.starts_with("error")
}

/// `Summary [   0.166s] 4 tests run: 3 passed, 1 failed, 1 skipped`, or `2/4 tests run` when it was cut short.
fn nextest_summary(text: &str) -> Option<Counts> {
    let (_, result) = text.strip_prefix("Summary ")?.split_once("] ")?;
    let (run, outcomes) = result.split_once(" run: ")?;
    let all = run.split(' ').next()?.rsplit('/').next()?.parse::<usize>().ok()?;
    let passed = outcomes.split_once(" passed").and_then(|(before, _)| before.parse::<usize>().ok()).unwrap_or(0);
    Some(Counts { passed, failed: all.saturating_sub(passed), skipped: 0 })
}

/// `test result: ok. 3 passed; 1 failed; 0 ignored; …`
fn cargo_test_result(text: &str) -> Option<Counts> {
    let (_, result) = text.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = result.split("; ").find_map(|part| part.strip_suffix(word))?;
        part.trim().parse::<usize>().ok()
    };
    Some(Counts { passed: number("passed")?, failed: number("failed")?, skipped: 0 })
}

#[cfg(test)]
mod tests {
    use super::{Counts, Reader, Runner};

    fn read(runner: Runner, text: &str) -> (Counts, Vec<&str>) {
        let mut reader = Reader::new(runner);
        let shown = text.lines().filter(|line| reader.read(line)).collect();
        (reader.counts(), shown)
    }

    const NEXTEST: &str = "\
    Starting 4 tests across 1 binary (1 test skipped)
        PASS [   0.007s] (1/4) prices reads_pages
  stdout ───

    running 1 test
    test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out; finished in 0.00s

  stderr ───
    skipped: reads_pages needs SHARED_DATA
    skipped: reads_pages needs SHARED_DATA

        PASS [   0.006s] (2/4) prices rounds
        FAIL [   0.152s] (3/4) prices floors
  stderr ───
    thread 'floors' panicked
────────────
     Summary [   0.166s] 3 tests run: 2 passed, 1 failed, 1 skipped
        FAIL [   0.152s] (4/4) prices floors
error: test run failed";

    #[test]
    fn nextest_is_counted_by_its_summary_and_a_skipped_test_only_once() {
        let (counts, _) = read(Runner::Nextest, NEXTEST);
        assert_eq!(counts, Counts { passed: 1, failed: 1, skipped: 1 });
    }

    #[test]
    fn output_of_failed_tests_is_shown_and_that_of_passed_ones_is_not() {
        let (_, shown) = read(Runner::Nextest, NEXTEST);
        assert!(shown.contains(&"    thread 'floors' panicked"));
        assert!(shown.contains(&"    skipped: reads_pages needs SHARED_DATA"));
        assert!(!shown.iter().any(|line| line.contains("running 1 test")));
        assert_eq!(shown.last(), Some(&"error: test run failed"));
    }

    #[test]
    fn tests_that_never_ran_count_as_failed() {
        let (counts, _) =
            read(Runner::Nextest, "     Summary [   9.1s] 2/5 tests run: 1 passed (1 slow), 1 failed, 0 skipped");
        assert_eq!(counts, Counts { passed: 1, failed: 4, skipped: 0 });
        let (counts, _) = read(Runner::Nextest, "     Summary [   9.1s] 1 test run: 1 failed, 0 skipped");
        assert_eq!(counts, Counts { passed: 0, failed: 1, skipped: 0 });
    }

    #[test]
    fn results_of_cargo_test_add_up() {
        let text = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured\nskipped: a needs SHARED_DATA\n\
                    test result: FAILED. 2 passed; 3 failed; 1 ignored; 0 measured";
        assert_eq!(read(Runner::CargoTest, text).0, Counts { passed: 6, failed: 3, skipped: 1 });
    }

    #[test]
    fn the_closing_line_reads_as_promised() {
        assert_eq!(Counts { passed: 12, failed: 0, skipped: 3 }.to_string(), "12 passed, 0 failed, 3 skipped");
    }
}
