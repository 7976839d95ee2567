//! `GET /api/Gift/ByContact/{contactId}`: the gifts of a contact, latest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::query::Window;
use crate::route::path;
use crate::wire::gift;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list, 404 without the contact.
#[utoipa::path(
    get, path = "/api/Gift/ByContact/{contactId}", operation_id = "listGifts", tag = "Gift",
    summary = "The gifts of a contact, latest first",
    params(("contactId" = i64, Path, description = "The contact."), Window,),
    responses((status = 200, description = "A part of the list.", body = ref("#/components/schemas/GiftList")), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let (organization, contact) = (caller.organization, path::contact(&id)?);
    let gifts = blocking(&api, move |engine| engine.gifts_of(organization, contact)).await?;
    let total = i64::try_from(gifts.len()).unwrap_or(i64::MAX);
    let (skip, take) = (usize::try_from(window.skip).unwrap_or(0), usize::try_from(window.take).unwrap_or(0));
    let list: Vec<_> = gifts.iter().skip(skip).take(take).map(gift::show).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total }))
}
