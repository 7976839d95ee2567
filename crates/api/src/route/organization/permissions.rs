//! `GET /api/Permission`: what the key may do, in the modules of the contract.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authenticate;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use tributary_engine::Scope;
use utoipa::ToSchema;

/// A right.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionJson {
    module: &'static str,
    action: &'static str,
    allowed: bool,
}

/// Modules and actions (virtuous-contract.md 8), and the scope that each is.
const RIGHTS: &[(&str, &str, Scope)] = &[
    ("Contact", "View", Scope::ReadContacts),
    ("Contact", "Create", Scope::WriteContacts),
    ("Contact", "Edit", Scope::WriteContacts),
    ("Contact Note", "View", Scope::ReadContacts),
    ("Contact Note", "Create", Scope::WriteContacts),
    ("Contact Note", "Edit", Scope::WriteContacts),
    ("Contact Note", "Delete", Scope::WriteContacts),
    ("Gift", "View", Scope::ReadContacts),
    ("Gift", "Create", Scope::Submit),
    ("Import", "Create", Scope::Submit),
    ("Import", "View", Scope::ReadTransactions),
    ("Import", "Run", Scope::Batch),
    ("Query", "View", Scope::ReadContacts),
    ("Data Health", "Edit", Scope::Review),
    ("Integration", "Edit", Scope::Webhooks),
];

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Permission", operation_id = "listPermissions", tag = "Organization",
    summary = "What the key may do",
    responses((status = 200, description = "Every right, and whether the key has it.", body = Vec<PermissionJson>)),
    security(("key" = [])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authenticate(&api, &request).await?;
    Query::none(&request)?;
    let right = |(module, action, scope): &(&'static str, &'static str, Scope)| PermissionJson {
        module,
        action,
        allowed: caller.allows(*scope),
    };
    Ok(HttpResponse::Ok().json(RIGHTS.iter().map(right).collect::<Vec<_>>()))
}
