//! The body of a query as a JSON Schema, made from the table of parameters that it is read by.

use super::schema;
use serde_json::{Value, json};
use tributary_contact::flat::limits;
use tributary_contact::query::{
    Dictionary, MOST_CONDITIONS, MOST_GROUPS, OperatorOption, ParameterOption, Subject, options,
};

/// A day, an instant, or words that are counted from today.
const DATE: &str =
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$|^Today$|^Yesterday$|^[1-9][0-9]? Days Ago$";

/// The body of a query about a subject. Custom fields of the organization are parameters too, under their display names.
pub(crate) fn schema(subject: Subject) -> Value {
    let known = options(&Dictionary { subject, types: &[], custom_fields: &[] }).options;
    let names: Vec<&str> = known.iter().map(|option| option.parameter.as_str()).collect();
    let mut conditions: Vec<(Vec<&str>, &ParameterOption)> = Vec::new();
    for option in &known {
        match conditions.iter_mut().find(|(_, other)| is_alike(other, option)) {
            Some((names, _)) => names.push(&option.parameter),
            None => conditions.push((vec![&option.parameter], option)),
        }
    }
    let conditions: Vec<Value> = conditions.iter().flat_map(|(names, option)| shapes(names, option)).collect();
    let group = json!({
        "type": "object",
        "properties": { "conditions": { "type": ["array", "null"], "items": { "anyOf": conditions }, "maxItems": MOST_CONDITIONS } },
    });
    let sort = [vec!["Id"], names].concat();
    json!({
        "type": "object",
        "description": "Groups are joined by OR, their conditions by AND; no groups ask for everything. Custom fields \
            are parameters under their display names.",
        "properties": {
            "includeArchived": schema::flag(),
            "queryLocation": location(),
            "groups": { "type": ["array", "null"], "maxItems": MOST_GROUPS, "items": group },
            "sortBy": { "anyOf": [{ "enum": sort }, { "type": "null" }] },
            "descending": schema::flag(),
            "skip": schema::integer(0, i64::MAX),
            "take": schema::integer(0, 1_000),
        },
        "example": example(subject),
    })
}

fn example(subject: Subject) -> Value {
    let condition = |parameter: &str, operator: &str, value: &str| json!({ "parameter": parameter, "operator": operator, "value": value });
    let first = match subject {
        Subject::Note => {
            vec![condition("Note", "Contains", "gala"), condition("Note Date", "OnOrAfter", "30 Days Ago")]
        }
        _ => vec![condition("Last Name", "Is", "Okafor-Lund"), condition("Postal", "StartsWith", "440")],
    };
    json!({ "groups": [{ "conditions": first }], "sortBy": "Id", "descending": false })
}

fn is_alike(a: &ParameterOption, b: &ParameterOption) -> bool {
    let is_number = |option: &ParameterOption| NUMBERS.contains(&option.parameter.as_str());
    (a.kind, &a.operator_options, is_number(a)) == (b.kind, &b.operator_options, is_number(b))
}

/// Parameters that are compared by their digits.
const NUMBERS: &[&str] = &["Phone Number", "Fax"];

/// The conditions on parameters of one kind: without a value, with one, with two, with a list.
fn shapes(names: &[&str], option: &ParameterOption) -> Vec<Value> {
    let value = value(option);
    let many = json!({ "type": "array", "minItems": 1, "maxItems": 1_000, "items": value });
    let between = |own: &&OperatorOption| own.operator.as_str() == "Between";
    let operators = &option.operator_options;
    let named = |wanted: &dyn Fn(&&OperatorOption) -> bool| -> Vec<&str> {
        operators.iter().filter(wanted).map(|own| own.operator.as_str()).collect()
    };
    let shape = |operators: Vec<&str>, members: &[(&str, &Value)]| {
        let mut properties = json!({ "parameter": { "enum": names }, "operator": { "enum": operators } });
        let mut required = vec!["parameter", "operator"];
        for (name, member) in members {
            required.push(name);
            if let Some(map) = properties.as_object_mut() {
                map.insert((*name).to_owned(), (*member).clone());
            }
        }
        (!operators.is_empty()).then(|| json!({ "type": "object", "required": required, "properties": properties }))
    };
    let bare = shape(named(&|own| !own.value_required), &[]);
    let one =
        shape(named(&|own| own.value_required && !own.multiple_values_allowed && !between(own)), &[("value", &value)]);
    let two = shape(named(&between), &[("value", &value), ("secondaryValue", &value)]);
    let list = shape(named(&|own| own.multiple_values_allowed), &[("values", &many)]);
    [bare, one, two, list].into_iter().flatten().collect()
}

fn value(option: &ParameterOption) -> Value {
    match option.kind {
        "Int" => json!({ "anyOf": [
            { "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX },
            { "type": "string", "pattern": "^[1-9][0-9]{0,17}$" },
        ] }),
        "Decimal" => json!({ "anyOf": [
            { "type": "integer", "minimum": -1_000_000_000, "maximum": 1_000_000_000 },
            { "type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,2})?$" },
        ] }),
        "Date" => json!({ "type": "string", "pattern": DATE }),
        _ if NUMBERS.contains(&option.parameter.as_str()) => {
            json!({ "type": "string", "pattern": "^[0-9() +-]*[0-9]$", "maxLength": 100 })
        }
        _ => schema::filled_text(limits::VALUE),
    }
}

fn location() -> Value {
    let degrees = |most: i64| json!({ "type": "number", "minimum": -most, "maximum": most });
    let box_ = json!({
        "type": "object",
        "required": ["topLatitude", "leftLongitude", "bottomLatitude", "rightLongitude"],
        "properties": {
            "topLatitude": degrees(90), "bottomLatitude": degrees(90),
            "leftLongitude": degrees(180), "rightLongitude": degrees(180),
        },
    });
    json!({ "anyOf": [box_, { "type": "null" }] })
}
