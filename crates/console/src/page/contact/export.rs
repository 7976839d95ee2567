//! `GET /console/contacts/{id}/export`: everything that is held about a contact, as a file. For admins.

use crate::Console;
use crate::failure::Failure;
use crate::page::Answer;
use crate::visit::{blocking, visit};
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::ContactId;
use tributary_store::Role;

/// 200 with JSON that the browser stores.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, id: web::Path<i64>) -> Answer {
    let visit = visit(&console, &request, Role::Admin).await?;
    let (org, id) = (visit.org(), ContactId(*id));
    let export = blocking(&console, move |engine| engine.export_person(org, id)).await?;
    let text = serde_json::to_vec_pretty(&export).map_err(|error| {
        tracing::error!(%error, "an export cannot be written");
        Failure::Internal
    })?;
    Ok(HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"contact-{id}.json\"")))
        .body(text))
}
