//! Paths with their methods. A path is registered together with its page of the OpenAPI document, so
//! that no route can be there without one. Any other method of the path is answered by 405.

use crate::{ApiError, Problem};
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, Resource, ResponseError, Route, web};
use utoipa::openapi::OpenApi;

/// A path, what answers its methods, and their description.
pub(crate) struct At {
    /// The path as actix-web reads it, in which a parameter may have a pattern: `{id:\d+}`.
    pub pattern: &'static str,
    /// Names of the methods.
    pub methods: Vec<&'static str>,
    routes: Vec<Route>,
    page: fn() -> OpenApi,
}

impl At {
    /// A path, its methods, and their page of the document. Written by [`at!`].
    pub(super) fn new(
        pattern: &'static str,
        on: impl IntoIterator<Item = (&'static str, Route)>,
        page: fn() -> OpenApi,
    ) -> Self {
        let (methods, routes) = on.into_iter().unzip();
        Self { pattern, methods, routes, page }
    }

    /// A path under which nothing is, though a later one would fit it.
    pub(super) fn nothing(pattern: &'static str) -> Self {
        Self { pattern, methods: Vec::new(), routes: Vec::new(), page: OpenApi::default }
    }

    /// What the handlers say of themselves.
    pub(crate) fn page(&self) -> OpenApi {
        (self.page)()
    }

    /// The path for actix-web.
    pub(super) fn resource(self) -> Resource {
        let resource = web::resource(self.pattern);
        if self.routes.is_empty() {
            return resource.to(crate::app::unknown);
        }
        let allow = HeaderValue::from_str(&self.methods.join(", ")).ok();
        let resource = resource.default_service(web::to(move || {
            let answer = method_not_allowed(allow.clone());
            async move { answer }
        }));
        self.routes.into_iter().fold(resource, Resource::route)
    }
}

/// `at!("/api/Thing", get thing::list, post thing::create)`: each module has a documented `handle`.
macro_rules! at {
    ($pattern:literal, $($method:ident $($module:ident)::+),+ $(,)?) => {{
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($($module)::+::handle),+))]
        struct Page;
        $crate::route::at::At::new(
            $pattern,
            [$((
                $crate::route::at::name(stringify!($method)),
                actix_web::web::$method().to($($module)::+::handle),
            )),+],
            <Page as utoipa::OpenApi>::openapi,
        )
    }};
}
pub(super) use at;

/// The name of a method on the wire.
pub(super) fn name(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "delete" => "DELETE",
        _ => "PATCH",
    }
}

fn method_not_allowed(allow: Option<HeaderValue>) -> HttpResponse {
    let mut answer = ApiError::new(Problem::MethodNotAllowed).error_response();
    if let Some(allow) = allow {
        answer.headers_mut().insert(ALLOW, allow);
    }
    answer
}
