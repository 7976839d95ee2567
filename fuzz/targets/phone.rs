#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::normalise::phone;

fuzz_target!(|input: (String, [u8; 2])| {
    let country: String = input.1.map(|letter| char::from(b'A' + letter % 26)).iter().collect();
    for country in ["US", "DE", &country] {
        if let Some(form) = phone(&input.0, country) {
            let digits = form.e164.strip_prefix('+').expect("E.164 begins with a plus");
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
});
