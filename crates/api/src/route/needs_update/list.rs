//! `GET /api/NeedsUpdate?reason=&source=&…&sort=&skip=&take=`: the bucket, oldest first when nothing else is said.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::bucket::{BucketQuery, BucketRowJson, order};
use crate::wire::page::PageJson;
use crate::wire::transaction::Sight;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/NeedsUpdate", operation_id = "listNeedsUpdate", tag = "NeedsUpdate",
    summary = "The submissions that wait for a person, oldest first",
    params(
        BucketQuery,
        ("sort" = Option<String>, Query, pattern = "^(-?(received|score))?$", description = "`received` (the oldest first), `-received`, `score` (the least sure first) or `-score`."),
        Window,
    ),
    responses((status = 200, description = "A part of the list.", body = PageJson<BucketRowJson>)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let names: Vec<&str> = BucketQuery::NAMES.iter().copied().chain(["sort", "skip", "take"]).collect();
    let mut query = Query::read(&request, &names);
    let mut meant = BucketQuery::read(&mut query, &caller);
    meant.filter.order = order(&mut query);
    let window = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| {
        let filter = meant.filter(engine, organization)?;
        engine.needs_update(organization, &filter, window.skip, window.take)
    })
    .await?;
    let (sight, now) = (Sight::of(&caller), api.engine.clock().now());
    let list = page.list.iter().map(|view| BucketRowJson::of(view, sight, now)).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
