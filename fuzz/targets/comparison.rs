#![no_main]

use libfuzzer_sys::fuzz_target;
use tributary_contact::flat::{FlatContext, read_flat};
use tributary_matching::link::{OnFile, Settings, link};

/// Fields that the comparison looks at, in the order of the texts.
const FIELDS: [&str; 12] = [
    "contactType", "firstName", "middleName", "lastName", "suffix", "name", "email", "phone", "address1", "address2",
    "city", "postal",
];

fuzz_target!(|rows: [[Option<String>; 12]; 2]| {
    let [on_file, incoming] = rows.map(|texts| {
        let body: serde_json::Map<_, _> =
            FIELDS.iter().map(|name| (*name).to_owned()).zip(texts.into_iter().map(Into::into)).collect();
        read_flat(&body.into(), &FlatContext::default()).submission
    });
    let on_file = OnFile { group: "1".to_owned(), submission: on_file };
    let settings = Settings { threads: 1, explain: true, ..Settings::default() };
    let outcome = link(vec![on_file], &[incoming.clone(), incoming], &settings).expect("threads");
    assert_eq!(outcome.decisions.len(), 2);
});
