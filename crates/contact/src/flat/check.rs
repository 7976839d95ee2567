//! Checks of single values, shared by every parser of partner input.

use crate::model::{BaseType, ContactType};

/// The text as it is kept: control and invisible characters taken out (line breaks and tabs become
/// spaces), ends trimmed. Empty means blank.
#[must_use]
pub fn clean(raw: &str) -> String {
    if is_clean(raw) {
        return raw.trim().to_owned();
    }
    let kept: String = raw.chars().filter_map(visible).collect();
    kept.trim().to_owned()
}

/// Whether the text is kept as it is, but for blanks at its ends.
pub(super) fn is_clean(raw: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    raw.bytes().all(plain) || !raw.contains(|c: char| c.is_control() || is_invisible(c))
}

/// Zero-width space and byte order mark: they come out of spreadsheets and mean nothing.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}')
}

fn visible(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() || is_invisible(c) => None,
        c => Some(c),
    }
}

/// Whether the text has the shape of an e-mail address: one `@`, something before it, a plain or
/// dotted host after it, no white space. Whether the mailbox is of any use is not asked.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let host_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    !local.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || "<>,;".contains(c))
        && domain.split('.').all(host_label)
}

/// The contact type that a text names: a base type, or one of the organization's own, in any case.
#[must_use]
pub fn contact_type(text: &str, custom_types: &[(BaseType, String)]) -> Option<ContactType> {
    let base = BaseType::ALL.iter().copied().find(|base| base.as_str().eq_ignore_ascii_case(text));
    if let Some(base) = base {
        return Some(ContactType { base, custom: None });
    }
    let wanted = text.to_lowercase();
    let (base, name) = custom_types.iter().find(|(_, name)| name.to_lowercase() == wanted)?;
    Some(ContactType { base: *base, custom: Some(name.clone()) })
}

/// The documented spelling of an e-mail type (virtuous-contract.md 2.4). `Home` and `email` will do.
#[must_use]
pub fn email_label(text: &str) -> Option<&'static str> {
    match bare(text, "email").as_str() {
        "" | "home" => Some("Home Email"),
        "work" => Some("Work Email"),
        "other" => Some("Other Email"),
        _ => None,
    }
}

/// The documented spelling of a phone type (virtuous-contract.md 2.4). `Mobile` and `phone` will do.
#[must_use]
pub fn phone_label(text: &str) -> Option<&'static str> {
    match bare(text, "phone").as_str() {
        "" | "home" => Some("Home Phone"),
        "mobile" | "cell" => Some("Mobile Phone"),
        "work" => Some("Work Phone"),
        "other" => Some("Other Phone"),
        "fax" => Some("Fax"),
        _ => None,
    }
}

/// The label in lower-case letters only, without the noun at its end.
fn bare(text: &str, noun: &str) -> String {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.strip_suffix(noun).map(str::to_owned).unwrap_or(letters)
}
