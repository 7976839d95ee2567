//! Names that lead, now or later, to addresses that are refused.

use crate::receiver::{Receiver, request, settings};
use proptest::prelude::*;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tributary_webhook::guard::{Lookup, LookupFuture, ResolveError, parse_cidrs, vet};
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

/// SERVFAIL, as the operating system reports it.
struct ServerFailure;

impl Lookup for ServerFailure {
    fn lookup(&self, _host: &str) -> LookupFuture {
        Box::pin(async { Err(io::Error::other("temporary failure in name resolution")) })
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
    // Not found, a name without addresses, and a name service that fails.
    let lookups: [Arc<dyn Lookup>; 3] = [Script::new(&[]), Script::new(&[&[]]), Arc::new(ServerFailure)];
    for lookup in lookups {
        let sender = HttpSender::with_lookup(settings(), lookup).unwrap();
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

/// Answers of the name service: opened loopback addresses, refused ones that a dial would reach all the same, and
/// others that are refused.
fn answers() -> impl Strategy<Value = Vec<IpAddr>> {
    let open = (0..=255_u8, 0..=255_u8).prop_map(|(c, d)| IpAddr::from([127, 7, c, d]));
    let reachable = (0..=255_u8).prop_map(|d| IpAddr::from([127, 0, 0, d]));
    let mapped = (1..=255_u8).prop_map(|d| IpAddr::V6(std::net::Ipv4Addr::new(127, 0, 0, d).to_ipv6_mapped()));
    let refused = prop_oneof![reachable, mapped, Just(IpAddr::from([0, 0, 0, 0])), Just(IpAddr::from([10, 0, 0, 1]))];
    prop::collection::vec(prop_oneof![3 => open, 1 => refused], 1..4)
}

/// Counts, at the far end of the connector, what is dialled: the listener hears every address of this machine.
#[test]
fn no_refused_address_is_ever_dialled() {
    let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let dialled: Arc<Mutex<Vec<IpAddr>>> = Arc::default();
    let noted = dialled.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = stream;
            noted.lock().unwrap().push(stream.local_addr().unwrap().ip());
            std::thread::spawn(move || {
                crate::receiver::read_request(&mut stream);
                // The sender may be gone.
                let _ = io::Write::write_all(&mut stream, b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            });
        }
    });
    let guard = AddressGuard { allow_cidrs: parse_cidrs("127.7.0.0/16").unwrap(), allow_http: true };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    proptest!(ProptestConfig::with_cases(96), |(found in answers())| {
        dialled.lock().unwrap().clear();
        let open = found.iter().all(|address| guard.check_address(*address));
        let lookup: Arc<dyn Lookup> = Arc::new(Fixed(found.clone()));
        let settings = SenderSettings { guard: guard.clone(), ..settings() };
        let attempt = runtime.block_on(async {
            let sender = HttpSender::with_lookup(settings, lookup).unwrap();
            sender.send(request(&format!("http://hooks.example.org:{port}/"))).await
        });
        prop_assert_eq!(attempt.succeeded(), open, "{:?}: {:?}", &found, attempt.failure);
        let dialled = dialled.lock().unwrap().clone();
        prop_assert!(dialled.iter().all(|address| guard.check_address(*address)), "{:?}", dialled);
        prop_assert_eq!(dialled.is_empty(), !open, "{:?} of {:?}", dialled, found);
    });
}

/// Always the same answer.
struct Fixed(Vec<IpAddr>);

impl Lookup for Fixed {
    fn lookup(&self, _host: &str) -> LookupFuture {
        let found = self.0.clone();
        Box::pin(async move { Ok(found) })
    }
}
