//! `/console/runs/{id}/undo`: takes a run back, and tells what became of its rows.

use super::{Answer, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs};
use crate::format;
use crate::view::layout::token;
use crate::view::part;
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{OrganizationId, RunId};
use tributary_engine::{Afterwards, Engine, EngineError, Page, RunUndoView};
use tributary_store::{LeftRow, Role};

/// Rows of each list.
const LISTED: i64 = 100;

/// The undo of a run, as its page shows it.
pub(super) struct Undone {
    view: RunUndoView,
    kept: Page<LeftRow>,
    failed: Page<LeftRow>,
}

impl Undone {
    /// None when nobody asked for it.
    pub(super) fn read(engine: &Engine, org: OrganizationId, run: RunId) -> Result<Option<Self>, EngineError> {
        let view = match engine.run_undo(org, run) {
            Ok(view) => view,
            Err(EngineError::NotFound) => return Ok(None),
            Err(other) => return Err(other),
        };
        let left = |failed| engine.run_undo_left(org, run, failed, 0, LISTED);
        Ok(Some(Self { view, kept: left(false)?, failed: left(true)? }))
    }

    pub(super) const fn goes_on(&self) -> bool {
        self.view.undo.finished_at.is_none()
    }
}

/// 303 to the run, which follows it. Should another process begin meanwhile, this one finds the lease taken.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<i64>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, run, who) = (visit.org(), RunId(*id), visit.actor());
    let afterwards = form::value(&pairs, "afterwards").and_then(Afterwards::parse).ok_or(Failure::NotFound)?;
    let sure = form::value(&pairs, "sure").is_some();
    let busy = blocking(&console, move |engine| {
        engine.run(org, run)?.ok_or(EngineError::NotFound)?;
        engine.batch_running(org)
    })
    .await?;
    if !sure {
        let message = "Tick the box to confirm. Nothing was taken back.";
        return Err(Failure::Invalid(vec![Issue::new("Confirmation", IssueCode::Required, message)]));
    }
    if busy {
        return Err(Failure::Conflict(
            "A batch of this organization is running; try again when it has ended.".to_owned(),
        ));
    }
    let engine = console.engine.clone();
    // Nobody waits for it: how far it has come is stored, a failure is logged.
    drop(web::block(move || {
        if let Err(error) = engine.undo_run(org, run, afterwards, &who) {
            tracing::error!(organization = %org, run = run.0, %error, "the undo of a run failed");
        }
    }));
    Ok(to(&format!("/console/runs/{run}?started=1")))
}

/// `GET /console/runs/{id}/undo`: how far it has come, as a part of a page.
pub(crate) async fn progress(console: web::Data<Console>, request: HttpRequest, id: web::Path<i64>) -> Answer {
    let (org, run) = (visit(&console, &request, Role::Viewer).await?.org(), RunId(*id));
    let (undone, going) = blocking(&console, move |engine| {
        engine.run(org, run)?.ok_or(EngineError::NotFound)?;
        Ok((Undone::read(engine, org, run)?, engine.batch_running(org)?))
    })
    .await?;
    let going = going && undone.as_ref().is_none_or(Undone::goes_on);
    Ok(HttpResponse::Ok()
        .insert_header(("Tributary-Going-On", if going { "1" } else { "0" }))
        .content_type("text/html; charset=utf-8")
        .body(far(undone.as_ref()).into_string()))
}

/// The section of the run's page.
pub(super) fn section(visit: &Visit, run: RunId, undone: Option<&Undone>, started: bool) -> Markup {
    let path = format!("/console/runs/{run}");
    let going = started || undone.is_some_and(Undone::goes_on);
    html! {
        section.panel { h2 { "Take it back" }
            @if going {
                div role="status" data-renew={ (path) "/undo" } data-going="1" data-then=(path) { (far(undone)) }
            } @else if let Some(undone) = undone {
                (report(visit, undone))
            } @else if visit.may(Role::Reviewer) { (form(visit, &path)) }
            @else { p { "It stands." } }
        }
    }
}

fn form(visit: &Visit, path: &str) -> Markup {
    let name = |afterwards| match afterwards {
        Afterwards::Review => "They wait for a person",
        Afterwards::Hold => "The next run decides them again",
        Afterwards::Reject => "They are rejected",
    };
    html! {
        details { summary { "Take the whole run back" }
            p { "Every row that it made part of a contact leaves it again. Rows that a person decided since, and those whose contact a person changed since, stay and are listed." }
            form method="post" action={ (path) "/undo" } {
                (token(visit))
                div.field { label for="afterwards" { "Its rows afterwards" } select #afterwards name="afterwards" {
                    @for own in Afterwards::ALL { option value=(own.as_str()) { (name(*own)) } }
                } }
                label.inline { input type="checkbox" name="sure" value="1" required; " Yes, take it back" }
                p { button.danger { "Take the run back" } }
            }
        }
    }
}

fn far(undone: Option<&Undone>) -> Markup {
    html! { @match undone {
        None => { p { "It is about to begin." } }
        Some(own) => { p { (format::counted(own.view.undo.reversed, "row", "rows")) " taken back so far, " (format::count(own.view.kept)) " kept." } }
    } }
}

fn report(visit: &Visit, undone: &Undone) -> Markup {
    let (view, undo) = (&undone.view, &undone.view.undo);
    html! {
        p { "Taken back by " (undo.actor) @if let Some(at) = undo.finished_at { ", " (format::time(at, visit.zone)) } "." }
        dl.pairs {
            dt { "Taken back" } dd { (format::count(undo.reversed)) }
            dt { "Part of no contact" } dd { (format::count(undo.untouched)) }
            dt { "Kept" } dd { (format::count(view.kept)) }
            dt { "Failed" } dd { @if view.failed > 0 { span.tag.bad { (format::count(view.failed)) } } @else { "0" } }
        }
        (left("Kept as they are", &undone.kept))
        (left("Could not be taken back", &undone.failed))
    }
}

fn left(title: &str, rows: &Page<LeftRow>) -> Markup {
    html! { @if !rows.list.is_empty() {
        h3 { (title) @if rows.total > LISTED { ", the first " (LISTED) " of " (format::count(rows.total)) } }
        table {
            thead { tr { th scope="col" { "Row" } th scope="col" { "Why" } } }
            tbody { @for row in &rows.list { tr { td { a.id href=(part::transaction_path(row.transaction)) { (row.transaction) } } td { (why(&row.reason)) } } } }
        }
    } }
}

fn why(code: &str) -> &str {
    match code {
        "editedSince" => "A person changed its contact since.",
        "decidedSince" => "It was decided again since.",
        "erased" => "Its content was erased since.",
        "failed" => "It could not be taken back; the log of the server has the cause.",
        other => other,
    }
}
