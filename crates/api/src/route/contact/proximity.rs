//! `POST /api/Contact/Proximity`: contacts with an address near a place.

use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::proximity::{NearbyJson, parse};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a bare list, nearest first; 400 for a place that is none, or a distance not within 1 and 100 miles.
#[utoipa::path(
    post, path = "/api/Contact/Proximity", operation_id = "listNearbyContacts", tag = "Contact",
    summary = "Contacts with an address near a place, nearest first",
    params(Window),
    request_body = ref("#/components/schemas/Proximity"),
    responses((status = 200, description = "A part of the list.", body = Vec<NearbyJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let near = parse(body::object(&body)?)
        .map_err(ApiError::bad_query)
        .map_err(|error| error.of_model("contactProximitySearch"))?;
    let organization = caller.organization;
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let (skip, take) = (count(window.skip), count(window.take));
    let page = blocking(&api, move |engine| engine.contacts_near(organization, &near, skip, take)).await?;
    let shown = page.list.iter().filter(|nearby| sees_contact(&caller, &nearby.contact));
    Ok(HttpResponse::Ok().json(shown.filter_map(NearbyJson::of).collect::<Vec<_>>()))
}
