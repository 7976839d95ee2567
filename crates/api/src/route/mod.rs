//! The routes: one file per endpoint, one line per method here. Literal paths stand before those with
//! parameters, since the first that fits is taken.

mod batch;
mod contact;
mod event;
mod health;
mod method;
mod metrics;
mod needs_update;
mod organization_current;
mod path;
mod ready;
mod transaction;
mod webhook;

use actix_web::web;
use method::{at, delete, get, post, put};

/// Adds every route.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    configure_health(config);
    config.service(at("/api/Organization/Current", [get(organization_current::handle)]));
    contacts(config);
    needs_update(config);
    batches(config);
    webhooks(config);
}

/// Adds the routes that every process has, whatever it does.
pub(crate) fn configure_health(config: &mut web::ServiceConfig) {
    config
        .service(at("/healthz", [get(health::handle)]))
        .service(at("/readyz", [get(ready::handle)]))
        .service(at("/metrics", [get(metrics::handle)]));
}

fn contacts(config: &mut web::ServiceConfig) {
    config
        .service(at("/api/Contact", [post(contact::create::handle)]))
        .service(at("/api/Contact/Batch", [post(transaction::submit_batch::handle)]))
        .service(at("/api/Contact/Find", [get(contact::find::handle)]))
        .service(at("/api/Contact/Transaction", [post(transaction::submit::handle), get(transaction::find::handle)]))
        .service(at("/api/Contact/Transaction/{id}/Undo", [post(transaction::undo::handle)]))
        .service(at("/api/Contact/Transaction/{id}", [get(transaction::get::handle)]))
        .service(at("/api/Contact/{id:\\d+}", [get(contact::get::handle)]))
        // Literals of the contract that no reference source can be read under (1.0, routing note).
        .service(web::resource("/api/Contact/{literal:ByReference|ByTag|Receipts}/{value}").to(crate::app::unknown))
        .service(at("/api/Contact/{source}/{reference}", [get(contact::by_reference::handle)]));
}

fn needs_update(config: &mut web::ServiceConfig) {
    config
        .service(at("/api/NeedsUpdate", [get(needs_update::list::handle)]))
        .service(at("/api/NeedsUpdate/{id}/Resolve", [post(needs_update::resolve::handle)]))
        .service(at("/api/NeedsUpdate/{id}", [get(needs_update::get::handle)]));
}

fn batches(config: &mut web::ServiceConfig) {
    config
        .service(at("/api/Batch", [get(batch::list::handle)]))
        .service(at("/api/Batch/Run", [post(batch::run::handle)]))
        .service(at("/api/Batch/{id}", [get(batch::get::handle)]));
}

fn webhooks(config: &mut web::ServiceConfig) {
    config
        .service(at("/api/Webhook", [get(webhook::list::handle), post(webhook::create::handle)]))
        .service(at("/api/Event", [get(event::feed::handle)]))
        .service(at("/api/Webhook/{id}/Active", [put(webhook::active::handle)]))
        .service(at("/api/Webhook/{id}/Deliveries", [get(webhook::deliveries::handle)]))
        .service(at("/api/Webhook/{id}/Deliveries/{event}", [get(webhook::delivery::handle)]))
        .service(at("/api/Webhook/{id}/Ping", [post(webhook::ping::handle)]))
        .service(at("/api/Webhook/{id}/Replay", [get(webhook::replays::handle), post(webhook::replay::handle)]))
        .service(at("/api/Webhook/{id}/RotateSecret", [post(webhook::rotate_secret::handle)]))
        .service(at(
            "/api/Webhook/{id}",
            [get(webhook::get::handle), put(webhook::update::handle), delete(webhook::delete::handle)],
        ));
}
