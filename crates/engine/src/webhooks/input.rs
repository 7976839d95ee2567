//! What a subscriber asks for, and what of it is refused.

use crate::{EngineError, Settings};
use std::collections::BTreeSet;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_store::WebhookOptions;
use tributary_webhook::headers::{COMPAT_HEADER, custom_header_allowed};
use tributary_webhook::{Secret, seal};

/// Headers a subscription may add, at most.
const HEADERS_AT_MOST: usize = 20;

/// What a subscriber asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookInput {
    /// Where events are sent.
    pub payload_url: String,
    /// The subscriber's secret; one is made (or kept, on update) when none is given.
    pub secret: Option<String>,
    /// Whether events are sent.
    pub active: bool,
    /// Names of the toggles that are on.
    pub toggles: BTreeSet<String>,
    /// Headers to be added to each delivery; kept on update when none are given.
    pub headers: Option<Vec<(String, String)>>,
    /// Signature schemes beside the standard one; kept on update when none are given.
    pub options: Option<WebhookOptions>,
}

impl WebhookInput {
    /// Everything that is wrong with it.
    pub(super) fn check(&self, settings: &Settings) -> Result<(), EngineError> {
        let mut issues = Vec::new();
        if let Err(refused) = settings.guard.check_url(&self.payload_url) {
            issues.push(Issue::new("payloadUrl", IssueCode::InvalidValue, refused.to_string()));
        }
        if let Some(Err(refused)) = self.secret.as_deref().map(check_secret) {
            issues.push(refused);
        }
        self.check_headers(&mut issues);
        if issues.is_empty() { Ok(()) } else { Err(EngineError::Invalid(issues)) }
    }

    fn check_headers(&self, issues: &mut Vec<Issue>) {
        let headers = self.headers.as_deref().unwrap_or_default();
        let compat = self.options.as_ref().and_then(|options| options.compat_header.as_deref());
        if headers.len() > HEADERS_AT_MOST {
            let message = format!("At most {HEADERS_AT_MOST} headers can be added.");
            issues.push(Issue::new("headers", IssueCode::InvalidValue, message));
        }
        for (name, value) in headers {
            if !custom_header_allowed(name, value, compat.unwrap_or(COMPAT_HEADER)) {
                let message = "The header cannot be sent, or belongs to the delivery itself.";
                issues.push(Issue::new(format!("headers.{name}"), IssueCode::InvalidValue, message));
            }
        }
        if compat.is_some_and(|name| !custom_header_allowed(name, "", "")) {
            let message = "The name cannot be sent, or belongs to the delivery itself.";
            issues.push(Issue::new("compatHeader", IssueCode::InvalidValue, message));
        }
    }
}

/// A secret as it is given.
pub(super) fn check_secret(secret: &str) -> Result<Secret, Issue> {
    let refused = |message: String| Issue::new("secret", IssueCode::InvalidFormat, message);
    if seal::is_sealed(secret) {
        return Err(refused(format!("the secret must not begin with {}", seal::PREFIX)));
    }
    Secret::parse(secret).map_err(|error| refused(error.to_string()))
}
