//! Queries and searches on both databases: whatever is asked, the answer is what the contacts themselves say.

use crate::world::{FakeSender, submission};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::sync::Arc;
use tributary_contact::query::{Facts, Key, Query, Record, Subject, contact_facts};
use tributary_contact::{ContactId, ItemId, OrganizationId};
use tributary_engine::{Actor, Engine, INDEX_VERSION, NewOrganization, OnFile, Parts, Settings};
use tributary_store::{ContactRow, Store, StoreExt};
use tributary_testkit::pg::{TestDatabase, migrated};
use tributary_testkit::{FakeClock, SeededIds};

/// An engine with some contacts on one of the databases.
struct Crowd {
    engine: Arc<Engine>,
    org: OrganizationId,
    // After the engine, so that the database is closed first.
    _place: Place,
}

#[expect(dead_code, reason = "held for its drop")]
enum Place {
    Folder(tempfile::TempDir),
    Database(TestDatabase),
}

fn crowd(store: Arc<dyn Store>, place: Place) -> Crowd {
    let (clock, ids) = (Arc::new(FakeClock::default()), Arc::new(SeededIds::new(0)));
    let sender = Arc::new(FakeSender::default());
    let engine = Engine::start(Parts { store, clock, ids, sender, settings: Settings::default(), node: "test".into() });
    let new = NewOrganization {
        name: "Bellford Food Share".into(),
        time_zone: "America/Chicago".into(),
        country: "US".into(),
        batch_cron: None,
    };
    let org = engine.create_organization(new).unwrap().id;
    let crowd = Crowd { engine, org, _place: place };
    let rows = (0..60).map(person).map(|(group, flat)| OnFile { group, submission: submission(&flat) }).collect();
    crowd.engine.load_contacts(org, rows).unwrap();
    let first = crowd.contacts()[0].id;
    crowd.engine.archive_contact(org, &Actor::Key(1), first, true, None).unwrap();
    crowd
}

/// Every third row is a second person of the contact before.
fn person(number: usize) -> (String, Value) {
    let pick = |of: &[&str], by: usize| of[number / by % of.len()].to_owned();
    let flat = json!({
        "referenceSource": pick(&["Harbor", "Gala"], 2), "referenceId": format!("r-{number}"),
        "firstName": pick(&["Ines", "Pål", "Margaret", "Li", "Åse"], 1),
        "lastName": pick(&["Okafor-Lund", "Brandt", "O'Neil", "Nuñez"], 3),
        "email": format!("{}@example.org", pick(&["ines", "Pal", "m.brandt", "li"], 5)),
        "phone": format!("(614) 555-01{:02}", number % 40),
        "city": pick(&["Bellford", "Springdale"], 4), "state": pick(&["OH", "PA"], 3), "postal": format!("44{:03}", number % 7),
        "tags": pick(&["Monthly", "Gala;Monthly", "Board"], 1),
    });
    ((number - usize::from(number % 3 == 2)).to_string(), flat)
}

impl Crowd {
    fn contacts(&self) -> Vec<ContactRow> {
        self.engine.store().reading(|tx| tx.contact_page(self.org, None, 1_000)).unwrap()
    }

    fn read(&self, body: &Value) -> Query {
        self.engine.read_query(self.org, Subject::Contact, body).unwrap().unwrap().query
    }

    /// Numbers and total of a part of what a query asks for.
    fn asked(&self, body: &Value, skip: i64, take: i64) -> (Vec<i64>, i64) {
        let page = self.engine.query_contacts(self.org, &self.read(body), skip, take).unwrap();
        (page.list.into_iter().map(|row| row.id.0).collect(), page.total)
    }

    /// The same, by looking at each contact.
    fn expected(&self, body: &Value, skip: usize, take: usize) -> (Vec<i64>, i64) {
        let query = self.read(body);
        let mut found: Vec<(Key, i64)> = self
            .contacts()
            .iter()
            .filter_map(|row| {
                let facts = contact_facts(&row.golden);
                let record = Record {
                    id: row.id.0,
                    created: row.created_at.timestamp_micros(),
                    modified: row.modified_at.timestamp_micros(),
                    archived: row.archived,
                    facts: Facts::all(&facts, 2026),
                };
                query.holds(&record).then(|| (query.key(&record), row.id.0))
            })
            .collect();
        found.sort_by(|a, b| query.compare(a, b));
        let total = i64::try_from(found.len()).unwrap();
        (found.into_iter().map(|(_, id)| id).skip(skip).take(take).collect(), total)
    }

    /// As it is until the first batch of a newer version has made the index anew.
    fn outdated(&self) {
        let all: Vec<ContactId> = self.contacts().into_iter().map(|row| row.id).collect();
        self.engine
            .store()
            .writing("test", |tx| {
                tx.remove_facts(self.org, &all)?;
                tx.clear_index(self.org)?;
                let mut organization = tx.organization(self.org)?.unwrap();
                assert_eq!(organization.key_version, INDEX_VERSION);
                organization.key_version = 2;
                tx.update_organization(&organization)
            })
            .unwrap();
    }

    fn found(&self, text: &str) -> Vec<(ContactId, Option<ItemId>)> {
        let page = self.engine.search_contacts(self.org, text, &[], 0, 100).unwrap();
        page.list.into_iter().map(|hit| (hit.contact.id, hit.individual)).collect()
    }
}

fn sqlite() -> Crowd {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    crowd(tributary_db::open(&url, &tributary_db::OpenOptions::default()).unwrap(), Place::Folder(folder))
}

fn postgres() -> Option<Crowd> {
    let database = migrated("tributary", |url| drop(tributary_db::migrate(url).unwrap()))?;
    let store = tributary_db::open(database.url(), &tributary_db::OpenOptions::default()).unwrap();
    Some(crowd(store, Place::Database(database)))
}

fn condition() -> impl Strategy<Value = Value> {
    let one = |parameter: &'static str, operators: &'static [&'static str], values: &'static [&'static str]| {
        (Just(parameter), prop::sample::select(operators), prop::sample::select(values)).prop_map(
            |(parameter, operator, value)| json!({ "parameter": parameter, "operator": operator, "value": value }),
        )
    };
    const TEXT: &[&str] = &["Is", "IsNot", "Contains", "StartsWith", "EndsWith"];
    const ORDER: &[&str] = &["Is", "LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual"];
    prop_oneof![
        one("First Name", TEXT, &["ines", "PÅL", "pal", "Li", "a"]),
        one("Last Name", TEXT, &["Okafor-Lund", "BRANDT", "o'neil", "nuñez", "nunez", "an"]),
        one("Email Address", TEXT, &["ines@example.org", "PAL@example.org", "example"]),
        one("Phone Number", &["Is", "IsNot", "EndsWith"], &["614-555-0107", "+1 614 555 0122", "0131"]),
        one("City", TEXT, &["bellford", "Springdale", "field"]),
        one("State", &["Is", "IsNot", "In"], &["oh", "PA"]),
        one("Postal", TEXT, &["44001", "440", "6"]),
        one("Contact Id", ORDER, &["1", "7", "20", "39", "99"]),
        one("Tag", &["IsAnyOf", "IsNoneOf"], &["monthly", "Board"]),
        one("Last Modified Date", &["Before", "OnOrAfter"], &["Today", "Tomorrow", "2020-01-01"]),
        one("Contact Archived", &["IsTrue", "IsFalse"], &["-"]),
        one("Reference Source", &["Is", "IsNot"], &["Harbor"]),
    ]
}

fn body() -> impl Strategy<Value = Value> {
    let groups = prop::collection::vec(prop::collection::vec(condition(), 0..3), 0..10);
    let sort = prop::sample::select(vec!["Id", "Last Name", "City", "Last Modified Date", "Phone Number"]);
    (groups, sort, prop::bool::ANY, prop::bool::ANY).prop_map(|(groups, sort, descending, archived)| {
        let groups: Vec<Value> = groups.into_iter().map(|conditions| json!({ "conditions": conditions })).collect();
        json!({ "groups": groups, "sortBy": sort, "descending": descending, "includeArchived": archived })
    })
}

fn answers_are_those_of_the_contacts(crowd: &Crowd, cases: u32) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    let check = |(body, skip, take): (Value, usize, usize)| {
        let (from, most) = (i64::try_from(skip).unwrap(), i64::try_from(take).unwrap());
        prop_assert_eq!(crowd.asked(&body, from, most), crowd.expected(&body, skip, take), "{}", body);
        Ok(())
    };
    runner.run(&(body(), 0..5_usize, 0..50_usize), check).unwrap();
}

fn queries(crowd: &Crowd) {
    answers_are_those_of_the_contacts(crowd, 400);
    crowd.outdated();
    answers_are_those_of_the_contacts(crowd, 60);
}

#[test]
fn whatever_is_asked_sqlite_answers_what_the_contacts_say() {
    queries(&sqlite());
}

#[test]
fn whatever_is_asked_postgres_answers_what_the_contacts_say() {
    if let Some(crowd) = postgres() {
        queries(&crowd);
    }
}

fn searches(crowd: &Crowd) {
    let names = |text: &str| -> Vec<String> {
        let by_id: std::collections::HashMap<_, _> = crowd.contacts().into_iter().map(|row| (row.id, row)).collect();
        crowd
            .found(text)
            .into_iter()
            .map(|(id, person)| {
                let golden = &by_id[&id].golden;
                let person = golden.individuals.iter().find(|own| Some(own.id) == person).unwrap();
                person.fields.values().cloned().collect::<Vec<_>>().join(" ")
            })
            .collect()
    };
    for (text, expected) in [
        ("pal okafor", "Pål Okafor-Lund"),
        ("margret brandt", "Margaret Brandt"),
        ("Bradnt, Ines", "Ines Brandt"),
        ("ase nunez", "Åse Nuñez"),
        ("peggy", "Margaret"),
        ("pal@example.org", ""),
        ("(614) 555-0107", ""),
        ("springdale", ""),
        ("m.brandt@", ""),
    ] {
        let found = names(text);
        assert!(found.first().is_some_and(|name| name.contains(expected)), "{text}: {found:?}");
    }
    assert!(names("nobody").is_empty() && names("").is_empty());
    let third = crowd.contacts()[2].id;
    assert_eq!(crowd.found(&third.to_string())[0].0, third);
    let of_reference = |row: &ContactRow| row.golden.references.iter().any(|own| own.id == "r-4");
    let fourth = crowd.contacts().into_iter().find(of_reference).unwrap().id;
    assert_eq!(crowd.found("Harbor/r-4").first().map(|hit| hit.0), Some(fourth));
    let archived = crowd.contacts().into_iter().find(|row| row.archived).unwrap().id;
    assert!(crowd.found(&archived.to_string()).is_empty());
    let bound = crowd.engine.search_contacts(crowd.org, "brandt", &["Elsewhere".to_owned()], 0, 10).unwrap();
    assert_eq!(bound.total, 0);
}

#[test]
fn staff_find_people_on_sqlite() {
    let crowd = sqlite();
    searches(&crowd);
    crowd.outdated();
    searches(&crowd);
}

#[test]
fn staff_find_people_on_postgres() {
    if let Some(crowd) = postgres() {
        searches(&crowd);
    }
}

/// What is found follows every change of a contact at once.
#[test]
fn a_changed_contact_is_found_as_it_is_now() {
    let crowd = sqlite();
    let by_city = |city: &str| {
        crowd
            .asked(
                &json!({ "groups": [{ "conditions": [{ "parameter": "City", "operator": "Is", "value": city }] }] }),
                0,
                99,
            )
            .1
    };
    let (bellford, id) = (by_city("Bellford"), crowd.contacts()[5].id);
    crowd.engine.archive_contact(crowd.org, &Actor::Key(1), id, true, None).unwrap();
    let everything = |archived: bool| crowd.asked(&json!({ "includeArchived": archived }), 0, 0).1;
    assert_eq!(everything(true) - everything(false), 2);
    crowd.engine.archive_contact(crowd.org, &Actor::Key(1), id, false, None).unwrap();
    assert_eq!((everything(true) - everything(false), by_city("Bellford")), (1, bellford));
}
