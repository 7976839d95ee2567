//! `GET /api/Contact/Receipts`: there are no receipts here.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Window;
use crate::route::empty;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, web};
use tributary_engine::Scope;

/// 200 with an empty list.
#[utoipa::path(
    get, path = "/api/Contact/Receipts", operation_id = "listReceipts", tag = "Contact",
    summary = "Always empty: there are no receipts here",
    params(("email" = Option<String>, Query, description = "A mailbox of the contact."), Window,),
    responses((status = 200, description = "An empty list.", body = PageJson<String>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    empty::list(&api, &request, &caller, None).await
}
