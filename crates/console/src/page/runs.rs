//! `GET /console/runs`: every run, the newest first.

use super::Answer;
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_engine::{Page, RunView};
use tributary_store::{Role, RunState};

/// Runs of a page.
const SIZE: i64 = 50;

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let number = form::number(&query, "page").unwrap_or_default().clamp(0, 1_000_000);
    let org = visit.org();
    let runs = blocking(&console, move |engine| engine.runs(org, number * SIZE, SIZE)).await?;
    let content = html! {
        (part::lead("Runs", &html! { @if visit.may(Role::Reviewer) {
            div.row {
                form method="post" action="/console/runs/dry-run" { (token(&visit)) button { "Dry run" } }
                form method="post" action="/console/runs" { (token(&visit)) button.main { "Run now" } }
            }
        } }))
        @if runs.list.is_empty() { (part::empty("No run yet", "The first one starts by itself at night, or with “Run now”.")) }
        @else { (table(&visit, &runs)) (part::pages("/console/runs", "", number, SIZE, runs.total)) }
    };
    Ok(layout::page(&visit, "Runs", &content))
}

fn table(visit: &Visit, runs: &Page<RunView>) -> Markup {
    let heads = ["Received", "Created", "Merged", "Unchanged", "Needs update", "Rejected", "Still held"];
    html! {
        div.panel.scroll tabindex="0" role="region" aria-label="Runs" { table {
            thead { tr { th scope="col" { "Run" } th scope="col" { "Started" } th scope="col" { "State" } @for head in heads { th.number scope="col" { (head) } } } }
            tbody { @for run in &runs.list { tr {
                th scope="row" { a data-row href={ "/console/runs/" (run.id) } { (run.id) } }
                td { (format::time(run.started_at, visit.zone)) " " span.soft { (run.kind.as_str()) } }
                td { (state(run.state)) }
                @for count in counts(run) { td.number { (format::count(count)) } }
            } } }
        } }
    }
}

const fn counts(run: &RunView) -> [i64; 7] {
    let counts = &run.counts;
    [
        counts.received,
        counts.created,
        counts.merged,
        counts.unchanged,
        counts.needs_update,
        counts.rejected,
        counts.held,
    ]
}

/// The state of a run as a tag.
pub(super) fn state(state: RunState) -> Markup {
    html! { @match state {
        RunState::Running => { span.tag.needs { "running" } }
        RunState::Done => { span.tag.good { "done" } }
        RunState::Broken => { span.tag.bad { "broken" } }
    } }
}
