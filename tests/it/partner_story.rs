//! A partner's day by the contract alone, with a stock HTTP client: find by reference, find by e-mail, submit, wait
//! for the webhook, poll (virtuous-contract.md 3.5 and the vendor's own starting page).

use crate::support::{Client, Receiver, World, until};
use serde_json::{Value, json};

on_both_databases!(
    a_partner_finds_submits_waits_and_polls,
    what_waits_for_a_person_is_not_there_until_they_decide,
    what_a_person_discards_is_never_there,
    a_partner_attaches_its_id_to_a_contact_found_by_email,
);

/// An organization with a running server, a subscriber, and a client of each.
struct Day {
    client: Client,
    receiver: Receiver,
    _server: crate::support::Server,
    _world: World,
}

impl Day {
    fn begin(make: fn() -> World) -> Self {
        let world = make();
        let organization = world.organization("Bellford Food Share");
        let (server, receiver) = (world.serve(), Receiver::start());
        let client = server.client(&world.key(&organization));
        assert_eq!(client.post("/api/Webhook", &receiver.subscription()).status, 200);
        Self { client, receiver, _server: server, _world: world }
    }

    fn poll(&self, id: &str) -> u16 {
        self.client.get(&format!("/api/Contact/Harbor%20Giving/{id}")).status
    }

    fn find(&self, email: &str) -> u16 {
        self.client.get(&format!("/api/Contact/Find?email={email}")).status
    }

    /// The event of this type that tells of the reference, once it has arrived.
    fn told(&self, kind: &str, id: &str) -> Value {
        until("the event", || {
            let tells = |body: &Value| {
                let references = body["contact"]["contactReferences"].as_array().cloned().unwrap_or_default();
                body["type"] == kind && references.iter().any(|own| own["id"] == id)
            };
            self.receiver.arrivals().into_iter().map(|arrival| arrival.body).find(tells)
        })
    }
}

fn ines(id: &str, phone: &str) -> Value {
    json!({
        "referenceSource": "Harbor Giving", "referenceId": id, "contactType": "Household",
        "firstName": "Ines", "lastName": "Okafor-Lund", "emailType": "Home Email", "email": "ines.lund@example.org",
        "phoneType": "Mobile Phone", "phone": phone,
    })
}

fn a_partner_finds_submits_waits_and_polls(make: fn() -> World) {
    let day = Day::begin(make);
    assert_eq!((day.poll("hg-1"), day.find("ines.lund%40example.org")), (404, 404));
    day.client.submit(&ines("hg-1", "614-555-0142"));
    // Held: nothing is to be seen, nobody is told.
    assert_eq!((day.poll("hg-1"), day.find("ines.lund%40example.org"), day.receiver.count()), (404, 404, 0));
    day.client.run_batch();
    let created = day.told("contactCreate", "hg-1");
    let contact = day.client.get("/api/Contact/Harbor%20Giving/hg-1").json();
    assert_eq!(created["contact"]["id"], contact["id"]);
    // Merged: the pair that was submitted is on the contact, and the event says so.
    day.client.submit(&ines("hg-2", "614-555-0199"));
    assert_eq!(day.poll("hg-2"), 404);
    day.client.run_batch();
    let updated = day.told("contactUpdate", "hg-2");
    let changed = updated["changedFields"].as_array().unwrap();
    assert!(
        changed.contains(&json!("contactReferences")) && changed.contains(&json!("contactIndividuals")),
        "{updated}"
    );
    let merged = day.client.get("/api/Contact/Harbor%20Giving/hg-2").json();
    assert_eq!(merged["id"], contact["id"]);
    assert_eq!(merged["contactIndividuals"][0]["contactMethods"].as_array().unwrap().len(), 3);
}

/// A row that shares its mailbox with somebody of another first name, so that it waits for a person: its id.
fn waiting(day: &Day) -> String {
    day.client.submit(&ines("hg-1", "614-555-0142"));
    day.client.run_batch();
    let other = json!({"referenceSource": "Harbor Giving", "referenceId": "hg-9", "firstName": "Bram",
        "lastName": "Okafor-Lund", "email": "ines.lund@example.org"});
    let id = day.client.submit(&other);
    day.client.run_batch();
    assert_eq!(day.client.get(&format!("/api/Contact/Transaction/{id}")).json()["state"], "needs_update");
    assert_eq!(day.poll("hg-9"), 404);
    id
}

fn what_waits_for_a_person_is_not_there_until_they_decide(make: fn() -> World) {
    let day = Day::begin(make);
    let id = waiting(&day);
    day.client.post(&format!("/api/NeedsUpdate/{id}/Resolve"), &json!({"action": "create"})).json();
    let created = day.told("contactCreate", "hg-9");
    assert_eq!(day.client.get("/api/Contact/Harbor%20Giving/hg-9").json()["id"], created["contact"]["id"]);
}

fn what_a_person_discards_is_never_there(make: fn() -> World) {
    let day = Day::begin(make);
    let id = waiting(&day);
    day.client.post(&format!("/api/NeedsUpdate/{id}/Resolve"), &json!({"action": "reject"})).json();
    day.client.run_batch();
    assert_eq!(day.poll("hg-9"), 404);
    // Nor is anybody told of it: the feed has every event that there is.
    let events = day.client.get("/api/Event?take=100").json();
    assert!(!events["list"].to_string().contains("Bram"), "{events}");
}

fn a_partner_attaches_its_id_to_a_contact_found_by_email(make: fn() -> World) {
    let day = Day::begin(make);
    day.client.submit(&ines("hg-1", "614-555-0142"));
    day.client.run_batch();
    let found = day.client.get("/api/Contact/Find?email=ines.lund%40example.org").json();
    let pair = json!({"contactId": found["id"], "referenceSource": "Mill Pay", "referenceId": "mp-1"});
    let attached = day.client.post("/api/ContactReference", &pair);
    assert_eq!((attached.status, attached.body.as_str()), (200, ""));
    let updated = day.told("contactUpdate", "mp-1");
    assert_eq!(updated["changedFields"], json!(["contactReferences"]));
    assert_eq!(day.client.get("/api/Contact/Mill%20Pay/mp-1").json()["id"], found["id"]);
    // From now on the reference leads to the contact by itself.
    day.client.submit(&json!({"referenceSource": "Mill Pay", "referenceId": "mp-1", "firstName": "Ines",
        "lastName": "Okafor-Lund", "phone": "253-555-0177"}));
    assert_eq!(day.client.run_batch()["counts"]["merged"], 1);
}
