//! `GET /api/Webhook/{id}/Deliveries?state=&before=&take=`: what was and will be delivered, newest event first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::delivery::{DeliveryJson, DeliveryPageJson};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::issue::IssueCode;
use tributary_engine::{PAGE_AT_MOST, Scope};
use tributary_store::DeliveryFilter;
use uuid::Uuid;

/// Deliveries of a page when nothing else is asked for.
const TAKE: i64 = 50;

/// 200 with a page and `next`, the value of `before` for the page that follows; `next` is null at the end. Pages
/// are found by key, so the hundredth costs what the first one does, and there is no total.
#[utoipa::path(
    get, path = "/api/Webhook/{id}/Deliveries", operation_id = "listDeliveries", tag = "Webhook",
    summary = "What was and will be delivered",
    params(
        ("id" = i64, Path, description = "Subscription id."),
        ("state" = Option<String>, Query, pattern = "^(pending|dead)?$", description = "`pending` or `dead`; all without it."),
        ("before" = Option<String>, Query, pattern = "^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$", description = "Events before this one: the `next` of the page before."),
        ("take" = Option<i64>, Query, minimum = 0, maximum = 1_000, description = "Deliveries at most, 50 unless said, up to 1000."),
    ),
    responses((status = 200, description = "Newest event first.", body = DeliveryPageJson), NotFound),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    let mut query = Query::read(&request, &["state", "before", "take"]);
    let filter = state(&mut query);
    let before = before(&mut query);
    let take = query.number("take", PAGE_AT_MOST, TAKE);
    query.finish()?;
    let (organization, id) = (caller.organization, path::webhook(&id)?);
    let rows = blocking(&api, move |engine| engine.webhook_deliveries(organization, id, filter, before, take)).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|length| length == take);
    let next = rows.last().filter(|_| full).map(|row| row.event);
    Ok(HttpResponse::Ok().json(DeliveryPageJson { list: rows.iter().map(DeliveryJson::from).collect(), next }))
}

fn state(query: &mut Query) -> DeliveryFilter {
    match query.text("state").as_deref() {
        None => DeliveryFilter::All,
        Some("pending") => DeliveryFilter::Pending,
        Some("dead") => DeliveryFilter::Dead,
        Some(_) => {
            query.issue("state", IssueCode::InvalidValue, "Must be pending or dead; without it all are listed.");
            DeliveryFilter::All
        }
    }
}

fn before(query: &mut Query) -> Option<Uuid> {
    let text = query.text("before")?;
    let id = Uuid::parse_str(&text).ok();
    if id.is_none() {
        query.issue("before", IssueCode::InvalidValue, "Must be the id of an event.");
    }
    id
}
