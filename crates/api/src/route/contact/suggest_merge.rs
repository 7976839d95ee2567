//! `POST /api/Contact/{contactId}/SuggestMerge`: says that another contact is the same, to those who may merge the two.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound, OtherMethods};
use crate::query::Query;
use crate::route::path;
use crate::wire::suggestion::{self, SuggestionJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with what is remembered, 404, 409 for a contact that is merged away or that a person said is another one.
#[utoipa::path(
    post, path = "/api/Contact/{contactId}/SuggestMerge", operation_id = "suggestMerge", tag = "Contact",
    summary = "Suggest that two contacts are one",
    params(("contactId" = i64, Path, description = "One of the two.")),
    request_body = ref("#/components/schemas/MergeSuggestionInput"),
    responses((status = 200, description = "What is remembered; the same while it is open.", body = SuggestionJson),
        NotFound, Conflict, OtherMethods),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let id = path::contact(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (other, note) = suggestion::parse(body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let suggest = move |engine: &tributary_engine::Engine| {
        engine.suggest_merge(organization, &actor, (id, other), note.as_deref())
    };
    let row = blocking(&api, suggest).await?;
    Ok(HttpResponse::Ok().json(SuggestionJson::from(&row)))
}
