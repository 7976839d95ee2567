//! Normal forms of e-mail addresses and telephone numbers.

use proptest::prelude::*;
use tributary_contact::normalise::{email, is_email, phone};

fn canonical(raw: &str) -> Option<String> {
    email(raw).map(|form| form.canonical)
}

fn e164(raw: &str, country: &str) -> Option<String> {
    phone(raw, country).map(|form| form.e164)
}

#[test]
fn spellings_of_one_mailbox_have_one_canonical_form() {
    let cases = [
        ("Bob@X.org", "bob@x.org"),
        (" bob @ x.org ", "bob@x.org"),
        ("Bob Smith <Bob@X.org>", "bob@x.org"),
        ("\"Smith, Bob\" <bob@x.org>", "bob@x.org"),
        ("mailto:bob@x.org", "bob@x.org"),
        ("\"bob\"@x.org", "bob@x.org"),
        ("bob@x.org.", "bob@x.org"),
        ("bob@x.org;", "bob@x.org"),
        ("b.o.b+gifts@googlemail.com", "bob@gmail.com"),
        ("Bob@GMail.com", "bob@gmail.com"),
        ("bob+gifts@x.org", "bob+gifts@x.org"),
        ("b.o.b@x.org", "b.o.b@x.org"),
        ("ｂｏｂ＠x.org", "bob@x.org"),
        ("bob\u{200b}@x.org", "bob@x.org"),
        ("jörg@müller.de", "jörg@müller.de"),
        ("o'brien@x.co.uk", "o'brien@x.co.uk"),
    ];
    for (raw, expected) in cases {
        assert_eq!(canonical(raw).as_deref(), Some(expected), "{raw}");
        assert!(is_email(raw), "{raw}");
    }
}

#[test]
fn what_is_no_single_address_has_no_form() {
    let cases = [
        "",
        " ",
        "bob",
        "bob@",
        "@x.org",
        "bob@x",
        "bob@@x.org",
        "bob..s@x.org",
        ".bob@x.org",
        "bob@-x.org",
        "bob@x..org",
        "bob smith@x.org",
        "a@x.org, b@x.org",
        "bob@x.org b@y.org",
        "bob@127.0.0.1",
        "+gifts@gmail.com",
        "<bob@x.org",
    ];
    for raw in cases {
        assert_eq!(email(raw), None, "{raw}");
    }
}

#[test]
fn placeholders_have_the_shape_of_an_address_but_no_form() {
    let cases = [
        "none@none.com",
        "noemail@yahoo.com",
        "no-email@x.org",
        "No.Email12@x.org",
        "test@test.com",
        "a@a.com",
        "xxx@xxx.com",
        "noreply@x.org",
        "unknown@unknown.com",
        "bob@noemail.com",
    ];
    for raw in cases {
        assert_eq!(email(raw), None, "{raw}");
        assert!(is_email(raw), "{raw}");
    }
    for real in ["test@x.org", "anna@x.org", "a@x.org", "nona@none-such.com"] {
        assert!(email(real).is_some(), "{real}");
    }
}

#[test]
fn a_tag_is_left_out_of_the_weaker_key_only() {
    let form = email("bob+gifts@x.org").unwrap();
    assert_eq!((form.untagged.as_str(), form.local.as_str(), form.domain.as_str()), ("bob@x.org", "bob", "x.org"));
}

#[test]
fn role_mailboxes_are_told_from_personal_ones() {
    for role in ["info@x.org", "Office2@x.org", "accounts.payable@x.org", "donations+web@x.org", "info@gmail.com"] {
        assert!(email(role).unwrap().role, "{role}");
    }
    assert!(!email("bob@x.org").unwrap().role);
}

#[test]
fn spellings_of_one_north_american_number_have_one_form() {
    let spellings = [
        "6145550142",
        "(614) 555-0142",
        "614-555-0142",
        "614.555.0142",
        "614 555 0142",
        "+16145550142",
        "1-614-555-0142",
        "+1 (614) 555 0142",
        "tel:+1-614-555-0142",
        "cell: 614 555-0142",
        "６１４-５５５-０１４２",
        "011 1 614 555 0142",
    ];
    for raw in spellings {
        assert_eq!(e164(raw, "US").as_deref(), Some("+16145550142"), "{raw}");
    }
    assert_eq!(phone("614-555-0142", "ca").unwrap().national, 6_145_550_142);
    assert_eq!(e164("(555) 010-4477", "US").as_deref(), Some("+15550104477"));
    assert_eq!(e164("+1 614 555 0142", "DE").as_deref(), Some("+16145550142"));
    assert_eq!(e164("1-800-FLOWERS", "US").as_deref(), Some("+18003569377"));
}

#[test]
fn an_extension_is_kept_apart() {
    for raw in
        ["614-555-0142 x45", "614-555-0142 ext. 45", "(614)555-0142 Ext 45", "614-555-0142 #45", "6145550142;ext=45"]
    {
        let form = phone(raw, "US").unwrap();
        assert_eq!((form.e164.as_str(), form.extension.as_deref()), ("+16145550142", Some("45")), "{raw}");
    }
    assert_eq!(phone("+44 131 618 3819 x 12", "US").unwrap().extension.as_deref(), Some("12"));
}

#[test]
fn seven_digits_are_a_number_without_area_code() {
    let form = phone("555-0142", "US").unwrap();
    assert_eq!((form.national, form.e164.as_str()), (5_550_142, "+15550142"));
}

#[test]
fn numbers_elsewhere_are_read_by_their_country() {
    let cases = [
        ("0131 618 3819", "GB", "+441316183819"),
        ("+44 (0)131 618 3819", "US", "+441316183819"),
        ("+441316183819", "US", "+441316183819"),
        ("011 44 131 618 3819", "US", "+441316183819"),
        ("0044 131 618 3819", "DE", "+441316183819"),
        ("441316183819", "US", "+441316183819"),
        ("030 901820", "DE", "+4930901820"),
        ("02 1234 5678", "AU", "+61212345678"),
        ("0412 345 678", "au", "+61412345678"),
        ("06 698 1234", "IT", "+39066981234"),
    ];
    for (raw, country, expected) in cases {
        assert_eq!(e164(raw, country).as_deref(), Some(expected), "{raw}");
    }
}

#[test]
fn placeholders_and_fragments_are_no_numbers() {
    let cases = [
        "",
        "n/a",
        "none",
        "12345",
        "0000000000",
        "(999) 999-9999",
        "1234567890",
        "0123456789",
        "1111111",
        "1234567",
        "bob6145550142@x.org",
        "614-555-0142 / 614-555-0199",
        "555 123 456",
        "614-000-0000",
        "12",
        "+",
    ];
    for raw in cases {
        assert_eq!(phone(raw, "US"), None, "{raw}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(raw in ".{0,120}", country in "[A-Za-z]{0,3}") {
        let _ = (email(&raw), is_email(&raw), phone(&raw, &country), phone(&raw, "US"));
    }

    #[test]
    fn digits_and_marks_are_read_without_a_panic(raw in "[-+0-9 ()x#.,;/*٣]{0,40}", country in "US|DE|GB|IT|AU|JP|BR|ZZ") {
        let _ = phone(&raw, &country);
    }

    #[test]
    fn a_canonical_address_is_its_own_form(raw in "[a-zA-Z0-9.+_-]{1,12}@[a-zA-Z0-9.-]{1,12}\\.(com|org|de)|[a-z.+]{1,9}@gmail.com") {
        if let Some(form) = email(&raw) {
            prop_assert_eq!(email(&form.canonical), Some(form.clone()));
            prop_assert_eq!(email(&format!(" Bob Smith <{}> ", raw.to_uppercase())), Some(form));
        }
    }

    #[test]
    fn spacing_and_punctuation_do_not_change_a_number(digits in "[2-9][0-9]{9}") {
        let (area, rest) = digits.split_at(3);
        let (exchange, line) = rest.split_at(3);
        let plain = phone(&digits, "US");
        prop_assert_eq!(phone(&format!("({area}) {exchange}-{line}"), "US"), plain.clone());
        prop_assert_eq!(phone(&format!("+1.{area}.{exchange}.{line}"), "DE"), plain.clone());
        if let Some(form) = plain {
            prop_assert_eq!(phone(&form.e164, "GB"), Some(form));
        }
    }

    #[test]
    fn a_foreign_number_in_e164_is_its_own_form(
        (country, raw) in prop_oneof![
            (Just("GB"), "0131[0-9]{7}"), (Just("DE"), "030[1-9][0-9]{6}"), (Just("AU"), "04[0-9]{8}"), (Just("FR"), "06[0-9]{8}"), (Just("IT"), "06[1-9][0-9]{7}"),
        ],
    ) {
        if let Some(form) = phone(&raw, country) {
            prop_assert_eq!(phone(&form.e164, "US"), Some(form));
        }
    }
}
