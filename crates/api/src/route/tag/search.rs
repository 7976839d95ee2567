//! `POST /api/Tag/Search`: the tags whose names hold a text, in any letter case.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::body;
use crate::query::Query;
use crate::query::Window;
use crate::wire::label;
use crate::wire::label::TagJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::{LabelFilter, LabelKind};

/// 200 with a part of the list.
#[utoipa::path(
    post, path = "/api/Tag/Search", operation_id = "searchTags", tag = "Tag",
    summary = "The tags whose names hold a text",
    params(Window,),
    request_body = ref("#/components/schemas/TagSearch"),
    responses((status = 200, description = "A part of the list.", body = PageJson<TagJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let search = label::parse_search(&body::json(&api, payload, body::SINGLE).await?)?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| {
        let filter = LabelFilter { kind: LabelKind::Tag, part: &search };
        engine.label_page(organization, filter, window.skip, window.take)
    })
    .await?;
    let list = page.list.into_iter().map(TagJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
