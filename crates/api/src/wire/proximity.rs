//! A search around a place, both ways (virtuous-contract.md 1.1).

use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::Field;
use tributary_contact::flat::{Reader, get, limits};
use tributary_contact::issue::{Issue, IssueCode};
use tributary_engine::{Near, Nearby, contact_view_url, money, one_line};
use utoipa::ToSchema;

/// Reads the body.
///
/// # Errors
/// Every problem of it.
pub(crate) fn parse(body: &Map<String, Value>) -> Result<Near, Vec<Issue>> {
    let mut reader = Reader::new("");
    let latitude = number(body, "latitude", (-90.0, 90.0), "Must be degrees from -90 to 90.", &mut reader);
    let longitude = number(body, "longitude", (-180.0, 180.0), "Must be degrees from -180 to 180.", &mut reader);
    let miles = number(body, "distanceInMiles", (1.0, 100.0), "Must be within 1 and 100 miles.", &mut reader);
    reader.finish()?;
    Ok(Near { latitude, longitude, miles })
}

fn number(
    body: &Map<String, Value>,
    name: &str,
    (from, to): (f64, f64),
    message: &str,
    reader: &mut Reader<'_>,
) -> f64 {
    let text = get(body, name).and_then(|value| reader.text(name, value, limits::SHORT));
    let Some(text) = text else {
        reader.require(name, "A value is needed.");
        return 0.0;
    };
    let number = text.parse().ok().filter(|number| (from..=to).contains(number));
    if number.is_none() {
        reader.issue(name, IssueCode::InvalidValue, message);
    }
    number.unwrap_or_default()
}

/// A contact near a place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NearbyJson {
    id: i64,
    name: Option<String>,
    address: String,
    life_to_date_giving: String,
    contact_view_url: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl NearbyJson {
    /// The contact with its nearest address.
    pub(crate) fn of(nearby: &Nearby) -> Option<Self> {
        let contact = &nearby.contact;
        let own = &contact.golden.addresses.iter().find(|own| own.id == nearby.address)?.address;
        Some(Self {
            id: contact.id.0,
            name: contact.golden.field(Field::Name).map(str::to_owned),
            address: one_line(own),
            life_to_date_giving: money(contact.golden.giving.as_ref().map(|giving| giving.total).unwrap_or_default()),
            contact_view_url: contact_view_url(contact.id),
            latitude: own.latitude.map(tributary_contact::Degrees::degrees),
            longitude: own.longitude.map(tributary_contact::Degrees::degrees),
        })
    }
}

/// The body as a JSON Schema.
pub(crate) fn schema() -> Value {
    let degrees = |most: i64| {
        json!({ "anyOf": [
        { "type": "number", "minimum": -most, "maximum": most }, { "type": "string", "pattern": "[0-9]" },
    ] })
    };
    json!({
        "type": "object",
        "required": ["latitude", "longitude", "distanceInMiles"],
        "properties": {
            "latitude": degrees(90),
            "longitude": degrees(180),
            "distanceInMiles": { "anyOf": [{ "type": "number", "minimum": 1, "maximum": 100 }, { "type": "string", "pattern": "[0-9]" }] },
        },
        "example": { "latitude": 39.9612, "longitude": -82.9988, "distanceInMiles": 10 },
    })
}
