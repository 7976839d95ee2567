//! `GET /api/Erasure?skip=&take=`: what was erased, the newest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::erasure::ErasureJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a page, also of those whose tombstones were lifted.
#[utoipa::path(
    get, path = "/api/Erasure", operation_id = "listErasures", tag = "Privacy",
    summary = "What was erased, the newest first, with the tombstones",
    params(Window),
    responses((status = 200, description = "A page.", body = PageJson<ErasureJson>)),
    security(("key" = ["privacy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Privacy).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let Window { skip, take } = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.erasures(organization, skip, take)).await?;
    let list = page.list.into_iter().map(ErasureJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
