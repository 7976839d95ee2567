//! `POST /api/Contact/Search`: what staff type into a search field.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::query::{Query, Window};
use crate::wire::label::parse_search;
use crate::wire::page::PageJson;
use crate::wire::search::FoundJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list, what fits best first.
#[utoipa::path(
    post, path = "/api/Contact/Search", operation_id = "searchContacts", tag = "Contact",
    summary = "Contacts by name, e-mail, phone, address, number or reference, with slips",
    params(Window),
    request_body = ref("#/components/schemas/ContactSearch"),
    responses((status = 200, description = "A part of the list.", body = PageJson<FoundJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let text = parse_search(&body::json(&api, payload, body::SINGLE).await?)?;
    let page = blocking(&api, move |engine| {
        engine.search_contacts(caller.organization, &text, &caller.sources, window.skip, window.take)
    })
    .await?;
    let list = page.list.iter().map(FoundJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
