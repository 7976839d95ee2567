//! `POST /api/Key`: a new key. Its text is in this answer and nowhere else.

use super::check_handed_out;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::key::{KeyJson, NewKeyJson, parse};
use crate::{ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the key and its text.
#[utoipa::path(
    post, path = "/api/Key", operation_id = "createKey", tag = "Key",
    summary = "Make a key; its text is shown this once",
    request_body = ref("#/components/schemas/KeyInput"),
    responses((status = 200, description = "The key with its text.", body = NewKeyJson)),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let value = body::json(&api, payload, body::SINGLE).await?;
    let groups = blocking(&api, move |engine| engine.permission_groups(organization)).await?;
    let new = parse(&value, api.engine.clock().now(), &groups)?;
    let group = groups.iter().filter(|group| Some(&group.name) == new.group.as_ref());
    let of_group = group.flat_map(|group| &group.scopes).filter_map(|text| Scope::parse(text));
    check_handed_out(&caller, new.scopes().iter().copied().chain(of_group))?;
    let (key, text) = blocking(&api, move |engine| engine.create_key(organization, new)).await?;
    Ok(HttpResponse::Ok().json(NewKeyJson { shown: KeyJson::of(key), key: text }))
}
