//! `POST /api/ContactIndividual/{id}/Avatar`: the picture of an individual, as the body.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;
use tributary_store::Avatar;

/// How each kind of picture begins. The kind is read from the bytes, never believed: what is stored is sent to browsers.
const KINDS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
];

/// 200 without a body, 400 for what is no picture, 404, 409 for one that is merged away.
#[utoipa::path(
    post, path = "/api/ContactIndividual/{id}/Avatar", operation_id = "putAvatar", tag = "ContactIndividual",
    summary = "Store the picture of an individual (PNG, JPEG, GIF or WebP, at most 1 MB)",
    params(("id" = i64, Path, description = "Number of the individual.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "Done; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let id = path::item(&id)?;
    let image = body::bytes(&api, payload, body::IMAGE).await?;
    let kind = kind(&image).ok_or_else(|| ApiError::bad_request("Not a PNG, JPEG, GIF or WebP picture."))?;
    let avatar = Avatar { content_type: kind.to_owned(), image: image.to_vec() };
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(&api, move |engine| engine.put_avatar(organization, &actor, id, &avatar)).await?;
    Ok(HttpResponse::Ok().finish())
}

fn kind(image: &[u8]) -> Option<&'static str> {
    let webp = image.starts_with(b"RIFF") && image.get(8..12) == Some(b"WEBP");
    let known = KINDS.iter().find(|(begin, _)| image.starts_with(begin)).map(|(_, kind)| *kind);
    known.or_else(|| webp.then_some("image/webp"))
}
