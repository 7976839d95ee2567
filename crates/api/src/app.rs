//! The application: its layers, its routes, and the server around them.

use crate::{ApiError, ApiState, Problem, answer, route};
use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpServer, middleware, web};
use std::net::TcpListener;

/// Adds every route, and the answer to unknown ones.
pub fn configure(config: &mut web::ServiceConfig, state: web::Data<ApiState>) {
    config.app_data(state).configure(route::configure).default_service(web::to(unknown));
}

/// The answer where no route is.
pub(crate) async fn unknown() -> answer::Answer {
    Err(ApiError::new(Problem::NotFound).say("There is no such route."))
}

/// The whole application: the routes under the layer that stamps each answer.
pub fn app(
    state: web::Data<ApiState>,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    App::new().wrap(middleware::from_fn(answer::stamp)).configure(|config| configure(config, state))
}

/// A server on a socket that is bound already. It runs when awaited or spawned, takes no signals, and
/// stops through its handle: requests under way then have the time that the settings give them. `more` adds
/// what is served beside the API.
///
/// # Errors
/// When the socket cannot be listened on.
pub fn serve(
    listener: TcpListener,
    state: ApiState,
    workers: usize,
    more: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> std::io::Result<Server> {
    let seconds = state.settings.shutdown_seconds;
    let state = web::Data::new(state);
    let server = HttpServer::new(move || app(state.clone()).configure(&more))
        .workers(workers.max(1))
        .shutdown_timeout(seconds)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// As [`serve`], with `/healthz`, `/readyz` and `/metrics` only: for processes that work and take no
/// requests.
///
/// # Errors
/// When the socket cannot be listened on.
pub fn serve_health(listener: TcpListener, state: ApiState) -> std::io::Result<Server> {
    let seconds = state.settings.shutdown_seconds;
    let state = web::Data::new(state);
    let app = move || {
        let routes = App::new().app_data(state.clone()).wrap(middleware::from_fn(answer::stamp));
        routes.configure(route::configure_health).default_service(web::to(unknown))
    };
    let server = HttpServer::new(app).workers(1).shutdown_timeout(seconds).disable_signals().listen(listener)?;
    Ok(server.run())
}
