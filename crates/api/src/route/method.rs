//! Paths with their methods; any other method of the path is answered by 405 and the list of those.

use crate::{ApiError, Problem};
use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, HttpResponse, Resource, Responder, ResponseError, Route, web};

/// A method and what answers it.
pub(super) struct On {
    method: Method,
    route: Route,
}

macro_rules! on {
    ($($name:ident => $method:ident),+ $(,)?) => {$(
        pub(super) fn $name<F, Args>(handler: F) -> On
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            On { method: Method::$method, route: web::method(Method::$method).to(handler) }
        }
    )+};
}

on!(get => GET, post => POST, put => PUT, delete => DELETE);

/// A path with all its methods.
pub(super) fn at<const N: usize>(path: &str, methods: [On; N]) -> Resource {
    let names = methods.iter().map(|on| on.method.as_str()).collect::<Vec<_>>().join(", ");
    let allow = HeaderValue::from_str(&names).ok();
    let resource = web::resource(path).default_service(web::to(move || {
        let answer = method_not_allowed(allow.clone());
        async move { answer }
    }));
    methods.into_iter().fold(resource, |resource, on| resource.route(on.route))
}

fn method_not_allowed(allow: Option<HeaderValue>) -> HttpResponse {
    let mut answer = ApiError::new(Problem::MethodNotAllowed).error_response();
    if let Some(allow) = allow {
        answer.headers_mut().insert(ALLOW, allow);
    }
    answer
}
