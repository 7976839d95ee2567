//! `GET /api/Batch/{id}`: one run.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::run::RunJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the run, 404.
#[utoipa::path(
    get, path = "/api/Batch/{id}", operation_id = "getBatch", tag = "Batch",
    summary = "A run with its report",
    params(("id" = i64, Path, description = "Run id.")),
    responses((status = 200, description = "The run.", body = RunJson), NotFound),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::run(&id)?);
    let run = blocking(&api, move |engine| engine.run(organization, id)).await?;
    let run = run.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    Ok(HttpResponse::Ok().json(RunJson::from(run)))
}
