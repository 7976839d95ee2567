//! `GET /api/ContactIndividual/{id}/EmailList`: the e-mail lists that the contact of the individual is on.

use super::found;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::Absent;
use crate::query::{Query, Window};
use crate::route::contact::absent;
use crate::route::path;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_engine::Scope;

/// An e-mail list; described as `EmailLists` in `openapi/bodies.rs`.
#[derive(Debug, Serialize)]
pub(crate) struct EmailListJson {
    name: String,
}

/// 200 with a part of the list, by name; 404 without a body.
#[utoipa::path(
    get, path = "/api/ContactIndividual/{id}/EmailList", operation_id = "listEmailLists", tag = "ContactIndividual",
    summary = "The e-mail lists that the contact of an individual is on",
    params(("id" = i64, Path, description = "Number of the individual."), Window),
    responses((status = 200, description = "A part of the list.", body = ref("#/components/schemas/EmailLists")), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let Ok(id) = path::item(&id) else { return Ok(absent(&api)) };
    let contact = found(&api, &caller, id).await?.filter(|contact| contact.golden.individual(id).is_some());
    let Some(contact) = contact else { return Ok(absent(&api)) };
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let all = contact.golden.email_lists;
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let part = all.into_iter().skip(count(window.skip)).take(count(window.take));
    Ok(HttpResponse::Ok().json(PageJson { list: part.map(|name| EmailListJson { name }).collect(), total }))
}
