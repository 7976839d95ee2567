//! The pages: one file per page or per thing a form does, one line per route here.

mod account;
mod asked;
mod bucket;
mod bulk;
mod candidate;
mod care;
mod contact;
mod dry_run;
mod duplicates;
mod edit;
mod home;
mod merging;
mod not_this;
mod resolve;
mod review;
mod run;
mod run_now;
mod runs;
mod search;
mod sign_in;
mod sign_out;
mod transaction;
mod transactions;
mod undo;
mod undo_run;
mod users;
mod webhooks;

use crate::asset;
use crate::failure::Failure;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use tributary_contact::RecordId;

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Failure>;

/// Adds every route. Literal paths stand before those with parameters.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let get = web::get;
    let post = web::post;
    config
        .route("", get().to(home::handle))
        .route("/", get().to(home::handle))
        .route("/assets/{version}/{name}", get().to(asset::handle))
        .route("/sign-in", get().to(sign_in::show))
        .route("/sign-in", post().to(sign_in::handle))
        .route("/sign-out", post().to(sign_out::handle))
        .route("/search", get().to(search::handle))
        .route("/bucket", get().to(bucket::handle))
        .route("/bucket/bulk", get().to(bulk::show))
        .route("/bucket/bulk", post().to(bulk::handle))
        .route("/bucket/{id}", get().to(review::handle))
        .route("/bucket/{id}", post().to(resolve::handle))
        .route("/bucket/{id}/assign", post().to(care::assign))
        .route("/bucket/{id}/ask", post().to(care::ask))
        .route("/bucket/{id}/not", post().to(not_this::handle))
        .route("/bucket/{id}/edit", get().to(edit::show))
        .route("/bucket/{id}/edit", post().to(edit::handle))
        .route("/contacts/{id}", get().to(contact::handle))
        .route("/contacts/{id}/merge", get().to(contact::merge::show))
        .route("/contacts/{id}/merge", post().to(contact::merge::handle))
        .route("/contacts/{id}/unmerge", post().to(contact::unmerge::handle))
        .route("/contacts/{id}/not-duplicate", post().to(contact::say_not_duplicate))
        .route("/contacts/{id}/duplicates", get().to(contact::duplicates::handle))
        .route("/contacts/{id}/consent", get().to(contact::consent::handle))
        .route("/contacts/{id}/archive", post().to(contact::archive))
        .route("/contacts/{id}/export", get().to(contact::export::handle))
        .route("/contacts/{id}/erase", get().to(contact::erase::show))
        .route("/contacts/{id}/erase", post().to(contact::erase::handle))
        .route("/duplicates", get().to(duplicates::handle))
        .route("/duplicates/scan", get().to(duplicates::scan::progress))
        .route("/duplicates/scan", post().to(duplicates::scan::handle))
        .route("/duplicates/{contact}/{other}", get().to(duplicates::pair::handle))
        .route("/duplicates/{contact}/{other}", post().to(duplicates::pair::merge))
        .route("/duplicates/{contact}/{other}/two", post().to(duplicates::pair::two))
        .route("/transactions", get().to(transactions::handle))
        .route("/transactions/{id}", get().to(transaction::handle))
        .route("/transactions/{id}/undo", post().to(undo::handle))
        .route("/runs", get().to(runs::handle))
        .route("/runs", post().to(run_now::handle))
        .route("/runs/now", get().to(run_now::progress))
        .route("/runs/dry-run", post().to(dry_run::handle))
        .route("/runs/{id}", get().to(run::handle))
        .route("/runs/{id}/undo", get().to(undo_run::progress))
        .route("/runs/{id}/undo", post().to(undo_run::handle))
        .route("/webhooks", get().to(webhooks::handle))
        .route("/users", get().to(users::show))
        .route("/users", post().to(users::create))
        .route("/users/{id}", post().to(users::change))
        .route("/account", get().to(account::show))
        .route("/account/password", post().to(account::password))
        .route("/account/second-factor", post().to(account::second_factor))
        .route("/account/sessions", post().to(account::sessions));
}

/// The answer where no page is.
pub(crate) async fn unknown() -> Answer {
    Err(Failure::NotFound)
}

/// Sends the browser on after a form.
fn to(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

/// The transaction a path names.
fn record(text: &str) -> Result<RecordId, Failure> {
    text.parse().map(RecordId).map_err(|_| Failure::NotFound)
}
