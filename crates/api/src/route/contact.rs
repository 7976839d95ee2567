//! `/api/Contact`: the golden records.

pub(super) mod activity;
pub(super) mod archive;
pub(super) mod by_reference;
pub(super) mod by_reference_id;
pub(super) mod by_tag;
pub(super) mod check_duplicates;
pub(super) mod consent;
pub(super) mod create;
pub(super) mod erase;
pub(super) mod export;
pub(super) mod find;
pub(super) mod following;
pub(super) mod get;
pub(super) mod history;
pub(super) mod merge;
pub(super) mod proximity;
pub(super) mod query;
pub(super) mod query_full;
pub(super) mod query_options;
pub(super) mod receipts;
pub(super) mod search;
pub(super) mod suggest_merge;
pub(super) mod toggle_follow;
pub(super) mod toggle_follow_posted;
pub(super) mod unarchive;
pub(super) mod unmerge;
pub(super) mod update;

use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};

/// The answer where no contact is: without a body, since existing clients read any body as a record
/// (virtuous-contract.md 6.2). A setting gives the canonical body instead.
pub(super) fn absent(api: &ApiState) -> HttpResponse {
    if api.settings.empty_not_found {
        return HttpResponseBuilder::new(Problem::NotFound.status()).finish();
    }
    ApiError::new(Problem::NotFound).error_response()
}
