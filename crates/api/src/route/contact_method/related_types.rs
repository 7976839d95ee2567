//! `GET /api/ContactMethod/RelatedTypes?name=`: the types of the same kind as one; `Other` for what is no type.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Query;
use crate::wire::contact_create::METHOD_TYPES;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::{Method, MethodKind};
use tributary_engine::Scope;

/// 200 with their names, 400 without a name.
#[utoipa::path(
    get, path = "/api/ContactMethod/RelatedTypes", operation_id = "listRelatedTypes", tag = "ContactMethod",
    summary = "The types of the same kind as one",
    params(("name" = String, Query, description = "A type of contact method.")),
    responses((status = 200, description = "Their names.", body = Vec<String>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    authorize(&api, &request, Scope::ReadContacts).await?;
    let mut query = Query::read(&request, &["name"]);
    let name = query.required("name");
    query.finish()?;
    Ok(HttpResponse::Ok().json(related(&name)))
}

/// E-mails belong together, so do phones; everything else stands alone.
fn related(name: &str) -> Vec<&'static str> {
    let Some(known) = METHOD_TYPES.iter().find(|known| known.eq_ignore_ascii_case(name)) else { return vec!["Other"] };
    match kind(known) {
        MethodKind::Other => vec![known],
        same => METHOD_TYPES.iter().copied().filter(|other| kind(other) == same).collect(),
    }
}

fn kind(label: &str) -> MethodKind {
    Method { label: label.to_owned(), value: String::new(), opted_in: None, primary: false }.kind()
}
