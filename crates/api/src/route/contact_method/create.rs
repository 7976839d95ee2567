//! `POST /api/ContactMethod`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::transaction::count_unknown;
use crate::wire::item_change;
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactMethod, Scope, method};

/// 200 with the method, 404 for an unknown individual.
#[utoipa::path(
    post, path = "/api/ContactMethod", operation_id = "createContactMethod", tag = "ContactMethod",
    summary = "Add a contact method to an individual",
    request_body = ref("#/components/schemas/ContactMethodCreate"),
    responses((status = 200, description = "It.", body = ContactMethod), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let (new, unknown) = item_change::new_method(body::object(&body)?).map_err(ApiError::invalid)?;
    count_unknown(unknown);
    let (organization, actor) = (caller.organization, caller.actor());
    let made =
        blocking(&api, move |engine| engine.add_method(organization, &actor, new.individual, &new.method)).await?;
    let shown = method(&made.contact, made.item).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(shown))
}
