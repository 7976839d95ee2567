//! Secondary units and PO boxes (Publication 28, sections 213 and 28, appendix C2).

use super::tables;

/// Designators with an identifier after them.
const NUMBERED: &[&str] = &[
    "apt",
    "apartment",
    "appt",
    "unit",
    "ste",
    "suite",
    "suit",
    "rm",
    "room",
    "bldg",
    "building",
    "lot",
    "spc",
    "space",
    "trlr",
    "trailer",
    "flat",
    "fl",
    "flr",
    "floor",
    "slip",
    "hngr",
    "hangar",
    "dept",
    "pmb",
    "apto",
    "depto",
    "no",
    "num",
    "number",
    "#",
];

/// Designators that stand alone, with their standard form.
const ALONE: &[(&str, &str)] = &[
    ("bsmt", "bsmt"),
    ("basement", "bsmt"),
    ("frnt", "frnt"),
    ("front", "frnt"),
    ("lbby", "lbby"),
    ("lobby", "lbby"),
    ("lowr", "lowr"),
    ("lower", "lowr"),
    ("uppr", "uppr"),
    ("upper", "uppr"),
    ("rear", "rear"),
    ("side", "side"),
    ("ofc", "ofc"),
    ("office", "ofc"),
    ("ph", "ph"),
    ("penthouse", "ph"),
    ("downstairs", "lowr"),
    ("upstairs", "uppr"),
];

/// Takes a PO box out of a segment and gives its number.
pub(super) fn take_po_box(segment: &mut Vec<&str>) -> Option<String> {
    let found = (0..segment.len()).find_map(|at| {
        let rest = segment.get(at..)?;
        let words = po_box_words(rest, at == 0)?;
        let mark = usize::from(matches!(rest.get(words), Some(&("#" | "no" | "number"))));
        Some((at, words + mark))
    });
    let (at, words) = found?;
    let number = standard_id(segment.get(at + words).copied().unwrap_or_default());
    let end = (at + words + 1).min(segment.len());
    segment.drain(at..end);
    (!number.is_empty()).then_some(number)
}

/// How many words name a PO box at the beginning of `rest`.
fn po_box_words(rest: &[&str], at_start: bool) -> Option<usize> {
    Some(match rest {
        ["p", "o" | "0", "box" | "drawer" | "bx", ..]
        | ["post", "office", "box", ..]
        | ["apartado", "de", "correos", ..] => 3,
        ["po" | "gpo" | "p0", "box" | "drawer" | "bx" | "b", ..] | ["locked", "bag", ..] | ["boite", "postale", ..] => {
            2
        }
        ["p", "o", "b", ..] => 3,
        ["apartado", "postal", ..] => 2,
        ["pobox" | "pob" | "postfach" | "apartado" | "casilla", ..] => 1,
        ["box" | "po" | "bp", number, ..] if at_start && starts_with_digit(number) => 1,
        _ => return None,
    })
}

/// Takes all units out of a segment. A later segment may be a bare unit (`4B`).
pub(super) fn take_units(segment: &mut Vec<&str>, is_later: bool) -> Vec<String> {
    let mut units = Vec::new();
    if let Some(unit) = bare_unit(segment).filter(|_| is_later) {
        segment.clear();
        units.push(unit);
    }
    let mut at = 0;
    while at < segment.len() {
        match unit_at(segment, at, is_later) {
            Some((count, id)) => {
                segment.drain(at..(at + count).min(segment.len()));
                units.push(id);
            }
            None => at += 1,
        }
    }
    units
}

/// How many tokens from `at` on are a unit, and its standard identifier.
fn unit_at(segment: &[&str], at: usize, is_later: bool) -> Option<(usize, String)> {
    let rest = segment.get(at..)?;
    let before = at.checked_sub(1).and_then(|index| segment.get(index)).copied();
    match rest {
        [floor, "floor" | "flr" | "fl", ..] if starts_with_digit(floor) && is_unit_place(before, is_later, at) => {
            Some((2, standard_id(ordinal_digits(floor))))
        }
        [word, ids @ ..]
            if NUMBERED.contains(word) && (at != 1 || *word == "#" || !before.is_some_and(starts_with_digit)) =>
        {
            identifier(word, ids).map(|(count, id)| (count + 1, id))
        }
        [word, ids @ ..] if is_unit_place(before, is_later, at) => alone(word, ids),
        _ => None,
    }
}

/// Whether a unit without a number of its own may stand here: after a street suffix or directional, or
/// at the beginning of a later line.
fn is_unit_place(before: Option<&str>, is_later: bool, at: usize) -> bool {
    let after_street = before.is_some_and(|word| tables::suffix(word).is_some() || tables::directional(word).is_some());
    (at == 0 && is_later) || (at > 2 && after_street)
}

/// The identifier after a designator: one token, or a number and a letter (`4 b`).
fn identifier(word: &str, rest: &[&str]) -> Option<(usize, String)> {
    let marks = usize::from(rest.first() == Some(&"#"));
    let (id, after) = rest.get(marks..)?.split_first()?;
    let has_digit = starts_or_ends_with_digit(id);
    let is_id = match word {
        "no" | "num" | "number" => starts_with_digit(id),
        "fl" => has_digit && id.len() < 4,
        _ => has_digit && id.len() < 7 || (id.len() < 3 && tables::suffix(id).is_none()),
    };
    if !is_id {
        return None;
    }
    let glued = match after {
        [letter, ..] if is_digits(id) && is_trailing_letter(letter) => Some(letter),
        [digits] if is_letter(id) && is_digits(digits) => Some(digits),
        _ => None,
    };
    Some(match glued {
        Some(second) => (marks + 2, standard_id(&format!("{id}{second}"))),
        None => (marks + 1, standard_id(id)),
    })
}

/// A designator that needs no identifier, with one if there is one.
fn alone(word: &str, rest: &[&str]) -> Option<(usize, String)> {
    let (_, standard) = ALONE.iter().find(|(name, _)| *name == word)?;
    match rest {
        [] => Some((1, (*standard).to_owned())),
        [id] if starts_with_digit(id) || is_letter(id) => Some((2, standard_id(id))),
        _ => None,
    }
}

/// A street line without the unit that stands after its suffix with no designator (`1 Main St 4B`).
/// The number of `1 Old Highway 12` and `1 County Road 12` belongs to the street.
pub(super) fn part_trailing<'a, 'b>(line: &'a [&'b str]) -> (&'a [&'b str], Option<String>) {
    let [number, names @ .., before, last] = line else { return (line, None) };
    let after_suffix = tables::suffix(before).is_some_and(|standard| !matches!(standard, "hwy" | "rte"));
    let is_named = names.iter().any(|name| tables::directional(name).is_none());
    let is_road =
        names.iter().any(|name| matches!(*name, "county" | "co" | "state" | "us" | "rural" | "farm" | "forest"));
    let is_ordinal = ordinal_digits(last).len() < last.len();
    let is_id = (starts_with_digit(last) && !is_ordinal) || is_trailing_letter(last);
    match line {
        [head @ .., _] if starts_with_digit(number) && after_suffix && is_named && !is_road && is_id => {
            (head, Some(standard_id(last)))
        }
        _ => (line, None),
    }
}

/// A letter that is no directional.
fn is_trailing_letter(word: &str) -> bool {
    is_letter(word) && tables::directional(word).is_none()
}

/// `4b`, `b`, `12`, `b 4` as all of a line.
fn bare_unit(segment: &[&str]) -> Option<String> {
    match segment {
        [only] if only.len() <= 5 && (starts_or_ends_with_digit(only) || is_letter(only)) => Some(standard_id(only)),
        [one, two] if is_letter(one) && is_digits(two) || is_digits(one) && is_letter(two) => {
            Some(standard_id(&format!("{one}{two}")))
        }
        _ => None,
    }
}

/// An identifier without leading zeros.
fn standard_id(id: &str) -> String {
    let short = id.trim_start_matches('0');
    if short.is_empty() { id.to_owned() } else { short.to_owned() }
}

/// The digits of `3rd`; other tokens as they are.
pub(super) fn ordinal_digits(token: &str) -> &str {
    let number = token.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let ending = token.get(number.len()..).unwrap_or_default();
    if is_digits(number) && matches!(ending, "st" | "nd" | "rd" | "th") { number } else { token }
}

pub(super) fn is_digits(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn is_letter(token: &str) -> bool {
    token.len() == 1 && token.bytes().all(|b| b.is_ascii_lowercase())
}

pub(super) fn starts_with_digit(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_digit())
}

fn starts_or_ends_with_digit(token: &str) -> bool {
    starts_with_digit(token) || token.ends_with(|c: char| c.is_ascii_digit())
}
