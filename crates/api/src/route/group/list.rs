//! `GET /api/OrganizationGroup`: the groups, by name.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::auth::check_unbound;
use crate::blocking::blocking;
use crate::query::Query;
use crate::query::Window;
use crate::wire::label::GroupJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::{LabelFilter, LabelKind};

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/OrganizationGroup", operation_id = "listGroups", tag = "OrganizationGroup",
    summary = "The groups, by name",
    params(("filter" = Option<String>, Query, description = "A part of the name."), Window,),
    responses((status = 200, description = "A part of the list.", body = PageJson<GroupJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    check_unbound(&caller)?;
    let mut query = Query::read(&request, &["filter", "skip", "take"]);
    let (part, window) = (query.text("filter").unwrap_or_default(), query.window());
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| {
        let filter = LabelFilter { kind: LabelKind::Group, part: &part };
        engine.label_page(organization, filter, window.skip, window.take)
    })
    .await?;
    let list = page.list.into_iter().map(GroupJson::from).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}
