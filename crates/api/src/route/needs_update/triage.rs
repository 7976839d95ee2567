//! `POST /api/NeedsUpdate/Triage?dryRun=&after=&take=`: carries the triage rules of the policy in force out, a page of rows
//! at a time. Each run does so at its end.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::triage::TriageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::RecordId;
use tributary_contact::issue::IssueCode;
use tributary_engine::{Scope, Triage};
use uuid::Uuid;

/// 200 with what was done.
#[utoipa::path(
    post, path = "/api/NeedsUpdate/Triage", operation_id = "triageNeedsUpdate", tag = "NeedsUpdate",
    summary = "Carry the triage rules of the policy out on the waiting submissions",
    params(
        ("dryRun" = Option<bool>, Query, description = "`true` stores nothing, and answers what the same call would do."),
        ("after" = Option<Uuid>, Query, description = "Only submissions received after this one: `next` of the page before."),
        ("take" = Option<i64>, Query, description = "Submissions looked at, at most.", minimum = 0, maximum = 1_000),
    ),
    responses((status = 200, description = "What was done.", body = TriageJson)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["dryRun", "after", "take"]);
    let dry_run = query.flag("dryRun").unwrap_or(false);
    let (after, take) = (after(&mut query), query.number("take", 1_000, 500).max(1));
    query.finish()?;
    let organization = caller.organization;
    let view = blocking(&api, move |engine| engine.triage(organization, Triage { dry_run, after, take })).await?;
    Ok(HttpResponse::Ok().json(TriageJson::of(view, dry_run)))
}

/// Where a page begins.
pub(crate) fn after(query: &mut Query) -> Option<RecordId> {
    let id = Uuid::parse_str(&query.text("after")?).ok().map(RecordId);
    if id.is_none() {
        query.issue("after", IssueCode::InvalidFormat, "Not the id of a submission.");
    }
    id
}
