//! `POST /api/Webhook/{id}/Replay`: sends events again, with the same ids and bytes. The body says which:
//! `{"eventId"}` one, otherwise every event that fits `contactId`, `since`, `until` and `onlyDead`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::replay;
use crate::wire::replay::{Asked, parse};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use tributary_engine::{Actor, Scope};

/// 200 for one event, which is due at once; 202 with the stored replay for several, which goes on by itself.
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    match parse(&body::json(payload, body::SINGLE).await?)? {
        Asked::Event(event) => {
            blocking(&api, move |engine| engine.replay_event(organization, id, event)).await?;
            Ok(HttpResponse::Ok().json(json!({ "eventId": event, "state": "pending" })))
        }
        Asked::Many(filter) => {
            let actor = Actor::Key(caller.key_id);
            let row = blocking(&api, move |engine| engine.replay_webhook(organization, id, filter, &actor)).await?;
            Ok(HttpResponse::Accepted().json(replay(&row)))
        }
    }
}
