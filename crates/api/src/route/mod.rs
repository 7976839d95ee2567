//! The routes: one file per endpoint, one line per path here. Literal paths stand before those with
//! parameters, since the first that fits is taken.

mod at;
mod batch;
mod contact;
mod contact_address;
mod contact_individual;
mod contact_method;
mod contact_reference;
mod docs;
mod event;
mod health;
mod key;
mod metrics;
mod needs_update;
mod openapi;
mod organization_current;
mod path;
mod ready;
mod token;
mod transaction;
mod webhook;

use actix_web::web;
pub(crate) use at::At;
use at::at;
pub(crate) use contact_reference::create::body_schema as reference_schema;

/// Every route that has a page in the OpenAPI document.
pub(crate) fn all() -> Vec<At> {
    let mut routes = health();
    routes.push(at!("/openapi.json", get openapi));
    routes.push(at!("/Token", post token));
    routes.push(at!("/api/Organization/Current", get organization_current));
    routes.extend(contacts());
    routes.extend(parts_of_contacts());
    routes.extend(needs_update());
    routes.extend(batches());
    routes.extend(webhooks());
    routes.extend(keys());
    routes
}

/// Adds every route.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    docs::configure(config);
    add(config, all());
}

/// Adds the routes that every process has, whatever it does.
pub(crate) fn configure_health(config: &mut web::ServiceConfig) {
    add(config, health());
}

fn add(config: &mut web::ServiceConfig, routes: Vec<At>) {
    for at in routes {
        config.service(at.resource());
    }
}

fn health() -> Vec<At> {
    vec![at!("/healthz", get health), at!("/readyz", get ready), at!("/metrics", get metrics)]
}

fn contacts() -> Vec<At> {
    vec![
        at!("/api/Contact", post contact::create),
        at!("/api/Contact/Batch", post transaction::submit_batch),
        at!("/api/Contact/Find", get contact::find),
        at!("/api/Contact/Transaction", post transaction::submit, get transaction::find),
        at!("/api/Contact/Transaction/{id}/Undo", post transaction::undo),
        at!("/api/Contact/Transaction/{id}/Explanation", get transaction::explanation),
        at!("/api/Contact/Transaction/{id}", get transaction::get),
        at!("/api/Contact/Activity", get contact::activity),
        at!("/api/Contact/Following", get contact::following),
        at!("/api/Contact/Proximity", post contact::proximity),
        at!("/api/Contact/Archive/{contactId}", put contact::archive),
        at!("/api/Contact/Unarchive/{contactId}", put contact::unarchive),
        at!("/api/Contact/ToggleFollow/{contactId}", put contact::toggle_follow, post contact::toggle_follow_posted),
        at!("/api/Contact/ByReference/{referenceId}", get contact::by_reference_id),
        at!("/api/Contact/{contactId:\\d+}", get contact::get, put contact::update),
        // Literals of the contract that no reference source can be read under (1.0, routing note).
        At::nothing("/api/Contact/{literal:ByTag|Receipts}/{value}"),
        at!("/api/Contact/{referenceSource}/{referenceId}", get contact::by_reference),
    ]
}

fn parts_of_contacts() -> Vec<At> {
    vec![
        at!("/api/ContactIndividual", post contact_individual::create),
        at!("/api/ContactIndividual/Find", get contact_individual::find),
        at!("/api/ContactIndividual/ByContact/{contactId}", get contact_individual::by_contact),
        at!("/api/ContactIndividual/{id}/Avatar", get contact_individual::avatar, post contact_individual::put_avatar),
        at!("/api/ContactIndividual/{id}/EmailList", get contact_individual::email_list),
        at!(
            "/api/ContactIndividual/{id}",
            get contact_individual::get, put contact_individual::update, delete contact_individual::delete
        ),
        at!("/api/ContactMethod", post contact_method::create),
        at!("/api/ContactMethod/Types", get contact_method::types),
        at!("/api/ContactMethod/RelatedTypes", get contact_method::related_types),
        at!("/api/ContactMethod/Archive/{id}", put contact_method::archive),
        at!("/api/ContactMethod/Unarchive/{id}", put contact_method::unarchive),
        at!(
            "/api/ContactMethod/{id}",
            get contact_method::get, put contact_method::update, delete contact_method::delete
        ),
        at!("/api/ContactAddress", post contact_address::create),
        at!("/api/ContactAddress/ByContact/{contactId}", get contact_address::by_contact),
        at!("/api/ContactAddress/Archive/{id}", put contact_address::archive),
        at!("/api/ContactAddress/Unarchive/{id}", put contact_address::unarchive),
        at!(
            "/api/ContactAddress/{id}",
            get contact_address::get, put contact_address::update, delete contact_address::delete
        ),
        at!("/api/ContactReference", post contact_reference::create),
        at!("/api/ContactReference/{referenceSource}", delete contact_reference::delete),
    ]
}

fn needs_update() -> Vec<At> {
    vec![
        at!("/api/NeedsUpdate", get needs_update::list),
        at!("/api/NeedsUpdate/{id}/Resolve", post needs_update::resolve),
        at!("/api/NeedsUpdate/{id}", get needs_update::get),
    ]
}

fn batches() -> Vec<At> {
    vec![
        at!("/api/Batch", get batch::list),
        at!("/api/Batch/Run", post batch::run),
        at!("/api/Batch/{id}", get batch::get),
    ]
}

fn webhooks() -> Vec<At> {
    vec![
        at!("/api/Event", get event::feed),
        at!("/api/Webhook", get webhook::list, post webhook::create),
        at!("/api/Webhook/{id}/Active", put webhook::active),
        at!("/api/Webhook/{id}/Deliveries", get webhook::deliveries),
        at!("/api/Webhook/{id}/Deliveries/{event}", get webhook::delivery),
        at!("/api/Webhook/{id}/Ping", post webhook::ping),
        at!("/api/Webhook/{id}/Replay", get webhook::replays, post webhook::replay),
        at!("/api/Webhook/{id}/RotateSecret", post webhook::rotate_secret),
        at!("/api/Webhook/{id}", get webhook::get, put webhook::update, delete webhook::delete),
    ]
}

fn keys() -> Vec<At> {
    vec![
        at!("/api/Key", get key::list, post key::create),
        at!("/api/Key/{id}/Rotate", post key::rotate),
        at!("/api/Key/{id}", delete key::revoke),
    ]
}
