//! `GET /api/Contact/Following`: the contacts that the caller follows.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::query::{Query, Window};
use crate::wire::follow::FollowedJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with a part of the list, by contact id.
#[utoipa::path(
    get, path = "/api/Contact/Following", operation_id = "listFollowed", tag = "Contact",
    summary = "The contacts that the caller follows",
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
        engine.followed_contacts(organization, &actor, window.skip, window.take)
    };
    let page = blocking(&api, call).await?;
    let shown = page.list.iter().filter(|contact| sees_contact(&caller, contact));
    Ok(HttpResponse::Ok().json(PageJson { list: shown.map(FollowedJson::contact).collect(), total: page.total }))
}
