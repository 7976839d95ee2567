#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::normalise::organization;

fuzz_target!(|raw: String| {
    if let Some(form) = organization(&raw) {
        assert!(!form.core.is_empty() && form.core.is_ascii());
        assert!(form.tokens.is_sorted_by(|a, b| a < b));
    }
});
