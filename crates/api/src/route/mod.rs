//! The routes: one file per endpoint, one line per path here. Literal paths stand before those with
//! parameters, since the first that fits is taken.

mod at;
mod batch;
mod contact;
mod docs;
mod health;
mod metrics;
mod needs_update;
mod openapi;
mod organization_current;
mod path;
mod ready;
mod transaction;
mod webhook;

use actix_web::web;
pub(crate) use at::At;
use at::at;

/// Every route that has a page in the OpenAPI document.
pub(crate) fn all() -> Vec<At> {
    let mut routes = health();
    routes.push(at!("/openapi.json", get openapi));
    routes.push(at!("/api/Organization/Current", get organization_current));
    routes.extend(contacts());
    routes.extend(needs_update());
    routes.extend(batches());
    routes.extend(webhooks());
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
        at!("/api/Contact/Transaction/{id}", get transaction::get),
        at!("/api/Contact/{id:\\d+}", get contact::get),
        // Literals of the contract that no reference source can be read under (1.0, routing note).
        At::nothing("/api/Contact/{literal:ByReference|ByTag|Receipts}/{value}"),
        at!("/api/Contact/{referenceSource}/{referenceId}", get contact::by_reference),
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
        at!("/api/Webhook", get webhook::list, post webhook::create),
        at!("/api/Webhook/{id}/Active", put webhook::active),
        at!("/api/Webhook/{id}", get webhook::get, put webhook::update, delete webhook::delete),
    ]
}
