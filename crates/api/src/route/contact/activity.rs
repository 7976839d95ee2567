//! `GET /api/Contact/Activity`: what happened to the contacts that the caller follows.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::follow::FollowedJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list, latest first.
#[utoipa::path(
    get, path = "/api/Contact/Activity", operation_id = "listActivity", tag = "Contact",
    summary = "What happened to the contacts that the caller follows, latest first",
    params(Window),
    responses((status = 200, description = "A part of the list.", body = ref("#/components/schemas/FollowedContacts"))),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["skip", "take"]);
    let window = query.window();
    query.finish()?;
    let (organization, actor) = (caller.organization, caller.actor());
    let call = move |engine: &tributary_engine::Engine| {
        engine.followed_changes(organization, &actor, window.skip, window.take)
    };
    let page = blocking(&api, call).await?;
    Ok(HttpResponse::Ok()
        .json(PageJson { list: page.list.iter().map(FollowedJson::change).collect(), total: page.total }))
}
