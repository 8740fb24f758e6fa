//! Competitors from the terminal: how they are collected, their recipes and schedules.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    CollectCompetitors, CompetitorView, ExportRecipe, FlagUse, GetRecipes, HeaderProfile, ImportRecipe, LearnRecipe,
    ListCompetitors, ListPrivateSites, ListProxies, PauseSchedule, PreviewSchedule, QuietHours, ReadingPolicy,
    RecipeTest, RemoveRecipe, RemoveSchedule, SavePrivateSites, SaveProxies, SaveRecipe, SaveSchedule, TestRecipe,
    UpdateCompetitor,
};
use clap::{Args, Subcommand};

use crate::run::{PARTLY, end};
use crate::{files, output};

/// What can be done with competitors.
#[derive(Subcommand)]
pub enum CompetitorsTask {
    /// Changes how a competitor is collected and which of its readings count; what is not named stays.
    #[command(after_help = "Example:\n  omnipricex competitors set ElektroMax --delay-ms 2000 --daily 5000 \\\n    \
        --quiet 08:00-20:00 --zone Europe/Berlin --expires 48 --far-from-cost counts")]
    Set(Box<SetWords>),
    /// Collects one competitor now.
    Collect {
        /// Its name.
        name: String,
        /// Also pages that are not due yet.
        #[arg(long)]
        all: bool,
        /// Also visit this origin on your own machine or network.
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
    /// Shows what a schedule would do and how long a collection takes, or saves it.
    #[command(after_help = "Example:\n  omnipricex competitors schedule ElektroMax \"0 6 * * MON-FRI\" \\\n    \
        --zone Europe/Berlin --save")]
    Schedule {
        /// The competitor's name.
        name: String,
        /// Minute, hour, day, month, weekday.
        pattern: String,
        /// The time zone of these times.
        #[arg(long, default_value = "UTC")]
        zone: String,
        /// Collects by it from now on (while `serve`, the window, or `competitors watch` is open).
        #[arg(long)]
        save: bool,
    },
    /// Pauses a schedule.
    Pause {
        /// The competitor's name.
        name: String,
    },
    /// Lets a paused schedule go on.
    Resume {
        /// The competitor's name.
        name: String,
    },
    /// Removes a schedule.
    Unschedule {
        /// The competitor's name.
        name: String,
    },
    /// Shows or sets the proxies for competitors that are fetched through them.
    Proxies {
        /// http://, https:// or socks5:// with host and port, in the place of those before; with user:password@ before
        /// the host where the proxy asks for them (the password is kept in the system's keychain).
        proxies: Vec<String>,
        /// Removes all.
        #[arg(long, conflicts_with = "proxies")]
        none: bool,
    },
    /// Shows or sets the sites on this machine or in the company's network that collection may visit. All others there
    /// are refused, whatever a match file says.
    PrivateSites {
        /// Like http://shop.lan:8080, in the place of those before.
        sites: Vec<String>,
        /// Removes all.
        #[arg(long, conflicts_with = "sites")]
        none: bool,
    },
    /// Stays and collects by schedule until Ctrl+C.
    Watch,
    /// Shows the recipes for a competitor's sites, saves, shares, tries, learns or removes one.
    Recipe(RecipeWords),
}

/// A recipe of a competitor.
#[derive(Args)]
pub struct RecipeWords {
    /// The competitor's name.
    pub name: String,
    /// Saves the recipe of this file.
    #[arg(long, value_name = "FILE", group = "act")]
    pub import: Option<PathBuf>,
    /// Writes the recipe for --site to this file.
    #[arg(long, value_name = "FILE", group = "act", requires = "site")]
    pub export: Option<PathBuf>,
    /// The host that the recipe is for.
    #[arg(long)]
    pub site: Option<String>,
    /// Removes the recipe for --site.
    #[arg(long, group = "act", requires = "site")]
    pub remove: bool,
    /// Tries the recipe of this file on pages kept from collecting, or on those given with --url.
    #[arg(long, value_name = "FILE", group = "act")]
    pub test: Option<PathBuf>,
    /// Proposes a recipe from the page at --url, on which you see this price; checks it on other pages of the site.
    #[arg(long, value_name = "PRICE", group = "act", requires = "url")]
    pub learn: Option<String>,
    /// Saves what was learnt.
    #[arg(long, requires = "learn")]
    pub save: bool,
    /// A page of the shop; may be given more than once.
    #[arg(long)]
    pub url: Vec<String>,
    /// Also visit this origin on your own machine or network.
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
}

/// What to set.
#[derive(Args)]
pub struct SetWords {
    /// The competitor's name.
    pub name: String,
    /// Least milliseconds between two requests to one site.
    #[arg(long)]
    pub delay_ms: Option<u64>,
    /// Most requests to one site in a day; 0: as many as the pace allows.
    #[arg(long)]
    pub daily: Option<u32>,
    /// Hours in which it is left alone, `22:00-06:00`; `none`: no such hours.
    #[arg(long, value_name = "HOURS")]
    pub quiet: Option<String>,
    /// The time zone of the quiet hours.
    #[arg(long, default_value = "UTC")]
    pub zone: String,
    /// You own the site, so its robots.txt does not bind (`yes`, `no`).
    #[arg(long, value_parser = yes_or_no)]
    pub owned: Option<bool>,
    /// Which headers it sees: `plain` or `browser`.
    #[arg(long, value_parser = header_profile)]
    pub headers: Option<HeaderProfile>,
    /// Language of its pages (`de-AT`).
    #[arg(long)]
    pub language: Option<String>,
    /// Its pages are fetched through the proxies (`yes`, `no`).
    #[arg(long, value_parser = yes_or_no)]
    pub through_proxies: Option<bool>,
    /// A Shopify shop: products are read from their small JSON (`yes`, `no`).
    #[arg(long, value_parser = yes_or_no)]
    pub shopify: Option<bool>,
    /// Pages that its sitemap says have not changed since they were read are spared (`yes`, `no`).
    #[arg(long, value_parser = yes_or_no)]
    pub sitemap_dates: Option<bool>,
    /// An installed Chromium, Chrome or Edge loads its pages, which are empty without their scripts (`yes`, `no`).
    #[arg(long, value_parser = yes_or_no)]
    pub rendered: Option<bool>,
    /// So many days pages are kept beside new prices.
    #[arg(long, value_name = "DAYS")]
    pub keep_pages: Option<u32>,
    /// Prices not seen for so many hours do not count; 0: as rules say.
    #[arg(long, value_name = "HOURS")]
    pub expires: Option<u32>,
    /// So many percent outside its usual range a price is unusual.
    #[arg(long, value_name = "PERCENT")]
    pub unusual_percent: Option<u32>,
    /// Whether unusual prices count: `counts`, `when-confirmed`, `never`.
    #[arg(long, value_parser = flag_use)]
    pub unusual: Option<FlagUse>,
    /// Whether prices far from what others charge count.
    #[arg(long, value_parser = flag_use)]
    pub far_from_others: Option<FlagUse>,
    /// Whether prices far from our cost count.
    #[arg(long, value_parser = flag_use)]
    pub far_from_cost: Option<FlagUse>,
    /// Whether prices equal to another product's of the shop count.
    #[arg(long, value_parser = flag_use)]
    pub equal_to_neighbour: Option<FlagUse>,
    /// Whether reduced prices count.
    #[arg(long, value_parser = flag_use)]
    pub promotions: Option<FlagUse>,
    /// Whether prices count that the page does not say clearly.
    #[arg(long, value_parser = flag_use)]
    pub low_confidence: Option<FlagUse>,
    /// Prices more than so many percent of what the others charge, or less than its inverse, are far from them.
    #[arg(long, value_name = "PERCENT")]
    pub others_percent: Option<u32>,
    /// Prices below so many percent of our cost are far from it.
    #[arg(long, value_name = "PERCENT")]
    pub cost_least_percent: Option<u32>,
    /// Prices above so many percent of our cost are far from it.
    #[arg(long, value_name = "PERCENT")]
    pub cost_most_percent: Option<u32>,
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    }
}

fn header_profile(text: &str) -> Result<HeaderProfile, String> {
    match text {
        "plain" => Ok(HeaderProfile::Plain),
        "browser" => Ok(HeaderProfile::Browser),
        _ => Err("write plain or browser".to_owned()),
    }
}

fn flag_use(text: &str) -> Result<FlagUse, String> {
    match text {
        "counts" => Ok(FlagUse::Counts),
        "when-confirmed" => Ok(FlagUse::WhenConfirmed),
        "never" => Ok(FlagUse::Never),
        _ => Err("write counts, when-confirmed or never".to_owned()),
    }
}

/// `omnipricex competitors`
pub async fn competitors(host: &Host, task: Option<CompetitorsTask>, json: bool) -> Result<ExitCode> {
    let Some(task) = task else {
        let all = host.call(ListCompetitors {}).await?;
        output::answer(json, &all, |all| all.iter().for_each(competitor_in_words));
        return Ok(ExitCode::SUCCESS);
    };
    let show = |view: &CompetitorView| output::answer(json, view, competitor_in_words);
    match task {
        CompetitorsTask::Set(words) => show(&set(host, *words).await?),
        CompetitorsTask::Collect { name, all, allow_origin } => {
            allow(host, &allow_origin).await?;
            let competitors = vec![find(host, &name).await?.id];
            let job = host.call(CollectCompetitors { competitors, all }).await?;
            return end(host, job, json).await;
        }
        CompetitorsTask::Schedule { name, pattern, zone: time_zone, save } => {
            let competitor = find(host, &name).await?.id;
            if save {
                show(&host.call(SaveSchedule { competitor, pattern, time_zone }).await?);
            } else {
                let preview = host.call(PreviewSchedule { competitor, pattern, time_zone }).await?;
                output::answer(json, &preview, |preview| {
                    println!("{}\n  {}", preview.words, preview.estimate.words);
                    preview.next.iter().for_each(|at| println!("  {at}"));
                    preview.remarks.iter().for_each(|remark| println!("  {remark}"));
                });
            }
        }
        CompetitorsTask::Pause { name } => {
            let competitor = find(host, &name).await?.id;
            show(&host.call(PauseSchedule { competitor, paused: true }).await?);
        }
        CompetitorsTask::Resume { name } => {
            let competitor = find(host, &name).await?.id;
            show(&host.call(PauseSchedule { competitor, paused: false }).await?);
        }
        CompetitorsTask::Unschedule { name } => {
            let competitor = find(host, &name).await?.id;
            show(&host.call(RemoveSchedule { competitor }).await?);
        }
        CompetitorsTask::Proxies { proxies, none } => {
            let now = if none || !proxies.is_empty() {
                host.call(SaveProxies { proxies }).await?
            } else {
                host.call(ListProxies {}).await?
            };
            output::answer(json, &now, |now| now.iter().for_each(|proxy| println!("{proxy}")));
        }
        CompetitorsTask::PrivateSites { sites, none } => {
            let now = if none || !sites.is_empty() {
                host.call(SavePrivateSites { sites }).await?
            } else {
                host.call(ListPrivateSites {}).await?
            };
            output::answer(json, &now, |now| now.iter().for_each(|site| println!("{site}")));
        }
        CompetitorsTask::Watch => {
            host.read_ahead().await;
            eprintln!("Collecting by schedule. Ctrl+C ends.");
            tokio::signal::ctrl_c().await.context("waiting for Ctrl+C")?;
        }
        CompetitorsTask::Recipe(words) => return recipe(host, words, json).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(host: &Host, name: &str) -> Result<CompetitorView> {
    let all = host.call(ListCompetitors {}).await?;
    let names = all.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(", ");
    all.into_iter()
        .find(|one| one.name.eq_ignore_ascii_case(name.trim()))
        .with_context(|| format!("no competitor is called “{name}”; there are: {names}"))
}

async fn allow(host: &Host, origins: &[String]) -> Result<()> {
    for origin in origins {
        host.allow_private_origin(origin).await?;
    }
    Ok(())
}

async fn set(host: &Host, words: SetWords) -> Result<CompetitorView> {
    let found = find(host, &words.name).await?;
    let mut settings = found.settings;
    if let Some(quiet) = &words.quiet {
        settings.quiet_hours = quiet_hours(quiet, &words.zone)?;
    }
    settings.delay_ms = words.delay_ms.or(settings.delay_ms);
    if let Some(daily) = words.daily {
        settings.daily_requests = (daily > 0).then_some(daily);
    }
    settings.owned = words.owned.unwrap_or(settings.owned);
    settings.headers = words.headers.unwrap_or(settings.headers);
    settings.language = words.language.or(settings.language);
    settings.through_proxies = words.through_proxies.unwrap_or(settings.through_proxies);
    settings.shopify = words.shopify.unwrap_or(settings.shopify);
    settings.sitemap_dates = words.sitemap_dates.unwrap_or(settings.sitemap_dates);
    settings.rendered = words.rendered.unwrap_or(settings.rendered);
    settings.keep_pages_days = words.keep_pages.unwrap_or(settings.keep_pages_days);
    let policy = &mut settings.policy;
    if let Some(hours) = words.expires {
        policy.expires_after_hours = (hours > 0).then_some(hours);
    }
    policy.listing_percent = words.unusual_percent.unwrap_or(policy.listing_percent);
    policy.unusual = words.unusual.unwrap_or(policy.unusual);
    policy.far_from_others = words.far_from_others.unwrap_or(policy.far_from_others);
    policy.far_from_cost = words.far_from_cost.unwrap_or(policy.far_from_cost);
    policy.equal_to_neighbour = words.equal_to_neighbour.unwrap_or(policy.equal_to_neighbour);
    policy.promotions = words.promotions.unwrap_or(policy.promotions);
    policy.low_confidence = words.low_confidence.unwrap_or(policy.low_confidence);
    policy.others_percent = words.others_percent.unwrap_or(policy.others_percent);
    policy.cost_least_percent = words.cost_least_percent.unwrap_or(policy.cost_least_percent);
    policy.cost_most_percent = words.cost_most_percent.unwrap_or(policy.cost_most_percent);
    Ok(host.call(UpdateCompetitor { competitor: found.id, settings }).await?)
}

/// `22:00-06:00`
fn quiet_hours(text: &str, zone: &str) -> Result<Option<QuietHours>> {
    if text == "none" {
        return Ok(None);
    }
    let minute = |time: &str| {
        let (hour, minute) = time.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let hours = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    let (from_minute, to_minute) = hours.with_context(|| format!("“{text}” are no hours; write 22:00-06:00"))?;
    Ok(Some(QuietHours { from_minute, to_minute, time_zone: zone.to_owned() }))
}

async fn recipe(host: &Host, words: RecipeWords, json: bool) -> Result<ExitCode> {
    allow(host, &words.allow_origin).await?;
    let competitor = find(host, &words.name).await?.id;
    if let Some(file) = words.import {
        let file = host.register_input(file)?.id;
        host.call(ImportRecipe { competitor, file }).await?;
    } else if let (Some(target), Some(site)) = (&words.export, &words.site) {
        let file = host.call(ExportRecipe { competitor, site: site.clone() }).await?;
        files::fetch(host, &file, target)?;
    } else if let (true, Some(site)) = (words.remove, &words.site) {
        host.call(RemoveRecipe { competitor, site: site.clone() }).await?;
    } else if let Some(file) = words.test {
        let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let tested = host.call(TestRecipe { competitor, text, urls: words.url }).await?;
        return Ok(show_test(&tested, json));
    } else if let Some(price) = words.learn {
        let [url] = words.url.as_slice() else { bail!("name one page with --url") };
        let learnt = host.call(LearnRecipe { competitor, url: url.clone(), price }).await?;
        if words.save {
            host.call(SaveRecipe { competitor, text: learnt.recipe.text.clone() }).await?;
        }
        return Ok(show_test(&learnt, json));
    }
    let recipes = host.call(GetRecipes { competitor }).await?;
    output::answer(json, &recipes, |recipes| {
        for recipe in recipes {
            println!("{}", recipe.text);
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// Prints what pages give. 3 where the recipe gives no price on some.
fn show_test(test: &RecipeTest, json: bool) -> ExitCode {
    output::answer(json, test, |test| {
        println!("{}", test.recipe.text);
        test.warnings.iter().for_each(|warning| println!("  {warning}"));
        for page in &test.pages {
            let currency = page.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
            let price = page.price.clone().unwrap_or_else(|| format!("refused ({})", page.state));
            let way = if page.by_recipe { "by the recipe" } else { "not by the recipe" };
            println!("  {}: {price}{currency}, {way}", page.url);
        }
    });
    let all = test.by_recipe == test.pages.len() as u64;
    if all { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) }
}

fn competitor_in_words(view: &CompetitorView) {
    let failing = view.failure_rate_bp.map_or_else(|| "never read".to_owned(), |bp| format!("{} % fail", bp / 100));
    println!(
        "{}: {} pages, {} with a price, {failing}, {} due, {} in quarantine",
        view.name, view.listings, view.fresh, view.due, view.quarantined
    );
    println!("  {}", view.estimate.words);
    if let Some(schedule) = &view.schedule {
        let next = schedule.next_at.map_or_else(|| "paused".to_owned(), |at| format!("next {at}"));
        println!("  {} ({}), {next}", schedule.words, schedule.time_zone);
    }
    for site in &view.sites {
        let robots = site.robots.as_deref().unwrap_or("not visited yet");
        println!("  {}: a request every {} ms, {} today; {robots}", site.origin, site.gap_ms, site.sent_today);
        if let Some(until) = site.paused_until {
            println!("    left alone until {until}");
        }
    }
    if !view.recipes.is_empty() {
        println!("  recipes: {}", view.recipes.join(", "));
    }
    println!("  {}", policy_in_words(&view.settings.policy));
}

/// Which readings count, and the limits behind that.
fn policy_in_words(policy: &ReadingPolicy) -> String {
    let how = |flag: FlagUse| match flag {
        FlagUse::Counts => "count",
        FlagUse::WhenConfirmed => "count once confirmed",
        FlagUse::Never => "never count",
    };
    let expires = policy.expires_after_hours.map_or_else(|| "as rules say".to_owned(), |hours| format!("{hours} h"));
    format!(
        "prices expire: {expires}; unusual ones ({} % outside the range) {}; far from others ({} %) {}; far from our cost \
         ({} to {} %) {}; equal to a neighbour's {}; reduced {}; unclear {}",
        policy.listing_percent,
        how(policy.unusual),
        policy.others_percent,
        how(policy.far_from_others),
        policy.cost_least_percent,
        policy.cost_most_percent,
        how(policy.far_from_cost),
        how(policy.equal_to_neighbour),
        how(policy.promotions),
        how(policy.low_confidence),
    )
}

#[cfg(test)]
mod tests {
    use super::quiet_hours;

    #[test]
    fn quiet_hours_are_read_as_times_of_the_day() {
        let read = quiet_hours("22:00-06:30", "UTC").expect("hours").expect("some");
        assert_eq!((read.from_minute, read.to_minute), (1_320, 390));
        assert!(quiet_hours("none", "UTC").expect("none").is_none());
        assert!(quiet_hours("22-6", "UTC").is_err() && quiet_hours("25:00-06:00", "UTC").is_err());
    }
}
