//! `tributary webhook verify`: checks the signature of a delivery as a receiver would, and says what is wrong.

use super::Context;
use crate::outcome::Told;
use crate::output::cell_at;
use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;
use tributary_contact::clock::{Clock, SystemClock};
use tributary_webhook::Secret;
use tributary_webhook::sign::{Encoding, PARTNER_PREFIX};
use tributary_webhook::verify::{
    SignatureHeaders, TOLERANCE_SECS, VerifyError, verify_compat, verify_partner, verify_standard,
};

/// Arguments of the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  tributary webhook verify --secret whsec_... --id ID --timestamp SECONDS --signature 'v1,...' body.json

The body must be the bytes as they arrived. A signature without `v1,` is checked as the body-only one
(X-Virtuous-Signature), one that begins with sha256= as X-Webhook-Signature.")]
pub struct VerifyArgs {
    /// File with the body; - for standard input
    body: PathBuf,
    /// The subscription's secret
    #[arg(long, env = "TRIBUTARY_WEBHOOK_SECRET", hide_env_values = true)]
    secret: String,
    /// Value of the signature header
    #[arg(long)]
    signature: String,
    /// Value of webhook-id
    #[arg(long, default_value = "")]
    id: String,
    /// Value of webhook-timestamp
    #[arg(long, default_value = "")]
    timestamp: String,
    /// Accept a timestamp of any age
    #[arg(long)]
    any_age: bool,
}

/// Runs the command.
pub fn run(args: &VerifyArgs, context: &Context) -> anyhow::Result<()> {
    let body = read(args)?;
    let outcome = check(args, &body, SystemClock.now().timestamp());
    let result = match &outcome {
        Ok(scheme) => json!({"valid": true, "scheme": scheme}),
        Err(why) => json!({"valid": false, "reason": why}),
    };
    context.output.print(&result, text)?;
    if outcome.is_ok() { Ok(()) } else { Err(Told.into()) }
}

fn text(result: &Value) -> String {
    match cell_at(result, &["scheme"]).as_str() {
        "" => format!("Not valid: {}", cell_at(result, &["reason"])),
        scheme => format!("Valid, scheme {scheme}."),
    }
}

fn read(args: &VerifyArgs) -> anyhow::Result<Vec<u8>> {
    if args.body.as_os_str() != "-" {
        return std::fs::read(&args.body).with_context(|| format!("cannot read {}", args.body.display()));
    }
    let mut body = Vec::new();
    std::io::stdin().lock().read_to_end(&mut body).context("cannot read standard input")?;
    Ok(body)
}

/// The scheme that fits, or why none does.
fn check(args: &VerifyArgs, body: &[u8], now: i64) -> Result<&'static str, String> {
    // People paste the secret with the version mark of a signature in front.
    let text = args.secret.strip_prefix("v1,").unwrap_or(&args.secret);
    let secret = Secret::parse(text).map_err(|error| error.to_string())?;
    let signature = args.signature.trim();
    let headers = SignatureHeaders { id: &args.id, timestamp: &args.timestamp, signature };
    let tolerance = if args.any_age { u64::MAX } else { TOLERANCE_SECS };
    let (scheme, outcome) = if signature.starts_with(PARTNER_PREFIX) {
        ("partner", verify_partner(&secret, &headers, body, now, tolerance))
    } else if signature.contains(',') {
        ("standard", verify_standard(&secret, &headers, body, now, tolerance))
    } else {
        let by = |encoding| verify_compat(&secret, signature, body, encoding);
        ("compat", by(Encoding::Base64).or_else(|_| by(Encoding::Hex)))
    };
    outcome.map(|()| scheme).map_err(|error| hint(error, body, text))
}

fn hint(error: VerifyError, body: &[u8], secret: &str) -> String {
    let mut text = error.to_string();
    if error == VerifyError::Signature {
        text.push_str("; the usual reasons: another secret, a body that was parsed and written anew, a changed id");
        if body.ends_with(b"\n") {
            text.push_str("; this body ends with a newline, which deliveries do not have");
        }
        if secret.starts_with("whsec_") {
            text.push_str("; libraries take the secret with whsec_, own code decodes what follows it from Base64");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"type":"contactUpdate","timestamp":"2026-01-01T00:00:00.000Z","event":"ContactUpdate","eventId":"019b76da-a800-73c1-9f2e-3d4c5b6a7988","eventDateTimeUtc":"2026-01-01T00:00:00.000","organization":{"id":311,"name":"Bellford Food Share"},"sequence":7,"changedFields":["name"],"contact":{"id":4821,"contactType":"Household","name":"Zoë Ångström"}}"#;

    fn args(secret: &str, signature: &str) -> VerifyArgs {
        VerifyArgs {
            body: PathBuf::new(),
            secret: secret.to_owned(),
            signature: signature.to_owned(),
            id: "019b76da-a800-73c1-9f2e-3d4c5b6a7988".to_owned(),
            timestamp: "1767225600".to_owned(),
            any_age: false,
        }
    }

    const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const SIGNATURE: &str = "v1,gZ+iF0zdk77DVDiBvf5f2s7YYZb7uWHFXsLWbV2f6oE=";

    fn checked(secret: &str, signature: &str, now: i64) -> Result<&'static str, String> {
        check(&args(secret, signature), BODY.as_bytes(), now)
    }

    #[test]
    fn every_scheme_of_the_vector_is_told_apart_and_valid() {
        assert_eq!(checked(SECRET, SIGNATURE, 1_767_225_610), Ok("standard"));
        assert_eq!(checked(&format!("v1,{SECRET}"), SIGNATURE, 1_767_225_610), Ok("standard"));
        assert_eq!(checked(SECRET, "/1ZOg7Hen/kTnRkioGs/zi7ic4uU4h64qPsd4SMGd/o=", 0), Ok("compat"));
        let partner = "sha256=ba2fa1922dde15b5862393557cb3aeaf1a2df96b621b839eb3882e7482006d66";
        assert_eq!(checked(SECRET, partner, 1_767_225_610), Ok("partner"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(checked(SECRET, SIGNATURE, 1_767_229_999).unwrap_err().contains("too old"));
        assert!(checked("another secret", SIGNATURE, 1_767_225_610).unwrap_err().contains("another secret"));
        let mut late = args(SECRET, SIGNATURE);
        late.any_age = true;
        assert_eq!(check(&late, BODY.as_bytes(), 1_867_229_999), Ok("standard"));
        let told = check(&args(SECRET, SIGNATURE), format!("{BODY}\n").as_bytes(), 1_767_225_610).unwrap_err();
        assert!(told.contains("newline"));
    }
}
