//! `POST /api/Webhook/{id}/Replay`: sends events again, with the same ids and bytes. The body says which:
//! `{"eventId"}` one, otherwise every event that fits `contactId`, `since`, `until` and `onlyDead`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::replay::{Asked, ReplayJson, ReplayedJson, parse};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{Actor, Scope};

/// 200 for one event, which is due at once; 202 with the stored replay for several, which goes on by itself.
#[utoipa::path(
    post, path = "/api/Webhook/{id}/Replay", operation_id = "replayWebhook", tag = "Webhook",
    summary = "Send events again",
    params(("id" = i64, Path, description = "Subscription id.")),
    request_body = ref("#/components/schemas/ReplayInput"),
    responses(
        (status = 200, description = "The one event is due at once.", body = ReplayedJson),
        (status = 202, description = "The stored replay, which goes on by itself.", body = ReplayJson),
        NotFound, Conflict,
    ),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    match parse(&body::json(&api, payload, body::SINGLE).await?)? {
        Asked::Event(event) => {
            blocking(&api, move |engine| engine.replay_event(organization, id, event)).await?;
            Ok(HttpResponse::Ok().json(ReplayedJson::of(event)))
        }
        Asked::Many(filter) => {
            let actor = Actor::Key(caller.key_id);
            let row = blocking(&api, move |engine| engine.replay_webhook(organization, id, filter, &actor)).await?;
            Ok(HttpResponse::Accepted().json(ReplayJson::from(&row)))
        }
    }
}
