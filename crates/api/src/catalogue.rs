//! What the organization defines for itself, for handlers: remembered by the engine, so mostly at no cost.

use crate::blocking::blocking;
use crate::{ApiError, ApiState};
use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_engine::{Catalogue, Shown};

/// The organization's definitions.
pub(crate) async fn catalogue(api: &ApiState, organization: OrganizationId) -> Result<Arc<Catalogue>, ApiError> {
    match api.engine.catalogue_cached(organization) {
        Some(catalogue) => Ok(catalogue),
        None => blocking(api, move |engine| engine.catalogue(organization)).await,
    }
}

/// What contacts of the organization are shown with now.
pub(crate) async fn shown(api: &ApiState, organization: OrganizationId) -> Result<Shown, ApiError> {
    Ok(Shown::at(catalogue(api, organization).await?, api.engine.clock().now()))
}
