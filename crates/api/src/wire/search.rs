//! A contact that a search found, by the person of it that fits best (virtuous-contract.md 1.1).

use super::contact_list_item::ContactListItem;
use super::schema;
use serde::Serialize;
use serde_json::{Value, json};
use tributary_contact::flat::limits;
use tributary_contact::{Field, GoldenIndividual, ItemId};
use tributary_engine::SearchHit;
use utoipa::ToSchema;

/// The row: `name` is the person's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundJson {
    individual_id: Option<ItemId>,
    #[serde(flatten)]
    contact: ContactListItem,
}

impl From<&SearchHit> for FoundJson {
    fn from(hit: &SearchHit) -> Self {
        let people = &hit.contact.golden.individuals;
        let person = people.iter().find(|person| Some(person.id) == hit.individual);
        let item = ContactListItem::from(&hit.contact);
        let contact = match person.and_then(full_name) {
            Some(name) => item.named(name),
            None => item,
        };
        Self { individual_id: hit.individual, contact }
    }
}

/// First and last name; none when there is neither.
fn full_name(person: &GoldenIndividual) -> Option<String> {
    let parts = [Field::FirstName, Field::LastName].into_iter().filter_map(|field| person.field(field));
    Some(parts.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

/// The body as a JSON Schema.
pub(crate) fn search_schema() -> Value {
    json!({
        "type": "object",
        "properties": { "search": schema::text(limits::SHORT) },
        "example": { "search": "ines okafor bellford" },
    })
}
