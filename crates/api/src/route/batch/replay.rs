//! `POST /api/Batch/Replay?policy=&weights=&after=&take=`: past decisions taken again under another version of the policy or
//! of the weights, a page at a time. Nothing is stored.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::needs_update::triage::after;
use crate::wire::decision_replay::DecisionReplayJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{Replay, Scope};

/// 200 with what would be decided otherwise, 404 for an unknown version.
#[utoipa::path(
    post, path = "/api/Batch/Replay", operation_id = "replayDecisions", tag = "Batch",
    summary = "Take past decisions again under another version, and store nothing",
    params(
        ("policy" = Option<i64>, Query, description = "Number of the policy, 0 for the shipped one; the one in force when not given.", minimum = 0),
        ("weights" = Option<i64>, Query, description = "Number of the version of the matcher, 0 for the shipped one; the one in force when not given.", minimum = 0),
        ("after" = Option<Uuid>, Query, description = "Only submissions received after this one: `next` of the page before."),
        ("take" = Option<i64>, Query, description = "Submissions looked at, at most.", minimum = 0, maximum = 1_000),
    ),
    responses((status = 200, description = "What would be decided otherwise.", body = DecisionReplayJson), NotFound),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    let mut query = Query::read(&request, &["policy", "weights", "after", "take"]);
    let mut version = |name: &str| query.text(name).is_some().then(|| query.number(name, i64::MAX, 0));
    let (policy, weights) = (version("policy"), version("weights"));
    let (after, take) = (after(&mut query), query.number("take", 1_000, 500).max(1));
    query.finish()?;
    let organization = caller.organization;
    let replay = Replay { policy, weights, after, take };
    let page = blocking(&api, move |engine| engine.replay_decisions(organization, replay)).await?;
    Ok(HttpResponse::Ok().json(DecisionReplayJson::from(page)))
}
