//! The frame around every page.

use crate::asset;
use crate::format;
use crate::visit::{TOKEN_FIELD, Visit, WAITING};
use actix_web::HttpResponse;
use maud::{DOCTYPE, Markup, html};

/// Where the navigation leads: path, name, key.
const PLACES: [(&str, &str, &str); 6] = [
    ("/console", "Home", "h"),
    ("/console/bucket", "Bucket", "b"),
    ("/console/duplicates", "Duplicates", "d"),
    ("/console/transactions", "Transactions", "t"),
    ("/console/runs", "Runs", "r"),
    ("/console/webhooks", "Webhooks", "w"),
];

/// A page of somebody who is signed in.
pub(crate) fn page(visit: &Visit, title: &str, content: &Markup) -> HttpResponse {
    framed(visit, title, content, None)
}

/// As [`page`], for a page that is asked for again every few seconds where there is no JavaScript.
pub(crate) fn live(visit: &Visit, title: &str, content: &Markup) -> HttpResponse {
    framed(visit, title, content, Some(visit.path.as_str()))
}

fn framed(visit: &Visit, title: &str, content: &Markup, renew: Option<&str>) -> HttpResponse {
    let body = html! {
        a.skip href="#content" { "Skip to the content" }
        (top(visit))
        main #content tabindex="-1" { (content) }
        footer {
            "Times are those of " (visit.organization.time_zone) "."
            span.keys-hint { " Press " kbd { "?" } " for keys." }
        }
        (keys())
    };
    answer(&document(title, &body, renew))
}

/// A page without navigation: before somebody is signed in, and for failures.
pub(crate) fn bare(title: &str, content: Markup) -> Markup {
    document(title, &html! { main.narrow { div.panel { (content) } } }, None)
}

/// A page as an answer.
pub(crate) fn answer(markup: &Markup) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(markup.0.clone())
}

fn document(title: &str, body: &Markup, renew: Option<&str>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Tributary" }
                link rel="stylesheet" href=(asset::address("console.css"));
                link rel="icon" type="image/svg+xml" href=(asset::address("icon.svg"));
                script src=(asset::address("console.js")) defer {}
                @if let Some(path) = renew {
                    noscript { meta http-equiv="refresh" content={ "3;url=" (path) }; }
                }
            }
            body { (body) }
        }
    }
}

fn top(visit: &Visit) -> Markup {
    html! {
        header.top { div {
            a.brand href="/console" { img src=(asset::address("icon.svg")) alt="" width="26" height="26"; "Tributary" }
            nav aria-label="Main" { ul {
                @for (path, name, _) in PLACES {
                    li { a href=(path) aria-current=[is_here(visit, path).then_some("page")] {
                        (name)
                        @if path == "/console/bucket" && visit.waiting > 0 { " " span.tag.needs { (format::at_least(visit.waiting, WAITING)) span.hidden { " rows wait" } } }
                    } }
                }
            } }
            form.search action="/console/search" role="search" {
                label.hidden for="search" { "Search" }
                input #search type="search" name="q" placeholder="Name, e-mail, phone, address, id" data-key="/" maxlength="300";
                button { "Search" }
            }
            a href="/console/account" { (visit.user.name) }
            form action="/console/sign-out" method="post" { (token(visit)) button.plain { "Sign out" } }
        } }
    }
}

fn is_here(visit: &Visit, path: &str) -> bool {
    if path == "/console" { visit.path.trim_end_matches('/') == path } else { visit.path.starts_with(path) }
}

/// The hidden field that tells our forms from others'.
pub(crate) fn token(visit: &Visit) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(visit.form_token); }
}

/// The list of keys, opened by `?`, and the links that the letters of the navigation press.
fn keys() -> Markup {
    let here = [
        ("j k", "next and previous row of a list, Enter opens it"),
        ("m", "merge into the first candidate"),
        ("1 … 9", "go to a candidate; Enter then merges into it"),
        ("a", "add as a new person to the first candidate"),
        ("n", "not the first candidate, not a duplicate"),
        ("i", "give the row to me"),
        ("c", "create a new contact"),
        ("e", "edit and retry"),
        ("x", "reject"),
        ("s", "skip"),
        ("u", "undo the last decision"),
        ("/", "search"),
        ("?", "this list"),
    ];
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            table { tbody {
                @for (path, name, key) in PLACES { tr { th scope="row" { kbd { (key) } } td { a href=(path) data-key=(key) { (name) } } } }
                @for (key, meaning) in here { tr { th scope="row" { kbd { (key) } } td { (meaning) } } }
            } }
            form method="dialog" { button autofocus { "Close" } }
        }
    }
}
