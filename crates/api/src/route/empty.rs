//! Lists of things that this product does not have, where the contract has an address for them.

use crate::answer::Answer;
use crate::auth::sees_contact;
use crate::blocking::blocking;
use crate::query::Query;
use crate::route::path;
use crate::wire::page::PageJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse};
use tributary_engine::Principal;

/// 200 with an empty list; 404 when it is that of a contact which is not there.
pub(super) async fn list(api: &ApiState, request: &HttpRequest, caller: &Principal, contact: Option<&str>) -> Answer {
    let mut query = Query::read(request, &["email", "skip", "take"]);
    query.window();
    query.finish()?;
    if let Some(contact) = contact {
        let (organization, id) = (caller.organization, path::contact(contact)?);
        let found = blocking(api, move |engine| engine.contact(organization, id)).await?;
        found.filter(|row| sees_contact(caller, row)).ok_or_else(|| ApiError::new(Problem::NotFound))?;
    }
    Ok(HttpResponse::Ok().json(PageJson::<String>::whole(Vec::new())))
}
