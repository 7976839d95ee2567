//! Certificates: who vouches, until when, and for whom.

use crate::receiver::{Receiver, read_request, request, settings};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::Write;
use std::sync::Arc;
use tributary_webhook::send::SenderError;
use tributary_webhook::{Attempt, Failure, HttpSender, Sender, SenderSettings};

const AUTHORITY: &str = include_str!("data/authority.pem");
const KEY: &str = include_str!("data/receiver.key.pem");
const GOOD: &str = include_str!("data/good.pem");
const EXPIRED: &str = include_str!("data/expired.pem");
const SELF_SIGNED: &str = include_str!("data/self_signed.pem");
const WRONG_NAME: &str = include_str!("data/wrong_name.pem");

fn tls_receiver(certificate: &str) -> Receiver {
    let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    Receiver::start(move |peer| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, peer.stream.try_clone().unwrap());
        if let Some(request) = read_request(&mut stream) {
            peer.note(request);
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        }
    })
}

async fn send(certificate: &str, extra_ca_pem: Option<&str>) -> Attempt {
    let receiver = tls_receiver(certificate);
    let settings = SenderSettings { extra_ca_pem: extra_ca_pem.map(str::to_owned), ..settings() };
    let sender = HttpSender::new(settings).unwrap();
    sender.send(request(&receiver.url().replace("http://", "https://"))).await
}

#[tokio::test]
async fn an_extra_authority_vouches_for_its_receiver() {
    let attempt = send(GOOD, Some(AUTHORITY)).await;
    assert_eq!((attempt.status, attempt.failure), (Some(204), None));
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_refused() {
    let refused =
        [(GOOD, None), (SELF_SIGNED, Some(AUTHORITY)), (EXPIRED, Some(AUTHORITY)), (WRONG_NAME, Some(AUTHORITY))];
    for (certificate, authority) in refused {
        let attempt = send(certificate, authority).await;
        assert_eq!((attempt.status, attempt.failure), (None, Some(Failure::Tls)));
    }
}

#[tokio::test]
async fn a_receiver_without_tls_cannot_be_taken_for_one_with() {
    let receiver = Receiver::start(|peer| {
        peer.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        peer.until_closed(|_| ());
    });
    let sender = HttpSender::new(settings()).unwrap();
    let attempt = sender.send(request(&receiver.url().replace("http://", "https://"))).await;
    assert_eq!(attempt.failure, Some(Failure::Tls));
}

#[tokio::test]
async fn a_receiver_that_knows_only_tls_1_0_is_refused() {
    // A server's hello that chooses version 3.1, which is TLS 1.0, and a cipher of its time.
    let mut hello = vec![2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let mut record = vec![22, 3, 1, 0, u8::try_from(hello.len()).unwrap()];
    record.extend(hello);
    let receiver = Receiver::start(move |peer| {
        let mut start = [0; 5];
        std::io::Read::read_exact(&mut peer.stream, &mut start).unwrap();
        peer.stream.write_all(&record).unwrap();
        peer.until_closed(|_| ());
    });
    let sender = HttpSender::new(settings()).unwrap();
    let attempt = sender.send(request(&receiver.url().replace("http://", "https://"))).await;
    assert_eq!(attempt.failure, Some(Failure::Tls));
}

#[test]
fn authorities_that_are_none_are_refused_at_the_start() {
    for pem in ["not a certificate", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n", KEY] {
        let settings = SenderSettings { extra_ca_pem: Some(pem.to_owned()), ..settings() };
        assert!(matches!(HttpSender::new(settings), Err(SenderError::ExtraCa)));
    }
    assert!(HttpSender::new(SenderSettings { extra_ca_pem: Some("\n".to_owned()), ..settings() }).is_ok());
}

#[test]
fn a_machine_without_certificates_still_gets_a_sender() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sending::a_delivery_carries_its_bytes_and_no_more_than_its_headers"])
        .env("SSL_CERT_FILE", "/nonexistent/none.pem")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
