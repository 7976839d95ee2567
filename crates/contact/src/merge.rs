//! Two contacts that are one: whose people are whose, where the two differ, and which value a person chose.
//!
//! The records of the contact that is merged away are folded with those of the survivor. What is made here is only
//! what a person may want to see and say about that.

use crate::model::{ContactType, Field, Golden, GoldenIndividual, ItemId, Submission};
use crate::sensitive::may_be_one;
use crate::state::text_enum;
use std::collections::{BTreeMap, BTreeSet};

text_enum! {
    /// One of two contacts that are merged.
    Side {
        /// The one that stays.
        Survivor => "survivor",
        /// The one that is merged away.
        Merged => "merged",
    }
}

/// A single value on which two contacts differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Path as in [`Golden::provenance`], with the individual's number in the survivor.
    pub field: String,
    /// What the survivor says; none when it says nothing.
    pub survivor: Option<String>,
    /// What the other one says.
    pub merged: Option<String>,
    /// What holds after the merge.
    pub result: Option<String>,
}

impl Difference {
    fn of(&self, side: Side) -> Option<&String> {
        match side {
            Side::Survivor => self.survivor.as_ref(),
            Side::Merged => self.merged.as_ref(),
        }
    }
}

/// Which people of the contact that is merged away are people of the survivor: nobody is two of them, and nobody is
/// taken for another on doubt. Whoever is left out becomes a further individual.
#[must_use]
pub fn same_people(survivor: &Golden, merged: &Golden) -> BTreeMap<ItemId, ItemId> {
    let mut pairs: BTreeMap<ItemId, ItemId> = BTreeMap::new();
    let mut taken: BTreeSet<ItemId> = BTreeSet::new();
    for person in &merged.individuals {
        let mut free = survivor.individuals.iter().filter(|own| !taken.contains(&own.id) && may_be_one(own, person));
        // Two who could be meant are a doubt.
        if let (Some(own), None) = (free.next(), free.next()) {
            pairs.insert(person.id, own.id);
            taken.insert(own.id);
        }
    }
    pairs
}

/// The single values on which the two differ, with what holds in `result`, the contact they become. `people` says
/// who of the merged one is whom of the survivor.
#[must_use]
pub fn differences(
    survivor: &Golden,
    merged: &Golden,
    people: &BTreeMap<ItemId, ItemId>,
    result: &Golden,
) -> Vec<Difference> {
    let [a, b, c] =
        [survivor, merged, result].map(|own| values("", own.fields.iter().filter(given(own)), &own.custom_fields));
    let mut found = compared(&a, &b, &c);
    let kind = |own: &Golden| Some(kind_text(&own.contact_type));
    if survivor.contact_type != merged.contact_type {
        let field = "contactType".to_owned();
        found.insert(0, Difference { field, survivor: kind(survivor), merged: kind(merged), result: kind(result) });
    }
    for (other, own) in people {
        let path = format!("individuals/{own}/");
        let of =
            |golden: &Golden, id| golden.individual(id).map(|person| person_values(&path, person)).unwrap_or_default();
        found.extend(compared(&of(survivor, *own), &of(merged, *other), &of(result, *own)));
    }
    found
}

type Values = BTreeMap<String, String>;

/// A name that was made of the people is nobody's word.
fn given<'g>(golden: &'g Golden) -> impl Fn(&(&Field, &String)) -> bool + 'g {
    |(field, _)| **field != Field::Name || golden.provenance.contains_key(Field::Name.as_str())
}

fn person_values(path: &str, person: &GoldenIndividual) -> Values {
    values(path, person.fields.iter(), &person.custom_fields)
}

fn values<'v>(
    path: &str,
    fields: impl Iterator<Item = (&'v Field, &'v String)>,
    custom: &BTreeMap<String, String>,
) -> Values {
    let fields = fields.map(|(field, value)| (format!("{path}{field}"), value.clone()));
    let custom = custom.iter().map(|(name, value)| (format!("{path}customFields/{name}"), value.clone()));
    fields.chain(custom).collect()
}

fn compared(survivor: &Values, merged: &Values, result: &Values) -> Vec<Difference> {
    let fields: BTreeSet<&String> = survivor.keys().chain(merged.keys()).collect();
    let differing = fields.into_iter().filter(|field| survivor.get(*field) != merged.get(*field));
    let difference = |field: &String| Difference {
        field: field.clone(),
        survivor: survivor.get(field).cloned(),
        merged: merged.get(field).cloned(),
        result: result.get(field).cloned(),
    };
    differing.map(difference).collect()
}

fn kind_text(kind: &ContactType) -> String {
    let custom = kind.custom.iter().map(|custom| format!("/{custom}")).collect::<String>();
    format!("{}{custom}", kind.base)
}

/// What a person chose, as corrections: of the contact itself (none), and of individuals by their number in the
/// survivor. A choice of what holds anyway says nothing.
///
/// # Errors
/// The fields that the two do not differ on.
pub fn chosen(
    differences: &[Difference],
    choices: &BTreeMap<String, Side>,
    kinds: (&ContactType, &ContactType),
) -> Result<BTreeMap<Option<ItemId>, Submission>, Vec<String>> {
    let known = |field: &&String| differences.iter().any(|difference| difference.field == **field);
    let unknown: Vec<String> = choices.keys().filter(|field| !known(field)).cloned().collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut said: BTreeMap<Option<ItemId>, Submission> = BTreeMap::new();
    for difference in differences {
        let Some(side) = choices.get(&difference.field) else { continue };
        let value = difference.of(*side);
        if value == difference.result.as_ref() {
            continue;
        }
        let (individual, field) = place(&difference.field);
        let submission = said.entry(individual).or_default();
        match field {
            "contactType" => {
                submission.contact_type = Some(if *side == Side::Survivor { kinds.0 } else { kinds.1 }.clone())
            }
            field => say(submission, individual.is_some(), field, value),
        }
    }
    Ok(said)
}

/// The individual and the field that a path names.
fn place(path: &str) -> (Option<ItemId>, &str) {
    let of_person = path.strip_prefix("individuals/").and_then(|rest| rest.split_once('/'));
    match of_person.and_then(|(id, field)| Some((ItemId(id.parse().ok()?), field))) {
        Some((id, field)) => (Some(id), field),
        None => (None, path),
    }
}

/// A value, or that there is none.
fn say(submission: &mut Submission, of_person: bool, field: &str, value: Option<&String>) {
    if let Some(name) = field.strip_prefix("customFields/") {
        let own = if of_person { &mut submission.individual_custom.fields } else { &mut submission.custom_fields };
        own.insert(name.to_owned(), value.cloned().unwrap_or_default());
    } else if let Some(field) = Field::parse(field) {
        match value {
            Some(value) => drop(submission.fields.insert(field, value.clone())),
            None => drop(submission.cleared.insert(field)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordId;
    use uuid::Uuid;

    fn someone(id: i64, first: &str, last: &str) -> GoldenIndividual {
        let fields = [(Field::FirstName, first.to_owned()), (Field::LastName, last.to_owned())];
        GoldenIndividual { fields: fields.into(), ..GoldenIndividual::new(ItemId(id)) }
    }

    fn contact(website: Option<&str>, individuals: Vec<GoldenIndividual>) -> Golden {
        let fields = website.map(|value| (Field::Website, value.to_owned())).into_iter().collect();
        Golden { fields, individuals, ..Golden::default() }
    }

    #[test]
    fn nobody_is_two_people_and_doubt_pairs_nobody() {
        let survivor = contact(None, vec![someone(1, "Ann", "Lund"), someone(2, "Robert", "Lund")]);
        let merged =
            contact(None, vec![someone(7, "Bob", "Lund"), someone(8, "Rob", "Lund"), someone(9, "Ines", "Lund")]);
        assert_eq!(same_people(&survivor, &merged), [(ItemId(7), ItemId(2))].into());
        let twins = contact(None, vec![someone(1, "Robert", "Lund"), someone(2, "Bob", "Lund")]);
        assert_eq!(same_people(&twins, &contact(None, vec![someone(7, "Rob", "Lund")])), BTreeMap::new());
    }

    #[test]
    fn a_choice_is_a_correction_of_what_would_hold_otherwise() {
        let survivor = contact(Some("https://a.example.org"), vec![someone(1, "Robert", "Lund")]);
        let merged = contact(None, vec![someone(7, "Bob", "Lund")]);
        let people = [(ItemId(7), ItemId(1))].into();
        let found = differences(&survivor, &merged, &people, &survivor);
        let fields: Vec<&str> = found.iter().map(|difference| difference.field.as_str()).collect();
        assert_eq!(fields, ["website", "individuals/1/firstName"]);
        let kinds = (&survivor.contact_type, &merged.contact_type);
        let choices = [("website", Side::Merged), ("individuals/1/firstName", Side::Merged)];
        let said = chosen(&found, &choices.map(|(field, side)| (field.to_owned(), side)).into(), kinds).unwrap();
        assert_eq!(said[&None].cleared, [Field::Website].into());
        assert_eq!(said[&Some(ItemId(1))].field(Field::FirstName), Some("Bob"));
        let same = [("website".to_owned(), Side::Survivor)].into();
        assert_eq!(chosen(&found, &same, kinds), Ok(BTreeMap::new()));
        let unknown = [("passion".to_owned(), Side::Survivor)].into();
        assert_eq!(chosen(&found, &unknown, kinds), Err(vec!["passion".to_owned()]));
    }

    #[test]
    fn a_name_that_nobody_gave_is_no_difference() {
        let named = |name: &str| Golden { fields: [(Field::Name, name.to_owned())].into(), ..Golden::default() };
        let (survivor, mut merged) = (named("Ann Lund"), named("Bo Lund"));
        assert_eq!(differences(&survivor, &merged, &BTreeMap::new(), &survivor), []);
        merged.provenance.insert("name".to_owned(), RecordId(Uuid::nil()));
        assert_eq!(differences(&survivor, &merged, &BTreeMap::new(), &survivor).len(), 1);
    }
}
