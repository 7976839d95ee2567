//! `GET /api/Tag`: the tags, by name.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::query::Query;
use crate::query::Window;
use crate::wire::label::TagJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::{LabelFilter, LabelKind};

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/Tag", operation_id = "listTags", tag = "Tag",
    summary = "The tags, by name",
    params(Window,),
    responses((status = 200, description = "A part of the list.", body = PageJson<TagJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let organization = caller.organization;
    let filter = LabelFilter { kind: LabelKind::Tag, part: "" };
    let page = blocking(&api, move |engine| engine.label_page(organization, filter, window.skip, window.take)).await?;
    let list = page.list.into_iter().map(TagJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
