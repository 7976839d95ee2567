//! `GET /api/Batch?skip=&take=`: the runs, newest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::query::Window;
use crate::wire::page::PageJson;
use crate::wire::run::RunJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/Batch", operation_id = "listBatches", tag = "Batch",
    summary = "The runs, newest first",
    params(Window),
    responses((status = 200, description = "A part of the list.", body = PageJson<RunJson>)),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.runs(organization, window.skip, window.take)).await?;
    let list = page.list.into_iter().map(RunJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
