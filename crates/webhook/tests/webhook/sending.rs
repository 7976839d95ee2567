//! Deliveries that reach a receiver.

use crate::receiver::{Receiver, request, sender};
use std::time::Duration;
use tributary_webhook::{Failure, Sender};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

/// Gives the client's background tasks their turn, so that a finished connection is back in the pool.
async fn settle() {
    for _ in 0..32 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_delivery_carries_its_bytes_and_no_more_than_its_headers() {
    let receiver = Receiver::answering(OK);
    let attempt = sender().send(request(&receiver.url())).await;
    assert_eq!((attempt.status, attempt.failure, attempt.response.as_str()), (Some(200), None, "hello"));
    assert!(attempt.succeeded() && attempt.retry_after.is_none());
    let arrived = receiver.next();
    assert!(arrived.starts_with("POST /hook HTTP/1.1\r\n") && arrived.ends_with("\r\n\r\n{\"a\":1}"), "{arrived}");
    let mut names: Vec<&str> = arrived.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent", "webhook-timestamp"]);
    assert!(arrived.contains("user-agent: Tributary/0."), "{arrived}");
}

#[test]
fn a_proxy_of_the_environment_is_not_used() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sending::a_delivery_carries_its_bytes_and_no_more_than_its_headers"])
        .envs(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:1")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[tokio::test]
async fn only_2xx_counts() {
    for (line, failure) in [
        ("200 OK", None),
        ("202 Accepted", None),
        ("204 No Content", None),
        ("299 Odd", None),
        ("304 Not Modified", Some(Failure::HttpStatus)),
        ("400 Bad Request", Some(Failure::HttpStatus)),
        ("410 Gone", Some(Failure::Gone)),
        ("500 Internal Server Error", Some(Failure::HttpStatus)),
    ] {
        let answer = format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n");
        let receiver = Receiver::start(move |peer| {
            peer.read_request();
            peer.write(&answer);
        });
        let attempt = sender().send(request(&receiver.url())).await;
        assert_eq!(attempt.failure, failure, "{line}");
        assert_eq!(attempt.status, line[..3].parse().ok());
    }
}

#[tokio::test]
async fn interim_answers_are_not_the_answer() {
    let receiver = Receiver::answering("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(sender().send(request(&receiver.url())).await.status, Some(200));
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let target = Receiver::answering(OK);
        let location = target.url();
        let receiver = Receiver::start(move |peer| {
            peer.read_request();
            peer.write(&format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"));
        });
        let attempt = sender().send(request(&receiver.url())).await;
        assert_eq!((attempt.status, attempt.failure), (Some(status), Some(Failure::HttpStatus)));
        assert_eq!((receiver.connections(), target.connections()), (1, 0));
    }
}

#[tokio::test]
async fn a_receiver_may_ask_for_time_in_seconds_or_by_a_date() {
    for (headers, expected) in [
        ("retry-after: 120", Some(120)),
        ("retry-after: soon", None),
        // from the receiver's own clock
        ("date: Sun, 06 Nov 1994 08:00:00 GMT\r\nretry-after: Sun, 06 Nov 1994 08:01:00 GMT", Some(60)),
        // from the time of the attempt, 08:49:07
        ("retry-after: Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
        ("x-none: 1", None),
    ] {
        let answer = format!("HTTP/1.1 429 Too Many Requests\r\n{headers}\r\ncontent-length: 0\r\n\r\n");
        let receiver = Receiver::start(move |peer| {
            peer.read_request();
            peer.write(&answer);
        });
        let attempt = sender().send(request(&receiver.url())).await;
        assert_eq!(attempt.retry_after, expected.map(Duration::from_secs), "{headers}");
        assert!(attempt.asks_to_slow_down());
    }
}

#[tokio::test]
async fn a_delivered_event_asks_for_no_time() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(sender().send(request(&receiver.url())).await.retry_after, None);
}

// two threads, since the test waits for the connection to be closed
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_endless_answer_is_cut_at_16_kib_and_its_connection_dropped() {
    let receiver = Receiver::start(|peer| {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\ncontent-length: 209715200\r\n\r\n");
        let block = "x".repeat(8192);
        let written = (0..25_600).take_while(|_| peer.write(&block)).count();
        peer.note(format!("{written} blocks"));
    });
    let attempt = sender().send(request(&receiver.url())).await;
    assert_eq!((attempt.status, attempt.failure, attempt.response.len()), (Some(200), None, 16_384));
    receiver.next();
    let written: usize = receiver.next().trim_end_matches(" blocks").parse().unwrap();
    assert!(written < 25_600, "{written} blocks were taken");
}

#[tokio::test]
async fn an_answer_is_kept_as_text_that_every_database_takes() {
    let receiver = Receiver::start(|peer| {
        peer.read_request();
        peer.write("HTTP/1.1 500 Oops\r\nconnection: close\r\n\r\na\0b");
        std::io::Write::write_all(&mut peer.stream, &[0xff; 20_000]).unwrap();
    });
    let attempt = sender().send(request(&receiver.url())).await;
    assert!(attempt.response.starts_with("a\u{fffd}b\u{fffd}"));
    assert!(attempt.response.len() <= 16_384 && attempt.response.len() > 16_380);
}

#[tokio::test]
async fn deliveries_share_a_connection() {
    let receiver = Receiver::answering(OK);
    let sender = sender();
    for _ in 0..3 {
        assert!(sender.send(request(&receiver.url())).await.succeeded());
        settle().await;
    }
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn a_request_lost_on_an_idle_connection_is_sent_once_more() {
    let receiver = Receiver::start(|peer| {
        // the first connection takes a second request and closes without a word
        let mut answers = if peer.number == 0 { 1 } else { usize::MAX };
        while peer.read_request() && answers > 0 {
            peer.write(OK);
            answers -= 1;
        }
    });
    let sender = sender();
    assert!(sender.send(request(&receiver.url())).await.succeeded());
    settle().await;
    assert!(sender.send(request(&receiver.url())).await.succeeded());
    assert_eq!(receiver.connections(), 2);
    assert_eq!([receiver.next(), receiver.next(), receiver.next()].len(), 3);
    assert!(receiver.is_quiet());
}
