//! The quick way through a file of rows: the texts that matching looks at, borrowed from the line. Only rows that are as
//! plain as nearly all are go this way; whatever is out of the ordinary in a row, be it only a number for a text, is
//! left to [`read_flat`](super::read_flat) and [`read_record`](super::read_record), which it agrees with.

use super::check::{clean, email_label, is_clean, is_email, phone_label};
use super::table::{self, limits};
use crate::model::BaseType;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A text of the flat body, as a place in [`PlainRow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// `contactId` of a row on file.
    ContactId,
    /// `referenceSource`
    ReferenceSource,
    /// `referenceId`
    ReferenceId,
    /// `contactType`
    ContactType,
    /// `title`
    Title,
    /// `firstName`
    FirstName,
    /// `middleName`
    MiddleName,
    /// `lastName`
    LastName,
    /// `suffix`
    Suffix,
    /// `name`
    Name,
    /// `emailType`
    EmailType,
    /// `email`
    Email,
    /// `phoneType`
    PhoneType,
    /// `phone`
    Phone,
    /// `address1`
    Address1,
    /// `address2`
    Address2,
    /// `city`
    City,
    /// `state`
    State,
    /// `postal`
    Postal,
    /// `country`
    Country,
}

/// How many texts there are.
const TEXTS: usize = 20;

/// Names and greatest lengths, in the order of [`Text`], which is that of most files too.
const NAMES: [(&str, usize); TEXTS] = [
    ("contactId", limits::REFERENCE),
    ("referenceSource", limits::REFERENCE),
    ("referenceId", limits::REFERENCE),
    ("contactType", limits::SHORT),
    ("title", limits::SHORT),
    ("firstName", limits::NAME),
    ("middleName", limits::NAME),
    ("lastName", limits::NAME),
    ("suffix", limits::SHORT),
    ("name", limits::NAME),
    ("emailType", limits::SHORT),
    ("email", limits::EMAIL),
    ("phoneType", limits::SHORT),
    ("phone", limits::SHORT),
    ("address1", limits::NAME),
    ("address2", limits::NAME),
    ("city", limits::SHORT),
    ("state", limits::SHORT),
    ("postal", limits::CODE),
    ("country", limits::SHORT),
];

/// The texts of a row, trimmed, none of them blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainRow<'a> {
    texts: [Option<Cow<'a, str>>; TEXTS],
    /// The kind of giving unit, where it is said.
    pub base: Option<BaseType>,
}

impl PlainRow<'_> {
    /// The text in one place.
    #[must_use]
    pub fn text(&self, place: Text) -> Option<&str> {
        self.texts.get(place as usize)?.as_deref()
    }

    /// The reference: source and id.
    #[must_use]
    pub fn reference(&self) -> Option<(&str, &str)> {
        Some((self.text(Text::ReferenceSource)?, self.text(Text::ReferenceId)?))
    }
}

/// A plain transaction; none for a line that has to be read with care.
#[must_use]
pub fn plain_flat(line: &[u8]) -> Option<PlainRow<'_>> {
    let row = read(line)?;
    let (reference, one) = (row.reference().is_some(), |place| row.text(place).is_some());
    let someone = [Text::FirstName, Text::LastName, Text::Name, Text::Email, Text::Phone].into_iter().any(one);
    let somewhere = [Text::Address1, Text::Address2, Text::City, Text::State, Text::Postal, Text::Country];
    (reference || someone || somewhere.into_iter().any(one)).then_some(row)
}

/// A plain row on file; none for a line that has to be read with care.
#[must_use]
pub fn plain_record(line: &[u8]) -> Option<PlainRow<'_>> {
    plain_flat(line).filter(|row| row.text(Text::ContactId).is_some())
}

fn read(line: &[u8]) -> Option<PlainRow<'_>> {
    // All of it at once, which is less work than text by text.
    let mut json = serde_json::Deserializer::from_str(std::str::from_utf8(line).ok()?);
    let texts = json.deserialize_map(Texts).ok()??;
    json.end().ok()?;
    checked(PlainRow { texts, base: None })
}

/// The row if every text in it is one that needs no word about it.
fn checked(mut row: PlainRow<'_>) -> Option<PlainRow<'_>> {
    for (text, (_, limit)) in row.texts.iter_mut().zip(NAMES) {
        *text = match text.take() {
            Some(raw) => trimmed(raw, limit)?,
            None => None,
        };
    }
    let known = |place, label: fn(&str) -> Option<&'static str>| label(row.text(place).unwrap_or_default()).is_some();
    let labelled = known(Text::EmailType, email_label) && known(Text::PhoneType, phone_label);
    let mailbox = row.text(Text::Email).is_none_or(is_email);
    let sourced = row.text(Text::ReferenceId).is_none() || row.text(Text::ReferenceSource).is_some();
    if let Some(text) = row.text(Text::ContactType) {
        row.base = Some(BaseType::ALL.iter().copied().find(|base| base.as_str().eq_ignore_ascii_case(text))?);
    }
    (labelled && mailbox && sourced).then_some(row)
}

/// The text without blanks at its ends, or nothing for a blank one; none at all for one that has to be cleaned or is too
/// long.
fn trimmed(raw: Cow<'_, str>, limit: usize) -> Option<Option<Cow<'_, str>>> {
    if !is_clean(&raw) {
        return None;
    }
    let text = match raw {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(clean(&text)),
    };
    (text.len() <= limit).then(|| Some(text).filter(|text| !text.is_empty()))
}

/// A value of the row.
enum Value<'a> {
    Nothing,
    Text(Cow<'a, str>),
    /// Neither a text nor nothing.
    Odd,
}

/// Which text a name stands for.
enum Name {
    Text(usize),
    /// It means nothing here.
    Unknown,
    /// Another field, or a text in an unusual spelling.
    Odd,
}

/// Reads a row; none when anything in it is odd.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Option<[Option<Cow<'de, str>>; TEXTS]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut texts: [Option<Cow<'de, str>>; TEXTS] = Default::default();
        let (mut next, mut seen, mut plain) = (0, 0_u32, true);
        while let Some(name) = map.next_key_seed(NameAt(next))? {
            match (name, map.next_value_seed(AnyValue)?) {
                (Name::Text(at), value) => {
                    plain &= seen & (1 << at) == 0 && !matches!(value, Value::Odd);
                    seen |= 1 << at;
                    next = at + 1;
                    if let (Some(place), Value::Text(text)) = (texts.get_mut(at), value) {
                        *place = Some(text);
                    }
                }
                (Name::Unknown, Value::Text(_)) | (Name::Unknown | Name::Odd, Value::Nothing) => {}
                _ => plain = false,
            }
        }
        Ok(plain.then_some(texts))
    }
}

/// Reads a name, which is likely the one at this place of the list.
struct NameAt(usize);

impl<'de> DeserializeSeed<'de> for NameAt {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Name, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for NameAt {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        let likely = NAMES.get(self.0).is_some_and(|(likely, _)| *likely == name);
        let known = if likely { Some(self.0) } else { NAMES.iter().position(|(known, _)| *known == name) };
        let odd = || name.eq_ignore_ascii_case("contactId") || table::find(name).is_some();
        Ok(known.map_or_else(|| if odd() { Name::Odd } else { Name::Unknown }, Name::Text))
    }
}

struct AnyValue;

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value<'de>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Nothing)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Odd)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Odd)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value<'de>, E> {
        Ok(Value::Odd)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Odd)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Odd)
    }
}
