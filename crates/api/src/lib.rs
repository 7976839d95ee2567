//! The native HTTP API under `/api`, the health routes and `/metrics`: authentication, limits, parsing
//! and the one mapping from errors to answers. Every route calls the engine and does nothing by itself.

mod answer;
mod answers;
mod app;
mod auth;
mod blocking;
mod body;
mod budget;
mod catalogue;
mod error;
mod failures;
mod once;
mod openapi;
mod query;
mod route;
mod state;
mod wire;

pub use app::{app, configure, serve, serve_health};
pub use error::{ApiError, Problem};
pub use openapi::{document as openapi_document, json as openapi_json};
pub use state::{ApiSettings, ApiState, BodySizes};
