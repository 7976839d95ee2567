//! `POST /console/duplicates/scan`: starts a scan, and the part of the page that follows it.

use crate::Console;
use crate::form::FormPairs;
use crate::format;
use crate::page::{Answer, to};
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use tributary_contact::OrganizationId;
use tributary_engine::{DuplicateScan, Engine, EngineError};
use tributary_store::Role;

/// 303 to the list, which follows it. Should another process begin meanwhile, this one finds the lease taken.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, pairs: FormPairs) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, who) = (visit.org(), visit.actor());
    if !blocking(&console, move |engine| engine.scan_running(org)).await? {
        let engine = console.engine.clone();
        // Nobody waits for it: how far it has come is stored, a failure is logged.
        drop(web::block(move || {
            if let Err(error) = engine.scan_duplicates(org, &who) {
                tracing::error!(organization = %org, %error, "the scan for duplicates failed");
            }
        }));
    }
    Ok(to("/console/duplicates?started=1"))
}

/// `GET /console/duplicates/scan`: how far it has come, as a part of a page.
pub(crate) async fn progress(console: web::Data<Console>, request: HttpRequest) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let org = visit.org();
    let (going, scan) = blocking(&console, move |engine| Ok((engine.scan_running(org)?, newest(engine, org)?))).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Tributary-Going-On", if going { "1" } else { "0" }))
        .content_type("text/html; charset=utf-8")
        .body(far(&visit, scan.as_ref()).into_string()))
}

/// The newest scan; none when nobody ever asked for one.
pub(super) fn newest(engine: &Engine, org: OrganizationId) -> Result<Option<DuplicateScan>, EngineError> {
    match engine.duplicate_scan(org) {
        Ok(scan) => Ok(Some(scan)),
        Err(EngineError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What the list says of the newest scan, and the way to a new one.
pub(super) fn panel(visit: &Visit, scan: Option<&DuplicateScan>, running: bool) -> Markup {
    html! {
        section.panel { h2 { "Scan" }
            @if running {
                div role="status" data-renew="/console/duplicates/scan" data-going="1" data-then="/console/duplicates" { (far(visit, scan)) }
            } @else {
                (far(visit, scan))
                @if visit.may(Role::Reviewer) { (super::start(visit)) }
            }
        }
    }
}

fn far(visit: &Visit, scan: Option<&DuplicateScan>) -> Markup {
    html! { @match scan {
        None => { p { "Nothing was scanned yet." } }
        Some(own) => {
            @let scan = &own.scan;
            p { @match scan.finished_at {
                Some(at) => { "Everything on file was looked at: " (format::counted(scan.contacts, "contact", "contacts")) ", " (format::time(at, visit.zone)) "." }
                None => { (format::count(scan.contacts)) " of " (format::counted(scan.total, "contact", "contacts")) " looked at; " (format::counted(own.open_pairs, "pair is", "pairs are")) " open." }
            } }
            @if scan.finished_at.is_none() { progress max=(scan.total.max(1)) value=(scan.contacts) aria-label="Contacts looked at" {} }
        }
    } }
}
