//! `GET /api/Batch/{id}/Undo?skip=&take=`: how far the undo of a run has come, with the rows that stayed as they were.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::{Query, Window};
use crate::route::path;
use crate::wire::page::PageJson;
use crate::wire::run_undo::{LeftJson, RunUndoJson};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_engine::{Page, Scope};
use tributary_store::LeftRow;
use utoipa::ToSchema;

/// How far the undo of a run has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UndoneJson {
    #[serde(flatten)]
    undo: RunUndoJson,
    kept_rows: PageJson<LeftJson>,
    failed_rows: PageJson<LeftJson>,
}

/// 200 with the counts and a part of each list, 404 when nobody asked for it.
#[utoipa::path(
    get, path = "/api/Batch/{id}/Undo", operation_id = "getBatchUndo", tag = "Batch",
    summary = "How far the undo of a run has come",
    params(("id" = i64, Path, description = "Run id."), Window),
    responses((status = 200, description = "The counts, and a part of each list of rows that stayed.", body = UndoneJson), NotFound),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let Window { skip, take } = query.window();
    query.finish()?;
    let (organization, id) = (caller.organization, path::run(&id)?);
    let (view, kept, failed) = blocking(&api, move |engine| {
        let left = |failed| engine.run_undo_left(organization, id, failed, skip, take);
        Ok((engine.run_undo(organization, id)?, left(false)?, left(true)?))
    })
    .await?;
    Ok(HttpResponse::Ok().json(UndoneJson { undo: view.into(), kept_rows: page(kept), failed_rows: page(failed) }))
}

fn page(rows: Page<LeftRow>) -> PageJson<LeftJson> {
    PageJson { list: rows.list.into_iter().map(LeftJson::from).collect(), total: rows.total }
}
