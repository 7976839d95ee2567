//! `POST /console/runs`: runs the batch now; and the part of a page that follows it.

use super::{Answer, to};
use crate::Console;
use crate::form::FormPairs;
use crate::format;
use crate::view::chart;
use crate::visit::{action, blocking, visit};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use tributary_contact::OrganizationId;
use tributary_engine::{Activation, Engine, EngineError, RunView};
use tributary_store::{Role, RunState};

/// 303 to Home, which follows the run. Should another process begin meanwhile, this one finds the lease taken.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let org = action(&console, &request, &pairs, Role::Reviewer).await?.org();
    if !blocking(&console, move |engine| engine.batch_running(org)).await? {
        let engine = console.engine.clone();
        // Nobody waits for it: its report is stored, a failure is logged.
        drop(web::block(move || {
            if let Err(error) = engine.run_batch(org, Activation::Manual) {
                tracing::error!(organization = %org, %error, "batch run failed");
            }
        }));
    }
    Ok(to("/console?started=1"))
}

/// `GET /console/runs/now`: how the run comes along, as a part of a page.
pub(crate) async fn progress(console: web::Data<Console>, request: HttpRequest) -> Answer {
    let org = visit(&console, &request, Role::Viewer).await?.org();
    let (going, run, held) = blocking(&console, move |engine| {
        let latest = engine.runs(org, 0, 1)?.list.into_iter().next();
        let run = match latest {
            Some(run) => engine.run(org, run.id)?,
            None => None,
        };
        Ok((going_on(engine, org)?, run, engine.health(org)?.ledger.held))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Tributary-Going-On", if going { "1" } else { "0" }))
        .content_type("text/html; charset=utf-8")
        .body(state(run.as_ref(), Some(held)).into_string()))
}

/// Whether a batch of the organization goes on in any process.
pub(crate) fn going_on(engine: &Engine, org: OrganizationId) -> Result<bool, EngineError> {
    engine.batch_running(org)
}

/// The part that renews itself while a run goes on; nothing when none does.
pub(crate) fn progress_part(going: bool, run: Option<&RunView>) -> Markup {
    html! {
        @if going {
            section.panel { h2 { "A run goes on" } div role="status" data-renew="/console/runs/now" data-going="1" data-then="/console" { (state(run, None)) } }
        }
    }
}

fn state(run: Option<&RunView>, held: Option<i64>) -> Markup {
    html! {
        @match run.filter(|run| run.state == RunState::Running) {
            None => { p { "It is about to begin or to end." } }
            Some(run) => {
                p { "Run " (run.id) ": " (format::counted(run.counts.decided(), "row", "rows")) " decided"
                    @if let Some(held) = held { ", " (format::count(held)) " to go" } "." }
                (chart::bar(&run.counts))
            }
        }
    }
}
