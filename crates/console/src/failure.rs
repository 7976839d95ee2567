//! The one mapping from what goes wrong to a page: status, a sentence for people, and the way on.

use crate::view::layout;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, ResponseError};
use maud::html;
use tributary_contact::issue::Issue;
use tributary_engine::EngineError;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody is signed in; the path is where they wanted to go.
    #[error("nobody is signed in")]
    SignedOut(String),
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// The form came from another site or is too old.
    #[error("the form is not ours")]
    Forged,
    /// There is no such thing in this organization.
    #[error("not found")]
    NotFound,
    /// The state is another one by now.
    #[error("{0}")]
    Conflict(String),
    /// Something in the form cannot be accepted.
    #[error("{} problem(s)", .0.len())]
    Invalid(Vec<Issue>),
    /// The database cannot be reached, or too much is waiting.
    #[error("unavailable")]
    Unavailable,
    /// A defect.
    #[error("internal error")]
    Internal,
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Invalid(issues) => Self::Invalid(issues),
            EngineError::NotFound => Self::NotFound,
            EngineError::Conflict { message, .. } | EngineError::Erased { message } => Self::Conflict(message),
            EngineError::Raced => Self::Conflict("Somebody else changed this contact at the same time.".to_owned()),
            EngineError::Busy | EngineError::Unavailable(_) | EngineError::Stopped => {
                tracing::warn!(%error, "a page of the console is not available");
                Self::Unavailable
            }
            EngineError::Internal(cause) => {
                tracing::error!(%cause, "a page of the console failed");
                Self::Internal
            }
        }
    }
}

impl Failure {
    fn heading(&self) -> &'static str {
        match self {
            Self::SignedOut(_) => "Sign in",
            Self::Forbidden => "Not allowed",
            Self::Forged => "This form cannot be accepted",
            Self::NotFound => "Not found",
            Self::Conflict(_) => "This has changed meanwhile",
            Self::Invalid(_) => "Something is not right yet",
            Self::Unavailable => "Not available right now",
            Self::Internal => "Something went wrong",
        }
    }

    fn advice(&self) -> &str {
        match self {
            Self::SignedOut(_) => "Sign in to go on.",
            Self::Forbidden => "Your role does not allow this. An admin can give you another one.",
            Self::Forged => "It came from another site, or was open for too long. Go back, reload the page, try again.",
            Self::NotFound => "There is nothing here, or it belongs to another organization.",
            Self::Conflict(message) => message,
            Self::Invalid(_) => "Go back and correct this:",
            Self::Unavailable => "The database cannot be reached or is busy. Try again in a moment.",
            Self::Internal => "This is a defect; the log of the server has the cause.",
        }
    }

    /// The page.
    pub(crate) fn answer(&self) -> HttpResponse {
        if let Self::SignedOut(path) = self {
            let target = format!("/console/sign-in?next={}", crate::format::encoded(path));
            return HttpResponse::SeeOther().insert_header((LOCATION, target)).finish();
        }
        let page = layout::bare(
            self.heading(),
            html! {
                h1 { (self.heading()) }
                p { (self.advice()) }
                @if let Self::Invalid(issues) = self {
                    ul { @for issue in issues { li { @if !issue.field.is_empty() { b { (issue.field) } ": " } (issue.message) } } }
                }
                p { a href="/console" { "Home" } }
            },
        );
        HttpResponse::build(self.status_code()).content_type("text/html; charset=utf-8").body(page.into_string())
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut(_) => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.answer()
    }
}
