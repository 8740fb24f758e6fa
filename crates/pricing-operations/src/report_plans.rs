//! Reports that are written by themselves: planned by a cron pattern, kept in a folder beside the workspace, mailed where
//! wished. A turn that was missed is taken once.

use std::path::PathBuf;

use app_contract::{KeptReportView, ReportPlan, ReportPlanView};
use message_sending::{Attachment, check_address};
use pricing_domain::{
    CivilDate, FOLLOWS_WITHIN_DAYS, Instant, MarketFilter, ReportFormat, ReportKind, ReportPeriod, ReportPlanId,
};
use pricing_store::IdMaker;
use serde::{Deserialize, Serialize};

use crate::competitor_settings::time_zone;
use crate::market::ReportQuestion;
use crate::schedules::Timetable;
use crate::{OperationError, Progress, Workspace};

/// The setting with the plans, as JSON.
const SETTING: &str = "report_plans";
/// Most plans.
const MOST_PLANS: usize = 50;
/// Most reports that are kept of a plan.
const MOST_KEPT: u32 = 500;
const MOST_ADDRESSES: usize = 20;

/// A plan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    id: ReportPlanId,
    plan: ReportPlan,
    next_at: Option<Instant>,
    #[serde(default)]
    last_at: Option<Instant>,
    #[serde(default)]
    last_error: String,
}

impl Workspace {
    /// Every plan with how it stands.
    pub async fn report_plans(&self) -> Result<Vec<ReportPlanView>, OperationError> {
        Ok(self.kept_plans().await?.1.into_iter().map(view).collect())
    }

    /// Makes a plan, or changes one.
    pub async fn save_report_plan(
        &self,
        id: Option<ReportPlanId>,
        plan: ReportPlan,
    ) -> Result<Vec<ReportPlanView>, OperationError> {
        let plan = ReportPlan { name: plan.name.trim().to_owned(), ..plan };
        let next_at = self.check_plan(&plan).await?;
        let words = format!("Planned the report “{}”", plan.name);
        self.change_plans(&words, |plans| {
            match plans.iter().position(|kept| Some(kept.id) == id) {
                Some(place) => {
                    let kept = &mut plans[place];
                    kept.plan = plan;
                    kept.next_at = next_at;
                }
                None if id.is_some() => return Err(missing()),
                None if plans.len() >= MOST_PLANS => {
                    return Err(OperationError::refused("There are 50 planned reports; remove one first."));
                }
                None => {
                    let id = ReportPlanId(IdMaker::new(self.now()).next_id());
                    plans.push(Kept { id, plan, next_at, last_at: None, last_error: String::new() });
                }
            }
            Ok(())
        })
        .await
    }

    /// Removes a plan; its reports stay.
    pub async fn remove_report_plan(&self, id: ReportPlanId) -> Result<Vec<ReportPlanView>, OperationError> {
        self.change_plans("Removed a planned report", |plans| {
            let before = plans.len();
            plans.retain(|kept| kept.id != id);
            if plans.len() == before { Err(missing()) } else { Ok(()) }
        })
        .await
    }
}

impl Workspace {
    /// Writes a planned report now and keeps it.
    pub async fn run_report_plan(&self, id: ReportPlanId) -> Result<Vec<ReportPlanView>, OperationError> {
        let (_, plans) = self.kept_plans().await?;
        let plan = plans.into_iter().find(|kept| kept.id == id).ok_or_else(missing)?.plan;
        let written = Box::pin(self.write_planned(&plan)).await;
        let now = self.now();
        let error = written.as_ref().err().map(|error| error.message.clone()).unwrap_or_default();
        let plans = self
            .change_plans("Wrote a planned report", |plans| {
                if let Some(kept) = plans.iter_mut().find(|kept| kept.id == id) {
                    (kept.last_at, kept.last_error) = (Some(now), error);
                }
                Ok(())
            })
            .await?;
        written.map(|()| plans)
    }

    /// Writes every report whose turn has come, also those missed, each once. Gives how many turns were taken.
    pub async fn write_due_reports(&self) -> Result<u64, OperationError> {
        let now = self.now();
        let is_due = |kept: &Kept| !kept.plan.paused && kept.next_at.is_some_and(|next| next <= now);
        let (text, mut plans) = self.kept_plans().await?;
        let due: Vec<Kept> = plans.iter().filter(|kept| is_due(kept)).cloned().collect();
        if due.is_empty() {
            return Ok(0);
        }
        for kept in plans.iter_mut().filter(|kept| is_due(kept)) {
            kept.next_at = Timetable::parse(&kept.plan.pattern, &kept.plan.time_zone)?.next(now);
            kept.last_at = Some(now);
        }
        if !self.keep_plans(text.as_deref(), &plans, "A planned report is written").await? {
            // Another program took these turns.
            return Ok(0);
        }
        for kept in &due {
            let error = Box::pin(self.write_planned(&kept.plan)).await.err().map(|error| error.message);
            let error = error.unwrap_or_default();
            self.change_plans("Wrote a planned report", |plans| {
                if let Some(kept) = plans.iter_mut().find(|other| other.id == kept.id) {
                    kept.last_error = error;
                }
                Ok(())
            })
            .await?;
        }
        Ok(due.len() as u64)
    }

    /// Reports that were kept, newest first.
    pub async fn kept_reports(&self) -> Result<Vec<KeptReportView>, OperationError> {
        let folder = self.report_folder();
        crate::exports::in_background(move || {
            let mut reports = Vec::new();
            // No folder: nothing was kept yet.
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let format = name.rsplit_once('.').and_then(|(_, ending)| ending.parse::<ReportFormat>().ok());
                let (Some(format), Ok(about)) = (format, entry.metadata()) else { continue };
                let since = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
                let at = since.and_then(|since| i64::try_from(since.as_micros()).ok()).map_or(Instant(0), Instant);
                reports.push(KeptReportView { name, at, format, bytes: about.len() });
            }
            reports.sort_by(|one, other| other.name.cmp(&one.name));
            Ok(reports)
        })
        .await
    }

    /// Where a kept report is.
    pub async fn kept_report(&self, name: &str) -> Result<PathBuf, OperationError> {
        // Only names that were listed: nothing else of the machine is handed out.
        let known = self.kept_reports().await?.into_iter().any(|report| report.name == name);
        known
            .then(|| self.report_folder().join(name))
            .ok_or_else(|| OperationError::not_found("This report is not kept any more."))
    }

    /// The folder beside the workspace with its reports.
    fn report_folder(&self) -> PathBuf {
        self.path().with_extension("reports")
    }

    async fn write_planned(&self, plan: &ReportPlan) -> Result<(), OperationError> {
        let folder = self.report_folder();
        let failed = |error: std::io::Error| OperationError::refused(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let stem = file_words(&plan.name);
        let ending = format!("{stem}.{}", plan.format);
        let name = free_name(self.now(), &ending, |name| folder.join(name).exists());
        let path = folder.join(&name);
        let filter = days_of(plan, self.now())?;
        let question = ReportQuestion { kind: plan.report, filter: &filter, pinned_answers: plan.pinned_answers };
        if plan.report == ReportKind::Weekly {
            // Nobody waits for a planned report: what takes longer is counted first.
            self.count_movers(&filter, FOLLOWS_WITHIN_DAYS, &Progress::silent()).await?;
        }
        self.write_report(&path, question, plan.format).await?;
        self.forget_old(&format!(" {stem}.{}", plan.format), plan.keep).await?;
        if plan.email.is_empty() {
            return Ok(());
        }
        let bytes = std::fs::read(&path).map_err(failed)?;
        let media_type = match plan.format {
            ReportFormat::Pdf => "application/pdf",
            ReportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        };
        let company = self.company().await;
        let mut failures = Vec::new();
        for address in &plan.email {
            let file = Attachment { name: name.clone(), media_type: media_type.into(), bytes: bytes.clone() };
            let text = format!(
                "The report “{}” of {company} is attached. It is sent because OmniPriceX plans it for this address.\n",
                plan.name
            );
            let id = format!("report-{}-{}", self.now().0, stem.len());
            let sent = self.mail(address, format!("{}: {company}", plan.name), text, id, vec![file]).await;
            // The others get theirs all the same.
            failures.extend(sent.err().map(|error| format!("{address}: {error}")));
        }
        match failures.is_empty() {
            true => Ok(()),
            false => Err(OperationError::refused(format!(
                "The report is kept, but was not sent to {} of {} addresses. {}",
                failures.len(),
                plan.email.len(),
                failures.join(" ")
            ))),
        }
    }

    async fn forget_old(&self, ending: &str, keep: u32) -> Result<(), OperationError> {
        let of_plan = self.kept_reports().await?.into_iter().filter(|report| report.name.ends_with(ending));
        for old in of_plan.skip(keep as usize) {
            // One that cannot be removed is looked at again after the next report.
            let _ = std::fs::remove_file(self.report_folder().join(old.name));
        }
        Ok(())
    }

    async fn check_plan(&self, plan: &ReportPlan) -> Result<Option<Instant>, OperationError> {
        if file_words(&plan.name).is_empty() {
            return Err(OperationError::refused("Give the report a name with letters or digits."));
        }
        if !(1..=MOST_KEPT).contains(&plan.keep) || plan.email.len() > MOST_ADDRESSES {
            return Err(OperationError::refused(
                "1 to 500 reports are kept of a plan, and it goes to at most 20 addresses.",
            ));
        }
        self.price_list(plan.filter.price_list).await?;
        for address in &plan.email {
            check_address(address).map_err(|error| OperationError::refused(error.to_string()))?;
        }
        if !plan.email.is_empty() && self.message_settings().await?.mail.host.is_empty() {
            return Err(OperationError::refused("Set up the mail server first: Settings, Ways out."));
        }
        let next = Timetable::parse(&plan.pattern, &plan.time_zone)?.next(self.now());
        next.map(Some)
            .ok_or_else(|| OperationError::refused(format!("The time “{}” never comes.", plan.pattern.trim())))
    }

    async fn kept_plans(&self) -> Result<(Option<String>, Vec<Kept>), OperationError> {
        let text = self.store.setting(SETTING).await?;
        let plans = text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Ok((text, plans))
    }

    async fn change_plans(
        &self,
        words: &str,
        change: impl FnOnce(&mut Vec<Kept>) -> Result<(), OperationError>,
    ) -> Result<Vec<ReportPlanView>, OperationError> {
        let (text, mut plans) = self.kept_plans().await?;
        change(&mut plans)?;
        if !self.keep_plans(text.as_deref(), &plans, words).await? {
            return Err(OperationError {
                kind: crate::ErrorKind::Conflict,
                message: "Another program changed the planned reports. Try again.".into(),
            });
        }
        Ok(plans.into_iter().map(view).collect())
    }

    /// Keeps plans where they still stand as they were read. `false`: another program changed them.
    async fn keep_plans(&self, before: Option<&str>, plans: &[Kept], words: &str) -> Result<bool, OperationError> {
        let text = serde_json::to_string(plans).map_err(|error| OperationError::fault(error.to_string()))?;
        self.keep_setting("save_report_plan", SETTING, before, &text, words).await
    }
}

/// The filter of a plan with the days that it is about on the day on which it is written.
fn days_of(plan: &ReportPlan, now: Instant) -> Result<MarketFilter, OperationError> {
    let filter = plan.filter.clone();
    if filter.from.is_some() || filter.to.is_some() {
        return Ok(filter);
    }
    let zone = time_zone(&plan.time_zone)?;
    let today = jiff::Timestamp::from_microsecond(now.0)
        .map_err(|error| OperationError::fault(error.to_string()))?
        .to_zoned(zone)
        .date();
    let back = |day: CivilDate, days: i64| day.saturating_sub(jiff::Span::new().days(days));
    let (from, to) = match plan.period {
        ReportPeriod::Days28 => (back(today, 27), today),
        ReportPeriod::Days7 => (back(today, 6), today),
        ReportPeriod::LastWeek => {
            let sunday = back(today, i64::from(today.weekday().to_monday_one_offset()));
            (back(sunday, 6), sunday)
        }
        ReportPeriod::LastMonth => {
            let last = back(today.first_of_month(), 1);
            (last.first_of_month(), last)
        }
    };
    Ok(MarketFilter { from: Some(from), to: Some(to), ..filter })
}

fn missing() -> OperationError {
    OperationError::not_found("This planned report is not there any more.")
}

/// The moment and an ending as a name that nothing has yet: two reports of one second do not overwrite each other.
fn free_name(now: Instant, ending: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stamp: String = now.to_string().chars().take("2026-11-25T22:51:30".len()).collect();
    let stamp = stamp.replace(':', "").replace('T', " ");
    let named =
        |number: u32| if number == 1 { format!("{stamp} {ending}") } else { format!("{stamp}-{number} {ending}") };
    (1..).map(named).find(|name| !is_taken(name)).expect("some number is free")
}

/// A name as part of a file's name.
fn file_words(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

fn view(kept: Kept) -> ReportPlanView {
    let words =
        Timetable::parse(&kept.plan.pattern, &kept.plan.time_zone).map_or_else(|_| String::new(), |one| one.words());
    ReportPlanView {
        id: kept.id,
        words,
        next_at: kept.next_at.filter(|_| !kept.plan.paused),
        last_at: kept.last_at,
        last_error: kept.last_error,
        plan: kept.plan,
    }
}

#[cfg(test)]
mod tests {
    use app_contract::ReportPlan;
    use pricing_domain::{MarketFilter, PriceListId, ReportFormat, ReportKind, ReportPeriod};

    use super::{days_of, file_words, free_name};

    #[test]
    fn a_plan_is_about_the_days_of_its_period_where_its_clock_is() {
        // A Sunday evening in UTC is Monday in Berlin.
        let now = "2026-11-01T23:30:00Z".parse().expect("an instant");
        let days = |period, zone: &str| {
            let plan = ReportPlan {
                name: "Weekly".into(),
                report: ReportKind::Weekly,
                filter: MarketFilter::of_list(PriceListId(Default::default())),
                period,
                format: ReportFormat::Pdf,
                pattern: "0 7 * * MON".into(),
                time_zone: zone.into(),
                email: Vec::new(),
                keep: 1,
                pinned_answers: false,
                paused: false,
            };
            let filter = days_of(&plan, now).expect("days");
            [filter.from, filter.to].map(|day| day.expect("a day").to_string())
        };
        assert_eq!(days(ReportPeriod::LastWeek, "Europe/Berlin"), ["2026-10-26", "2026-11-01"]);
        assert_eq!(days(ReportPeriod::LastWeek, "UTC"), ["2026-10-19", "2026-10-25"]);
        assert_eq!(days(ReportPeriod::Days7, "UTC"), ["2026-10-26", "2026-11-01"]);
        assert_eq!(days(ReportPeriod::Days28, "UTC"), ["2026-10-05", "2026-11-01"]);
        assert_eq!(days(ReportPeriod::LastMonth, "Europe/Berlin"), ["2026-10-01", "2026-10-31"]);
    }

    #[test]
    fn two_reports_of_one_minute_or_one_second_have_names_of_their_own() {
        let at = |text: &str| text.parse().expect("an instant");
        let first = free_name(at("2026-11-25T22:51:30Z"), "Weekly.pdf", |_| false);
        assert_eq!(first, "2026-11-25 225130 Weekly.pdf");
        assert_ne!(free_name(at("2026-11-25T22:51:31Z"), "Weekly.pdf", |_| false), first);
        assert_eq!(
            free_name(at("2026-11-25T22:51:30Z"), "Weekly.pdf", |name| name == first),
            "2026-11-25 225130-2 Weekly.pdf"
        );
    }

    #[test]
    fn a_name_becomes_a_part_of_a_file_name() {
        assert_eq!(file_words(" Weekly: TV/Audio ..\\.. "), "Weekly-TV-Audio");
        assert_eq!(file_words("Wöchentlich 2"), "Wöchentlich-2");
        assert_eq!(file_words("../"), "");
    }
}
