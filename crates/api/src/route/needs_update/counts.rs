//! `GET /api/NeedsUpdate/Counts?reason=&source=&…`: how many rows wait, by reason and by source.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Invalid;
use crate::query::Query;
use crate::wire::bucket::{BucketCountsJson, BucketQuery};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the counts.
#[utoipa::path(
    get, path = "/api/NeedsUpdate/Counts", operation_id = "countNeedsUpdate", tag = "NeedsUpdate",
    summary = "How many submissions wait for a person, by reason and by source",
    params(BucketQuery),
    responses((status = 200, description = "The counts.", body = BucketCountsJson), Invalid),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, BucketQuery::NAMES);
    let meant = BucketQuery::read(&mut query, &caller);
    query.finish()?;
    let organization = caller.organization;
    let counts = blocking(&api, move |engine| {
        let filter = meant.filter(engine, organization)?;
        engine.bucket_counts(organization, &filter)
    })
    .await?;
    Ok(HttpResponse::Ok().json(BucketCountsJson::from(counts)))
}
