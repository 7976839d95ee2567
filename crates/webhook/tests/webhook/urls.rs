//! Targets as subscribers write them.

use tributary_webhook::guard::parse_cidrs;
use tributary_webhook::headers::custom_header_allowed;
use tributary_webhook::{AddressGuard, GuardError};

fn refused(text: &str) -> Option<GuardError> {
    AddressGuard::default().check_url(text).err()
}

#[test]
fn ordinary_targets_pass_in_normal_form() {
    for (text, expected) in [
        ("https://hooks.example.org/in", "https://hooks.example.org/in"),
        ("HTTPS://Hooks.Example.ORG:8443/a?b=c", "https://hooks.example.org:8443/a?b=c"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
    ] {
        assert_eq!(AddressGuard::default().check_url(text).unwrap().as_str(), expected);
    }
}

#[test]
fn odd_spellings_of_an_inner_address_are_that_address() {
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "0x7f000001",
        "0",
        "１２７.０.０.１",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "0xa9fea9fe",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[fd00:ec2::254]",
        "[2002:7f00:1::]",
        "[fec0::1]",
    ] {
        assert_eq!(refused(&format!("https://{host}/")), Some(GuardError::BlockedAddress), "{host}");
    }
}

#[test]
fn inner_names_are_refused_with_their_own_code() {
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "printer.local",
        "metadata.google.internal",
        "db.internal.",
        "backend",
        "ｌocalhost",
    ] {
        assert_eq!(refused(&format!("https://{host}/")), Some(GuardError::BlockedName), "{host}");
    }
}

#[test]
fn each_broken_rule_has_its_code() {
    let long = format!("https://example.org/{}", "a".repeat(2048));
    for (text, code) in [
        ("", "invalid_url"),
        ("/relative", "invalid_url"),
        ("https://", "invalid_url"),
        ("https://./", "invalid_url"),
        ("https://exa mple.org/", "invalid_url"),
        ("https://[fe80::1%25eth0]/", "invalid_url"),
        ("https://[fe80::1%eth0]/", "invalid_url"),
        ("https://256.256.256.256/", "invalid_url"),
        ("https://example.org:65536/", "invalid_url"),
        ("ftp://example.org/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("gopher://example.org/", "invalid_url"),
        ("http://example.org/", "https_required"),
        ("https://user@example.org/", "url_has_credentials"),
        ("https://:pass@example.org/", "url_has_credentials"),
        ("https://example.org/#part", "url_has_fragment"),
        ("https://example.org/#", "url_has_fragment"),
        ("https://example.org:0/", "invalid_port"),
        (long.as_str(), "url_too_long"),
    ] {
        assert_eq!(refused(text).map(GuardError::code), Some(code), "{text}");
    }
}

#[test]
fn a_target_may_have_2048_bytes_and_no_more() {
    let of = |bytes: usize| format!("https://example.org/{}", "a".repeat(bytes - 20));
    assert_eq!((refused(&of(2048)), refused(&of(2049))), (None, Some(GuardError::TooLong)));
    // 700 letters of two bytes each become six bytes each in normal form
    assert_eq!(refused(&format!("https://example.org/{}", "é".repeat(700))), Some(GuardError::TooLong));
}

#[test]
fn a_refusal_does_not_tell_the_range() {
    let told = |host: &str| refused(&format!("https://{host}/")).unwrap().to_string();
    assert_eq!(told("10.0.0.1"), told("169.254.169.254"));
    assert_eq!(told("127.0.0.1"), told("[fc00::1]"));
}

#[test]
fn the_settings_open_http_and_inner_targets() {
    let guard = AddressGuard { allow_cidrs: parse_cidrs("127.0.0.0/8").unwrap(), allow_http: true };
    assert!(guard.check_url("http://127.0.0.1:9000/hook").is_ok());
    assert!(guard.check_url("http://receiver.internal/").is_ok());
    assert_eq!(guard.check_url("http://10.0.0.1/"), Err(GuardError::BlockedAddress));
    // localhost is ::1 as well, so every delivery would be refused
    assert_eq!(guard.check_url("http://localhost/"), Err(GuardError::BlockedName));
    let both = AddressGuard { allow_cidrs: parse_cidrs("127.0.0.0/8 ::1").unwrap(), allow_http: true };
    assert!(both.check_url("http://localhost/").is_ok());
}

#[test]
fn subscribers_may_add_headers_that_nobody_else_owns() {
    let allowed = |name: &str, value: &str| custom_header_allowed(name, value, "X-Virtuous-Signature");
    assert!(allowed("Authorization", "Bearer abc") && allowed("x-tenant", "7"));
    for name in [
        "Host",
        "content-length",
        "Content-Type",
        "connection",
        "transfer-encoding",
        "te",
        "upgrade",
        "proxy-authorization",
        "user-agent",
        "Webhook-Id",
        "tributary-attempt",
        "x-virtuous-signature",
        "x-webhook-signature",
        "",
        "two words",
    ] {
        assert!(!allowed(name, "value"), "{name}");
    }
    assert!(!allowed("x-tenant", "7\r\nhost: other"));
}
