//! `POST /console/transactions/{id}/undo`: takes the latest decision about a row back.

use super::{Answer, record, to};
use crate::Console;
use crate::form::FormPairs;
use crate::view::part;
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use tributary_store::Role;

/// 303 to the row, which waits again.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, actor) = (visit.org(), record(&id)?, visit.actor());
    blocking(&console, move |engine| engine.undo_decision(org, id, &actor)).await?;
    Ok(to(&format!("{}?done={id}", part::review_path(id))))
}
