//! Secrets at rest.

use proptest::prelude::*;
use tributary_webhook::seal::{InvalidKey, OpenError, SealKeys, is_sealed};

const FIRST: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SECOND: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

fn keys(texts: &[&str]) -> SealKeys {
    SealKeys::parse(texts).unwrap()
}

fn seal(keys: &SealKeys, place: &str, text: &str) -> String {
    let mut number = 0;
    let mut random = |bytes: &mut [u8]| {
        bytes.iter_mut().for_each(|byte| {
            number += 1;
            *byte = number;
        });
    };
    keys.seal(place, text, &mut random).unwrap()
}

#[test]
fn a_sealed_text_opens_at_its_place_alone() {
    let keys = keys(&[FIRST]);
    let sealed = seal(&keys, "webhook/1/2", "s3cret-value");
    assert!(is_sealed(&sealed) && !sealed.contains("s3cret"));
    assert_eq!(keys.open("webhook/1/2", &sealed).as_deref(), Ok("s3cret-value"));
    assert_eq!(keys.open("webhook/1/3", &sealed), Err(OpenError::Damaged));
}

#[test]
fn without_a_key_texts_stay_as_they_are_and_plain_ones_open_always() {
    assert_eq!(seal(&SealKeys::default(), "p", "plain"), "plain");
    assert_eq!(keys(&[FIRST]).open("p", "plain").as_deref(), Ok("plain"));
}

#[test]
fn an_older_key_still_opens_but_is_not_current() {
    let (old, both, new) = (keys(&[FIRST]), keys(&[SECOND, FIRST]), keys(&[SECOND]));
    let sealed = seal(&old, "p", "x");
    assert_eq!(both.open("p", &sealed).as_deref(), Ok("x"));
    assert!(old.is_current(&sealed) && !both.is_current(&sealed) && !old.is_current("plain"));
    assert!(SealKeys::default().is_current("plain"));
    assert_eq!(new.open("p", &sealed), Err(OpenError::UnknownKey));
}

#[test]
fn keys_that_are_no_keys_are_refused_and_shown_to_nobody() {
    for text in ["", "short", "AAECAwQFBgcICQoLDA0ODw==", &FIRST[1..]] {
        assert_eq!(SealKeys::parse(&[text]).unwrap_err(), InvalidKey, "{text}");
    }
    assert_eq!(format!("{:?}", keys(&[FIRST, SECOND])), "SealKeys(2 hidden)");
}

proptest! {
    #[test]
    fn every_text_comes_back_and_no_changed_one_opens(text in ".{0,200}", at in any::<prop::sample::Index>()) {
        let keys = keys(&[FIRST]);
        let sealed = seal(&keys, "p", &text);
        let opened = keys.open("p", &sealed);
        prop_assert_eq!(opened.as_deref(), Ok(text.as_str()));
        let mut changed: Vec<char> = sealed.chars().collect();
        let place = "sealed1:".len() + at.index(changed.len() - "sealed1:".len());
        changed[place] = if changed[place] == 'A' { 'B' } else { 'A' };
        let changed: String = changed.into_iter().collect();
        prop_assert!(keys.open("p", &changed).is_err());
    }
}
