//! Answers that are errors, for the descriptions of routes: `responses((status = 200, ...), NotFound)`.
//! What every route can answer (400, 401, 403, 429, 500, 503, with a body 413 and 422) is added by
//! [`super::common`] and not named there.

use crate::Problem;
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{Ref, RefOr, Response, ResponseBuilder};

type Responses = BTreeMap<String, RefOr<Response>>;

macro_rules! problems {
    ($($(#[$meta:meta])* $name:ident => $problem:ident),+ $(,)?) => {$(
        $(#[$meta])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                let problem = Problem::$problem;
                let reference = RefOr::Ref(Ref::from_response_name(problem.code()));
                BTreeMap::from([(problem.status().as_str().to_owned(), reference)])
            }
        }
    )+};
}

problems! {
    /// 404 with the canonical body.
    NotFound => NotFound,
    /// 409.
    Conflict => Conflict,
    /// 405, where the path is that of a reference when its contact is no number.
    OtherMethods => MethodNotAllowed,
    /// 422, where parameters of the query have a meaning.
    Invalid => Invalid,
    /// 429, where no key is needed.
    RateLimited => RateLimited,
}

/// 404 where the path is that of a reference when its contact is no number; it has a body only when it is one.
pub(crate) struct NoContact;

impl IntoResponses for NoContact {
    fn responses() -> Responses {
        let answer = ResponseBuilder::new()
            .description("No such contact. Without a body where the path is that of a reference.");
        BTreeMap::from([("404".to_owned(), RefOr::T(answer.build()))])
    }
}

/// 404 without a body, where a contact is read (`route::contact::absent`).
pub(crate) struct Absent;

impl IntoResponses for Absent {
    fn responses() -> Responses {
        let answer = ResponseBuilder::new().description("No such contact, or none yet. Without a body.");
        BTreeMap::from([("404".to_owned(), RefOr::T(answer.build()))])
    }
}
