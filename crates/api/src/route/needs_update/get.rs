//! `GET /api/NeedsUpdate/{id}`: a row of the bucket, why it waits, and the contacts it may mean.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use crate::wire::bucket::{BesideJson, BucketRowJson, StepJson};
use crate::wire::full_contact::full_contact;
use crate::wire::transaction::Sight;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use tributary_contact::clock::Timestamp;
use tributary_engine::{BucketCandidate, BucketItem, FullContact, Scope, Shown};
use utoipa::ToSchema;

/// A row of the bucket.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ItemJson {
    #[serde(flatten)]
    row: BucketRowJson,
    candidates: Vec<CandidateJson>,
    /// Who was given the row and what was asked about it, first to last.
    steps: Vec<StepJson>,
}

/// A contact that the row may mean.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CandidateJson {
    contact_id: i64,
    individual_id: Option<i64>,
    sentence: String,
    explanation: Value,
    contact: FullContact,
    #[serde(flatten)]
    beside: BesideJson,
}

impl CandidateJson {
    fn of(candidate: &BucketCandidate, shown: &Shown) -> Self {
        Self {
            contact_id: candidate.contact.id.0,
            individual_id: candidate.individual.map(|id| id.0),
            sentence: candidate.sentence.clone(),
            explanation: candidate.explanation.clone(),
            contact: full_contact(&candidate.contact, shown),
            beside: BesideJson::from(&candidate.beside),
        }
    }
}

impl ItemJson {
    fn of(item: &BucketItem, sight: Sight, shown: &Shown, now: Timestamp) -> Self {
        Self {
            row: BucketRowJson::of(&item.transaction, sight, now),
            candidates: item.candidates.iter().map(|candidate| CandidateJson::of(candidate, shown)).collect(),
            steps: item.steps.iter().map(StepJson::from).collect(),
        }
    }
}

/// 200 with the row, 404 when nothing with this id waits.
#[utoipa::path(
    get, path = "/api/NeedsUpdate/{id}", operation_id = "getNeedsUpdate", tag = "NeedsUpdate",
    summary = "A waiting submission beside the contacts it may mean",
    params(("id" = Uuid, Path, description = "Transaction id.")),
    responses((status = 200, description = "The row and its candidates.", body = ItemJson), NotFound),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::transaction(&id)?);
    let item = blocking(&api, move |engine| engine.needs_update_item(organization, id)).await?;
    let item = item.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    let (sight, now) = (Sight::of(&caller), api.engine.clock().now());
    Ok(HttpResponse::Ok().json(ItemJson::of(&item, sight, &shown(&api, organization).await?, now)))
}
