//! Names that lead, now or later, to addresses that are refused.

use crate::receiver::{Receiver, request, settings};
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tributary_webhook::guard::{Lookup, LookupFuture, ResolveError, vet};
use tributary_webhook::{AddressGuard, Failure, HttpSender, Sender, SenderSettings};

/// Gives one prepared answer per look-up; none stands for a name that is not found.
struct Script {
    answers: Mutex<Vec<Vec<&'static str>>>,
    asked: AtomicUsize,
}

impl Script {
    fn new(answers: &[&[&'static str]]) -> Arc<Self> {
        let answers = answers.iter().rev().map(|answer| answer.to_vec()).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

impl Lookup for Script {
    fn lookup(&self, _host: &str) -> LookupFuture {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.lock().unwrap().pop();
        Box::pin(async move {
            let answer = answer.ok_or(io::ErrorKind::NotFound)?;
            Ok(answer.iter().map(|address| address.parse().unwrap()).collect())
        })
    }
}

/// A look-up that never comes back.
struct Silence;

impl Lookup for Silence {
    fn lookup(&self, _host: &str) -> LookupFuture {
        Box::pin(std::future::pending())
    }
}

fn target(receiver: &Receiver) -> String {
    format!("http://hooks.example.org:{}/", receiver.port)
}

fn receiver() -> Receiver {
    Receiver::answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
}

#[test]
fn an_answer_is_taken_or_refused_as_a_whole() {
    let found = |texts: &[&str]| -> Vec<IpAddr> { texts.iter().map(|text| text.parse().unwrap()).collect() };
    let judge = |texts: &[&str]| vet(&AddressGuard::default(), &found(texts)).map(|vetted| vetted.len());
    assert_eq!(judge(&["8.8.8.8", "2606:4700:4700::1111"]), Ok(2));
    assert_eq!(judge(&["8.8.8.8", "127.0.0.1"]), Err(ResolveError::Blocked));
    assert_eq!(judge(&["8.8.8.8", "::1"]), Err(ResolveError::Blocked));
    assert_eq!(judge(&["::ffff:8.8.8.8", "8.8.8.8"]), Err(ResolveError::Blocked));
    assert_eq!(judge(&[]), Err(ResolveError::NotFound));
}

#[tokio::test]
async fn a_name_is_delivered_to_its_vetted_address() {
    let receiver = receiver();
    let sender = HttpSender::with_lookup(settings(), Script::new(&[&["127.0.0.1"]])).unwrap();
    assert!(sender.send(request(&target(&receiver))).await.succeeded());
    assert!(receiver.next().contains("host: hooks.example.org:"));
}

#[tokio::test]
async fn a_mixed_answer_reaches_nobody() {
    for answer in [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1", "fe80::1"]] {
        let receiver = receiver();
        let sender = HttpSender::with_lookup(settings(), Script::new(&[&answer])).unwrap();
        let attempt = sender.send(request(&target(&receiver))).await;
        assert_eq!((attempt.status, attempt.failure), (None, Some(Failure::BlockedAddress)));
        assert_eq!(receiver.connections(), 0);
    }
}

#[tokio::test]
async fn a_name_that_turns_inward_later_is_refused_at_the_next_connect() {
    let receiver = receiver();
    let script = Script::new(&[&["127.0.0.1"], &["192.168.0.1"]]);
    let sender = HttpSender::with_lookup(settings(), script.clone()).unwrap();
    assert!(sender.send(request(&target(&receiver))).await.succeeded());
    assert_eq!(sender.send(request(&target(&receiver))).await.failure, Some(Failure::BlockedAddress));
    assert_eq!((script.asked.load(Ordering::SeqCst), receiver.connections()), (2, 1));
}

#[tokio::test]
async fn a_name_without_addresses_is_a_dns_failure() {
    for script in [Script::new(&[]), Script::new(&[&[]])] {
        let sender = HttpSender::with_lookup(settings(), script).unwrap();
        let attempt = sender.send(request("http://hooks.example.org/")).await;
        assert_eq!(attempt.failure, Some(Failure::Dns));
    }
}

#[tokio::test]
async fn a_look_up_that_never_ends_runs_into_the_connect_timeout() {
    let settings = SenderSettings { connect_timeout: Duration::from_millis(100), ..settings() };
    let sender = HttpSender::with_lookup(settings, Arc::new(Silence)).unwrap();
    let attempt = sender.send(request("http://hooks.example.org/")).await;
    assert_eq!(attempt.failure, Some(Failure::Timeout));
    assert!(attempt.duration < Duration::from_secs(3));
}
