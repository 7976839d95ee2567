//! `GET /openapi.json`: this description of the API. Open to everybody, since it says nothing of any
//! organization.

use crate::answer::Answer;
use crate::openapi;
use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<String> = LazyLock::new(openapi::json);

/// 200 with the document.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "getOpenApi", tag = "Service",
    summary = "This description of the API, in OpenAPI 3.1",
    responses((status = 200, description = "The document.", body = Value)),
    security(()),
)]
pub(crate) async fn handle() -> Answer {
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(DOCUMENT.as_str()))
}
