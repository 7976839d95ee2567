//! Receivers that break, hang or trickle, and targets that must not be reached.

use crate::receiver::{Receiver, impatient, request, sender, settings};
use std::io::Write;
use std::time::Duration;
use tributary_webhook::{AddressGuard, Attempt, Failure, HttpSender, Sender, SenderSettings};

async fn send_impatiently(receiver: &Receiver) -> Attempt {
    HttpSender::new(impatient()).unwrap().send(request(&receiver.url())).await
}

#[tokio::test]
async fn a_receiver_that_accepts_and_hangs_runs_into_the_timeout() {
    let receiver = Receiver::start(|peer| peer.until_closed(|_| ()));
    let attempt = send_impatiently(&receiver).await;
    assert_eq!((attempt.status, attempt.failure), (None, Some(Failure::Timeout)));
    assert!(attempt.asks_to_slow_down() && attempt.duration >= Duration::from_millis(300));
}

// two threads, since the test waits for the connection to be closed
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_trickles_for_ever_runs_into_the_timeout() {
    let receiver = Receiver::start(|peer| {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        peer.until_closed(|stream| stream.write_all(b"x").unwrap_or_default());
        peer.note("closed".to_owned());
    });
    let attempt = send_impatiently(&receiver).await;
    assert_eq!((attempt.status, attempt.failure), (Some(200), Some(Failure::Timeout)));
    assert!(attempt.response.starts_with('x') && attempt.duration < Duration::from_secs(3));
    receiver.next();
    assert_eq!(receiver.next(), "closed");
}

#[tokio::test]
async fn a_status_counts_even_when_its_body_never_ends() {
    let receiver = Receiver::start(|peer| {
        peer.read_request();
        peer.write("HTTP/1.1 410 Gone\r\ncontent-length: 9\r\n\r\n");
        peer.until_closed(|_| ());
    });
    let attempt = send_impatiently(&receiver).await;
    assert_eq!((attempt.status, attempt.failure), (Some(410), Some(Failure::Gone)));
}

#[tokio::test]
async fn a_broken_exchange_is_a_reset() {
    for answer in ["", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"] {
        let receiver = Receiver::start(move |peer| {
            peer.read_request();
            peer.write(answer);
        });
        let attempt = sender().send(request(&receiver.url())).await;
        assert_eq!(attempt.failure, Some(Failure::Reset), "{answer}");
        // a fresh connection that breaks is the receiver's doing: no second try
        assert_eq!(receiver.connections(), 1, "{answer}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_told_from_a_broken_one() {
    let headers = "x-filler: 0123456789\r\n".repeat(50_000);
    for answer in [
        "SSH-2.0-OpenSSH_9.9\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n"),
    ] {
        let start: String = answer.chars().take(60).collect();
        let receiver = Receiver::start(move |peer| {
            peer.read_request();
            peer.write(&answer);
            peer.until_closed(|_| ());
        });
        let attempt = sender().send(request(&receiver.url())).await;
        assert_eq!(attempt.failure, Some(Failure::Protocol), "{start}");
    }
}

#[tokio::test]
async fn a_port_nobody_listens_on_is_a_failed_connection() {
    let attempt = sender().send(request("http://127.0.0.1:1/")).await;
    assert_eq!((attempt.status, attempt.failure), (None, Some(Failure::Connect)));
}

#[tokio::test]
async fn a_literal_inner_address_is_refused_without_a_connection() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret");
    let guard = AddressGuard { allow_http: true, ..AddressGuard::default() };
    let sender = HttpSender::new(SenderSettings { guard, ..settings() }).unwrap();
    for host in ["127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "localhost"] {
        let attempt = sender.send(request(&format!("http://{host}:{}/", receiver.port))).await;
        assert_eq!((attempt.status, attempt.failure), (None, Some(Failure::BlockedAddress)), "{host}");
        assert_eq!(attempt.response, "");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_so() {
    let mut broken = request("http://127.0.0.1:9/");
    broken.headers.push(("x-tenant".to_owned(), "7\r\nhost: other".to_owned()));
    assert_eq!(sender().send(broken).await.failure, Some(Failure::InvalidRequest));
    let strict = HttpSender::new(SenderSettings::default()).unwrap();
    assert_eq!(strict.send(request("http://example.org/")).await.failure, Some(Failure::InvalidRequest));
}
