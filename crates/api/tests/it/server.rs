//! The server on a real socket.

use crate::support::World;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use tributary_api::serve;

/// Sends bytes on a connection of their own, and reads until the server closes it.
fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn submission(key: &str, size: usize) -> Vec<u8> {
    let body = format!("{{\"lastName\":\"Trent\",\"notes\":\"{}\"}}", "x".repeat(size));
    let head = format!(
        "POST /api/Contact/Transaction HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

#[actix_web::test]
async fn it_serves_on_a_bound_socket_and_stops_gracefully() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(listener, world.state.clone(), 1, |_| {}).unwrap();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let key = world.key.clone();
    let answers = actix_web::rt::task::spawn_blocking(move || {
        [exchange(address, &submission(&key, 10)), exchange(address, &submission(&key, 6_000_000))]
    });
    let [small, large] = answers.await.unwrap();
    assert!(small.starts_with("HTTP/1.1 200"), "{small}");
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    handle.stop(true).await;
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}
