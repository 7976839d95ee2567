//! `GET /console/webhooks`: subscriptions and how they do.

use super::Answer;
use crate::Console;
use crate::format;
use crate::view::{layout, part};
use crate::visit::{Visit, blocking, visit};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use tributary_engine::Health;
use tributary_store::{Role, WebhookRow};

/// The page.
pub(crate) async fn handle(console: web::Data<Console>, request: HttpRequest) -> Answer {
    let visit = visit(&console, &request, Role::Viewer).await?;
    let org = visit.org();
    let (hooks, health) = blocking(&console, move |engine| Ok((engine.webhooks(org)?, engine.health(org)?))).await?;
    Ok(layout::page(&visit, "Webhooks", &content(&visit, &hooks, &health)))
}

fn content(visit: &Visit, hooks: &[WebhookRow], health: &Health) -> Markup {
    let tally = &health.deliveries;
    html! {
        (part::lead("Webhooks", &html! { p { (format::count(tally.delivered)) " delivered, " (format::count(tally.pending)) " waiting, " (format::count(tally.dead)) " given up" } }))
        @if hooks.is_empty() {
            (part::empty("Nobody is subscribed", "Subscribers are added through the API or with “tributary webhook create”."))
        } @else { div.grid { @for hook in hooks { (card(visit, hook)) } } }
    }
}

fn card(visit: &Visit, hook: &WebhookRow) -> Markup {
    html! {
        section.panel.wide {
            h2 { span.id { (hook.payload_url) } }
            p { (health(hook)) }
            dl.pairs {
                dt { "Number" } dd { (hook.id) }
                @if let Some(reason) = &hook.disabled_reason { dt { "Switched off" } dd { (reason) } }
                @if let Some(since) = hook.failing_since { dt { "Failing for" } dd { (format::age(since, visit.now)) ", " (format::counted(hook.failed_attempts, "attempt", "attempts")) } }
                dt { "Events" } dd { @for toggle in &hook.toggles { span.tag { (toggle) } " " } }
                dt { "Since" } dd { (format::time(hook.created_at, visit.zone)) }
            }
        }
    }
}

fn health(hook: &WebhookRow) -> Markup {
    html! {
        @if !hook.active { span.tag.bad { "off" } }
        @else if hook.paused_at.is_some() { span.tag.bad { "paused, its events are kept" } }
        @else if hook.failing_since.is_some() { span.tag.needs { "failing" } }
        @else { span.tag.good { "healthy" } }
    }
}
