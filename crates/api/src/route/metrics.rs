//! `GET /metrics`: Prometheus text. Counters and histograms come from where things happen; what is a
//! state rather than a happening (how much is held, how old, what is due) is read from the engine at
//! each scrape, so that it is right also when another process did the work.
//!
//! Open to whoever reaches the port: it holds counts and organization ids, nothing else.

use crate::ApiState;
use crate::answer::Answer;
use crate::blocking::blocking;
use crate::wire::gauges;
use actix_web::{HttpResponse, web};
use tributary_contact::OrganizationId;
use tributary_engine::{Engine, EngineError, Health};

/// 200 with the metrics of the process and of every organization.
#[utoipa::path(
    get, path = "/metrics", operation_id = "getMetrics", tag = "Service",
    summary = "Counters and gauges, for Prometheus",
    responses((status = 200, description = "Prometheus text, format 0.0.4.", body = String, content_type = "text/plain")),
    security(()),
)]
pub(crate) async fn handle(api: web::Data<ApiState>) -> Answer {
    let tallies = blocking(&api, tallies).await?;
    let mut text = api.metrics.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    text.push_str(&gauges::render(&tallies, api.engine.clock().now()));
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

fn tallies(engine: &Engine) -> Result<Vec<(OrganizationId, Health)>, EngineError> {
    let organizations = engine.organizations()?;
    organizations.iter().map(|organization| Ok((organization.id, engine.health(organization.id)?))).collect()
}
