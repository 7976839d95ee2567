//! `/console/duplicates/{contact}/{other}`: a pair side by side, with the evidence; merge, not a duplicate, or skip, each by a
//! key, and the next pair follows at once.

use super::{Among, just_merged};
use crate::Console;
use crate::failure::Failure;
use crate::form::{self, FormPairs, QueryPairs};
use crate::format;
use crate::page::merging::{self, Preview};
use crate::page::{Answer, contact, to};
use crate::view::waterfall::waterfall;
use crate::view::{layout, part};
use crate::visit::{Visit, action, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tributary_contact::{ContactId, OrganizationId};
use tributary_engine::{DuplicatePair, Engine, EngineError, MergeRequest};
use tributary_store::{PairFilter, Role};

/// Pairs of one contact that are looked through for the one that is meant.
const OF_CONTACT: i64 = 500;

struct Shown {
    pair: DuplicatePair,
    preview: Preview,
    among: Among,
    /// The pair after this one, when there is another.
    next: Option<(ContactId, ContactId, i64)>,
    merged: Option<(ContactId, ContactId)>,
}

/// The page; a pair that is closed leads to the list.
pub(crate) async fn handle(
    console: web::Data<Console>,
    request: HttpRequest,
    ids: web::Path<(i64, i64)>,
    query: QueryPairs,
) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let ids = (ContactId(ids.0), ContactId(ids.1));
    let survivor = form::number(&query, "keep").map(ContactId).filter(|id| *id == ids.1).unwrap_or(ids.0);
    let merged = if survivor == ids.0 { ids.1 } else { ids.0 };
    let request = MergeRequest { survivor, merged, people: BTreeMap::new(), choices: BTreeMap::new() };
    shown(&console, &visit, ids, request, &query).await
}

/// Merges the pair, or shows what the choices would make: 303 to the next pair.
pub(crate) async fn merge(
    console: web::Data<Console>,
    request: HttpRequest,
    ids: web::Path<(i64, i64)>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, who, among) = (visit.org(), visit.actor(), Among::of(&query));
    let ids = (ContactId(ids.0), ContactId(ids.1));
    let (survivor, merged) = merging::both(&pairs).ok_or(Failure::NotFound)?;
    if (survivor.min(merged), survivor.max(merged)) != (ids.0.min(ids.1), ids.0.max(ids.1)) {
        return Err(Failure::NotFound);
    }
    let request = merging::request(&pairs, survivor, merged);
    if form::value(&pairs, "action") == Some("preview") {
        return shown(&console, &visit, ids, request, &query).await;
    }
    let next = blocking(&console, move |engine| {
        engine.merge_contacts(org, &who, &request)?;
        onward(engine, org, among)
    })
    .await?;
    Ok(to(&format!("{next}&merged={merged}&into={survivor}")))
}

/// The two are two: 303 to the next pair.
pub(crate) async fn two(
    console: web::Data<Console>,
    request: HttpRequest,
    ids: web::Path<(i64, i64)>,
    query: QueryPairs,
    pairs: FormPairs,
) -> Answer {
    let visit = action(&console, &request, &pairs, Role::Reviewer).await?;
    let (org, who, among) = (visit.org(), visit.actor(), Among::of(&query));
    let said = contact::said(ContactId(ids.0), ContactId(ids.1), &pairs);
    let next = blocking(&console, move |engine| {
        engine.say_not_duplicate(org, &who, &said)?;
        onward(engine, org, among)
    })
    .await?;
    Ok(to(&next))
}

/// The pair that has taken the place of a closed one, or the list.
fn onward(engine: &Engine, org: OrganizationId, among: Among) -> Result<String, EngineError> {
    let next = among.pair_at(engine, org, among.at)?;
    Ok(next.map_or("/console/duplicates?".to_owned(), |(one, other, at)| among.pair((one, other), at)))
}

async fn shown(
    console: &Console,
    visit: &Visit,
    ids: (ContactId, ContactId),
    request: MergeRequest,
    query: &[(String, String)],
) -> Answer {
    let (org, among, merged) = (visit.org(), Among::of(query), just_merged(query));
    let found = blocking(console, move |engine| {
        let Some(pair) = open_pair(engine, org, ids)? else { return Ok(None) };
        let preview = Preview::read(engine, org, &request)?;
        let next = among.pair_at(engine, org, among.at + 1)?.filter(|next| (next.0, next.1) != ids);
        Ok(Some(Shown { pair, preview, among, next, merged }))
    })
    .await?;
    Ok(match found {
        Some(shown) => layout::page(visit, "Duplicates", &content(visit, &shown)),
        None => to("/console/duplicates"),
    })
}

/// The pair as long as it is open.
///
/// # Errors
/// [`EngineError::NotFound`] when one of the two is no contact of the organization.
fn open_pair(
    engine: &Engine,
    org: OrganizationId,
    (contact, other): (ContactId, ContactId),
) -> Result<Option<DuplicatePair>, EngineError> {
    for id in [contact, other] {
        engine.contact(org, id)?.ok_or(EngineError::NotFound)?;
    }
    let filter = PairFilter { contact: Some(contact), ..PairFilter::default() };
    let pairs = engine.duplicate_pairs(org, filter, 0, OF_CONTACT)?.list;
    Ok(pairs.into_iter().find(|pair| (pair.row.contact, pair.row.other) == (contact, other)))
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let (row, among) = (&shown.pair.row, shown.among);
    let ids = (row.contact, row.other);
    let here = among.pair(ids, among.at);
    let (path, query) = here.split_once('?').unwrap_or((&here, ""));
    let swapped = if shown.preview.merged() == row.other { row.other } else { row.contact };
    let beside =
        html! { a.button href={ (here) "&keep=" (swapped) } { "Keep number " (swapped) " instead" } (skip(shown)) };
    html! {
        @if let Some((survivor, merged)) = shown.merged { (contact::merged_toast(visit, survivor, merged)) }
        (part::lead("One contact or two?", &shown.preview.heading()))
        section.panel.candidate {
            h2 { span { "Why they may be the same" } (merging::sure(row.score)) }
            (waterfall(&shown.pair.account))
            p.soft { (shown.pair.account.sentence) ". Found " (format::time(row.found_at, visit.zone)) ", by weights " (row.weights_version) "." }
        }
        (shown.preview.markup(visit, &here, &beside))
        @if visit.may(Role::Reviewer) { section.panel { h2 { "They are two" } (merging::two(visit, &format!("{path}/two?{query}"), ids, true)) } }
        @else { div.row { (skip(shown)) } }
    }
}

fn skip(shown: &Shown) -> Markup {
    html! {
        @match shown.next {
            Some((one, other, at)) => { a.button href=(shown.among.pair((one, other), at)) data-key="s" { "Skip " kbd { "s" } } }
            None => { a.button href="/console/duplicates" data-key="s" { "Back to the list " kbd { "s" } } }
        }
    }
}
