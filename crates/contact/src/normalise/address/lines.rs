//! The lines of an address, parted at commas, and what each of them holds.

use super::place::Place;
use super::street::{self, Street};
use super::tokens::{BREAK, Line};
use super::{tables, unit};

/// Tokens between two commas.
pub(super) type Segment<'a> = Vec<&'a str>;

/// Both lines, parted at commas and line breaks; addressees (`c/o Bob`) left out.
pub(super) fn segments(lines: &[Line; 2]) -> Vec<Segment<'_>> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for line in lines {
        segments.push(Vec::new());
        for token in line.tokens() {
            match segments.last_mut() {
                Some(segment) if token != BREAK => segment.push(token),
                _ => segments.push(Vec::new()),
            }
        }
    }
    segments.retain(|segment| !segment.is_empty() && !is_addressee(segment));
    segments
}

fn is_addressee(segment: &[&str]) -> bool {
    matches!(segment, ["c", "o", ..] | ["attn" | "attention" | "att", ..])
}

/// Takes city, region and postal code out of the lines when they have no fields of their own, and
/// drops final segments that only repeat those fields.
pub(super) fn take_place(segments: &mut Vec<Segment<'_>>, place: &mut Place) {
    let is_missing = place.city.is_empty() && place.postal.is_empty();
    while segments.len() > 1 {
        let Some(text) = segments.last().map(|tokens| tokens.join(" ")) else { return };
        let repeats = [&place.city, &place.state, &place.postal].contains(&&text)
            || tables::country(&text) == Some(&*place.country);
        let region_code = || region_and_code(&text, place);
        if repeats {
            segments.pop();
        } else if let Some((city, tail)) = is_missing.then(region_code).flatten() {
            let (city, tail) = (city.to_owned(), tail.to_owned());
            segments.pop();
            take_city(segments, place, &city, &tail);
            return;
        } else {
            return;
        }
    }
}

/// Parts `salem or 97301` before its region: city (may be empty), region and code.
fn region_and_code<'a>(text: &'a str, place: &Place) -> Option<(&'a str, &'a str)> {
    let (head, code) = text.rsplit_once(' ').unwrap_or(("", text));
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let is_zip = place.country == "us" && digits && matches!(code.len(), 5 | 9);
    let starts = std::iter::once(0).chain(head.match_indices(' ').map(|(at, _)| at + 1));
    let found = starts
        .filter_map(|at| head.split_at_checked(at))
        .find(|(_, region)| tables::region(&place.country, region).is_some());
    let (city, region) = found.filter(|_| is_zip)?;
    Some((city.trim_end(), text.get(city.len()..)?.trim_start())).filter(|_| !region.is_empty())
}

fn take_city(segments: &mut Vec<Segment<'_>>, place: &mut Place, city: &str, tail: &str) {
    let before = if city.is_empty() && segments.len() > 1 {
        segments.pop().unwrap_or_default().join(" ")
    } else {
        String::new()
    };
    place.set_city(if city.is_empty() { &before } else { city });
    place.fill(tail);
}

/// PO box, unit and street of the segments.
pub(super) fn sort_out(mut segments: Vec<Segment<'_>>, country: &str) -> (String, String, Street) {
    let po_box = segments.iter_mut().find_map(unit::take_po_box).unwrap_or_default();
    let mut units: Vec<String> = Vec::new();
    for (at, segment) in segments.iter_mut().enumerate() {
        units.extend(unit::take_units(segment, at > 0));
    }
    segments.retain(|segment| !segment.is_empty());
    let numbered = segments.iter().position(|segment| street::starts_with_number(segment));
    let line = segments.get(numbered.unwrap_or(0)).map(Vec::as_slice).unwrap_or_default();
    let (line, trailing) = unit::part_trailing(line);
    units.extend(trailing);
    units.dedup();
    (po_box, units.join(" "), street::read(line, country))
}
