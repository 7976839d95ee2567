//! Whether a submission would change what must not change unseen: a name, a birth date, a death.
//! Asked only of rows that a reference of their own ties to the contact; everything else has been
//! through the matcher.

use crate::model::{Field, Golden, GoldenIndividual, ItemId, Submission};
use crate::normalise::{PersonText, fold_text, person, share_nickname};

/// From this Jaro-Winkler similarity of folded text on, two names are spellings of one.
const SAME_SPELLING: f64 = 0.92;

/// The sensitive fields of the individual that the submission genuinely contradicts, in field order.
///
/// A part of a birth date contradicts when both sides have it and it differs. Death contradicts when
/// it differs, alive being the silence. A name contradicts when it is no variant of the known one and
/// the full name is not among those the person is also known as. An unknown individual has nothing to
/// contradict.
#[must_use]
pub fn sensitive_conflicts(golden: &Golden, individual: ItemId, incoming: &Submission) -> Vec<Field> {
    let Some(known) = golden.individual(individual) else { return Vec::new() };
    let mut conflicts = name_conflicts(known, incoming);
    let parts = [Field::BirthMonth, Field::BirthDay, Field::BirthYear];
    conflicts.extend(parts.into_iter().filter(|&part| differs(known.field(part), incoming.field(part))));
    if incoming
        .field(Field::IsDeceased)
        .is_some_and(|now| is_yes(now) != known.field(Field::IsDeceased).is_some_and(is_yes))
    {
        conflicts.push(Field::IsDeceased);
    }
    conflicts
}

/// Whether two people of different contacts can be one person: their first and last names are variants of each
/// other and neither Jr or Sr nor the birth date contradicts. Somebody without a first name is only ever another
/// without one.
#[must_use]
pub fn may_be_one(known: &GoldenIndividual, other: &GoldenIndividual) -> bool {
    let (had, new) = (Name::of(|field| known.field(field)), Name::of(|field| other.field(field)));
    let named = had.first.is_empty() == new.first.is_empty();
    let birth = [Field::BirthMonth, Field::BirthDay, Field::BirthYear];
    named
        && is_variant(&had.first, &new.first)
        && is_variant(&had.last, &new.last)
        && !birth.into_iter().any(|part| differs(known.field(part), other.field(part)))
        && generations_agree(known, other)
}

fn generations_agree(a: &GoldenIndividual, b: &GoldenIndividual) -> bool {
    let generation = |own: &GoldenIndividual| {
        let (first, last) = (own.field(Field::FirstName), own.field(Field::LastName));
        person(&PersonText { first, last, suffix: own.field(Field::Suffix), ..PersonText::default() })?.generation
    };
    generation(a) == generation(b)
}

fn name_conflicts(known: &GoldenIndividual, incoming: &Submission) -> Vec<Field> {
    let had = Name::of(|field| known.field(field));
    let new = Name::of(|field| incoming.field(field));
    if new.is_swap_of(&had) || is_alias(known, &new) {
        return Vec::new();
    }
    let first = (!is_variant(&had.first, &new.first)).then_some(Field::FirstName);
    let last = (!is_variant(&had.last, &new.last)).then_some(Field::LastName);
    first.into_iter().chain(last).collect()
}

/// Folded first and last name; empty when missing.
struct Name {
    first: String,
    last: String,
}

impl Name {
    fn of<'a>(value: impl Fn(Field) -> Option<&'a str>) -> Self {
        let folded = |field| value(field).map(fold_text).unwrap_or_default();
        Self { first: folded(Field::FirstName), last: folded(Field::LastName) }
    }

    /// Whether first and last name changed places.
    fn is_swap_of(&self, other: &Self) -> bool {
        let full = |name: &Self| !name.first.is_empty() && !name.last.is_empty();
        full(self) && full(other) && is_variant(&self.first, &other.last) && is_variant(&self.last, &other.first)
    }
}

/// Whether the person was called this before, so that someone has seen it already.
fn is_alias(known: &GoldenIndividual, new: &Name) -> bool {
    let full = format!("{} {}", new.first, new.last);
    known.also_known_as.iter().any(|alias| fold_text(alias) == full)
}

/// Whether two folded names can be the same name: equal but for spaces, missing, nicknames, an
/// initial, one part of a double name, or nearly the same spelling.
fn is_variant(a: &str, b: &str) -> bool {
    a.is_empty()
        || b.is_empty()
        || a.chars().filter(|c| *c != ' ').eq(b.chars().filter(|c| *c != ' '))
        || is_initial(a, b)
        || is_initial(b, a)
        || has_words(a, b)
        || has_words(b, a)
        || share_nickname(a, b)
        || strsim::jaro_winkler(a, b) >= SAME_SPELLING
}

fn is_initial(short: &str, long: &str) -> bool {
    short.chars().count() == 1 && long.starts_with(short)
}

/// Whether every word of the one is a word of the other.
fn has_words(whole: &str, part: &str) -> bool {
    part.split(' ').all(|word| whole.split(' ').any(|other| other == word))
}

fn differs(known: Option<&str>, new: Option<&str>) -> bool {
    match (known, new) {
        (Some(known), Some(new)) => match (known.trim().parse::<i64>(), new.trim().parse::<i64>()) {
            (Ok(known), Ok(new)) => known != new,
            _ => fold_text(known) != fold_text(new),
        },
        _ => false,
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes" | "y")
}

#[cfg(test)]
mod tests {
    use super::{Field, Golden, GoldenIndividual, ItemId, Submission, may_be_one, sensitive_conflicts};
    use std::collections::BTreeMap;

    type Values<'a> = &'a [(Field, &'a str)];

    fn fields(values: Values<'_>) -> BTreeMap<Field, String> {
        values.iter().map(|(field, value)| (*field, (*value).to_owned())).collect()
    }

    fn conflicts(known: Values<'_>, incoming: Values<'_>) -> Vec<Field> {
        let also_known_as = ["Ann Meyer".to_owned()].into();
        let person = GoldenIndividual { fields: fields(known), also_known_as, ..GoldenIndividual::new(ItemId(1)) };
        let golden = Golden { individuals: vec![person], ..Golden::default() };
        sensitive_conflicts(&golden, ItemId(1), &Submission { fields: fields(incoming), ..Submission::default() })
    }

    fn names(known: (&str, &str), incoming: (&str, &str)) -> Vec<Field> {
        let both = |(first, last)| [(Field::FirstName, first), (Field::LastName, last)];
        conflicts(&both(known), &both(incoming))
    }

    #[test]
    fn a_variant_of_a_name_is_no_conflict() {
        for incoming in [
            ("ANNE", "Okafor"),
            ("A.", "Okafor"),
            ("Anne Marie", "Okafor-Lund"),
            ("Okafor", "Anne"),
            ("", "Okafor"),
            ("Anne", "Okafro"),
            ("Ann", "Meyer"),
        ] {
            assert_eq!(names(("Anne", "Okafor"), incoming), [], "{incoming:?}");
        }
    }

    #[test]
    fn another_name_is_a_conflict() {
        assert_eq!(names(("Anne", "Okafor"), ("Pål", "Okafor")), [Field::FirstName]);
        assert_eq!(names(("Anne", "Okafor"), ("Anne", "Zimmer")), [Field::LastName]);
    }

    #[test]
    fn a_nickname_is_no_conflict() {
        assert_eq!(names(("Robert", "Smith"), ("Bob", "Smith")), []);
    }

    #[test]
    fn a_known_birth_part_that_differs_is_a_conflict_and_an_unknown_one_is_not() {
        let known = [(Field::BirthYear, "1979"), (Field::BirthMonth, "9")];
        let same = [(Field::BirthYear, "1979"), (Field::BirthMonth, "09"), (Field::BirthDay, "4")];
        assert_eq!(conflicts(&known, &same), []);
        assert_eq!(conflicts(&known, &[(Field::BirthYear, "1980")]), [Field::BirthYear]);
    }

    #[test]
    fn death_is_a_conflict_with_silence() {
        assert_eq!(conflicts(&[], &[(Field::IsDeceased, "true")]), [Field::IsDeceased]);
        assert_eq!(conflicts(&[], &[(Field::IsDeceased, "false")]), []);
        assert_eq!(conflicts(&[(Field::IsDeceased, "true")], &[(Field::IsDeceased, "false")]), [Field::IsDeceased]);
    }

    #[test]
    fn people_are_one_only_when_nothing_contradicts() {
        let someone =
            |values: Values<'_>| GoldenIndividual { fields: fields(values), ..GoldenIndividual::new(ItemId(1)) };
        let bob = someone(&[(Field::FirstName, "Bob"), (Field::LastName, "Lund"), (Field::BirthYear, "1960")]);
        for (other, one) in [
            (&[(Field::FirstName, "Robert"), (Field::LastName, "LUND")][..], true),
            (&[(Field::FirstName, "Robert"), (Field::LastName, "Lund"), (Field::BirthYear, "1990")], false),
            (&[(Field::FirstName, "Robert"), (Field::LastName, "Lund"), (Field::Suffix, "Jr")], false),
            (&[(Field::FirstName, "Ines"), (Field::LastName, "Lund")], false),
            (&[(Field::LastName, "Lund")], false),
        ] {
            assert_eq!(may_be_one(&bob, &someone(other)), one, "{other:?}");
        }
        assert!(may_be_one(&someone(&[]), &someone(&[])));
    }

    #[test]
    fn an_unknown_individual_has_no_conflicts() {
        assert_eq!(sensitive_conflicts(&Golden::default(), ItemId(9), &Submission::default()), []);
    }
}
