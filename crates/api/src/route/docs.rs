//! `/docs`: the description of the API to browse and to try out. Its files are part of the binary, so
//! it needs no network; it reads `/openapi.json` like any other client.

use actix_web::web;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Adds the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    let settings = Config::new(["/openapi.json"]).try_it_out_enabled(true).validator_url("none");
    config.service(web::redirect("/docs", "/docs/")).service(SwaggerUi::new("/docs/{file:.*}").config(settings));
}
