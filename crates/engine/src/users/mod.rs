//! People who sign in: who they are, what they may do, and how they are managed. Passwords, second factors,
//! sessions and the throttle of failed sign-ins each have a file of their own.

mod account;
mod password;
mod second_factor;
mod session;
mod sign_in;
mod throttle;

pub use second_factor::Enrolment;
pub use session::{NewSession, Session};
pub use sign_in::{Credentials, SignIn};

use crate::Scope;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, UserId};
use tributary_store::{Role, UserRow};

/// A person who signs in, without what nobody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Tenant.
    pub organization: OrganizationId,
    /// Number inside the organization.
    pub id: UserId,
    /// E-mail address in lower case, which they sign in with.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether a code is asked for beside the password.
    pub second_factor: bool,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Since when they may not sign in, if so.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    fn of(organization: OrganizationId, row: UserRow) -> Self {
        Self {
            organization,
            id: row.id,
            second_factor: second_factor::is_on(&row),
            email: row.email,
            name: row.name,
            role: row.role,
            created_at: row.created_at,
            last_sign_in_at: row.last_sign_in_at,
            disabled_at: row.disabled_at,
        }
    }

    /// Whether their role has a scope of the API.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        role_allows(self.role, scope)
    }
}

/// Whether a role has a scope of the API.
pub(crate) fn role_allows(role: Role, scope: Scope) -> bool {
    role >= least_role(scope)
}

/// What a new user needs.
#[derive(Clone)]
pub struct NewUser {
    /// E-mail address they sign in with.
    pub email: String,
    /// Name for people; the e-mail address when blank.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their first password; a random one is made when there is none.
    pub password: Option<String>,
}

/// The least role that has a scope. What nobody thought of here is for admins.
fn least_role(scope: Scope) -> Role {
    match scope {
        Scope::ReadTransactions | Scope::ReadContacts => Role::Viewer,
        Scope::Submit | Scope::WriteContacts | Scope::Review | Scope::Batch => Role::Reviewer,
        _ => Role::Admin,
    }
}

/// What is in memory only: the throttle, and the one place where passwords are computed.
#[derive(Default)]
pub(crate) struct Guards {
    throttle: throttle::Throttle,
    passwords: password::Passwords,
}
