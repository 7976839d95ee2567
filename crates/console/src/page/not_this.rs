//! `POST /console/bucket/{id}/not`: the row is not this contact, or that is taken back.

use super::asked::Asked;
use super::{Answer, record, to};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::visit::{action, blocking};
use actix_web::{HttpRequest, web};
use tributary_contact::ContactId;
use tributary_engine::{EngineError, NotDuplicate, NotThis};
use tributary_store::Role;

/// 303 to the row, which goes on waiting.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    id: web::Path<String>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, id, who) = (visit.org(), record(&id)?, visit.actor());
    let asked = Asked::of(&query, visit.user.id);
    let revoked = form::number(&pairs, "revoke");
    let contact = form::number(&pairs, "contact").map(ContactId);
    let until_more_is_known = form::value(&pairs, "until_more_is_known").is_some();
    if revoked.or(contact.map(|id| id.0)).is_none() {
        return Err(Failure::NotFound);
    }
    blocking(&console, move |engine| match (revoked, contact) {
        (Some(number), _) => {
            engine.transaction(org, id)?.ok_or(EngineError::NotFound)?;
            engine.revoke_not_duplicate(org, &who, number)
        }
        (None, Some(contact)) => {
            let other = NotThis::Transaction(id);
            engine
                .say_not_duplicate(org, &who, &NotDuplicate { contact, other, until_more_is_known, note: None })
                .map(drop)
        }
        (None, None) => Err(EngineError::NotFound),
    })
    .await?;
    Ok(to(&asked.review(id)))
}
