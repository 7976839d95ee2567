//! `PUT /api/Webhook/{id}/Active?active=true|false`: switches a subscription on or off.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::webhook::show;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the subscription.
#[utoipa::path(
    put, path = "/api/Webhook/{id}/Active", operation_id = "setWebhookActive", tag = "Webhook",
    summary = "Switch a subscription on or off",
    params(
        ("id" = i64, Path, description = "Subscription id."),
        ("active" = bool, Query, description = "On or off."),
    ),
    responses((status = 200, description = "The subscription.", body = ref("#/components/schemas/Webhook")), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    let mut query = Query::read(&request, &["active"]);
    query.required("active");
    let active = query.flag("active").unwrap_or_default();
    query.finish()?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let row = blocking(&api, move |engine| engine.set_webhook_active(organization, id, active)).await?;
    Ok(HttpResponse::Ok().json(show(&row)))
}
