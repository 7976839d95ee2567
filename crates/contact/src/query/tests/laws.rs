//! Whatever is asked of whatever contact: what a store looks up beforehand has everything that is asked for.

use super::*;
use crate::query::{Lead, words};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn name() -> impl Strategy<Value = String> {
    let names =
        ["Ines", "ines", "Pål", "PÅL", "Okafor-Lund", "O'Neil", "Li", "x", "Åse Marie", "Straße", "---", "İpek"];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn mailbox() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a@b.org", "Ines@Example.org", "ines@example.org"]).prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["(555) 010-4477", "+15550104477", "0104477", "12", "1 555 010 4478"])
        .prop_map(str::to_owned)
}

fn contact() -> impl Strategy<Value = Golden> {
    let person = (name(), name(), prop::option::of(mailbox()), prop::option::of(number()));
    (prop::collection::vec(person, 1..3), name(), prop::bool::ANY).prop_map(|(people, city, tagged)| {
        let mut golden = ines();
        golden.individuals = (1..)
            .zip(people)
            .map(|(id, (first, last, email, phone))| {
                let mut own = GoldenIndividual::new(ItemId(id));
                own.fields = [(Field::FirstName, first), (Field::LastName, last)].into();
                own.methods.extend(email.map(|email| method("Work Email", &email)));
                own.methods.extend(phone.map(|phone| method("Home Phone", &phone)));
                own
            })
            .collect();
        golden.addresses[0].address.city = Some(city);
        if !tagged {
            golden.tags.clear();
        }
        golden
    })
}

fn condition() -> impl Strategy<Value = Value> {
    let text = (
        prop::sample::select(vec!["First Name", "Last Name", "City", "Contact Name"]),
        prop::sample::select(vec!["Is", "IsNot", "Contains", "StartsWith", "EndsWith"]),
        name(),
    );
    let email = (Just("Email Address"), prop::sample::select(vec!["Is", "IsNot", "IsKnown", "IsNotKnown"]), mailbox());
    let phone = (Just("Phone Number"), prop::sample::select(vec!["Is", "IsNot", "EndsWith", "IsKnown"]), number());
    let changed = (
        Just("Last Modified DateTime UTC"),
        prop::sample::select(vec!["Before", "OnOrAfter", "Is"]),
        prop::sample::select(vec!["1970-01-01", "1970-01-02", "1970-01-03"]).prop_map(str::to_owned),
    );
    let tag = (Just("Tag"), prop::sample::select(vec!["IsAnyOf", "IsNoneOf"]), Just("monthly".to_owned()));
    prop_oneof![
        3 => text.prop_map(json), 2 => email.prop_map(json), 2 => phone.prop_map(json), 1 => numbers(),
        1 => changed.prop_map(json), 1 => tag.prop_map(json),
    ]
}

/// A condition on the number of the contact.
fn numbers() -> impl Strategy<Value = Value> {
    let operators = vec!["Is", "LessThan", "GreaterThan", "LessThanOrEqual"];
    let id = (Just("Contact Id"), prop::sample::select(operators), (1..6_i64).prop_map(|id| id.to_string()));
    id.prop_map(json)
}

fn json((parameter, operator, value): (&str, &str, String)) -> Value {
    json!({ "parameter": parameter, "operator": operator, "value": value })
}

fn groups() -> impl Strategy<Value = Vec<Vec<Value>>> {
    prop::collection::vec(prop::collection::vec(condition(), 0..3), 0..12)
}

fn body(groups: &[Vec<Value>]) -> Value {
    let groups: Vec<Value> = groups.iter().map(|conditions| json!({ "conditions": conditions })).collect();
    json!({ "groups": groups })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn what_is_looked_up_beforehand_has_everything_that_is_asked_for(
        golden in contact(), groups in groups(), id in 1..6_i64, day in 0..3_i64,
    ) {
        let (query, text) = (query(&body(&groups)), contact_facts(&golden));
        let modified = day * 86_400_000_000;
        let facts = Facts::all(&text, 2026);
        let record = Record { id, created: 0, modified, archived: false, facts };
        if !query.holds(&record) {
            return Ok(());
        }
        let narrow = query.narrow();
        prop_assert!(narrow.ids.contains(&id) && narrow.modified.contains(&modified));
        prop_assert!(narrow.needles.is_empty() || narrow.needles.iter().any(|needle| text.contains(needle)), "{narrow:?}");
        let words: BTreeSet<String> = words(&text);
        let leads_here = |lead: &Lead| match lead {
            Lead::Id(own) => *own == id,
            Lead::Word(word) => words.contains(word),
        };
        prop_assert!(narrow.leads.as_ref().is_none_or(|leads| leads.iter().any(leads_here)), "{narrow:?} {words:?}");
    }

    #[test]
    fn a_range_of_numbers_says_it_all(
        golden in contact(), groups in prop::collection::vec(prop::collection::vec(numbers(), 0..3), 0..2), id in 1..6_i64,
    ) {
        let (query, text) = (query(&body(&groups)), contact_facts(&golden));
        let narrow = query.narrow();
        let record = Record { id, created: 0, modified: 0, archived: false, facts: Facts::all(&text, 2026) };
        prop_assert!(narrow.exact);
        prop_assert_eq!(query.holds(&record), narrow.ids.contains(&id));
    }

    #[test]
    fn many_groups_hold_when_one_of_them_does(golden in contact(), groups in groups(), id in 1..6_i64) {
        let text = contact_facts(&golden);
        let record = Record { id, created: 0, modified: 0, archived: false, facts: Facts::all(&text, 2026) };
        let alone = groups.iter().any(|group| query(&body(std::slice::from_ref(group))).holds(&record));
        prop_assert_eq!(query(&body(&groups)).holds(&record), groups.is_empty() || alone);
    }
}
