//! Every error of the API in one table: status, code, sentence. Bodies have the canonical shape of
//! virtuous-contract.md 6.1, and at the top level `message` (and `modelState` on 400) for the legacy
//! clients of 6.2. `docs/errors.md` tells clients and operators what to do about each.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::EngineError;

/// What is wrong with a request, or with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Broken JSON, a missing value, a wrong type, a bad query parameter.
    BadRequest,
    /// No valid credential.
    Unauthenticated,
    /// The credential does not allow this.
    Forbidden,
    /// No such record in this organization, or no such route.
    NotFound,
    /// The route exists, but not with this method.
    MethodNotAllowed,
    /// A clash with the present state.
    Conflict,
    /// It is about somebody whose data were erased.
    Erased,
    /// Another request with this `Idempotency-Key` is being done.
    InProgress,
    /// More bytes or items than are taken at once.
    TooLarge,
    /// Well-formed, but with values that cannot be accepted.
    Invalid,
    /// The `Idempotency-Key` was given to another request.
    KeyReused,
    /// The hour is spent.
    RateLimited,
    /// A defect or damaged data.
    Internal,
    /// Overloaded, shutting down, or without a database.
    Unavailable,
}

/// A row of the table.
struct Row {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

impl Problem {
    /// Every problem, in the order of the table in `docs/errors.md`.
    pub const ALL: &'static [Self] = &[
        Self::BadRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::Erased,
        Self::InProgress,
        Self::TooLarge,
        Self::Invalid,
        Self::KeyReused,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
    ];

    const fn row(self) -> Row {
        let (status, code, message) = match self {
            Self::BadRequest => (StatusCode::BAD_REQUEST, "BAD_REQUEST", "The request is invalid."),
            Self::Unauthenticated => {
                (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Authorization has been denied for this request.")
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN", "The key does not allow this."),
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such thing."),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "This route has other methods.")
            }
            Self::Conflict => (StatusCode::CONFLICT, "CONFLICT", "It clashes with the present state."),
            Self::Erased => (StatusCode::CONFLICT, "ERASED", "The data were erased on request."),
            Self::InProgress => {
                (StatusCode::CONFLICT, "IDEMPOTENCY_IN_PROGRESS", "The same request is being done just now.")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "More than is taken at once."),
            Self::Invalid => {
                (StatusCode::UNPROCESSABLE_ENTITY, "VALIDATION_FAILED", "One or more fields are not valid.")
            }
            Self::KeyReused => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "IDEMPOTENCY_KEY_REUSED",
                "This Idempotency-Key was given to another request.",
            ),
            Self::RateLimited => {
                (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "The hourly number of requests is used up.")
            }
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL_ERROR",
                "Something went wrong on our side. Quote the request id when you ask about it.",
            ),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Not available just now. Try again.")
            }
        };
        Row { status, code, message }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().status
    }

    /// The sentence of the table.
    #[must_use]
    pub(crate) const fn sentence(self) -> &'static str {
        self.row().message
    }

    /// The stable code in `error.code`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().code
    }
}

/// An answer that is an error.
#[derive(Debug, thiserror::Error)]
#[error("{}", .problem.code())]
pub struct ApiError {
    problem: Problem,
    message: Cow<'static, str>,
    issues: Vec<Issue>,
    model: &'static str,
    retry_after: Option<u32>,
    /// The contact that has what was asked for.
    existing: Option<i64>,
    #[source]
    cause: Option<Box<EngineError>>,
}

impl ApiError {
    /// The problem with the sentence of the table.
    #[must_use]
    pub fn new(problem: Problem) -> Self {
        let message = Cow::Borrowed(problem.row().message);
        Self { problem, message, issues: Vec::new(), model: "model", retry_after: None, existing: None, cause: None }
    }

    /// Problems of single fields: 400 if any makes the request malformed, else 422.
    #[must_use]
    pub fn invalid(issues: Vec<Issue>) -> Self {
        let problem = if Issue::any_malformed(&issues) { Problem::BadRequest } else { Problem::Invalid };
        Self { issues, ..Self::new(problem) }
    }

    /// Problems of query parameters: always 400 (virtuous-contract.md 6.1).
    #[must_use]
    pub fn bad_query(issues: Vec<Issue>) -> Self {
        Self { issues, ..Self::new(Problem::BadRequest) }
    }

    /// A malformed request, with the sentence that says how.
    #[must_use]
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Problem::BadRequest).say(message)
    }

    /// With another sentence. It reaches the client, so it must not hold personal data.
    #[must_use]
    pub fn say(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// With the name that legacy clients know the body by, in the keys of `modelState`.
    #[must_use]
    pub fn of_model(mut self, model: &'static str) -> Self {
        self.model = model;
        self
    }

    /// With a number of seconds to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Which problem it is.
    #[must_use]
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// What the engine reported, for the log.
    pub(crate) fn cause(&self) -> Option<&EngineError> {
        self.cause.as_deref()
    }

    /// What the problem looks like, for the description of the API.
    pub(crate) fn example(problem: Problem) -> Self {
        match problem {
            Problem::Invalid => {
                let issue = Issue::new("contacts[3].email", IssueCode::InvalidFormat, "Not an e-mail address.");
                Self::invalid(vec![issue])
            }
            Problem::BadRequest => {
                let issue = Issue::new("referenceSource", IssueCode::Required, "A value is needed.");
                Self::invalid(vec![issue])
            }
            other => Self::new(other),
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> Value {
        let details: Vec<Value> = self.issues.iter().map(detail).collect();
        let mut error = json!({ "code": self.problem.code(), "message": self.message, "details": details });
        if let (Some(contact), Some(error)) = (self.existing, error.as_object_mut()) {
            error.insert("existingContactId".to_owned(), Value::from(contact));
        }
        if self.problem == Problem::BadRequest && !self.issues.is_empty() {
            return json!({ "error": error, "message": self.message, "modelState": self.model_state() });
        }
        json!({ "error": error, "message": self.message })
    }

    /// The legacy form of the problems: sentences per field, under the name of the body.
    fn model_state(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        for issue in &self.issues {
            let key =
                if issue.field.is_empty() { self.model.to_owned() } else { format!("{}.{}", self.model, issue.field) };
            let sentences = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            sentences.as_array_mut().into_iter().for_each(|list| list.push(Value::from(issue.message.as_str())));
        }
        fields
    }
}

fn detail(issue: &Issue) -> Value {
    json!({ "field": issue.field, "code": issue.code.as_str(), "message": issue.message })
}

/// The one place where a failure of a use case becomes a status.
impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Invalid(issues) => Self::invalid(issues),
            EngineError::NotFound => Self::new(Problem::NotFound),
            EngineError::Conflict { message, existing } => {
                Self { existing: existing.map(|contact| contact.0), ..Self::new(Problem::Conflict).say(message) }
            }
            EngineError::Erased { message } => Self::new(Problem::Erased).say(message),
            EngineError::Raced => {
                Self::new(Problem::Conflict).say("The contact was changed meanwhile; repeat the request.")
            }
            EngineError::Busy => Self::new(Problem::Unavailable).retry_after(1),
            cause @ (EngineError::Unavailable(_) | EngineError::Stopped) => {
                Self { cause: Some(Box::new(cause)), ..Self::new(Problem::Unavailable).retry_after(5) }
            }
            cause @ EngineError::Internal(_) => Self { cause: Some(Box::new(cause)), ..Self::new(Problem::Internal) },
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if self.problem == Problem::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        answer.json(self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page that clients and operators read must not fall behind the table.
    #[test]
    fn every_code_is_explained_in_the_docs() {
        let page = include_str!("../../../docs/errors.md");
        for problem in Problem::ALL {
            let row = format!("| {} | `{}` |", problem.status().as_u16(), problem.code());
            assert!(page.contains(&row), "docs/errors.md lacks the row: {row}");
        }
    }

    #[test]
    fn every_detail_code_is_explained_in_the_docs() {
        let page = include_str!("../../../docs/errors.md");
        for code in tributary_contact::issue::IssueCode::ALL {
            assert!(page.contains(&format!("| `{code}` |")), "docs/errors.md lacks {code}");
        }
    }
}
