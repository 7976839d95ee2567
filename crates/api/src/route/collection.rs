//! Entries of custom collections of a contact and of an individual (virtuous-contract.md 1.1, 1.3): the same three verbs
//! for both.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod individual_create;
pub(super) mod individual_delete;
pub(super) mod individual_update;
pub(super) mod update;

use super::path;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use tributary_contact::CustomValue;
use tributary_contact::flat::{Reader, get, named_values};
use tributary_contact::issue::IssueCode;
use tributary_engine::{CollectionView, EntryOwner, Scope};

/// The query parameter that names an entry.
const INSTANCE: &str = "collectionInstanceId";

/// Whose entry a path is about.
type Owner = Result<EntryOwner, ApiError>;

fn contact(id: &str) -> Owner {
    path::contact(id).map(EntryOwner::Contact)
}

fn individual(id: &str) -> Owner {
    path::item(id).map(EntryOwner::Individual)
}

async fn add(api: &ApiState, request: &HttpRequest, owner: Owner, collection: &str, payload: web::Payload) -> Answer {
    let caller = authorize(api, request, Scope::WriteContacts).await?;
    Query::none(request)?;
    let target = (owner?, path::number(collection)?);
    let fields = parse(&body::json(api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let entry: CollectionView =
        blocking(api, move |engine| engine.add_entry(organization, target, &fields, &actor)).await?;
    Ok(HttpResponse::Ok().json(entry))
}

async fn change(api: &ApiState, request: &HttpRequest, owner: Owner, entry: &str, payload: web::Payload) -> Answer {
    let caller = authorize(api, request, Scope::WriteContacts).await?;
    Query::none(request)?;
    let target = (owner?, path::number(entry)?);
    let fields = parse(&body::json(api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let entry: CollectionView =
        blocking(api, move |engine| engine.change_entry(organization, target, &fields, &actor)).await?;
    Ok(HttpResponse::Ok().json(entry))
}

/// The contract names an entry in the path, or (of individuals) its collection there and the entry in the query. Both
/// are understood.
async fn remove(api: &ApiState, request: &HttpRequest, owner: Owner, named: &str) -> Answer {
    let caller = authorize(api, request, Scope::WriteContacts).await?;
    let mut query = Query::read(request, &[INSTANCE]);
    let entry = query.text(INSTANCE).map(|_| query.number(INSTANCE, i64::MAX, 0));
    query.finish()?;
    let (owner, named) = (owner?, path::number(named)?);
    let (collection, entry) = match entry {
        Some(entry) => (Some(named), entry),
        None => (None, named),
    };
    let (organization, actor) = (caller.organization, caller.actor());
    blocking(api, move |engine| engine.remove_entry(organization, (owner, entry), collection, &actor)).await?;
    Ok(HttpResponse::Ok().finish())
}

/// The values of an entry: `{fields: [{name, value}]}`.
fn parse(value: &Value) -> Result<Vec<CustomValue>, ApiError> {
    let map = body::object(value)?;
    let mut reader = Reader::new("");
    let given = get(map, "fields").filter(|fields| !fields.is_null());
    let fields = given.map(|fields| named_values("fields", fields, &mut reader)).unwrap_or_default();
    match given {
        None => reader.require("fields", "Values are needed."),
        Some(_) if fields.is_empty() => reader.issue("fields", IssueCode::InvalidValue, "Values are needed."),
        Some(_) => {}
    }
    reader.finish().map_err(ApiError::invalid)?;
    Ok(fields)
}
