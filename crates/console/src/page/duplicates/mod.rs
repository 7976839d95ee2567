//! `GET /console/duplicates`: pairs of contacts on file that may be one, and the scan that finds them.

pub(super) mod pair;
pub(super) mod scan;

use super::{Answer, contact, merging};
use crate::Console;
use crate::form::{self, QueryPairs};
use crate::format;
use crate::view::layout::{self, token};
use crate::view::part;
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_contact::{ContactId, OrganizationId};
use tributary_engine::{DuplicatePair, DuplicateScan, Engine, EngineError, Page};
use tributary_store::{ContactRow, PairBand, PairFilter, Role};

/// Pairs of a page.
const SIZE: i64 = 50;

/// Which pairs somebody works on, and where they are among them. It travels in the query of each page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Among {
    pub(super) band: Option<PairBand>,
    pub(super) closed: bool,
    /// Place of the pair in the list, from 0.
    pub(super) at: i64,
}

impl Among {
    pub(super) fn of(query: &[(String, String)]) -> Self {
        Self {
            band: form::value(query, "band").and_then(PairBand::parse),
            closed: form::value(query, "closed") == Some("1"),
            at: form::number(query, "at").unwrap_or_default().clamp(0, 1_000_000),
        }
    }

    fn filter(self) -> PairFilter {
        PairFilter { band: self.band, contact: None, closed: self.closed }
    }

    /// The filters as a query, each with `&` after it.
    fn query(self) -> String {
        let band = self.band.map(|band| format!("band={}&", band.as_str())).unwrap_or_default();
        format!("{band}{}", if self.closed { "closed=1&" } else { "" })
    }

    /// The page of a pair at a place.
    pub(super) fn pair(self, (contact, other): (ContactId, ContactId), at: i64) -> String {
        format!("/console/duplicates/{contact}/{other}?{}at={at}", self.query())
    }

    /// The pair at this place, or the first when there is none so far down.
    pub(super) fn pair_at(
        self,
        engine: &Engine,
        org: OrganizationId,
        at: i64,
    ) -> Result<Option<(ContactId, ContactId, i64)>, EngineError> {
        for place in [at, 0] {
            let page = engine.duplicate_pairs(org, self.filter(), place, 1)?;
            if let Some(pair) = page.list.first() {
                return Ok(Some((pair.row.contact, pair.row.other, place)));
            }
        }
        Ok(None)
    }
}

struct Shown {
    among: Among,
    page: i64,
    pairs: Page<DuplicatePair>,
    scan: Option<DuplicateScan>,
    running: bool,
    merged: Option<(ContactId, ContactId)>,
}

/// The page; it renews itself while a scan goes on.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest, query: QueryPairs) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let (org, among) = (visit.org(), Among::of(&query));
    let page = form::number(&query, "page").unwrap_or_default().clamp(0, 1_000_000);
    let started = form::value(&query, "started").is_some();
    let merged = just_merged(&query);
    let shown = blocking(&console, move |engine| {
        let pairs = engine.duplicate_pairs(org, among.filter(), page * SIZE, SIZE)?;
        let running = engine.scan_running(org)? || started;
        Ok(Shown { among, page, pairs, scan: scan::newest(engine, org)?, running, merged })
    })
    .await?;
    let content = content(&visit, &shown);
    Ok(if shown.running {
        layout::live(&visit, "Duplicates", &content)
    } else {
        layout::page(&visit, "Duplicates", &content)
    })
}

/// The survivor and the contact that was merged into it, of a query.
pub(super) fn just_merged(query: &[(String, String)]) -> Option<(ContactId, ContactId)> {
    Some((ContactId(form::number(query, "into")?), ContactId(form::number(query, "merged")?)))
}

fn content(visit: &Visit, shown: &Shown) -> Markup {
    let (among, list) = (shown.among, &shown.pairs.list);
    let first = list.first().filter(|_| !among.closed);
    html! {
        @if let Some((survivor, merged)) = shown.merged { (contact::merged_toast(visit, survivor, merged)) }
        (part::lead("Duplicates", &html! {
            p { (format::counted(shown.pairs.total, "pair", "pairs")) @if among.closed { " closed" } @else { " on file may be one contact" } }
            @if let Some(pair) = first { a.button href=(among.pair((pair.row.contact, pair.row.other), shown.page * SIZE)) data-key="Enter" { "Review the first " kbd { "Enter" } } }
        }))
        (scan::panel(visit, shown.scan.as_ref(), shown.running))
        (filters(among))
        @if list.is_empty() { (part::empty("No pair here", "A scan compares everything on file with itself, and lists the pairs that are worth a look.")) }
        @else {
            div.panel { table.stack {
                thead { tr { @for head in ["First", "Second", "Sure", "Found"] { th scope="col" { (head) } } @if among.closed { th scope="col" { "Closed" } } } }
                tbody { @for (place, pair) in (0_i64..).zip(list) { (line(visit, shown, pair, shown.page * SIZE + place)) } }
            } }
            (part::pages("/console/duplicates", &among.query(), shown.page, SIZE, shown.pairs.total))
        }
    }
}

fn line(visit: &Visit, shown: &Shown, pair: &DuplicatePair, at: i64) -> Markup {
    let row = &pair.row;
    let name = |contact: Option<&ContactRow>, id: ContactId| format!("{} ({id})", contact.map_or("(gone)", part::name));
    let first = name(pair.contact.as_ref(), row.contact);
    html! { tr {
        th scope="row" {
            @if shown.among.closed { a data-row href=(part::contact_path(row.contact)) { (first) } }
            @else { a data-row href=(shown.among.pair((row.contact, row.other), at)) { (first) } }
        }
        td data-name="Second" { (name(pair.other.as_ref(), row.other)) }
        td data-name="Sure" { (merging::sure(row.score)) " " span.soft { (row.band.as_str()) } }
        td data-name="Found" { (format::time(row.found_at, visit.zone)) }
        @if shown.among.closed { td data-name="Closed" { @if let Some((why, at)) = row.closed { (format::words(why.as_str())) ", " (format::time(at, visit.zone)) } } }
    } }
}

fn filters(among: Among) -> Markup {
    let bands = [(PairBand::Certain, "Certain"), (PairBand::Likely, "Likely")];
    html! {
        form.filters action="/console/duplicates" {
            div { label for="band" { "How sure" } select #band name="band" {
                option value="" { "Any" }
                @for (band, name) in bands { option value=(band.as_str()) selected[among.band == Some(band)] { (name) } }
            } }
            div { label for="closed" { "Which" } select #closed name="closed" {
                option value="" { "Open" } option value="1" selected[among.closed] { "Closed" }
            } }
            button { "Filter" }
        }
    }
}

/// The button that starts a scan.
fn start(visit: &Visit) -> Markup {
    html! { form method="post" action="/console/duplicates/scan" { (token(visit)) button { "Scan everything on file" } } }
}
