//! The contacts of a tag or a group, as its lists ask for them.

use crate::blocking::blocking;
use crate::query::Query;
use crate::{ApiError, ApiState};
use actix_web::HttpRequest;
use tributary_contact::OrganizationId;
use tributary_contact::issue::IssueCode;
use tributary_engine::Page;
use tributary_store::{ContactOrder, ContactRow, LabelKind, LabelledContacts};

/// A page of the contacts that have a label.
///
/// # Errors
/// 400 for a bad query, 404 for an unknown label.
pub(super) async fn labelled(
    api: &ApiState,
    request: &HttpRequest,
    organization: OrganizationId,
    (kind, label): (LabelKind, i64),
) -> Result<Page<ContactRow>, ApiError> {
    let mut query = Query::read(request, &["filter", "sortBy", "descending", "skip", "take"]);
    let (part, order, window) = (query.text("filter").unwrap_or_default(), order(&mut query), query.window());
    let descending = query.flag("descending").unwrap_or(false);
    query.finish()?;
    blocking(api, move |engine| {
        let wanted = LabelledContacts { kind, label, part: &part, order, descending };
        engine.labelled_contacts(organization, wanted, window.skip, window.take)
    })
    .await
}

fn order(query: &mut Query) -> ContactOrder {
    match query.text("sortBy").map(|text| text.to_ascii_lowercase()).as_deref() {
        None | Some("id") => ContactOrder::Id,
        Some("name") => ContactOrder::Name,
        Some("createddatetime") => ContactOrder::CreatedAt,
        Some(_) => {
            query.issue("sortBy", IssueCode::InvalidValue, "One of Id, Name and CreatedDateTime.");
            ContactOrder::Id
        }
    }
}
