#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::normalise::{PersonText, person};

fuzz_target!(|parts: [Option<String>; 6]| {
    let [prefix, first, middle, last, suffix, whole] = parts.each_ref().map(Option::as_deref);
    if let Some(form) = person(&PersonText { prefix, first, middle, last, suffix, whole }) {
        assert!([&form.first, &form.middle, &form.last].into_iter().all(|part| part.is_ascii()));
    }
});
