//! Collects many targets: origins side by side, the targets of one origin one after the other.

use std::collections::HashMap;
use std::sync::Arc;

use futures::StreamExt;
use pricing_domain::{Instant, ReadState};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Duration, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::fetching::{NoAnswer, Visit, resource, visit};
use crate::observations::{CollectSummary, Observation, Target};
use crate::reading::{observe, unread};
use crate::settings::CollectSettings;
use crate::transport::Transport;

/// How long a finished observation may still wait for its receiver once cancelled.
const GRACE: Duration = Duration::from_millis(100);

/// What all parts of a collection share.
#[derive(Clone)]
struct Job {
    transport: Arc<Transport>,
    /// As many pages are read at a time as there are cores.
    readers: Arc<Semaphore>,
    sink: mpsc::Sender<Observation>,
    cancel: CancellationToken,
}

/// Fetches and reads every target; each observation goes to `sink` as soon as it is there.
///
/// A full `sink` holds fetching back. Cancelling `cancel`, or dropping the receiver, ends the collection within 200
/// milliseconds: what is finished is still sent, what is under way is not reported. Needs a Tokio runtime.
pub async fn collect(
    targets: Vec<Target>,
    settings: CollectSettings,
    now: impl Fn() -> Instant + Send + Sync + Clone + 'static,
    cancel: CancellationToken,
    sink: mpsc::Sender<Observation>,
) -> CollectSummary {
    let mut summary = CollectSummary { requested: targets.len(), ..CollectSummary::default() };
    let parallel_origins = settings.parallel_origins.max(1);
    let clock = now.clone();
    let transport = match Transport::new(settings, Arc::new(now)) {
        Ok(transport) => transport,
        Err(problem) => {
            report_all(targets, &format!("no connection can be made: {problem}"), clock(), &sink, &mut summary).await;
            return summary;
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let job = Job {
        transport: Arc::new(transport),
        readers: Arc::new(Semaphore::new(cores)),
        sink,
        cancel: cancel.child_token(),
    };
    let mut states = futures::stream::iter(lanes(targets))
        .map(|lane| run_lane(job.clone(), lane))
        .buffer_unordered(parallel_origins);
    while let Some(lane) = states.next().await {
        lane.into_iter().for_each(|reported| summary.count(reported.state, reported.postponed));
    }
    summary.cancelled = summary.read + summary.refused < summary.requested;
    summary
}

async fn report_all(
    targets: Vec<Target>,
    reason: &str,
    at: Instant,
    sink: &mpsc::Sender<Observation>,
    summary: &mut CollectSummary,
) {
    for target in targets {
        let problem =
            NoAnswer { state: ReadState::Unreachable, reason: reason.to_owned(), at, silent: true, not_yet: false };
        if sink.send(unread(target.key, target.url, 0, problem)).await.is_err() {
            summary.cancelled = true;
            return;
        }
        summary.count(ReadState::Unreachable, false);
    }
}

/// The targets by origin with what is fetched for them, the longest first, so that it does not end alone.
fn lanes(targets: Vec<Target>) -> Vec<Vec<(Option<Url>, Target)>> {
    let mut lanes: Vec<Vec<Target>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for target in targets {
        let origin = Url::parse(&target.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let place = *places.entry(origin).or_insert(lanes.len());
        if place == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[place].push(target);
    }
    lanes.sort_by_key(|lane| std::cmp::Reverse(lane.len()));
    lanes.into_iter().map(neighbours).collect()
}

/// Targets of one resource beside each other, at the place of the first.
fn neighbours(lane: Vec<Target>) -> Vec<(Option<Url>, Target)> {
    let mut places: HashMap<Url, usize> = HashMap::new();
    let mut placed: Vec<(usize, Option<Url>, Target)> = Vec::with_capacity(lane.len());
    for (place, target) in lane.into_iter().enumerate() {
        let resource = resource(&target);
        let place = resource.clone().map_or(place, |resource| *places.entry(resource).or_insert(place));
        placed.push((place, resource, target));
    }
    placed.sort_by_key(|(place, ..)| *place);
    placed.into_iter().map(|(_, resource, target)| (resource, target)).collect()
}

/// What was reported of a target.
#[derive(Clone, Copy)]
struct Reported {
    state: ReadState,
    postponed: bool,
}

/// Visits the targets of one origin. While one page is read, the next is fetched; gives what was reported.
async fn run_lane(job: Job, targets: Vec<(Option<Url>, Target)>) -> Vec<Reported> {
    let mut states = Vec::with_capacity(targets.len());
    let mut targets = targets.into_iter().peekable();
    let mut before: Option<Visit> = None;
    let mut reading: Option<Reading> = None;
    let mut trouble = Trouble::default();
    while let Some((resource, target)) = targets.next() {
        let again = before.take().and_then(|before| before.again_for(&target));
        let visited = tokio::select! {
            biased;
            () = job.cancel.cancelled() => break,
            visited = async {
                match again {
                    Some(again) => again,
                    None => visit_unless_hopeless(&job.transport, &target, &mut trouble).await,
                }
            } => visited,
        };
        let serves_next = targets.peek().is_some_and(|(next_resource, next)| {
            resource.is_some() && *next_resource == resource && next.rules == target.rules
        });
        before = serves_next.then(|| visited.clone());
        let since = visited.trouble();
        settle(&job, reading.take(), &mut states, &mut trouble, since).await;
        let in_good_order = visited.is_in_good_order();
        let outcome = tokio::spawn(finish(job.clone(), target.clone(), visited));
        reading = Some(Reading { outcome, target, in_good_order });
    }
    settle(&job, reading, &mut states, &mut trouble, None).await;
    states
}

/// A page that is being read while the next one is fetched.
struct Reading {
    outcome: JoinHandle<Option<Reported>>,
    target: Target,
    /// The shop answered as if nothing were wrong; only the page itself can tell otherwise.
    in_good_order: bool,
}

/// Blocked or unanswered visits in a row.
#[derive(Default)]
struct Trouble {
    times: u32,
    last: Option<ReadState>,
}

impl Trouble {
    /// Notes a bad visit; the last that is borne begins a break of the origin. After a break one is enough.
    fn note(&mut self, transport: &Transport, target: &Target, state: ReadState) {
        self.last = Some(state);
        self.times += 1;
        let Ok(url) = Url::parse(&target.url) else { return };
        let origin = transport.settings.origins.of(&url);
        if origin.is_on_trial() {
            self.times = self.times.max(transport.settings.give_up_after);
        }
        if self.times == transport.settings.give_up_after {
            origin.break_off((transport.now)());
        }
    }
}

async fn visit_unless_hopeless(transport: &Transport, target: &Target, trouble: &mut Trouble) -> Visit {
    if let Some(state) = trouble.last.filter(|_| trouble.times >= transport.settings.give_up_after) {
        return Visit::given_up(target.url.clone(), state, trouble.times, (transport.now)());
    }
    if let Some(reason) = leave_alone(transport, target) {
        return Visit::postponed(target.url.clone(), ReadState::Unreachable, reason, (transport.now)());
    }
    let visited = visit(transport, target).await;
    if let Some(state) = visited.trouble() {
        trouble.note(transport, target, state);
    }
    visited
}

/// Why a site is not to be visited now: quiet hours, an exhausted budget, or a break after blocks or silence.
pub(crate) fn leave_alone(transport: &Transport, target: &Target) -> Option<String> {
    let now = (transport.now)();
    if target.rules.quiet_until(now).is_some() {
        return Some("it is within the shop's quiet hours".to_owned());
    }
    let url = Url::parse(&target.url).ok()?;
    let origin = transport.settings.origins.of(&url);
    if target.rules.daily_requests.is_some_and(|most| origin.sent_today(now) >= most) {
        return Some("today's budget of requests for this site is spent".to_owned());
    }
    origin
        .on_break(now)
        .map(|_| "the shop blocked or was silent again and again, and is left alone for a while".to_owned())
}

/// Waits for a page that is being read. A block page that came with status 200 is trouble like any other, and makes the
/// visits slower; a page as it should be ends the trouble.
/// `since` is the trouble of the visit that went on meanwhile.
async fn settle(
    job: &Job,
    reading: Option<Reading>,
    states: &mut Vec<Reported>,
    trouble: &mut Trouble,
    since: Option<ReadState>,
) {
    let Some(Reading { outcome, target, in_good_order }) = reading else { return };
    let Some(reported) = outcome.await.ok().flatten() else { return };
    states.push(reported);
    if !in_good_order {
        return;
    }
    let origin = Url::parse(&target.url).ok().map(|url| job.transport.settings.origins.of(&url));
    if reported.state == ReadState::Blocked {
        trouble.note(&job.transport, &target, reported.state);
        origin.iter().for_each(|origin| origin.refused());
    } else {
        *trouble = Trouble { times: u32::from(since.is_some()), last: since };
        origin.iter().for_each(|origin| origin.welcomed());
    }
}

/// Reads what a visit brought and reports it. None: cancelled before.
async fn finish(job: Job, target: Target, visit: Visit) -> Option<Reported> {
    let observation = tokio::select! {
        biased;
        observation = observe(&job.readers, &target, visit) => observation,
        () = job.cancel.cancelled() => return None,
    };
    let reported = Reported { state: observation.state, postponed: observation.postponed };
    tokio::select! {
        biased;
        sent = job.sink.send(observation) => {
            if sent.is_err() {
                job.cancel.cancel();
                return None;
            }
            Some(reported)
        }
        () = async { job.cancel.cancelled().await; sleep(GRACE).await } => None,
    }
}
