//! `GET /api/Duplicates?band=&contactId=&closed=&skip=&take=`: the pairs that a scan found, the surest first.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::catalogue::shown;
use crate::query::{Query, Window};
use crate::wire::duplicate_pair::DuplicatePairJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::ContactId;
use tributary_contact::issue::IssueCode;
use tributary_engine::Scope;
use tributary_store::{PairBand, PairFilter};

/// 200 with a part of the list.
#[utoipa::path(
    get, path = "/api/Duplicates", operation_id = "listDuplicates", tag = "NeedsUpdate",
    summary = "Pairs of contacts on file that may be one, the surest first",
    params(
        ("band" = Option<String>, Query, pattern = "^(certain|likely)?$", description = "Only `certain` or only `likely` ones."),
        ("contactId" = Option<i64>, Query, minimum = 0, description = "Only pairs of this contact."),
        ("closed" = Option<bool>, Query, description = "`true` lists what needs nobody any more instead."),
        Window,
    ),
    responses((status = 200, description = "A part of the list.", body = PageJson<DuplicatePairJson>)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["band", "contactId", "closed", "skip", "take"]);
    let filter = PairFilter {
        band: band(&mut query),
        contact: Some(query.number("contactId", i64::MAX, 0)).filter(|id| *id > 0).map(ContactId),
        closed: query.flag("closed").unwrap_or(false),
    };
    let Window { skip, take } = query.window();
    query.finish()?;
    let organization = caller.organization;
    let page = blocking(&api, move |engine| engine.duplicate_pairs(organization, filter, skip, take)).await?;
    let shown = shown(&api, organization).await?;
    let list = page.list.iter().map(|pair| DuplicatePairJson::of(pair, &shown)).collect();
    Ok(HttpResponse::Ok().json(PageJson { list, total: page.total }))
}

fn band(query: &mut Query) -> Option<PairBand> {
    let band = PairBand::parse(&query.text("band")?.to_ascii_lowercase());
    if band.is_none() {
        query.issue("band", IssueCode::InvalidValue, "One of certain, likely.");
    }
    band
}
