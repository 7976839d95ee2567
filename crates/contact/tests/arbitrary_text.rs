//! Any text may come in: no normal form panics on it, and none takes long, however long or odd the text is.

use proptest::prelude::*;
use std::time::{Duration, Instant};
use tributary_contact::Address;
use tributary_contact::normalise::{
    PersonText, address, email, fold_text, is_email, nickname_classes, organization, person, phone, share_nickname,
};

/// Texts of every script, and such as are made of what the normal forms look for.
fn text() -> impl Strategy<Value = String> {
    let marks = "[a-z0-9 .,'`&+/;@#()<>\"\\[\\]|_-]{0,40}";
    let words = prop::sample::select(vec![
        "Mr",
        "Jr",
        "III",
        "de la",
        "and",
        "&",
        "PO Box",
        "Apt",
        "#",
        "St",
        "N",
        "c/o",
        "Inc",
        "The",
        "@",
        "+1",
        "ext",
        "½",
        "٣",
        "ß",
        "ﬁ",
        "İ",
        "\u{301}",
        "\u{200b}",
        "\u{1f469}\u{200d}\u{1f469}",
        "山",
        "ꙮ",
        "\u{0}",
    ]);
    let mixed = prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "));
    prop_oneof![any::<String>(), marks, mixed]
}

fn part() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn is_folded(text: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' ';
    text.chars().all(small) && text.trim() == text && !text.contains("  ")
}

fn address_of([address1, address2, city, state, postal, country]: [Option<String>; 6]) -> Address {
    Address { address1, address2, city, state, postal, country, ..Address::default() }
}

proptest! {
    #[test]
    fn folded_text_stays_as_it_is(raw in text()) {
        let folded = fold_text(&raw);
        prop_assert!(is_folded(&folded), "{:?} gives {:?}", raw, folded);
        prop_assert_eq!(fold_text(&folded), folded);
    }

    #[test]
    fn a_canonical_mailbox_is_its_own(raw in text(), local in "[a-zà-ž.+]{1,8}", domain in "[a-zα-ω-]{1,6}(\\.[a-z]{2,3})?") {
        for raw in [raw, format!("{local}@{domain}")] {
            let Some(form) = email(&raw) else { continue };
            prop_assert!(is_email(&raw));
            prop_assert_eq!(email(&form.canonical).map(|again| again.canonical), Some(form.canonical));
        }
    }

    #[test]
    fn a_number_is_a_plus_and_digits(raw in text(), digits in "[+0-9٣() x.-]{0,24}", country in "[A-Z]{2}") {
        for form in [phone(&raw, &country), phone(&digits, &country), phone(&digits, "US")].into_iter().flatten() {
            let digits = form.e164.strip_prefix('+').unwrap_or_default();
            prop_assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "{}", form.e164);
        }
    }

    #[test]
    fn parts_of_names_are_folded(parts in prop::array::uniform6(part())) {
        let [prefix, first, middle, last, suffix, whole] = parts.each_ref().map(Option::as_deref);
        let form = person(&PersonText { prefix, first, middle, last, suffix, whole }).unwrap_or_default();
        let parts = [&form.first, &form.middle, &form.last].into_iter().chain(&form.last_parts).chain(&form.partner);
        parts.for_each(|part| assert!(is_folded(part), "{part:?} of {form:?}"));
        prop_assert_eq!(share_nickname(&form.first, &form.last), share_nickname(&form.last, &form.first));
        prop_assert!(nickname_classes(&form.first).is_sorted());
    }

    #[test]
    fn words_of_organizations_are_folded(raw in text()) {
        let Some(form) = organization(&raw) else { return Ok(()) };
        prop_assert!(is_folded(&form.core) && !form.core.is_empty());
        prop_assert!(form.tokens.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn parts_of_addresses_are_folded(parts in prop::array::uniform6(part()), country in "[A-Z]{2}") {
        let raw = address_of(parts);
        for country in ["US", &country] {
            let Some(form) = address(&raw, country) else { continue };
            let parts = [&form.number, &form.street, &form.street_core, &form.unit, &form.po_box, &form.city];
            parts.into_iter().for_each(|part| assert!(part.is_ascii(), "{part:?} of {raw:?}"));
        }
    }
}

/// Far above what any of it needs, far below what anything quadratic takes.
const LONG: Duration = Duration::from_secs(10);

#[test]
fn a_long_text_of_anything_is_soon_done() {
    let pieces = [
        "a",
        "a ",
        "a.",
        "-",
        "a-",
        ",",
        "a,",
        "&",
        "a & ",
        "(",
        "((a",
        "\"",
        "@",
        "a@",
        "a.b@c.",
        "<",
        "1",
        "1 ",
        "1/2 ",
        "+1",
        "x1",
        "#",
        "# 1 ",
        "apt 4 ",
        "po box 1 ",
        "st ",
        "n ",
        "mr ",
        "jr ",
        "de ",
        "the ",
        "inc ",
        "é",
        "山",
        "ß ",
        "½",
        "\u{301}",
        "\u{200b}",
        " ",
    ];
    for piece in pieces {
        let long = piece.repeat(200_000 / piece.len());
        let whole = Some(long.as_str());
        let start = Instant::now();
        let _ = fold_text(&long);
        let _ = email(&long);
        let _ = phone(&long, "US");
        let _ = phone(&long, "DE");
        let _ = organization(&long);
        for text in [
            PersonText { whole, ..PersonText::default() },
            PersonText { prefix: whole, first: whole, middle: whole, last: whole, suffix: whole, whole: None },
        ] {
            let _ = person(&text);
        }
        let part = || Some(long.clone());
        let _ = address(&address_of([part(), None, part(), part(), part(), part()]), "US");
        assert!(start.elapsed() < LONG, "{piece:?} took {:?}", start.elapsed());
    }
}
