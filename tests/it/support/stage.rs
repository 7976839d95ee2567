//! An organization with everybody who has to do with it.

use super::{Client, Receiver, Server, World, conserved, until};
use serde_json::Value;

/// An organization with a server, a client and a subscriber.
pub struct Stage {
    pub world: World,
    pub organization: String,
    pub server: Server,
    pub client: Client,
    pub receiver: Receiver,
}

impl Stage {
    /// Sets it; the subscriber hears of contacts that come, change and go.
    pub fn set(make: fn() -> World) -> Self {
        Self::hearing(make, &[])
    }

    /// Sets it with a subscriber who hears of these events as well.
    pub fn hearing(make: fn() -> World, toggles: &[&str]) -> Self {
        let world = make();
        let organization = world.organization("Bellford Food Share");
        let (server, receiver) = (world.serve(), Receiver::start());
        let client = server.client(&world.key(&organization));
        let mut subscription = receiver.subscription();
        toggles.iter().for_each(|toggle| subscription[*toggle] = Value::Bool(true));
        assert_eq!(client.post("/api/Webhook", &subscription).status, 200);
        Self { world, organization, server, client, receiver }
    }

    /// The status of a submission, as the organization sees it.
    pub fn transaction(&self, id: &str) -> Value {
        self.client.get(&format!("/api/Contact/Transaction/{id}")).json()
    }

    /// Runs a command for the organization, after which nothing is lost and nothing there twice.
    pub fn cli(&self, arguments: &[&str]) -> Value {
        let told = self.world.cli(&[arguments, &["--organization", &self.organization]].concat());
        conserved::everywhere(&self.client);
        told
    }

    /// A client of a platform that may do this, and speaks for this source only.
    pub fn partner(&self, source: &str, scopes: &[&str]) -> Client {
        let mut command = vec!["key", "create", "--name", source, "--source", source];
        command.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let made = self.cli(&command);
        self.server.client(made["key"].as_str().unwrap())
    }

    /// What the subscriber was told of a contact, once it was told so much.
    pub fn told(&self, contact: &Value, count: usize) -> Vec<String> {
        until("the events of a contact", || {
            let arrivals = self.receiver.arrivals();
            let of_contact = arrivals.iter().filter(|delivery| delivery.body["contact"]["id"] == *contact);
            let kinds: Vec<String> =
                of_contact.map(|delivery| delivery.body["type"].as_str().unwrap().to_owned()).collect();
            (kinds.len() >= count).then_some(kinds)
        })
    }

    /// The first event of this type, once it has arrived.
    pub fn event(&self, kind: &str) -> Value {
        until("an event", || {
            let arrivals = self.receiver.arrivals().into_iter();
            arrivals.map(|delivery| delivery.body).find(|body| body["type"] == kind)
        })
    }
}
