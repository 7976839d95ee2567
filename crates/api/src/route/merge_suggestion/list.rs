//! `GET /api/MergeSuggestion?contactId=&closed=&skip=&take=`: what is suggested, the first at its head.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::query::{Query, Window};
use crate::wire::page::PageJson;
use crate::wire::suggestion::ShownSuggestionJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::ContactId;
use tributary_engine::Scope;
use tributary_store::SuggestionFilter;

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/MergeSuggestion", operation_id = "listMergeSuggestions", tag = "NeedsUpdate",
    summary = "Contacts that somebody who may not merge them says are one",
    params(
        ("contactId" = Option<i64>, Query, minimum = 0, description = "Only what is about this contact."),
        ("closed" = Option<bool>, Query, description = "`true` lists what needs nobody any more instead."),
        Window,
    ),
    responses((status = 200, description = "A part of the list.", body = PageJson<ShownSuggestionJson>)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["contactId", "closed", "skip", "take"]);
    let filter = SuggestionFilter {
        contact: Some(query.number("contactId", i64::MAX, 0)).filter(|id| *id > 0).map(ContactId),
        closed: query.flag("closed").unwrap_or(false),
    };
    let Window { skip, take } = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.merge_suggestions(organization, filter, skip, take)).await?;
    let shown = shown(&api, organization).await?;
    let list = page.list.iter().map(|own| ShownSuggestionJson::of(own, &shown)).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
