//! `/api/Policy`: versions of the survivorship policy.

pub(super) mod activate;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod refold;
pub(super) mod refold_decided;
pub(super) mod revert;

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::policy::{RefoldJson, RefoldQuery};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{FoldBy, Scope};

/// A page of contacts folded anew.
async fn folded_anew(api: web::Data<ApiState>, request: HttpRequest, by: FoldBy) -> Answer {
    let caller = authorize(&api, &request, Scope::Policy).await?;
    let mut query = Query::read(&request, RefoldQuery::NAMES);
    let refold = RefoldQuery::read(&mut query).by(by);
    query.finish()?;
    let (organization, actor) = (caller.organization, caller.actor());
    let page = blocking(&api, move |engine| engine.refold(organization, refold, &actor)).await?;
    Ok(HttpResponse::Ok().json(RefoldJson::from(page)))
}
