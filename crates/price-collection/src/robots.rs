//! What a shop's robots.txt permits, read exactly as Google's open-source robots.txt library reads it.
//!
//! RFC 9309 with that library's known tolerances: misspelt keys, a missing colon, byte order marks, overlong lines,
//! `index.html` standing for its folder. `Crawl-delay`, which that library ignores, is read from the same groups.

mod lines;
mod patterns;

use std::time::Duration;

use lines::{Line, Statement};

/// How much of a file counts (RFC 9309 asks for at least 500 KiB).
pub const ROBOTS_LIMIT_BYTES: usize = 500 * 1024;
/// Longer crawl delays than this are taken as this.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A parsed robots.txt.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    lines: Vec<Line>,
}

/// Whether an address may be fetched, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may be fetched.
    pub allowed: bool,
    /// The deciding rule with its line, for example `Disallow: /cart (line 12)`; none when no rule applies.
    pub rule: Option<String>,
}

/// The best rule found so far for one kind of group.
#[derive(Clone, Copy, Default)]
struct Best<'a> {
    allow: Option<(usize, &'a Line)>,
    disallow: Option<(usize, &'a Line)>,
}

impl<'a> Best<'a> {
    fn offer(&mut self, slot: Slot, priority: usize, line: &'a Line) {
        let held = match slot {
            Slot::Allow => &mut self.allow,
            Slot::Disallow => &mut self.disallow,
        };
        if held.is_none_or(|(best, _)| best < priority) {
            *held = Some((priority, line));
        }
    }

    /// Longest pattern wins, and of equal ones the permission. None when nothing but empty patterns matched.
    fn decision(&self) -> Option<(bool, &'a Line)> {
        let allow = self.allow.filter(|(priority, _)| *priority > 0);
        let disallow = self.disallow.filter(|(priority, _)| *priority > 0);
        match (allow, disallow) {
            (None, None) => None,
            (Some((_, line)), None) => Some((true, line)),
            (None, Some((_, line))) => Some((false, line)),
            (Some((a, allow)), Some((d, disallow))) => Some(if d > a { (false, disallow) } else { (true, allow) }),
        }
    }
}

#[derive(Clone, Copy)]
enum Slot {
    Allow,
    Disallow,
}

/// Follows the groups of a file for one user agent.
#[derive(Default)]
struct GroupWalk {
    in_global: bool,
    in_specific: bool,
    ever_specific: bool,
    rules_begun: bool,
}

impl GroupWalk {
    fn enter(&mut self, named: &[u8], user_agent: &str) {
        if self.rules_begun {
            *self = Self { ever_specific: self.ever_specific, ..Self::default() };
        }
        if lines::names_everybody(named) {
            self.in_global = true;
        } else if lines::product_token(named).eq_ignore_ascii_case(user_agent.as_bytes()) {
            self.in_specific = true;
            self.ever_specific = true;
        }
    }

    const fn applies(&self) -> bool {
        self.in_global || self.in_specific
    }
}

impl Robots {
    /// Reads a file. Nothing is an error: lines that mean nothing are skipped.
    pub fn parse(body: &[u8]) -> Self {
        Self { lines: lines::read(body) }
    }

    /// Whether `user_agent` (a product token such as `OmniPriceX`) may fetch an address.
    ///
    /// Takes a whole URL or its path and query, percent-encoded as it would be sent.
    pub fn allowed(&self, user_agent: &str, url_or_path: &str) -> Verdict {
        let path = patterns::path_of(url_or_path);
        let mut walk = GroupWalk::default();
        let (mut specific, mut global) = (Best::default(), Best::default());
        for line in &self.lines {
            let (slot, pattern) = match &line.statement {
                Statement::UserAgent(named) => {
                    walk.enter(named, user_agent);
                    continue;
                }
                Statement::Allow(pattern) => (Slot::Allow, pattern),
                Statement::Disallow(pattern) => (Slot::Disallow, pattern),
                Statement::CrawlDelay(_) => continue,
            };
            if !walk.applies() {
                continue;
            }
            walk.rules_begun = true;
            if let Some(priority) = priority(slot, pattern, path.as_bytes()) {
                let best = if walk.in_specific { &mut specific } else { &mut global };
                best.offer(slot, priority, line);
            }
        }
        let decision = match specific.decision() {
            None if walk.ever_specific => None,
            None => global.decision(),
            decided => decided,
        };
        match decision {
            None => Verdict { allowed: true, rule: None },
            Some((allowed, line)) => Verdict { allowed, rule: Some(line.to_string()) },
        }
    }

    /// The pause that the group of `user_agent` (or else the group for everybody) asks for between requests.
    ///
    /// The longest when several are given; at most a day.
    pub fn crawl_delay(&self, user_agent: &str) -> Option<Duration> {
        let mut walk = GroupWalk::default();
        let (mut specific, mut global): (Option<f64>, Option<f64>) = (None, None);
        for line in &self.lines {
            match &line.statement {
                Statement::UserAgent(named) => walk.enter(named, user_agent),
                Statement::CrawlDelay(seconds) if walk.applies() => {
                    walk.rules_begun = true;
                    let held = if walk.in_specific { &mut specific } else { &mut global };
                    *held = Some(held.unwrap_or(0.0).max(*seconds));
                }
                Statement::Allow(_) | Statement::Disallow(_) => walk.rules_begun |= walk.applies(),
                Statement::CrawlDelay(_) => {}
            }
        }
        let seconds = if walk.ever_specific { specific } else { global }?;
        Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_CRAWL_DELAY).min(LONGEST_CRAWL_DELAY))
    }
}

/// The length of the pattern when it matches. A permission of `…/index.html` also permits exactly its folder.
fn priority(slot: Slot, pattern: &[u8], path: &[u8]) -> Option<usize> {
    if patterns::matches(pattern, path) {
        return Some(pattern.len());
    }
    if matches!(slot, Slot::Disallow) {
        return None;
    }
    let slash = pattern.iter().rposition(|byte| *byte == b'/')?;
    if !pattern[slash..].starts_with(b"/index.htm") {
        return None;
    }
    let mut folder = pattern[..=slash].to_vec();
    folder.push(b'$');
    patterns::matches(&folder, path).then_some(folder.len())
}
