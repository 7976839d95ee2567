//! City, region, postal code and country.

use super::tables;
use crate::model::Address;
use crate::normalise::fold_text;

/// The place of an address.
pub(super) struct Place {
    pub city: String,
    pub state: String,
    pub postal: String,
    pub country: String,
    /// Whether the sender named a country.
    pub names_country: bool,
}

/// Parts of the United States that are written as countries too.
const TERRITORIES: &[&str] = &["pr", "gu", "vi", "as", "mp"];

pub(super) fn read(raw: &Address, default_country: &str) -> Place {
    let fold = |part: &Option<String>| part.as_deref().map(fold_text).unwrap_or_default();
    let (state, postal, country) = (fold(&raw.state), fold(&raw.postal).replace(' ', ""), fold(&raw.country));
    let named = raw.country.as_deref().and_then(tables::country).map(str::to_owned);
    let names_country = !country.is_empty();
    let country = match named {
        Some(code) => code,
        None if names_country => country,
        None => implied(&state, &postal, &default_country.to_ascii_lowercase()),
    };
    let mut place = Place { city: String::new(), state, postal, country, names_country };
    place.move_territory();
    place.set_city(raw.city.as_deref().unwrap_or_default());
    place.standardise();
    place
}

/// The country that region and postal code point to when none is named and the default country, one of
/// those whose codes we know, does not know the region.
fn implied(state: &str, postal: &str, default: &str) -> String {
    let is_region_of = |country: &str| tables::region(country, state).is_some();
    let home = || default.to_owned();
    if !matches!(default, "us" | "ca" | "gb" | "au") || is_region_of(default) || is_postal_of(default, postal) {
        return home();
    }
    let fits = |country: &&str| {
        let known = if *country == "us" {
            is_region_of("us")
        } else {
            state.is_empty() || *country == "gb" || is_region_of(country)
        };
        known && is_postal_of(country, postal)
    };
    ["us", "ca", "gb"].into_iter().find(fits).map_or_else(home, str::to_owned)
}

/// Whether a folded postal code has the shape that the country uses.
fn is_postal_of(country: &str, postal: &str) -> bool {
    let shape: Vec<u8> = postal.bytes().map(|b| if b.is_ascii_digit() { b'9' } else { b'a' }).collect();
    match country {
        "us" => matches!(&shape[..], b"99999" | b"999999999"),
        "ca" => &shape[..] == b"a9a9a9",
        "gb" => shape.ends_with(b"9aa") && shape.starts_with(b"a") && (5..=7).contains(&shape.len()),
        _ => false,
    }
}

impl Place {
    /// `Puerto Rico` as a country is a region of the United States.
    fn move_territory(&mut self) {
        if TERRITORIES.contains(&self.country.as_str()) {
            self.state = std::mem::replace(&mut self.country, "us".to_owned());
        }
    }

    /// Sets the city; `Columbus, OH 43203` gives region and postal code too where they are missing.
    pub(super) fn set_city(&mut self, raw: &str) {
        let (city, rest) = raw.split_once(',').unwrap_or((raw, ""));
        self.city = standard_city(&fold_text(city));
        self.fill(&fold_text(rest));
        if let Some(city) = self.city.strip_suffix(" dc").filter(|city| *city == "washington") {
            self.city = city.to_owned();
            self.fill("dc");
        }
    }

    /// Takes `oh`, `oh 43203` or `43203` for what is missing of region and postal code.
    pub(super) fn fill(&mut self, folded: &str) {
        if folded.is_empty() {
            return;
        }
        let digits = folded.bytes().position(|b| b.is_ascii_digit()).unwrap_or(folded.len());
        let (region, postal) = folded.split_at_checked(digits).unwrap_or((folded, ""));
        if self.state.is_empty() && tables::region(&self.country, region.trim()).is_some() {
            self.state = region.trim().to_owned();
        }
        if self.postal.is_empty() {
            self.postal = postal.replace(' ', "");
        }
        self.standardise();
    }

    fn standardise(&mut self) {
        if let Some(code) = tables::region(&self.country, &self.state) {
            self.state = code.to_owned();
        }
        if self.country == "us" {
            self.postal = zip(&self.postal);
        }
    }
}

/// Five digits of a ZIP. Spreadsheets drop leading zeros: three or four digits are filled up.
fn zip(folded: &str) -> String {
    if folded.len() == 5 && folded.bytes().all(|b| b.is_ascii_digit()) && !matches!(folded, "00000" | "99999") {
        return folded.to_owned();
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let five = match digits.len() {
        3..=5 => format!("{digits:0>5}"),
        7..=8 => format!("{digits:0>9}").chars().take(5).collect(),
        9 => digits.chars().take(5).collect(),
        _ => folded.to_owned(),
    };
    if matches!(five.as_str(), "00000" | "99999") { String::new() } else { five }
}

/// A folded city with its abbreviations spelled out.
fn standard_city(folded: &str) -> String {
    if matches!(folded, "nyc" | "new york city") {
        return "new york".to_owned();
    }
    let several = folded.contains(' ');
    let spelled: Vec<&str> =
        folded.split(' ').enumerate().map(|(at, word)| city_word(word, at == 0 && several)).collect();
    spelled.join(" ")
}

/// One word of a city spelled out; directionals only before another word.
fn city_word(word: &str, is_before: bool) -> &str {
    match word {
        "st" => "saint",
        "ste" => "sainte",
        "ft" => "fort",
        "mt" => "mount",
        "n" if is_before => "north",
        "s" if is_before => "south",
        "e" if is_before => "east",
        "w" if is_before => "west",
        "hts" => "heights",
        "spgs" | "spngs" => "springs",
        "bch" => "beach",
        "twp" => "township",
        "vlg" => "village",
        _ => word,
    }
}
