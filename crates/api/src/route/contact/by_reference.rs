//! `GET /api/Contact/{referenceSource}/{referenceId}`: how partners poll for the contact that a
//! submission became part of. While it is held or waits in the bucket the answer is 404 without a body,
//! and a header says where the submission stands.

use super::absent;
use crate::answer::Answer;
use crate::auth::{authorize, check_source};
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::transaction::sees;
use crate::wire::full_contact::sight;
use crate::{ApiError, ApiState, Problem};
use actix_web::http::header::{ContentType, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Reference;
use tributary_contact::state::State;
use tributary_engine::{ContactSight, FullContact, Principal, Scope};

const STATE: HeaderName = HeaderName::from_static("tributary-transaction-state");

/// 200 with the contact, 404 without a body. Both parts of the path are percent-decoded; an encoded
/// slash stays part of the id.
#[utoipa::path(
    get, path = "/api/Contact/{referenceSource}/{referenceId}", operation_id = "getContactByReference", tag = "Contact",
    summary = "The contact of a reference; how partners poll",
    params(
        ("referenceSource" = String, Path, description = "The platform."),
        ("referenceId" = String, Path, description = "Its id of the contact."),
    ),
    responses((status = 200, description = "The contact.", body = FullContact), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let (source, id) = path.into_inner();
    let reference = Reference { source, id };
    check_source(&caller, &reference.source)?;
    let moment = api.moment();
    if let Some(body) = moment.and_then(|moment| api.answers.get(moment, &caller, &reference)) {
        return Ok(json(body));
    }
    let Some(seen) = seen(&api, &caller, &reference).await? else { return not_yet(&api, &caller, reference).await };
    let contact = sight(&seen, &shown(&api, caller.organization).await?);
    let body = Bytes::from(serde_json::to_vec(&contact).map_err(|_| ApiError::new(Problem::Internal))?);
    if let Some(moment) = moment {
        api.answers.put(moment, &caller, &reference, &body);
    }
    Ok(json(body))
}

fn json(body: Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}

/// The contact, looked up at once where that takes no time: partners poll for it.
async fn seen(api: &ApiState, caller: &Principal, reference: &Reference) -> Result<Option<ContactSight>, ApiError> {
    let (organization, actor) = (caller.organization, caller.actor());
    if let Some(found) = api.engine.glance_at_referenced_contact(organization, &actor, reference)? {
        return Ok(found);
    }
    let wanted = reference.clone();
    blocking(api, move |engine| engine.referenced_contact_seen_by(organization, &actor, &wanted)).await
}

async fn not_yet(api: &ApiState, caller: &Principal, reference: Reference) -> Answer {
    let mut answer = absent(api);
    if let Some(state) = state_of(api, caller, reference).await? {
        answer.headers_mut().insert(STATE, HeaderValue::from_static(state.as_str()));
    }
    Ok(answer)
}

/// State of the newest submission under the reference.
async fn state_of(api: &ApiState, caller: &Principal, reference: Reference) -> Result<Option<State>, ApiError> {
    let organization = caller.organization;
    let views = blocking(api, move |engine| engine.transactions_by_reference(organization, &reference)).await?;
    Ok(views.iter().find(|view| sees(caller, view)).map(|view| view.state))
}
