#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::normalise::email;

fuzz_target!(|raw: String| {
    if let Some(form) = email(&raw) {
        let again = email(&form.canonical).expect("a canonical address is an address");
        assert_eq!(again.canonical, form.canonical);
        assert_eq!(form.untagged, format!("{}@{}", form.local, form.domain));
    }
});
