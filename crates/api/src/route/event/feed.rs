//! `GET /api/Event?after=&take=`: the same envelopes as deliveries, in order of commit, for whoever missed some or
//! would rather ask than be told.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::wire::event::page;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::issue::IssueCode;
use tributary_engine::{FEED_AT_MOST, FeedPlace, Scope};
use uuid::Uuid;

/// Events of a page when nothing else is asked for.
const TAKE: i64 = 100;

/// 200 with the events and the place to go on from, also when there is none yet; 404 for an event that is unknown
/// or no longer kept.
#[utoipa::path(
    get, path = "/api/Event", operation_id = "listEvents", tag = "Webhook",
    summary = "The feed of events, in order of commit",
    params(
        ("after" = Option<String>, Query, pattern = "^([0-9]{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$", description = "A `next` of this feed, or the id of an event; from the beginning without it."),
        ("take" = Option<i64>, Query, minimum = 0, maximum = 1_000, description = "Events at most, 100 unless said, up to 1000."),
    ),
    responses(
        (status = 200, description = "Events as they are delivered, and where to go on.", body = ref("#/components/schemas/EventPage")),
        NotFound,
    ),
    security(("key" = ["webhooks"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Webhooks).await?;
    let mut query = Query::read(&request, &["after", "take"]);
    let place = query.text("after").map_or(Some(FeedPlace::Position(0)), |text| parse(&text));
    if place.is_none() {
        query.issue("after", IssueCode::InvalidValue, "Must be a `next` of this feed, or the id of an event.");
    }
    let take = query.number("take", FEED_AT_MOST, TAKE);
    query.finish()?;
    let (organization, place) = (caller.organization, place.unwrap_or(FeedPlace::Position(0)));
    let events = blocking(&api, move |engine| engine.event_feed(organization, place, take)).await?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(page(place, &events)))
}

/// A place, or the id of an event: the last `webhook-id` a subscriber has got will do.
fn parse(text: &str) -> Option<FeedPlace> {
    let place = text.parse().ok().filter(|place| *place >= 0).map(FeedPlace::Position);
    place.or_else(|| Uuid::parse_str(text).ok().map(FeedPlace::Event))
}
