//! `/api/Key`: the keys of the organization (ours; the contract makes keys on a settings page). Nobody can
//! give, or get by a rotation, more than they may themselves.

pub(super) mod create;
pub(super) mod groups;
pub(super) mod list;
pub(super) mod put_group;
pub(super) mod remove_group;
pub(super) mod revoke;
pub(super) mod rotate;

use crate::{ApiError, Problem};
use tributary_engine::{Principal, Scope};

/// Whether the caller may hand out these scopes.
///
/// # Errors
/// 403 when it lacks one of them itself.
pub(super) fn check_handed_out(caller: &Principal, mut scopes: impl Iterator<Item = Scope>) -> Result<(), ApiError> {
    match scopes.find(|scope| !caller.allows(*scope)) {
        Some(scope) => {
            let message = format!("The scope {} can be given by those who have it only.", scope.as_str());
            Err(ApiError::new(Problem::Forbidden).say(message))
        }
        None => Ok(()),
    }
}
