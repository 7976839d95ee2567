//! Two sides of a comparison, line by line, with the difference in words: a submission beside a person on file, or two
//! contacts on file.

use std::collections::BTreeMap;
use tributary_contact::normalise::{address_key, method_key};
use tributary_contact::{Address, Field, Golden, GoldenIndividual, Method, MethodKind, Submission};

/// How a line of one side stands to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Both say the same, after normal forms.
    Same,
    /// Both say something, and not the same.
    Differs,
    /// Only the first side says it.
    New,
    /// Only the second side says it.
    OnFile,
}

impl Mark {
    /// The mark in words, of a submission beside a person on file.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::New => "new",
            Self::OnFile => "on file only",
        }
    }

    /// The mark in words, of two contacts on file.
    pub(crate) const fn word_of_pair(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::New => "first only",
            Self::OnFile => "second only",
        }
    }

    /// Its class.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Same | Self::OnFile => "same",
            Self::Differs => "differs",
            Self::New => "new",
        }
    }
}

/// A value, and the path under which its provenance is kept when it is on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) text: String,
    pub(crate) path: Option<String>,
}

/// What one side says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Side {
    fields: BTreeMap<Field, Held>,
    methods: Vec<(Method, Held)>,
    addresses: Vec<(Address, Held)>,
}

impl Side {
    /// A submission.
    pub(crate) fn sent(sent: &Submission) -> Self {
        let held = |text: String| Held { text, path: None };
        Self {
            fields: sent.fields.iter().map(|(field, value)| (*field, held(value.clone()))).collect(),
            methods: sent.methods.iter().map(|method| (method.clone(), held(method.value.clone()))).collect(),
            addresses: sent.addresses.iter().map(|one| (one.clone(), held(address_line(one)))).collect(),
        }
    }

    /// A contact on file and one of its people.
    pub(crate) fn on_file(golden: &Golden, person: Option<&GoldenIndividual>) -> Self {
        let held = |text: &String, path: String| Held { text: text.clone(), path: Some(path) };
        let mut side = Self::default();
        side.fields.extend(golden.fields.iter().map(|(field, value)| (*field, held(value, field.to_string()))));
        if let Some(person) = person {
            let path = |field: &Field| format!("individuals/{}/{field}", person.id);
            side.fields.extend(person.fields.iter().map(|(field, value)| (*field, held(value, path(field)))));
            side.methods = person
                .methods
                .iter()
                .map(|own| (own.plain(), held(&own.value, format!("methods/{}", own.id))))
                .collect();
        }
        side.addresses = golden
            .addresses
            .iter()
            .map(|own| (own.address.clone(), held(&address_line(&own.address), format!("addresses/{}", own.id))))
            .collect();
        side
    }
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is compared.
    pub(crate) name: String,
    /// Which single value, when it is one.
    pub(crate) field: Option<Field>,
    /// What the first side says.
    pub(crate) first: Vec<Held>,
    /// What the second side says.
    pub(crate) second: Vec<Held>,
    /// How they stand to each other.
    pub(crate) mark: Mark,
}

/// Compares two sides. `country` is the one phones and addresses are read in.
pub(crate) fn compare(first: &Side, second: &Side, country: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Field::ALL
        .iter()
        .filter_map(|field| scalar(*field, first.fields.get(field), second.fields.get(field)))
        .collect();
    for (name, kind) in
        [("E-mail", MethodKind::Email), ("Phone", MethodKind::Phone), ("Other contact", MethodKind::Other)]
    {
        let of_kind = |side: &Side| -> Vec<(Method, Held)> {
            side.methods.iter().filter(|(method, _)| method.kind() == kind).cloned().collect()
        };
        lines.extend(united(name, &of_kind(first), &of_kind(second), |method| method_key(method, country)));
    }
    lines.extend(united("Address", &first.addresses, &second.addresses, |one| address_key(one, country)));
    lines
}

fn scalar(field: Field, first: Option<&Held>, second: Option<&Held>) -> Option<Line> {
    let same = |one: &Held, other: &Held| one.text.trim().to_lowercase() == other.text.trim().to_lowercase();
    let mark = match (first, second) {
        (None, None) => return None,
        (Some(one), Some(other)) if same(one, other) => Mark::Same,
        (Some(_), Some(_)) => Mark::Differs,
        (Some(_), None) => Mark::New,
        (None, Some(_)) => Mark::OnFile,
    };
    let list = |value: Option<&Held>| value.into_iter().cloned().collect();
    let name = crate::format::words(field.as_str());
    Some(Line { name, field: Some(field), first: list(first), second: list(second), mark })
}

/// Lists of which one common value makes them the same.
fn united<T>(name: &str, first: &[(T, Held)], second: &[(T, Held)], key: impl Fn(&T) -> String) -> Option<Line> {
    let known: Vec<String> = second.iter().map(|(own, _)| key(own)).collect();
    let mark = match (first.is_empty(), second.is_empty()) {
        (true, true) => return None,
        (false, true) => Mark::New,
        (true, false) => Mark::OnFile,
        (false, false) if first.iter().any(|(own, _)| known.contains(&key(own))) => Mark::Same,
        (false, false) => Mark::Differs,
    };
    let list = |values: &[(T, Held)]| values.iter().map(|(_, held)| held.clone()).collect();
    Some(Line { name: name.to_owned(), field: None, first: list(first), second: list(second), mark })
}

/// An address on one line.
pub(crate) fn address_line(address: &Address) -> String {
    let parts =
        [&address.address1, &address.address2, &address.city, &address.state, &address.postal, &address.country];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// First and last name of an individual, or a stand-in.
pub(crate) fn person_name(person: &GoldenIndividual) -> String {
    let parts = [Field::Prefix, Field::FirstName, Field::MiddleName, Field::LastName, Field::Suffix];
    let name: Vec<&str> = parts.iter().filter_map(|field| person.fields.get(field).map(String::as_str)).collect();
    if name.is_empty() { "(no name)".to_owned() } else { name.join(" ") }
}

/// First and last name of a submission, its organization's name, or its e-mail address.
pub(crate) fn sent_name(sent: &Submission) -> String {
    let parts = [Field::FirstName, Field::LastName];
    let name: Vec<&str> = parts.iter().filter_map(|field| sent.field(*field)).collect();
    if !name.is_empty() {
        return name.join(" ");
    }
    let other = sent.field(Field::Name).or_else(|| sent.methods.first().map(|method| method.value.as_str()));
    other.unwrap_or("(no name)").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tributary_contact::flat::{FlatContext, parse_flat};

    fn sent(flat: &serde_json::Value) -> Submission {
        parse_flat(flat, &FlatContext::default()).unwrap().submission
    }

    fn person() -> GoldenIndividual {
        serde_json::from_value(json!({
            "id": 1, "fields": {"firstName": "ada", "lastName": "King", "gender": "F"},
            "methods": [{"id": 2, "type": "Home Phone", "value": "614-555-0143", "optedIn": true, "primary": true}]
        }))
        .unwrap()
    }

    #[test]
    fn differences_are_told_in_words_after_normal_forms() {
        let sent =
            sent(&json!({"firstName": "Ada", "lastName": "Byron", "phone": "+1 (614) 555-0143", "email": "ada@x.org"}));
        let on_file = Side::on_file(&Golden::default(), Some(&person()));
        let lines = compare(&Side::sent(&sent), &on_file, "US");
        let marks: Vec<(&str, &str)> = lines.iter().map(|line| (line.name.as_str(), line.mark.word())).collect();
        let expected = [
            ("First name", "same"),
            ("Last name", "differs"),
            ("Gender", "on file only"),
            ("E-mail", "new"),
            ("Phone", "same"),
        ];
        assert_eq!(marks, expected);
        assert_eq!(lines[1].second[0].path.as_deref(), Some("individuals/1/lastName"));
        assert_eq!(lines[4].second[0].path.as_deref(), Some("methods/2"));
    }

    #[test]
    fn somebody_without_a_name_is_called_by_what_there_is() {
        assert_eq!(sent_name(&sent(&json!({"email": "ada@x.org"}))), "ada@x.org");
        assert_eq!(sent_name(&sent(&json!({"firstName": "Ada", "lastName": "King"}))), "Ada King");
        assert_eq!(person_name(&person()), "ada King");
    }
}
