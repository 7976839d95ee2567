//! A request, read by the table of parameters. Lenient about letter case and spaces, strict about meaning; all problems
//! at once, each under its path.

use super::calendar::Calendar;
use super::condition::{Condition, Test, days, decimal, micros, number, whole};
use super::facts::{Place, lower};
use super::operator::Operator;
use super::parameter::{Dictionary, Kind, Parameter};
use super::sort::Order;
use super::whole::{Bounds, Query};
use crate::flat::{Reader, clean, get, limits};
use crate::issue::{Issue, IssueCode};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::ops::{Bound, RangeInclusive};

/// Groups of one query at most.
pub const MOST_GROUPS: usize = 2_000;
/// Conditions of one query at most.
pub const MOST_CONDITIONS: usize = 10_000;
/// Values of one condition at most.
const MOST_VALUES: usize = 1_000;

/// A query and the part of what it finds that its body asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The query.
    pub query: Query,
    /// `skip` of the body.
    pub skip: Option<i64>,
    /// `take` of the body.
    pub take: Option<i64>,
}

/// The table and the two calendars that a request is read by.
struct Book<'a> {
    dictionary: &'a Dictionary<'a>,
    own: Calendar<'a>,
    utc: Calendar<'a>,
}

/// Reads a body. Dates are those of the organization's own calendar, but for the `… UTC` parameters.
///
/// # Errors
/// Every problem of it.
pub fn read(
    body: &Value,
    dictionary: &Dictionary<'_>,
    own: Calendar<'_>,
    utc: Calendar<'_>,
) -> Result<Asked, Vec<Issue>> {
    let Some(map) = body.as_object() else {
        return Err(vec![Issue::new("", IssueCode::InvalidType, "Not a JSON object.")]);
    };
    let book = Book { dictionary, own, utc };
    let mut reader = Reader::new("");
    let groups = groups(map, &book, &mut reader);
    let flag = |name: &str, reader: &mut Reader<'_>| reader.boolean(name, get(map, name)?);
    let include_archived = flag("includeArchived", &mut reader).unwrap_or(false);
    let descending = flag("descending", &mut reader).unwrap_or(false);
    let by = get(map, "sortBy").and_then(|value| sort_by(value, &mut reader));
    let order = Order::named(by.as_deref(), descending, dictionary);
    if order.is_none() {
        reader.issue("sortBy", IssueCode::InvalidValue, "Not a parameter of this query.");
    }
    let location = location(map, &mut reader);
    let count = |name: &str, most: i64, reader: &mut Reader<'_>| reader.integer(name, get(map, name)?, 0..=most);
    let (skip, take) = (count("skip", i64::MAX, &mut reader), count("take", 1_000, &mut reader));
    reader.finish()?;
    let order = order.unwrap_or(Order { place: Place::Id, kind: Kind::Int, descending });
    Ok(Asked { query: Query::new(groups, order, include_archived, location), skip, take })
}

/// The name of a parameter. Nothing else is one, however leniently it is read.
fn sort_by(value: &Value, reader: &mut Reader<'_>) -> Option<String> {
    if !matches!(value, Value::String(_) | Value::Null) {
        reader.issue("sortBy", IssueCode::InvalidType, "The name of a parameter is needed.");
    }
    reader.text("sortBy", value, limits::NAME)
}

/// The members of a list; none when it is absent, and a problem when it is anything else.
fn list<'v>(map: &'v Map<String, Value>, name: &str, path: &str, reader: &mut Reader<'_>) -> &'v [Value] {
    match get(map, name) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(_) => {
            reader.issue(path, IssueCode::InvalidType, "Not a list.");
            &[]
        }
    }
}

fn groups(map: &Map<String, Value>, book: &Book<'_>, reader: &mut Reader<'_>) -> Vec<Vec<Condition>> {
    let list = list(map, "groups", "groups", reader);
    if list.len() > MOST_GROUPS {
        reader.issue("groups", IssueCode::TooLong, &format!("At most {MOST_GROUPS} groups."));
        return Vec::new();
    }
    let mut groups = Vec::with_capacity(list.len());
    let mut conditions = 0;
    for (place, group) in list.iter().enumerate() {
        let group = self::group(group, &format!("groups[{place}]"), book, reader);
        conditions += group.len();
        // A group that asks for nothing holds of everything.
        groups.push(group);
    }
    if conditions > MOST_CONDITIONS {
        reader.issue("groups", IssueCode::TooLong, &format!("At most {MOST_CONDITIONS} conditions."));
    }
    groups
}

fn group(group: &Value, path: &str, book: &Book<'_>, reader: &mut Reader<'_>) -> Vec<Condition> {
    let Some(map) = group.as_object() else {
        reader.issue(path, IssueCode::InvalidType, "Not a JSON object.");
        return Vec::new();
    };
    let conditions = list(map, "conditions", &format!("{path}.conditions"), reader).iter().enumerate();
    conditions.filter_map(|(place, own)| condition(own, &format!("{path}.conditions[{place}]"), book, reader)).collect()
}

fn condition(own: &Value, path: &str, book: &Book<'_>, reader: &mut Reader<'_>) -> Option<Condition> {
    let Some(map) = own.as_object() else {
        reader.issue(path, IssueCode::InvalidType, "Not a JSON object.");
        return None;
    };
    let parameter = named(map, (path, "parameter"), reader, |name| book.dictionary.parameter(name));
    let operator = named(map, (path, "operator"), reader, Operator::named);
    let (parameter, operator) = (parameter?, operator?);
    if !Operator::of(parameter.kind, parameter.open).contains(&operator) {
        reader.issue(&format!("{path}.operator"), IssueCode::InvalidValue, "Not an operator of this parameter.");
        return None;
    }
    let asked = Terms { map, path, parameter: &parameter, operator };
    let test = asked.test(book, reader)?;
    Some(Condition { place: parameter.place, test })
}

/// The parameter or operator that a member names.
fn named<T>(
    map: &Map<String, Value>,
    (path, member): (&str, &str),
    reader: &mut Reader<'_>,
    find: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let path = format!("{path}.{member}");
    let Some(name) = get(map, member).and_then(|value| reader.text(&path, value, limits::NAME)) else {
        reader.require(&path, "A name is needed.");
        return None;
    };
    let found = find(&name);
    if found.is_none() {
        reader.issue(&path, IssueCode::InvalidValue, "Not a name that QueryOptions lists.");
    }
    found
}

/// What a condition says beside its names.
struct Terms<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
    parameter: &'a Parameter,
    operator: Operator,
}

impl Terms<'_> {
    fn test(&self, book: &Book<'_>, reader: &mut Reader<'_>) -> Option<Test> {
        match self.operator {
            Operator::IsKnown | Operator::IsSet => return Some(Test::Known(true)),
            Operator::IsNotKnown | Operator::IsNotSet => return Some(Test::Known(false)),
            Operator::IsTrue => return Some(Test::Flag(true)),
            Operator::IsFalse => return Some(Test::Flag(false)),
            _ => {}
        }
        match self.parameter.kind {
            Kind::Int => self.range(reader, |text| whole(text).map(|own| own..=own)).map(whole_range),
            Kind::Decimal => self.range(reader, |text| decimal(text).map(|own| own..=own)).map(decimal_range),
            Kind::Date | Kind::Time => self.date(book, reader),
            Kind::Phone => self.text(reader, number),
            _ => self.text(reader, |text| Some(lower(&clean(text))).filter(|text| !text.is_empty())),
        }
    }

    fn date(&self, book: &Book<'_>, reader: &mut Reader<'_>) -> Option<Test> {
        let calendar = if self.parameter.kind == Kind::Time { &book.utc } else { &book.own };
        let is_instant = matches!(
            self.parameter.place,
            Place::Created | Place::Modified | Place::Line(super::facts::code::NOTE_TIME)
        );
        if is_instant {
            return self.range(reader, |text| micros(text, calendar)).map(whole_range);
        }
        self.range(reader, |text| days(text, calendar)).map(day_range)
    }

    fn text(&self, reader: &mut Reader<'_>, form: impl Fn(&str) -> Option<String>) -> Option<Test> {
        let negated = matches!(self.operator, Operator::IsNot | Operator::NotIn | Operator::IsNoneOf);
        if self.operator.takes_many() {
            return Some(self.among(self.values(reader, form)?, negated));
        }
        let value = self.value("value", reader, form)?;
        Some(match self.operator {
            Operator::Contains => Test::Contains(value),
            Operator::StartsWith => Test::StartsWith(value),
            Operator::EndsWith => Test::EndsWith(value),
            _ => self.among(vec![value], negated),
        })
    }

    fn among(&self, values: Vec<String>, negated: bool) -> Test {
        if self.parameter.kind == Kind::Phone { Test::Number(values, negated) } else { Test::Among(values, negated) }
    }

    /// The value and the operator as the ends of a range, each with whether it belongs to it.
    fn range<T: Clone + PartialOrd>(
        &self,
        reader: &mut Reader<'_>,
        form: impl Fn(&str) -> Option<RangeInclusive<T>>,
    ) -> Option<(Bound<T>, Bound<T>)> {
        use Bound::{Excluded, Included, Unbounded};
        let first = self.value("value", reader, &form);
        if self.operator == Operator::Between {
            let second = self.value("secondaryValue", reader, &form);
            return Some((Included(first?.into_inner().0), Included(second?.into_inner().1)));
        }
        let (from, to) = first?.into_inner();
        Some(match self.operator {
            Operator::LessThan | Operator::Before => (Unbounded, Excluded(from)),
            Operator::LessThanOrEqual | Operator::OnOrBefore => (Unbounded, Included(to)),
            Operator::GreaterThan | Operator::After => (Excluded(to), Unbounded),
            Operator::GreaterThanOrEqual | Operator::OnOrAfter => (Included(from), Unbounded),
            _ => (Included(from), Included(to)),
        })
    }

    /// The one value: `value`, or the only one of `values`.
    fn value<T>(&self, name: &str, reader: &mut Reader<'_>, form: impl Fn(&str) -> Option<T>) -> Option<T> {
        let path = format!("{}.{name}", self.path);
        let only = || match get(self.map, "values") {
            Some(Value::Array(list)) if name == "value" && list.len() == 1 => list.first(),
            _ => None,
        };
        let given = get(self.map, name).filter(|value| !value.is_null()).or_else(only);
        let Some(text) = given.and_then(|value| reader.text(&path, value, limits::VALUE)) else {
            reader.require(&path, "This operator needs a value.");
            return None;
        };
        self.formed(&text, &path, reader, form)
    }

    /// Every value: `values`, or the only `value`.
    fn values(&self, reader: &mut Reader<'_>, form: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
        let path = format!("{}.values", self.path);
        let given = list(self.map, "values", &path, reader);
        if given.is_empty() {
            let one = get(self.map, "value").filter(|value| !value.is_null());
            if one.is_none() {
                reader.issue(&path, IssueCode::Required, "This operator needs values.");
                return None;
            }
            return self.value("value", reader, form).map(|value| vec![value]);
        }
        if given.len() > MOST_VALUES {
            reader.issue(&path, IssueCode::TooLong, &format!("At most {MOST_VALUES} values."));
            return None;
        }
        let one = |(place, value): (usize, &Value)| {
            let path = format!("{path}[{place}]");
            let text = reader.text(&path, value, limits::VALUE)?;
            self.formed(&text, &path, reader, &form)
        };
        Some(given.iter().enumerate().filter_map(one).collect())
    }

    fn formed<T>(
        &self,
        text: &str,
        path: &str,
        reader: &mut Reader<'_>,
        form: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = form(text);
        if value.is_none() {
            let message = match self.parameter.kind {
                Kind::Int => "Not a whole number.",
                Kind::Decimal => "Not a number.",
                Kind::Date | Kind::Time => "Not a date.",
                Kind::Phone => "Has no digits.",
                _ => "Not a text.",
            };
            reader.issue(path, IssueCode::InvalidFormat, message);
        }
        value
    }
}

fn whole_range((from, to): (Bound<i64>, Bound<i64>)) -> Test {
    let from = match from {
        Bound::Included(from) => from,
        Bound::Excluded(from) => from.saturating_add(1),
        Bound::Unbounded => i64::MIN,
    };
    let to = match to {
        Bound::Included(to) => to,
        Bound::Excluded(to) => to.saturating_sub(1),
        Bound::Unbounded => i64::MAX,
    };
    Test::Whole(from..=to)
}

fn decimal_range((from, to): (Bound<Decimal>, Bound<Decimal>)) -> Test {
    Test::Decimal(from, to)
}

fn day_range((from, to): (Bound<NaiveDate>, Bound<NaiveDate>)) -> Test {
    let from = match from {
        Bound::Included(from) => from,
        Bound::Excluded(from) => from.succ_opt().unwrap_or(from),
        Bound::Unbounded => NaiveDate::MIN,
    };
    let to = match to {
        Bound::Included(to) => to,
        Bound::Excluded(to) => to.pred_opt().unwrap_or(to),
        Bound::Unbounded => NaiveDate::MAX,
    };
    Test::Days(from..=to)
}

fn location(map: &Map<String, Value>, reader: &mut Reader<'_>) -> Option<Bounds> {
    let own = match get(map, "queryLocation")? {
        Value::Null => return None,
        Value::Object(own) => own,
        _ => {
            reader.issue("queryLocation", IssueCode::InvalidType, "Not a JSON object.");
            return None;
        }
    };
    let mut degrees = |name: &str, most: f64| {
        let path = format!("queryLocation.{name}");
        let Some(text) = get(own, name).and_then(|value| reader.text(&path, value, limits::SHORT)) else {
            reader.require(&path, "A value is needed.");
            return None;
        };
        let degrees = text.parse().ok().filter(|degrees: &f64| degrees.abs() <= most);
        if degrees.is_none() {
            reader.issue(&path, IssueCode::InvalidValue, &format!("Must be degrees from -{most} to {most}."));
        }
        degrees
    };
    let [north, south] = ["topLatitude", "bottomLatitude"].map(|name| degrees(name, 90.0));
    let [west, east] = ["leftLongitude", "rightLongitude"].map(|name| degrees(name, 180.0));
    Some(Bounds { south: south?, north: north?, west: west?, east: east? })
}
