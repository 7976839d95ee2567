//! Telephone numbers: a hand-written path for the North American plan, the `phonenumber` crate
//! (port of libphonenumber) for the rest of the world.

use std::borrow::Cow;

/// Normal form of a telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneForm {
    /// E.164 with `+`.
    pub e164: String,
    /// National significant number as an integer; a seven-digit NANP number without area code stays seven digits.
    pub national: u64,
    /// Extension, kept apart.
    pub extension: Option<String>,
}

/// Countries of the North American Numbering Plan: <https://nanpa.com>.
const NANP: &[&str] = &[
    "US", "CA", "AG", "AI", "AS", "BB", "BM", "BS", "DM", "DO", "GD", "GU", "JM", "KN", "KY", "LC", "MP", "MS", "PR",
    "SX", "TC", "TT", "VC", "VG", "VI",
];

/// Longer text holds more than one number.
const MAX_RAW_BYTES: usize = 80;
/// E.164 allows 15 digits, an international prefix up to four more.
const MAX_DIGITS: usize = 19;
const MIN_NATIONAL_DIGITS: usize = 5;
const MAX_EXTENSION_DIGITS: usize = 7;

/// Normal form of a telephone number; `country` (ISO code) is where a number without country code is
/// dialled.
///
/// None when the text is no single number, or a placeholder: all digits equal, or counting up or down.
/// Seven digits in the North American plan are kept as a number without area code: `e164` is then
/// `+1` and the seven digits, which equals no complete number.
#[must_use]
pub fn phone(raw: &str, country: &str) -> Option<PhoneForm> {
    if raw.len() > MAX_RAW_BYTES || raw.contains('@') {
        return None;
    }
    let plain: Cow<'_, str> = if raw.is_ascii() { raw.into() } else { deunicode::deunicode(raw).into() };
    let (number, extension) = split_extension(plain.trim());
    let in_nanp = NANP.iter().any(|code| code.eq_ignore_ascii_case(country));
    let dialled = Dialled::read(number, in_nanp)?;
    let (e164, national) = match dialled.north_american(in_nanp) {
        Some(form) => form,
        None => elsewhere(&dialled, country, in_nanp)?,
    };
    Some(PhoneForm { e164, national, extension })
}

/// What is dialled: digits, and whether they begin with a country code.
struct Dialled {
    digits: String,
    international: bool,
}

impl Dialled {
    fn read(number: &str, in_nanp: bool) -> Option<Self> {
        let mut digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if in_nanp && digits.len() < 7 {
            digits = vanity(number);
        }
        let plus = number.contains('+');
        let prefix = if in_nanp { "011" } else { "00" };
        let bare = if plus { None } else { digits.strip_prefix(prefix) }.filter(|rest| rest.len() > 7);
        let international = plus || bare.is_some();
        let digits = bare.map(str::to_owned).unwrap_or(digits);
        let long_enough = (MIN_NATIONAL_DIGITS..=MAX_DIGITS).contains(&digits.len());
        long_enough.then_some(Self { digits, international })
    }

    /// E.164 and national number, when the number belongs to the North American plan.
    fn north_american(&self, in_nanp: bool) -> Option<(String, u64)> {
        let ten = match (self.digits.len(), self.digits.strip_prefix('1')) {
            (11, Some(rest)) if in_nanp || self.international => rest,
            (10 | 7, _) if in_nanp && !self.international => &self.digits,
            _ => return None,
        };
        let has_area = ten.len() == 7 || ten.starts_with(|c| ('2'..='9').contains(&c));
        let exists = has_area && !is_placeholder(ten) && !ten.ends_with("0000000");
        exists.then(|| Some((format!("+1{ten}"), ten.parse().ok()?)))?
    }
}

/// Numbers outside the North American plan, in E.164.
fn elsewhere(dialled: &Dialled, country: &str, in_nanp: bool) -> Option<(String, u64)> {
    let digits = &dialled.digits;
    let foreign = dialled.international || in_nanp;
    if in_nanp && (digits.len() < 11 || digits.starts_with(['0', '1'])) && !dialled.international {
        return None;
    }
    let text = if foreign { format!("+{digits}") } else { digits.clone() };
    let region = if foreign { None } else { country.to_uppercase().parse().ok() };
    let number = phonenumber::parse(region, &text).ok()?;
    // Without a `+` it is a guess that a country code stands in front, so the number has to exist.
    if foreign && !dialled.international && !number.is_valid() {
        return None;
    }
    let zeros = usize::from(number.national().zeros());
    let national = number.national().value();
    let significant = format!("{}{national}", "0".repeat(zeros.min(4)));
    let usable =
        number.code().value() != 0 && significant.len() >= MIN_NATIONAL_DIGITS && !is_placeholder(&significant);
    usable.then(|| (format!("+{}{significant}", number.code().value()), national))
}

/// All digits equal, or counting up or down from end to end.
fn is_placeholder(digits: &str) -> bool {
    let steps = |step: u8| digits.bytes().zip(digits.bytes().skip(1)).all(|(a, b)| (a - b'0' + step) % 10 == b - b'0');
    steps(0) || steps(1) || steps(9)
}

/// Letters dialled as digits, as in `1-800-FLOWERS`; words round a number (`cell`, `home`) are none.
fn vanity(number: &str) -> String {
    let keys: String = number.chars().filter_map(key).collect();
    if matches!(keys.len(), 7 | 10 | 11) { keys } else { String::new() }
}

/// The digit of a telephone key (ITU-T E.161).
fn key(c: char) -> Option<char> {
    match c.to_ascii_lowercase() {
        '0'..='9' => Some(c),
        'a'..='c' => Some('2'),
        'd'..='f' => Some('3'),
        'g'..='i' => Some('4'),
        'j'..='l' => Some('5'),
        'm'..='o' => Some('6'),
        'p'..='s' => Some('7'),
        't'..='v' => Some('8'),
        'w'..='z' => Some('9'),
        _ => None,
    }
}

/// Parts `614-555-0123 ext. 45` into number and extension. Read from the end: up to seven digits, a
/// mark, and before it enough digits for a number of its own.
fn split_extension(text: &str) -> (&str, Option<String>) {
    let head = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = head.get(number.len()..).unwrap_or_default();
    let before = number.trim_end_matches(['.', ':', '=', ' ', '-']);
    let marked = before.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let word = before.get(marked.len()..).unwrap_or_default().to_ascii_lowercase();
    let rest = match word.as_str() {
        "x" | "ext" | "extn" | "extension" | "xt" => marked,
        "" => before.trim_end_matches(['#', ',', ';']),
        _ => return (text, None),
    };
    let is_marked = rest.len() < before.len();
    let enough = rest.bytes().filter(u8::is_ascii_digit).count() >= 7;
    if is_marked && enough && (1..=MAX_EXTENSION_DIGITS).contains(&digits.len()) {
        (rest, Some(digits.to_owned()))
    } else {
        (text, None)
    }
}
