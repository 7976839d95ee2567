#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::Address;
use tributary_contact::normalise::address;

fuzz_target!(|parts: [Option<String>; 6]| {
    let [address1, address2, city, state, postal, country] = parts;
    let raw = Address { address1, address2, city, state, postal, country, ..Address::default() };
    for country in ["US", "GB", "DE"] {
        let form = address(&raw, country);
        assert_eq!(form, address(&raw, country));
        if let Some(form) = form {
            assert!([&form.number, &form.street, &form.unit, &form.city, &form.postal].into_iter().all(|part| part.is_ascii()));
        }
    }
});
