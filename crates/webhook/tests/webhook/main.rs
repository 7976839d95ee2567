//! The webhook crate from outside: published vectors, the address rules, and real exchanges with small servers on
//! loopback. `data/` holds a test authority, three certificates of it and the key of their receiver.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

mod addresses;
mod failures;
mod receiver;
mod resolver;
mod schedule;
mod seal;
mod sending;
mod tls;
mod urls;
mod vectors;
