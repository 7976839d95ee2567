//! The name of a contact that no sender named.

use crate::model::{Field, Golden, GoldenIndividual};
use crate::normalise::fold_text;

/// Last resort for a contact without any name or contact method.
const UNNAMED: &str = "Unnamed";

/// Puts a name if there is none: made of the first two individuals, otherwise the first contact
/// method's value, so that staff can tell contacts apart.
pub(super) fn put(golden: &mut Golden) {
    if !golden.fields.contains_key(&Field::Name) {
        let name = of_people(&golden.individuals).or_else(|| first_method(golden));
        golden.fields.insert(Field::Name, name.unwrap_or_else(|| UNNAMED.to_owned()));
    }
}

fn of_people(individuals: &[GoldenIndividual]) -> Option<String> {
    let mut named = individuals.iter().map(first_and_last).filter(|(first, last)| first.or(*last).is_some());
    let a = named.next()?;
    let Some(b) = named.next() else { return Some(joined(a)) };
    match (a, b) {
        ((Some(first), Some(last)), (Some(other), Some(other_last))) if fold_text(last) == fold_text(other_last) => {
            Some(format!("{first} and {other} {last}"))
        }
        _ => Some(format!("{} and {}", joined(a), joined(b))),
    }
}

type Parts<'a> = (Option<&'a str>, Option<&'a str>);

fn first_and_last(individual: &GoldenIndividual) -> Parts<'_> {
    (individual.field(Field::FirstName), individual.field(Field::LastName))
}

fn joined((first, last): Parts<'_>) -> String {
    [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn first_method(golden: &Golden) -> Option<String> {
    golden.individuals.iter().flat_map(|individual| &individual.methods).map(|method| method.value.clone()).next()
}
