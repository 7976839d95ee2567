//! `GET /console`: tonight at a glance.

use super::Answer;
use super::run_now::{going_on, progress_part};
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::layout::{live, page, token};
use crate::view::{chart, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::clock::Timestamp;
use tributary_engine::{BucketCounts, Counts, Engine, EngineError, Health, RunView};
use tributary_store::{NeedsUpdateFilter, Role};

/// Runs that the chart looks back on.
const RUNS: i64 = 60;
/// Days that the chart shows.
const DAYS: usize = 14;

struct Glance {
    health: Health,
    counts: BucketCounts,
    runs: Vec<RunView>,
    next: Option<Timestamp>,
    running: bool,
}

/// The page; it renews itself while a batch runs.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let org = visit.org();
    let mut glance = blocking(&console, move |engine| glance(engine, org)).await?;
    // A run that was just asked for may not have begun yet.
    glance.running |= form::value(&query, "started").is_some();
    let content = content(&visit, &glance);
    Ok(if glance.running { live(&visit, "Home", &content) } else { page(&visit, "Home", &content) })
}

fn glance(engine: &Engine, org: tributary_contact::OrganizationId) -> Result<Glance, EngineError> {
    Ok(Glance {
        health: engine.health(org)?,
        counts: engine.bucket_choices(org, &NeedsUpdateFilter::default())?,
        runs: engine.runs(org, 0, RUNS)?.list,
        next: engine.next_due(org)?,
        running: going_on(engine, org)?,
    })
}

fn content(visit: &Visit, glance: &Glance) -> Markup {
    html! {
        (part::lead(&visit.organization.name, &run_button(visit, glance.running)))
        (progress_part(glance.running, glance.runs.first()))
        div.grid {
            (figure("Held for the next run", glance.health.ledger.held, &oldest(visit, glance.health.ledger.oldest), None))
            (figure("Waiting for a person", glance.counts.total, glance.counts.among.map_or("", |_| "and more"), Some("/console/bucket")))
            (figure("Contacts on file", glance.health.contacts, "", None))
            section.panel { h2 { "Next run" } p.figure {
                @match glance.next { Some(at) => { (format::time(at, visit.zone)) } None => { "not planned" } }
            } p.soft { code { (visit.organization.batch_cron) } " in " (visit.organization.time_zone) } }
        }
        div.two {
            section.panel { h2 { "Last run" } (last_run(visit, &glance.runs)) }
            section.panel { h2 { "Bucket" } (bucket(visit, &glance.counts)) }
            section.panel { h2 { "Outcomes per day" } (per_day(visit, &glance.runs)) }
            section.panel { h2 { "Delivery" } (delivery(visit, &glance.health)) }
        }
    }
}

fn run_button(visit: &Visit, running: bool) -> Markup {
    html! {
        @if visit.may(Role::Reviewer) && !running {
            form method="post" action="/console/runs" { (token(visit)) button.main { "Run now" } }
        }
    }
}

fn figure(title: &str, count: i64, beside: &str, path: Option<&str>) -> Markup {
    html! {
        section.panel {
            h2 { (title) }
            p.figure { @match path { Some(path) => { a href=(path) { (format::count(count)) } } None => { (format::count(count)) } } }
            @if !beside.is_empty() { p.soft { (beside) } }
        }
    }
}

fn oldest(visit: &Visit, at: Option<Timestamp>) -> String {
    at.map(|at| format!("the oldest for {}", format::age(at, visit.now))).unwrap_or_default()
}

fn last_run(visit: &Visit, runs: &[RunView]) -> Markup {
    html! {
        @match runs.iter().find(|run| run.finished_at.is_some()) {
            None => { p { "There was no run yet. It starts by itself at night, or with “Run now”." } }
            Some(run) => {
                p { a href={ "/console/runs/" (run.id) } { "Run " (run.id) } ", " (format::time(run.started_at, visit.zone)) ": " (format::counted(run.counts.received, "row", "rows")) "." }
                (chart::bar(&run.counts))
            }
        }
    }
}

fn bucket(visit: &Visit, counts: &BucketCounts) -> Markup {
    let reasons = &counts.reasons;
    html! {
        @if reasons.is_empty() { p { "Nothing waits for a person." } }
        @else {
            div.scroll { table {
                thead { tr { th scope="col" { "Reason" } th.number scope="col" { "Rows" } th scope="col" { "Oldest" } } }
                tbody { @for row in reasons { tr {
                    td { a href={ "/console/bucket?reason=" (row.reason) } { (format::reason(row.reason)) } }
                    td.number { (format::count(row.count)) }
                    td { @if let Some(at) = row.oldest { (format::age(at, visit.now)) } }
                } } }
            } }
            @if let Some(most) = counts.among { p.soft { "Counted among the oldest " (format::count(most)) "." } }
            p { a.button href="/console/bucket" { "Open the bucket" } }
        }
    }
}

fn per_day(visit: &Visit, runs: &[RunView]) -> Markup {
    let mut days: Vec<(String, Counts)> = Vec::new();
    for run in runs.iter().filter(|run| run.finished_at.is_some()) {
        let day = format::day(run.started_at, visit.zone);
        match days.last_mut() {
            Some((known, counts)) if *known == day => add(counts, &run.counts),
            _ => days.push((day, run.counts)),
        }
    }
    days.truncate(DAYS);
    days.reverse();
    html! { @if days.is_empty() { p { "Shown after the first run." } } @else { (chart::days(&days)) } }
}

/// What is held after a run is counted again by the next one.
const fn add(sum: &mut Counts, run: &Counts) {
    sum.created += run.created;
    sum.merged += run.merged;
    sum.unchanged += run.unchanged;
    sum.needs_update += run.needs_update;
    sum.rejected += run.rejected;
}

fn delivery(visit: &Visit, health: &Health) -> Markup {
    let tally = &health.deliveries;
    html! {
        dl.pairs {
            dt { "Delivered" } dd { (format::count(tally.delivered)) }
            dt { "Waiting" } dd { (format::count(tally.pending)) @if let Some(at) = health.oldest_due { " (the oldest due for " (format::age(at, visit.now)) ")" } }
            dt { "Given up" } dd { @if tally.dead > 0 { span.tag.bad { (format::count(tally.dead)) } } @else { "0" } }
        }
        p { a href="/console/webhooks" { "Subscriptions" } }
    }
}
