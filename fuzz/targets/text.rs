#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::normalise::{fold_text, share_nickname};

fuzz_target!(|texts: (String, String)| {
    let (a, b) = (fold_text(&texts.0), fold_text(&texts.1));
    let folded = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' ';
    assert!(a.chars().all(folded) && a.trim() == a && !a.contains("  "));
    assert_eq!(fold_text(&a), a);
    assert_eq!(share_nickname(&a, &b), share_nickname(&b, &a));
});
