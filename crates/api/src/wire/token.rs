//! The form and the answers of `POST /Token` (virtuous-contract.md 8 and 6.2).

use actix_web::web;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tributary_contact::OrganizationId;
use tributary_contact::clock::Timestamp;
use tributary_engine::{NewSession, User};
use utoipa::ToSchema;

/// A request for a token.
#[derive(Default, Deserialize)]
pub(crate) struct Form {
    /// `password` or `refresh_token`.
    #[serde(default)]
    pub grant_type: String,
    /// E-mail address of the person.
    pub username: Option<String>,
    pub password: Option<String>,
    /// Code of the second factor.
    pub otp: Option<String>,
    /// Organization by id, for people who are known to several.
    pub organization: Option<String>,
    pub refresh_token: Option<String>,
}

/// The JSON Schema of the form.
pub(crate) fn schema() -> Value {
    let filled = json!({ "type": "string", "pattern": "[!-~]" });
    let otp = json!({ "type": "string", "description": "Code of the second factor." });
    let organization = json!({ "type": "string", "description": "By id, for people who are known to several." });
    json!({ "oneOf": [
        {
            "type": "object",
            "required": ["grant_type", "username", "password"],
            "properties": {
                "grant_type": { "const": "password" },
                "username": filled, "password": filled, "otp": otp, "organization": organization,
            },
        },
        {
            "type": "object",
            "required": ["grant_type", "refresh_token"],
            "properties": { "grant_type": { "const": "refresh_token" }, "refresh_token": filled },
        },
    ] })
}

/// What a form asks for.
pub(crate) enum Grant {
    /// By password.
    Password(Box<Form>),
    /// By this refresh token.
    Refresh(String),
}

impl Form {
    /// Reads the form.
    ///
    /// # Errors
    /// A refusal that says what is wrong with it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Grant, RefusalJson> {
        let text = std::str::from_utf8(bytes).map_err(|_| RefusalJson::NOT_A_FORM)?;
        let form = web::Query::<Self>::from_query(text).map_err(|_| RefusalJson::NOT_A_FORM)?.into_inner();
        let filled = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        match form.grant_type.as_str() {
            "password" if filled(&form.username) && filled(&form.password) => Ok(Grant::Password(Box::new(form))),
            "password" => Err(RefusalJson::PASSWORD_NEEDED),
            "refresh_token" => form.refresh_token.map(Grant::Refresh).ok_or(RefusalJson::REFRESH_TOKEN_NEEDED),
            _ => Err(RefusalJson::OTHER_GRANT),
        }
    }

    /// The organization, when one was named.
    pub(crate) fn organization(&self) -> Option<OrganizationId> {
        self.organization.as_deref()?.trim().parse().ok().map(OrganizationId)
    }
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = TokenRefusal)]
pub(crate) struct RefusalJson {
    /// Code of RFC 6749, 5.2.
    error: &'static str,
    error_description: &'static str,
}

impl RefusalJson {
    pub(crate) const NOT_A_FORM: Self = Self::new("invalid_request", "The body is not a form.");
    pub(crate) const PASSWORD_NEEDED: Self = Self::new("invalid_request", "Needs username and password.");
    pub(crate) const REFRESH_TOKEN_NEEDED: Self = Self::new("invalid_request", "Needs refresh_token.");
    pub(crate) const ORGANIZATION_NEEDED: Self =
        Self::new("invalid_request", "Known to several organizations; needs organization.");
    pub(crate) const OTHER_GRANT: Self =
        Self::new("unsupported_grant_type", "The grant type must be password or refresh_token.");
    pub(crate) const WRONG_PASSWORD: Self = Self::new("invalid_grant", "The user name or password is incorrect.");
    pub(crate) const BAD_REFRESH_TOKEN: Self = Self::new("invalid_grant", "The refresh token is not valid.");

    const fn new(error: &'static str, error_description: &'static str) -> Self {
        Self { error, error_description }
    }
}

/// The tokens, in the contract's spelling.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenJson {
    access_token: String,
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: i64,
    refresh_token: String,
    #[serde(rename = "userName")]
    user_name: String,
    #[serde(rename = "twoFactorEnabled")]
    two_factor_enabled: &'static str,
    #[serde(rename = ".issued")]
    issued: String,
    #[serde(rename = ".expires")]
    expires: String,
}

impl TokenJson {
    /// The tokens of two sessions that were just begun.
    pub(crate) fn of(user: &User, access: &NewSession, refresh: &NewSession, now: Timestamp) -> Self {
        Self {
            access_token: access.token.clone(),
            token_type: "bearer",
            expires_in: (access.expires_at - now).num_seconds(),
            refresh_token: refresh.token.clone(),
            user_name: user.email.clone(),
            two_factor_enabled: if user.second_factor { "True" } else { "False" },
            issued: http_date(now),
            expires: http_date(access.expires_at),
        }
    }
}

/// RFC 1123.
fn http_date(at: Timestamp) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
