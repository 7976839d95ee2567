//! `POST /api/OrganizationGroup`: makes a group, or hands back the one of this name. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::query::Query;
use crate::wire::label;
use crate::wire::label::GroupJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the group.
#[utoipa::path(
    post, path = "/api/OrganizationGroup", operation_id = "createGroup", tag = "OrganizationGroup",
    summary = "Make a group",
    request_body = ref("#/components/schemas/GroupInput"),
    responses((status = 200, description = "The group.", body = GroupJson)),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (name, _) = label::parse_new(&body::json(&api, payload, body::SINGLE).await?, ["name", ""])?;
    let (organization, actor) = (caller.organization, caller.actor());
    let row =
        blocking(&api, move |engine| engine.make_label(organization, LabelKind::Group, (&name, None), &actor)).await?;
    Ok(HttpResponse::Ok().json(GroupJson::from(row)))
}
