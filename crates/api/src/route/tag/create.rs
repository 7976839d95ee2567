//! `POST /api/Tag`: makes a tag, or hands back the one of this name. Ours; tags also come with submissions.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::query::Query;
use crate::wire::label;
use crate::wire::label::TagJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::LabelKind;

/// 200 with the tag.
#[utoipa::path(
    post, path = "/api/Tag", operation_id = "createTag", tag = "Tag",
    summary = "Make a tag",
    request_body = ref("#/components/schemas/TagInput"),
    responses((status = 200, description = "The tag.", body = TagJson)),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (name, group) = label::parse_new(&body::json(&api, payload, body::SINGLE).await?, ["tagName", "tagGroupName"])?;
    let (organization, actor) = (caller.organization, caller.actor());
    let made = move |engine: &tributary_engine::Engine| {
        engine.make_label(organization, LabelKind::Tag, (&name, group.as_deref()), &actor)
    };
    Ok(HttpResponse::Ok().json(TagJson::from(blocking(&api, made).await?)))
}
