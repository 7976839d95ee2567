//! `POST /api/ContactNote/Email`: an e-mail kept as a note about everybody on file who sent or got it.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::query::Query;
use crate::wire::note;
use crate::wire::note::NoteJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the notes, none when neither mailbox is on file.
#[utoipa::path(
    post, path = "/api/ContactNote/Email", operation_id = "createEmailNote", tag = "ContactNote",
    summary = "Keep an e-mail as a note",
    request_body = ref("#/components/schemas/EmailNote"),
    responses((status = 200, description = "The notes: one for each contact with one of the mailboxes.", body = Vec<NoteJson>)),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let email = note::parse_email(&body::json(&api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let rows = blocking(&api, move |engine| {
        let found = email.mailboxes.iter().map(|mailbox| engine.contact_by_email(organization, mailbox));
        let mut contacts: Vec<_> = found.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        contacts.dedup_by_key(|contact| contact.id);
        let ids: Vec<_> = contacts.iter().map(|contact| contact.id).collect();
        if ids.is_empty() { Ok(Vec::new()) } else { engine.write_notes(organization, &ids, &email.input, &actor) }
    })
    .await?;
    Ok(HttpResponse::Ok().json(rows.into_iter().map(NoteJson::from).collect::<Vec<_>>()))
}
