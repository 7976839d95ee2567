#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::flat::{FlatContext, plain_flat, read_flat};
use tributary_matching::Profile;

fuzz_target!(|line: &[u8]| {
    let Some(plain) = plain_flat(line) else { return };
    let careful = read_flat(&serde_json::from_slice(line).expect("JSON"), &FlatContext::default());
    assert!(careful.issues.is_empty());
    assert!(Profile::of_plain(&plain, "US") == Profile::of(&careful.submission, "US"));
});
