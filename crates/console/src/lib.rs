//! The ops console: pages rendered on the server, on the engine's own calls. Everything works without JavaScript;
//! a small script adds keys and live progress. No asset comes from anywhere else.

mod asset;
mod failure;
mod form;
mod format;
mod guard;
mod page;
mod view;
mod visit;

use actix_web::{middleware, web};
use std::sync::Arc;
use tributary_engine::Engine;

/// What every page has at hand.
pub(crate) struct Console {
    engine: Arc<Engine>,
}

/// Adds the console under `/console`.
pub fn configure(config: &mut web::ServiceConfig, engine: &Arc<Engine>) {
    let console = web::Data::new(Console { engine: engine.clone() });
    let scope = web::scope("/console")
        .app_data(console)
        .app_data(web::FormConfig::default().limit(form::LIMIT))
        .wrap(middleware::from_fn(guard::guard))
        .configure(page::configure)
        .default_service(web::to(page::unknown));
    config.service(scope);
}
