//! The engine's calls block on the database; handlers run them on the pool for blocking work.

use crate::{ApiError, ApiState, Problem};
use actix_web::web;
use std::sync::Arc;
use tributary_engine::{Engine, EngineError};

/// Runs an engine call off the workers that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(
    api: &ApiState,
    call: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
) -> Result<T, ApiError> {
    let engine = Arc::clone(&api.engine);
    match web::block(move || call(&engine)).await {
        Ok(result) => result.map_err(ApiError::from),
        Err(_pool_is_gone) => Err(ApiError::new(Problem::Unavailable)),
    }
}
