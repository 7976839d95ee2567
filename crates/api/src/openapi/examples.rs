//! An example of every body that is sent, where its shape does not bring one along. Each fits its shape and is
//! accepted, given the records that it names.

use super::put;
use serde_json::{Value, json};

/// Puts the examples into their shapes.
pub(super) fn add(schemas: &mut Value) {
    for (name, example) in examples() {
        if let Some(shape) = schemas.get_mut(name) {
            put(shape, "example", example);
        }
    }
}

fn examples() -> Vec<(&'static str, Value)> {
    [of_contacts(), of_parts(), of_records(), of_others()].concat()
}

fn of_contacts() -> Vec<(&'static str, Value)> {
    let update = json!({
        "maritalStatus": "Married", "website": null, "customFields": [{ "name": "shirtSize", "value": "M" }],
    });
    let gift = json!({
        "transactionSource": "Harbor Giving", "transactionId": "g-1", "giftDate": "2026-03-05", "giftType": "Cash",
        "amount": "50.00", "currencyCode": "USD", "designations": [{ "code": "FOOD", "amountDesignated": 50 }],
        "contact": { "referenceId": "hg-50022", "firstname": "Ines", "lastname": "Okafor-Lund" },
    });
    let gifts = json!({
        "transactionSource": "Harbor Giving", "defaultGiftDate": "2026-03-05",
        "transactions": [{ "transactionId": "g-2", "amount": 20, "contact": { "lastname": "Okafor-Lund" } }],
    });
    vec![("ContactUpdate", update), ("GiftTransaction", gift), ("GiftTransactions", gifts)]
}

fn of_parts() -> Vec<(&'static str, Value)> {
    let address = json!({
        "contactId": 1, "label": "Home", "address1": "402 Tannery Rd", "city": "Bellford", "state": "OH",
        "postal": "44090", "country": "US", "setAsPrimary": true,
    });
    let method = json!({
        "contactIndividualId": 2, "type": "Home Email", "value": "ines.lund@example.org", "isOptedIn": true,
    });
    vec![
        ("ContactIndividualCreate", json!({ "contactId": 1, "firstName": "Pål", "lastName": "Okafor-Lund" })),
        ("ContactIndividualUpdate", json!({ "nickname": "Inés", "setAsPrimary": true })),
        ("ContactMethodCreate", method),
        ("ContactMethodUpdate", json!({ "isOptedIn": false })),
        ("ContactAddressCreate", address),
        ("ContactAddressUpdate", json!({ "address2": "Apt 2", "label": null })),
    ]
}

fn of_records() -> Vec<(&'static str, Value)> {
    let note = json!({
        "contactId": 1, "type": "Meeting", "note": "Likes tea.", "noteDateTime": "2026-03-05T09:12:44",
        "important": true, "private": false,
    });
    let email = json!({
        "fromEmail": "desk@example.org", "toEmail": "ines.lund@example.org", "subject": "Thank you", "body": "Dear Ines,",
    });
    let fields = json!([
        { "name": "kind", "dataType": "Text", "required": true },
        { "name": "born", "dataType": "Date" },
    ]);
    let field = json!({
        "name": "shirtSize", "displayName": "Shirt Size", "dataType": "Dropdown", "options": ["S", "M", "L"],
    });
    let values = json!([{ "name": "kind", "value": "dog" }, { "name": "born", "value": "2020-03-05" }]);
    vec![
        ("NoteInput", note),
        ("NoteUpdate", json!({ "type": "Phone Call", "note": "Likes coffee." })),
        ("EmailNote", email),
        ("TagInput", json!({ "tagName": "Monthly", "tagGroupName": "Giving" })),
        ("TagSearch", json!({ "search": "month" })),
        ("ContactTagInput", json!({ "tagId": 1, "contactId": 1 })),
        ("GroupInput", json!({ "name": "Board" })),
        ("CustomFieldInput", field),
        ("CollectionDefinitionInput", json!({ "name": "Pets", "fields": fields })),
        ("CollectionEntry", json!({ "fields": values })),
        ("ContactTypeInput", json!({ "parentType": "Organization", "type": "Parish" })),
    ]
}

fn of_others() -> Vec<(&'static str, Value)> {
    let token = json!({ "grant_type": "password", "username": "ada@example.org", "password": "correct horse battery" });
    vec![
        ("OrganizationSwitch", json!({ "organizationUserId": 1 })),
        ("RotationInput", json!({ "overlapSeconds": 3600 })),
        ("TokenRequest", token),
    ]
}
