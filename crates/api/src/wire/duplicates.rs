//! Who may be meant, on the wire.

use super::full_contact::full_contact;
use super::schema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tributary_contact::flat::{FlatContext, Reader, get, parse_flat};
use tributary_contact::issue::Issue;
use tributary_contact::{ContactId, Submission};
use tributary_engine::{Candidate, Catalogue, DuplicateCandidate, Duplicates, FullContact, Shown};
use utoipa::ToSchema;

/// Who may be meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DuplicatesJson {
    candidates: Vec<DuplicateJson>,
    /// `merge`, `addIndividual`, `review` or `create`.
    recommendation: &'static str,
    reason: Option<&'static str>,
    weights_version: String,
}

/// A contact that may be meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DuplicateJson {
    contact_id: i64,
    individual_id: i64,
    /// Probability of being this individual in percent, rounded down.
    score: i64,
    /// `certain`, `likely` or `possible`.
    band: &'static str,
    matched_on: Vec<String>,
    conflicts: Vec<String>,
    sentence: String,
    explanation: Value,
    contact: FullContact,
}

impl DuplicatesJson {
    /// The answer.
    pub(crate) fn of(found: &Duplicates, shown: &Shown) -> Self {
        Self {
            candidates: found.candidates.iter().map(|one| DuplicateJson::of(one, shown)).collect(),
            recommendation: found.recommendation.as_str(),
            reason: found.reason.map(|reason| reason.as_str()),
            weights_version: found.weights_version.clone(),
        }
    }
}

impl DuplicateJson {
    fn of(one: &DuplicateCandidate, shown: &Shown) -> Self {
        Self {
            contact_id: one.contact.id.0,
            individual_id: one.individual.0,
            score: percent(one.candidate.probability),
            band: one.band.as_str(),
            matched_on: fields(&one.candidate, |bits| bits > 0.0),
            conflicts: fields(&one.candidate, |bits| bits < 0.0),
            sentence: one.account.sentence.clone(),
            explanation: serde_json::to_value(&one.candidate).unwrap_or_default(),
            contact: full_contact(&one.contact, shown),
        }
    }
}

/// The fields whose bits are so.
pub(crate) fn fields(candidate: &Candidate, speaks: fn(f64) -> bool) -> Vec<String> {
    let parts = candidate.evidence.iter().filter(|part| speaks(part.bits));
    parts.filter_map(|part| serde_json::to_value(part.field).ok()?.as_str().map(str::to_owned)).collect()
}

/// Never a hundred, which no evidence is.
pub(crate) fn percent(probability: f64) -> i64 {
    (0..100).rev().find(|percent| f64::from(*percent) <= probability * 100.0).map_or(0, i64::from)
}

/// What is asked about.
pub(crate) enum Asked {
    /// Something that could be submitted.
    Submission(Box<Submission>),
    /// A contact on file.
    Contact(ContactId),
}

/// A body with a `contactId` and nothing else is about that contact.
pub(crate) fn parse(body: &Value, catalogue: &Catalogue) -> Result<Asked, Vec<Issue>> {
    match body.as_object().and_then(only_contact) {
        Some(id) => {
            let mut reader = Reader::new("");
            let id = reader.integer("contactId", id, 1..=i64::MAX);
            reader.finish()?;
            Ok(Asked::Contact(ContactId(id.unwrap_or(0))))
        }
        None => {
            let parsed = parse_flat(body, &FlatContext { ..catalogue.flat() })?;
            Ok(Asked::Submission(Box::new(parsed.submission)))
        }
    }
}

fn only_contact(map: &Map<String, Value>) -> Option<&Value> {
    get(map, "contactId").filter(|_| map.len() == 1)
}

/// The body as a JSON Schema.
pub(crate) fn input_schema() -> Value {
    let contact = json!({
        "type": "object",
        "required": ["contactId"],
        "properties": { "contactId": schema::integer(1, i64::MAX) },
        "additionalProperties": false,
    });
    json!({
        "anyOf": [contact, { "$ref": "#/components/schemas/ContactTransaction" }],
        "example": { "contactId": 70_114 },
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_percentage_is_rounded_down_and_never_a_hundred() {
        assert_eq!([0.0, 0.019, 0.5, 0.999, 1.0].map(super::percent), [0, 1, 50, 99, 99]);
    }
}
