//! Tells how a job ended, wherever the person is by then.

use app_contract::{JobResult, JobState, JobView};

use crate::components::toasts::Toasts;
use crate::formats::{counted, integer};

/// Shows the end of a job.
pub fn tell(job: &JobView, toasts: Toasts) {
    match (job.state, &job.error) {
        (JobState::Failed, Some(error)) => toasts.error(format!("{}: {}", job.title, error.message)),
        (JobState::Cancelled, _) => toasts.done(format!("{}: cancelled. {}", job.title, result(job))),
        _ => toasts.done(format!("{}: {}", job.title, result(job))),
    }
}

fn result(job: &JobView) -> String {
    match &job.result {
        None => String::new(),
        Some(JobResult::Import(report)) => format!(
            "{} added, {} changed, {} refused.",
            integer(report.added),
            integer(report.changed),
            integer(report.refused)
        ),
        Some(JobResult::Preview(preview)) => format!(
            "{} new, {} would change, {} refused.",
            integer(preview.report.added),
            integer(preview.report.changed),
            integer(preview.report.refused)
        ),
        Some(JobResult::Collection(report)) => format!(
            "{}, {}, {} moved.",
            counted(report.pages, "page", "pages"),
            counted(report.prices, "price", "prices"),
            integer(report.moved)
        ),
        Some(JobResult::Matching(report)) => format!(
            "{} compared: {} certain, {} to review.",
            counted(report.compared, "page", "pages"),
            integer(report.certain),
            integer(report.review)
        ),
        Some(JobResult::Delivery(report)) => {
            let open = report.prices - report.there - report.would_send;
            let left = if open == 0 { String::new() } else { format!(" {} are not there.", integer(open)) };
            match report.publication {
                None => format!("{} would be sent.{left}", counted(report.would_send, "price", "prices")),
                Some(_) => {
                    format!("{} seen in the shop.{left} {}", counted(report.there, "price", "prices"), report.message)
                }
            }
        }
        Some(JobResult::ForecastBackTest(view)) => {
            let error = view.total.scores.first().map_or(f64::NAN, |score| score.wmape);
            format!("Forecasts were off by {error:.1} % of what was sold.")
        }
        Some(JobResult::Movers(view)) => {
            let moves = view.leaders.iter().map(|leader| leader.moves).sum();
            format!("{} counted.", counted(moves, "price change", "price changes"))
        }
        Some(JobResult::BackTest(view)) => format!("{} played.", counted(view.days.len() as u64, "day", "days")),
        Some(JobResult::Automation(turn)) => turn.words.last().cloned().unwrap_or_default(),
        Some(JobResult::Pricing(report)) => {
            let waiting: u64 = report.exceptions.iter().map(|(_, count)| count).sum();
            let moved = format!("{} up, {} down", integer(report.raised), integer(report.lowered));
            let fallen = match report.fallen_words.first() {
                None => String::new(),
                Some(first) => {
                    let fallen = counted(report.fallen, "approval does", "approvals do");
                    format!(" {fallen} not hold any more ({first}).")
                }
            };
            let lacks = report.gaps.lacks().into_iter();
            let lacks: String = lacks
                .map(|(count, lack)| format!(" {} {lack}.", counted(count, "product has", "products have")))
                .collect();
            format!("{moved}, {} need you.{fallen}{lacks}", integer(waiting))
        }
    }
}
