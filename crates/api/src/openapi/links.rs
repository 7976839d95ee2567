//! What can be done next with what an operation made: OpenAPI links. Clients follow them, and so do tests that try
//! requests one after the other.

use super::put;
use serde_json::{Map, Value, json};

/// What is linked to by the `id` in the body of a 200: parameter of the path, and the operations that have it.
type Next = &'static [(&'static str, &'static [&'static str])];

/// Operations with a thing of its own in their answer.
const LINKS: &[(&str, Next)] = &[
    ("createContact", CONTACT),
    ("updateContact", CONTACT),
    ("findContact", CONTACT),
    ("createContactIndividual", INDIVIDUAL),
    ("findContactIndividual", INDIVIDUAL),
    ("createContactMethod", METHOD),
    ("createContactAddress", ADDRESS),
    ("createNote", &[("noteId", &["getNote", "updateNote", "deleteNote"])]),
    ("createTag", &[("tagId", &["listContactsByTag"])]),
    (
        "createGroup",
        &[("groupId", &["getGroup", "listContactsOfGroup", "addContactToGroup", "removeContactFromGroup"])],
    ),
    ("createWebhook", WEBHOOK),
    ("createKey", &[("id", &["rotateKey", "revokeKey"])]),
    ("runBatch", &[("id", &["getBatch"])]),
];

const CONTACT: Next = &[(
    "contactId",
    &[
        "getContact",
        "updateContact",
        "archiveContact",
        "unarchiveContact",
        "toggleFollow",
        "listContactIndividual",
        "listContactAddress",
        "listNotes",
        "listContactTags",
        "listGroupsOfContact",
        "listGifts",
        "createCollectionEntry",
    ],
)];

const INDIVIDUAL: Next = &[(
    "id",
    &[
        "getContactIndividual",
        "updateContactIndividual",
        "listEmailLists",
        "getAvatar",
        "putAvatar",
        "deleteContactIndividual",
    ],
)];

const METHOD: Next = &[(
    "id",
    &[
        "getContactMethod",
        "updateContactMethod",
        "archiveContactMethod",
        "unarchiveContactMethod",
        "deleteContactMethod",
    ],
)];

const ADDRESS: Next = &[(
    "id",
    &[
        "getContactAddress",
        "updateContactAddress",
        "archiveContactAddress",
        "unarchiveContactAddress",
        "deleteContactAddress",
    ],
)];

const WEBHOOK: Next = &[(
    "id",
    &[
        "getWebhook",
        "updateWebhook",
        "setWebhookActive",
        "listDeliveries",
        "listReplays",
        "rotateWebhookSecret",
        "deleteWebhook",
    ],
)];

/// Adds the links to the operation that has them.
pub(super) fn add(operation: &mut Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str);
    let Some((_, next)) = LINKS.iter().find(|(from, _)| Some(*from) == id) else { return };
    let links: Map<String, Value> = next.iter().flat_map(|(name, targets)| links(name, targets)).collect();
    let answer = operation.get_mut("responses").and_then(|responses| responses.get_mut("200"));
    if let Some(answer) = answer {
        put(answer, "links", Value::Object(links));
    }
}

fn links(name: &str, targets: &[&str]) -> Vec<(String, Value)> {
    let link = |target: &&str| {
        let parameters = json!({ name: "$response.body#/id" });
        ((*target).to_owned(), json!({ "operationId": target, "parameters": parameters }))
    };
    targets.iter().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link that names what is not there would be followed into nothing.
    #[test]
    fn links_name_operations_and_their_parameters() {
        let document = crate::openapi::document();
        let paths = document["paths"].as_object().unwrap().values();
        let operations: Vec<&Value> = paths.flat_map(|path| path.as_object().unwrap().values()).collect();
        let named = |id: &str| operations.iter().find(|operation| operation["operationId"] == id);
        for (from, next) in LINKS {
            assert!(named(from).is_some_and(|own| own["responses"]["200"]["links"].is_object()), "{from}");
            for (name, targets) in *next {
                for target in *targets {
                    let parameters = named(target).unwrap_or_else(|| panic!("{target}"))["parameters"].as_array();
                    let has = |own: &Value| own["name"] == *name && own["in"] == "path";
                    assert!(parameters.unwrap().iter().any(has), "{target} has no {name}");
                }
            }
        }
    }
}
