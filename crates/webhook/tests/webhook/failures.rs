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

/// Set where a test runs alone in a process of its own.
const ALONE: &str = "TRIBUTARY_MEASURED_ALONE";

/// The most that this process ever held in memory, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Measured in a process of its own, whose peak nothing else adds to.
#[test]
fn an_answer_of_200_mib_or_without_end_costs_less_than_a_mebibyte_and_no_more_than_the_timeout() {
    if !std::path::Path::new("/proc/self/status").exists() {
        return;
    }
    if std::env::var_os(ALONE).is_some() {
        return tokio::runtime::Runtime::new().unwrap().block_on(measure());
    }
    let name = "failures::an_answer_of_200_mib_or_without_end_costs_less_than_a_mebibyte_and_no_more_than_the_timeout";
    let alone = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    assert!(String::from_utf8_lossy(&alone.stdout).contains("1 passed"));
}

async fn measure() {
    const BLOCK: &str = "0123456789abcdef";
    let huge = || {
        Receiver::start(|peer| {
            peer.read_request();
            peer.write("HTTP/1.1 200 OK\r\ncontent-length: 209715200\r\n\r\n");
            while peer.write(BLOCK) {}
        })
    };
    let trickling = || {
        Receiver::start(|peer| {
            peer.read_request();
            peer.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
            peer.until_closed(|stream| stream.write_all(b"x").unwrap_or_default());
        })
    };
    let sender = HttpSender::new(impatient()).unwrap();
    // What a first exchange of either kind needs is not the answer's cost.
    for _ in 0..2 {
        sender.send(request(&huge().url())).await;
        sender.send(request(&trickling().url())).await;
    }
    let (before, receivers) = (peak_kib(), [huge(), trickling()]);
    for receiver in &receivers {
        let attempt = sender.send(request(&receiver.url())).await;
        assert!(attempt.duration < Duration::from_millis(1_500), "{:?}", attempt.duration);
    }
    assert!(peak_kib() - before < 1_024, "{} KiB", peak_kib() - before);
}
