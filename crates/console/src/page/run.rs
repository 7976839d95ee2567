//! `GET /console/runs/{id}`: the report of a run.

use super::Answer;
use super::runs::state;
use super::undo_run::{Undone, section};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::{chart, layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::RunId;
use tributary_contact::state::Reason;
use tributary_engine::RunView;
use tributary_store::{Role, RunState};

/// The page.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, id) = (visit.org(), RunId(*id));
    let (run, undone) =
        blocking(&console, move |engine| Ok((engine.run(org, id)?, Undone::read(engine, org, id)?))).await?;
    let run = run.ok_or(Failure::NotFound)?;
    // An undo that was just asked for may not have begun yet.
    let started = form::value(&query, "started").is_some() && undone.is_none();
    let content = content(&visit, &run, undone.as_ref(), started);
    let title = format!("Run {id}");
    let going = started || undone.as_ref().is_some_and(Undone::goes_on);
    Ok(if going { layout::live(&visit, &title, &content) } else { layout::page(&visit, &title, &content) })
}

fn content(visit: &Visit, run: &RunView, undone: Option<&Undone>, started: bool) -> Markup {
    html! {
        (part::lead(&format!("Run {}", run.id), &state(run.state)))
        @if run.state == RunState::Broken { div.note.bad role="alert" { p { "What came in and what became of it do not add up. An operator has to look at the log." } } }
        section.panel { h2 { "Outcomes" }
            p { (format::counted(run.counts.received, "row", "rows")) " taken up, started " (format::time(run.started_at, visit.zone)) " (" (run.kind.as_str()) ")"
                @if let Some(end) = run.finished_at { ", took " (format::span((end - run.started_at).num_milliseconds())) } "." }
            (chart::bar(&run.counts))
        }
        div.two {
            section.panel { h2 { "Why rows wait or were rejected" } (reasons(&run.reasons)) }
            section.panel { h2 { "Time per step" } (steps(&run.steps_ms, run.chunks)) }
        }
        @if run.state != RunState::Running { (section(visit, run.id, undone, started)) }
    }
}

pub(super) fn reasons(reasons: &BTreeMap<String, i64>) -> Markup {
    html! {
        @if reasons.is_empty() { p { "None does." } }
        @else { table {
            thead { tr { th scope="col" { "Reason" } th.number scope="col" { "Rows" } } }
            tbody { @for (code, count) in reasons { tr {
                td { @match Reason::parse(code) { Some(reason) => { (format::reason(reason)) } None => { (code) } } }
                td.number { (format::count(*count)) }
            } } }
        } }
    }
}

fn steps(steps: &BTreeMap<String, i64>, chunks: i64) -> Markup {
    let most = steps.values().copied().max().unwrap_or_default().max(1);
    html! {
        @if steps.is_empty() { p { "Told when the run has ended." } }
        @else { table {
            thead { tr { th scope="col" { "Step" } th scope="col" { "Share" } th.number scope="col" { "Time" } } }
            tbody { @for (name, milliseconds) in steps { tr {
                td { (format::words(name)) }
                td { progress max=(most) value=(milliseconds) aria-label=(name) {} }
                td.number { (format::span(*milliseconds)) }
            } } }
        }
        p.soft { "in " (format::counted(chunks, "chunk", "chunks")) "; steps that ran in parallel overlap" } }
    }
}
