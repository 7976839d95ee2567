//! Names of people: honorifics, suffixes and generation in any field, particles, joint names, and
//! whole names in one field.

mod joint;
mod lists;
mod whole;
mod words;

use lists::{is_placeholder, particles_before};
use words::{Affixes, Words};

/// The raw parts of a person's name; blank parts are none.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonText<'a> {
    /// Honorific.
    pub prefix: Option<&'a str>,
    /// First name or names.
    pub first: Option<&'a str>,
    /// Middle name or names.
    pub middle: Option<&'a str>,
    /// Last name.
    pub last: Option<&'a str>,
    /// Suffix.
    pub suffix: Option<&'a str>,
    /// Whole name in one field, used when first and last are missing.
    pub whole: Option<&'a str>,
}

/// Jr, Sr or a number after the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Generation {
    /// Senior, also I.
    Senior,
    /// Junior, also II.
    Junior,
    /// III.
    Third,
    /// IV.
    Fourth,
    /// V and later.
    Later,
}

/// Normal form of a person's name; parts are folded text, empty when missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonForm {
    /// First name (one word or a glued double name such as `mary ann` as sent).
    pub first: String,
    /// Middle names.
    pub middle: String,
    /// Last name with particles and hyphens glued to one spelling (`de la cruz` -> `delacruz`).
    pub last: String,
    /// Words of the last name, particles left out: for parts of double names.
    pub last_parts: Vec<String>,
    /// Generation.
    pub generation: Option<Generation>,
    /// First name of the partner in a joint name (`Bob & Mary Smith`).
    pub partner: Option<String>,
}

/// Normal form of a person's name; none when no name is left.
///
/// A first name alone of several words (`Bob Smith`), and a last name alone with a comma or with two
/// people, are read as whole names. `whole` is read too when only one of first and last is there and
/// `whole` holds that one.
#[must_use]
pub fn person(text: &PersonText<'_>) -> Option<PersonForm> {
    let [first, middle, last, whole] = [text.first, text.middle, text.last, text.whole].map(said);
    let mut form = match (first, last) {
        (None, None) => whole::read(&Words::new(whole?)),
        (Some(first), Some(last)) => joint::read_parts(&Words::new(first), &Words::new(last)),
        (Some(first), None) => one_field(first, whole, false),
        (None, Some(last)) => one_field(last, whole, true),
    };
    if let Some(middle) = middle {
        add_middle(&mut form, middle);
    }
    form.generation =
        generation_beside(text.suffix, false).or(generation_beside(text.prefix, true)).or(form.generation);
    drop_placeholders(&mut form);
    (!form.first.is_empty() || !form.last.is_empty() || form.partner.is_some()).then_some(form)
}

/// The part, unless it is blank or says that there is none.
fn said(part: Option<&str>) -> Option<&str> {
    let text = part?.trim();
    let nothing = text.is_empty() || text.eq_ignore_ascii_case("n/a");
    (!nothing).then_some(text)
}

/// A name of which only the first or only the last field is filled.
fn one_field(field: &str, whole: Option<&str>, is_last: bool) -> PersonForm {
    let given = Words::new(field);
    if let Some(whole) = whole.map(Words::new)
        && given.names().all(|word| whole.names().any(|other| other == word))
    {
        let form = whole::read(&whole);
        if !form.first.is_empty() && !form.last.is_empty() {
            return form;
        }
    }
    match (is_last, given.is_compound()) {
        (true, false) => joint::read_parts(&Words::new(""), &given),
        (false, false) if given.names().count() < 2 => joint::read_parts(&given, &Words::new("")),
        _ => whole::read(&given),
    }
}

/// Puts the middle field before the initials that stood in the first field.
fn add_middle(form: &mut PersonForm, middle: &str) {
    let words = Words::new(middle);
    let (names, generation) = Affixes::INITIALS.strip(words.plain());
    form.generation = form.generation.or(generation);
    let given: Vec<&str> = names.iter().flat_map(|word| word.split('-')).filter(|word| !word.is_empty()).collect();
    let given = given.join(" ");
    if !given.is_empty() && given != form.middle {
        form.middle = if form.middle.is_empty() || is_initial_of(&form.middle, &given) {
            given
        } else {
            format!("{} {given}", form.middle)
        };
    }
}

fn is_initial_of(initial: &str, name: &str) -> bool {
    initial.len() == 1 && name.starts_with(initial)
}

/// The generation that a suffix or prefix field names; before the name `Sr` is a title.
fn generation_beside(field: Option<&str>, is_prefix: bool) -> Option<Generation> {
    let words = Words::new(field?);
    let before_name = |word: &str| is_prefix && lists::is_title(word);
    let dotted = lists::generation(&words.plain().concat()).filter(|_| !is_prefix);
    dotted.or_else(|| words.names().filter(|word| !before_name(word)).find_map(lists::generation))
}

/// A first or last name such as `Anonymous` is none.
fn drop_placeholders(form: &mut PersonForm) {
    if is_placeholder(&form.first) {
        form.first.clear();
        if is_placeholder(&form.last) || matches!(form.last.as_str(), "donor" | "giver" | "user" | "guest" | "friend") {
            form.last.clear();
        }
    }
    if is_placeholder(&form.last) {
        form.last.clear();
    }
    if form.last.is_empty() {
        form.last_parts.clear();
    }
}

impl PersonForm {
    /// A form of these words; the last name is glued, its parts taken apart.
    fn of(first: &[&str], middle: &[&str], last: &[&str], generation: Option<Generation>) -> Self {
        let (first, initials) = part_initials(first);
        let (last, last_parts) = glue_last(last);
        let middle: Vec<&str> = initials.iter().chain(middle).flat_map(|word| word.split('-')).collect();
        Self {
            first: first.join(" ").replace('-', " "),
            middle: middle.join(" "),
            last,
            last_parts,
            generation,
            partner: None,
        }
    }
}

/// First names without the initials after them.
fn first_name(words: &[&str]) -> String {
    part_initials(words).0.join(" ").replace('-', " ")
}

/// Initials after a first name are middle names.
fn part_initials<'a, 'b>(first: &'a [&'b str]) -> (&'a [&'b str], &'a [&'b str]) {
    let names = first.iter().rposition(|word| word.len() > 1).map_or(1, |at| at + 1);
    first.split_at_checked(names).unwrap_or((first, &[]))
}

/// One spelling of a last name, and its words without particles.
fn glue_last(words: &[&str]) -> (String, Vec<String>) {
    let mut glued = String::new();
    let mut parts: Vec<String> = Vec::with_capacity(words.len());
    let mut prefix = "";
    let pieces: Vec<&str> = words.iter().flat_map(|word| word.split('-')).filter(|piece| !piece.is_empty()).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let more = at + 1 < pieces.len();
        let piece = if *piece == "saint" && more { "st" } else { piece };
        glued.push_str(piece);
        match piece {
            "mc" | "mac" | "o" | "st" | "fitz" | "d" if more => prefix = piece,
            _ if more && lists::is_particle(piece) => {}
            _ => parts.push(format!("{}{piece}", std::mem::take(&mut prefix))),
        }
    }
    (glued, parts)
}

/// Where the last name begins in the words of a whole name: at its last word, with the particles
/// before it.
fn last_name_start(words: &[&str]) -> usize {
    let end = words.len().saturating_sub(1);
    end - particles_before(words.get(1..end).unwrap_or_default())
}
