//! A submission beside a person on file, line by line, with the difference in words.

use tributary_contact::normalise::{address_key, method_key};
use tributary_contact::{Address, Field, Golden, GoldenIndividual, Method, MethodKind, Submission};

/// How a line of the submission stands to what is on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Both say the same, after normal forms.
    Same,
    /// Both say something, and not the same.
    Differs,
    /// Only the submission says it.
    New,
    /// Only the file says it.
    OnFile,
}

impl Mark {
    /// The mark in words.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::New => "new",
            Self::OnFile => "on file only",
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

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is compared.
    pub(crate) name: String,
    /// What the submission says.
    pub(crate) sent: Vec<String>,
    /// What is on file.
    pub(crate) on_file: Vec<String>,
    /// How they stand to each other.
    pub(crate) mark: Mark,
}

/// Compares a submission with one individual of a contact. `country` is the one phones and addresses are read in.
pub(crate) fn compare(
    sent: &Submission,
    golden: &Golden,
    individual: Option<&GoldenIndividual>,
    country: &str,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for field in Field::ALL.iter().copied() {
        let file = if field.is_individual() {
            individual.and_then(|person| person.fields.get(&field))
        } else {
            golden.fields.get(&field)
        };
        lines.extend(scalar(field, sent.fields.get(&field), file));
    }
    for (name, kind) in
        [("E-mail", MethodKind::Email), ("Phone", MethodKind::Phone), ("Other contact", MethodKind::Other)]
    {
        let key = |value: &Method| method_key(value, country);
        let ours: Vec<Method> = sent.methods.iter().filter(|method| method.kind() == kind).cloned().collect();
        let theirs = individual.map(|person| methods(person, kind)).unwrap_or_default();
        lines.extend(united(name, &ours, &theirs, key, |method| method.value.clone()));
    }
    let theirs: Vec<Address> = golden.addresses.iter().map(|known| known.address.clone()).collect();
    lines.extend(united("Address", &sent.addresses, &theirs, |one| address_key(one, country), address_line));
    lines
}

fn methods(person: &GoldenIndividual, kind: MethodKind) -> Vec<Method> {
    let plain = person.methods.iter().map(|known| Method {
        label: known.label.clone(),
        value: known.value.clone(),
        opted_in: Some(known.opted_in),
        primary: known.primary,
    });
    plain.filter(|method| method.kind() == kind).collect()
}

fn scalar(field: Field, sent: Option<&String>, file: Option<&String>) -> Option<Line> {
    let mark = match (sent, file) {
        (None, None) => return None,
        (Some(one), Some(other)) if one.trim().to_lowercase() == other.trim().to_lowercase() => Mark::Same,
        (Some(_), Some(_)) => Mark::Differs,
        (Some(_), None) => Mark::New,
        (None, Some(_)) => Mark::OnFile,
    };
    let list = |value: Option<&String>| value.into_iter().cloned().collect();
    Some(Line { name: crate::format::words(field.as_str()), sent: list(sent), on_file: list(file), mark })
}

/// Lists of which one common value makes them the same.
fn united<T>(
    name: &str,
    sent: &[T],
    file: &[T],
    key: impl Fn(&T) -> String,
    show: impl Fn(&T) -> String,
) -> Option<Line> {
    let known: Vec<String> = file.iter().map(&key).collect();
    let mark = match (sent.is_empty(), file.is_empty()) {
        (true, true) => return None,
        (false, true) => Mark::New,
        (true, false) => Mark::OnFile,
        (false, false) if sent.iter().any(|one| known.contains(&key(one))) => Mark::Same,
        (false, false) => Mark::Differs,
    };
    let list = |values: &[T]| values.iter().map(&show).collect();
    Some(Line { name: name.to_owned(), sent: list(sent), on_file: list(file), mark })
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
        let lines = compare(&sent, &Golden::default(), Some(&person()), "US");
        let marks: Vec<(&str, &str)> = lines.iter().map(|line| (line.name.as_str(), line.mark.word())).collect();
        let expected = [
            ("First name", "same"),
            ("Last name", "differs"),
            ("Gender", "on file only"),
            ("E-mail", "new"),
            ("Phone", "same"),
        ];
        assert_eq!(marks, expected);
    }

    #[test]
    fn somebody_without_a_name_is_called_by_what_there_is() {
        assert_eq!(sent_name(&sent(&json!({"email": "ada@x.org"}))), "ada@x.org");
        assert_eq!(sent_name(&sent(&json!({"firstName": "Ada", "lastName": "King"}))), "Ada King");
        assert_eq!(person_name(&person()), "ada King");
    }
}
