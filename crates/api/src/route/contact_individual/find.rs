//! `GET /api/ContactIndividual/Find?email=`: the individual with this mailbox.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactIndividual, Scope, individual};

/// 200 with the individual, 404 without a body, 400 without an e-mail.
#[utoipa::path(
    get, path = "/api/ContactIndividual/Find", operation_id = "findContactIndividual", tag = "ContactIndividual",
    summary = "The individual with this e-mail",
    params(("email" = String, Query, description = "An e-mail address.")),
    responses((status = 200, description = "It.", body = ContactIndividual), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["email"]);
    let email = query.required("email");
    query.finish()?;
    let organization = caller.organization;
    let found = blocking(&api, move |engine| engine.individual_by_email(organization, &email)).await?;
    let seen = found.filter(|found| sees_contact(&caller, &found.contact));
    let shown = shown(&api, caller.organization).await?;
    match seen.and_then(|found| individual(&found.contact, found.item, &shown)) {
        Some(own) => Ok(HttpResponse::Ok().json(own)),
        None => Ok(absent(&api)),
    }
}
