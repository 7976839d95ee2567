//! `GET /api/NeedsUpdate?reason=&source=&skip=&take=`: the bucket, oldest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::query::Window;
use crate::wire::page::PageJson;
use crate::wire::transaction::{Sight, TransactionJson};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::issue::IssueCode;
use tributary_contact::state::Reason;
use tributary_engine::Scope;
use tributary_store::NeedsUpdateFilter;

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/NeedsUpdate", operation_id = "listNeedsUpdate", tag = "NeedsUpdate",
    summary = "The submissions that wait for a person, oldest first",
    params(
        ("reason" = inline(Option<Reason>), Query, description = "Only those that wait for this reason."),
        ("source" = Option<String>, Query, description = "Only those of this reference source."),
        Window,
    ),
    responses((status = 200, description = "A part of the list.", body = PageJson<TransactionJson>)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["reason", "source", "skip", "take"]);
    let filter =
        NeedsUpdateFilter { reason: reason(&mut query), source: query.text("source"), ..NeedsUpdateFilter::default() };
    let window = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page =
        blocking(&api, move |engine| engine.needs_update(organization, &filter, window.skip, window.take)).await?;
    let list = page.list.iter().map(|view| TransactionJson::of(view, Sight::of(&caller))).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}

fn reason(query: &mut Query) -> Option<Reason> {
    let reason = Reason::parse(&query.text("reason")?.to_ascii_lowercase());
    if reason.is_none() {
        query.issue("reason", IssueCode::InvalidValue, "Not a reason code.");
    }
    reason
}
