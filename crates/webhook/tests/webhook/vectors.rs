//! The verified vectors of the wire format, byte for byte, and what must not verify.

use tributary_webhook::sign::{Encoding, sign_compat, sign_partner, sign_standard, signature_header};
use tributary_webhook::verify::{
    SignatureHeaders, TOLERANCE_SECS, VerifyError, verify_compat, verify_partner, verify_standard,
};
use tributary_webhook::{Compat, Secret, SecretError, SignedDelivery, delivery_headers};

const CURRENT: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PREVIOUS: &str = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const PLAIN: &str = "s3cret-value";
const ID: &str = "019b76da-a800-73c1-9f2e-3d4c5b6a7988";
const SENT_AT: i64 = 1_767_225_600;
const BODY: &str = r#"{"type":"contactUpdate","timestamp":"2026-01-01T00:00:00.000Z","event":"ContactUpdate","eventId":"019b76da-a800-73c1-9f2e-3d4c5b6a7988","eventDateTimeUtc":"2026-01-01T00:00:00.000","organization":{"id":311,"name":"Bellford Food Share"},"sequence":7,"changedFields":["name"],"contact":{"id":4821,"contactType":"Household","name":"Zoë Ångström"}}"#;

const BY_CURRENT: &str = "v1,gZ+iF0zdk77DVDiBvf5f2s7YYZb7uWHFXsLWbV2f6oE=";
const BY_BOTH: &str = "v1,gZ+iF0zdk77DVDiBvf5f2s7YYZb7uWHFXsLWbV2f6oE= v1,DGigOekRVkxoRRIsNVY2i2P5uNvVNly9AaOEPb6jxBk=";
const COMPAT: &str = "/1ZOg7Hen/kTnRkioGs/zi7ic4uU4h64qPsd4SMGd/o=";
const PARTNER: &str = "sha256=ba2fa1922dde15b5862393557cb3aeaf1a2df96b621b839eb3882e7482006d66";
const PLAIN_STANDARD: &str = "v1,+vZftBZ6rRfvqelhXY9h875J87db7NFdWt9sUjLUEPY=";
const PLAIN_COMPAT: &str = "lJos8JYA8ox4YlgWl4mkCS2c4exSo1wWqrJRV9ozyO8=";

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

fn headers(signature: &str) -> SignatureHeaders<'_> {
    SignatureHeaders { id: ID, timestamp: "1767225600", signature }
}

fn verify(signature: &str) -> Result<(), VerifyError> {
    verify_standard(&secret(CURRENT), &headers(signature), BODY.as_bytes(), SENT_AT + 10, TOLERANCE_SECS)
}

#[test]
fn the_body_of_the_vector_is_the_published_one() {
    use sha2::Digest;
    assert_eq!((BODY.len(), BODY.chars().count()), (347, 344));
    let digest = hex::encode(sha2::Sha256::digest(BODY));
    assert_eq!(digest, "d83a1c14d6a8042914e35f182cfe56c7d6737fcb813c6ef32b6b0e84fd44ca17");
}

#[test]
fn the_keys_are_the_published_ones() {
    let bytes: Vec<u8> = (0..0x40).collect();
    assert_eq!(secret(CURRENT).standard_key(), &bytes[..0x20]);
    assert_eq!(secret(PREVIOUS).standard_key(), &bytes[0x20..]);
    assert_eq!(secret(CURRENT).compat_key(), CURRENT.as_bytes());
}

#[test]
fn every_signature_is_the_published_one() {
    let body = BODY.as_bytes();
    let (current, previous) = (secret(CURRENT), secret(PREVIOUS));
    assert_eq!(sign_standard(&current, ID, SENT_AT, body), BY_CURRENT);
    assert_eq!(signature_header(&[current.clone(), previous], ID, SENT_AT, body), BY_BOTH);
    assert_eq!(sign_compat(&current, body, Encoding::Base64), COMPAT);
    assert_eq!(sign_partner(&current, SENT_AT, body), PARTNER);
}

#[test]
fn a_plain_secret_serves_both_schemes_and_has_a_standard_form() {
    let plain = secret(PLAIN);
    assert_eq!(plain.standard_form(), "whsec_czNjcmV0LXZhbHVl");
    assert_eq!(sign_standard(&plain, ID, SENT_AT, BODY.as_bytes()), PLAIN_STANDARD);
    assert_eq!(sign_compat(&plain, BODY.as_bytes(), Encoding::Base64), PLAIN_COMPAT);
    assert!(plain.is_short() && !secret(CURRENT).is_short());
}

#[test]
fn the_hex_form_holds_the_same_bytes() {
    let hexadecimal = sign_compat(&secret(CURRENT), BODY.as_bytes(), Encoding::Hex);
    assert!(hexadecimal.starts_with("ff564e83b1de9ff913"), "{hexadecimal}");
    assert_eq!(verify_compat(&secret(CURRENT), &hexadecimal, BODY.as_bytes(), Encoding::Hex), Ok(()));
}

#[test]
fn the_headers_of_a_delivery_are_the_published_ones() {
    let secrets = [secret(CURRENT), secret(PREVIOUS)];
    let delivery = SignedDelivery {
        secrets: &secrets,
        event_id: ID,
        timestamp_secs: SENT_AT,
        attempt: 2,
        body: BODY.as_bytes(),
        compat: Some(Compat::default()),
        partner: true,
    };
    let found = delivery_headers(&delivery);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("content-type", "application/json"),
        ("webhook-id", ID),
        ("webhook-timestamp", "1767225600"),
        ("webhook-signature", BY_BOTH),
        ("tributary-attempt", "2"),
        ("X-Virtuous-Signature", COMPAT),
        ("x-webhook-id", ID),
        ("x-webhook-timestamp", "1767225600"),
        ("x-webhook-signature", PARTNER),
    ];
    assert_eq!(found, expected);
    assert_eq!(delivery_headers(&SignedDelivery { compat: None, partner: false, ..delivery }).len(), 5);
}

#[test]
fn our_own_verifier_takes_either_secret_while_they_rotate() {
    assert_eq!(verify(BY_CURRENT), Ok(()));
    assert_eq!(verify(BY_BOTH), Ok(()));
    let by_previous = verify_standard(&secret(PREVIOUS), &headers(BY_BOTH), BODY.as_bytes(), SENT_AT, TOLERANCE_SECS);
    assert_eq!(by_previous, Ok(()));
    assert_eq!(verify_compat(&secret(CURRENT), COMPAT, BODY.as_bytes(), Encoding::Base64), Ok(()));
    let by_partner = verify_partner(&secret(CURRENT), &headers(PARTNER), BODY.as_bytes(), SENT_AT, TOLERANCE_SECS);
    assert_eq!(by_partner, Ok(()));
}

#[test]
fn entries_of_unknown_versions_are_skipped() {
    assert_eq!(verify(&format!("v9,AAAA {BY_CURRENT}")), Ok(()));
    assert_eq!(verify(&format!("v1a,AAAA  {BY_CURRENT}")), Ok(()));
    assert_eq!(verify(&BY_CURRENT.replace("v1,", "v2,")), Err(VerifyError::Signature));
}

#[test]
fn whatever_is_changed_on_the_way_is_refused() {
    let changed = BODY.replace("4821", "4822");
    let check = |headers: &SignatureHeaders<'_>, body: &str| {
        verify_standard(&secret(CURRENT), headers, body.as_bytes(), SENT_AT, TOLERANCE_SECS)
    };
    assert_eq!(check(&headers(BY_CURRENT), &changed), Err(VerifyError::Signature));
    let other_id = SignatureHeaders { id: "019b76da-a800-73c1-9f2e-3d4c5b6a7989", ..headers(BY_CURRENT) };
    assert_eq!(check(&other_id, BODY), Err(VerifyError::Signature));
    let other_time = SignatureHeaders { timestamp: "1767225601", ..headers(BY_CURRENT) };
    assert_eq!(check(&other_time, BODY), Err(VerifyError::Signature));
    for nonsense in ["", "v1", "v1,", "v1,%%%", "gZ+iF0zdk77DVDiBvf5f2s7YYZb7uWHFXsLWbV2f6oE="] {
        assert_eq!(verify(nonsense), Err(VerifyError::Signature), "{nonsense}");
    }
    let by_compat = verify_compat(&secret(PREVIOUS), COMPAT, BODY.as_bytes(), Encoding::Base64);
    assert_eq!(by_compat, Err(VerifyError::Signature));
    let by_partner = verify_partner(&secret(CURRENT), &headers(PARTNER), changed.as_bytes(), SENT_AT, TOLERANCE_SECS);
    assert_eq!(by_partner, Err(VerifyError::Signature));
}

#[test]
fn a_timestamp_counts_for_five_minutes_either_way() {
    let at = |now| verify_standard(&secret(CURRENT), &headers(BY_CURRENT), BODY.as_bytes(), now, TOLERANCE_SECS);
    assert_eq!((at(SENT_AT - 300), at(SENT_AT + 300)), (Ok(()), Ok(())));
    assert_eq!(at(SENT_AT + 301), Err(VerifyError::TooOld));
    assert_eq!(at(SENT_AT - 301), Err(VerifyError::TooNew));
    let unreadable = SignatureHeaders { timestamp: "today", ..headers(BY_CURRENT) };
    let found = verify_standard(&secret(CURRENT), &unreadable, BODY.as_bytes(), SENT_AT, TOLERANCE_SECS);
    assert_eq!(found, Err(VerifyError::Timestamp));
}

#[test]
fn a_secret_that_announces_a_key_must_hold_one() {
    use base64::Engine;
    let of = |bytes: usize| format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]));
    for bytes in [24, 32, 64] {
        assert_eq!(secret(&of(bytes)).standard_key().len(), bytes);
    }
    for text in [of(23), of(65), of(32).trim_end_matches('=').to_owned(), "whsec_".to_owned(), "whsec_-_-_".to_owned()]
    {
        assert_eq!(Secret::parse(&text).unwrap_err(), SecretError::NotAKey, "{text}");
    }
    assert_eq!(Secret::parse("").unwrap_err(), SecretError::Empty);
}

#[test]
fn a_generated_secret_is_read_back_as_the_same_key() {
    let mut next = 0;
    let made = Secret::generate(&mut |bytes| {
        for byte in bytes {
            *byte = next;
            next += 1;
        }
    });
    assert_eq!(made.reveal(), CURRENT);
    assert_eq!(secret(made.reveal()).standard_key(), made.standard_key());
}

#[test]
fn a_secret_hides_itself_from_debug_output() {
    assert_eq!(format!("{:?}", secret(PLAIN)), "Secret(hidden)");
}

#[test]
fn an_independent_verifier_signs_the_same_and_accepts_a_live_delivery() {
    #[expect(clippy::disallowed_methods, reason = "the library reads the machine's clock itself")]
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(since_epoch.as_secs()).unwrap();
    let judge = standardwebhooks::Webhook::new(CURRENT).unwrap();
    assert_eq!(judge.sign(ID, SENT_AT, BODY.as_bytes()).unwrap(), BY_CURRENT);

    let secrets = [secret(PREVIOUS), secret(CURRENT)];
    let delivery = SignedDelivery {
        secrets: &secrets,
        event_id: ID,
        timestamp_secs: now,
        attempt: 1,
        body: BODY.as_bytes(),
        compat: None,
        partner: false,
    };
    let arrived: reqwest::header::HeaderMap = delivery_headers(&delivery)
        .iter()
        .map(|(name, value)| (name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap()))
        .collect();
    judge.verify(BODY.as_bytes(), &arrived).unwrap();
    assert!(judge.verify(BODY.replace("4821", "1").as_bytes(), &arrived).is_err());

    let plain = standardwebhooks::Webhook::new(&secret(PLAIN).standard_form()).unwrap();
    assert_eq!(plain.sign(ID, SENT_AT, BODY.as_bytes()).unwrap(), PLAIN_STANDARD);
}
