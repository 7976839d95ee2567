//! Raw text to normal forms. A normal form serves comparison and uniting; it is never stored in place of
//! the raw text. `country` is always an ISO 3166 two-letter code: the organization's own country.

mod address;
mod email;
mod nickname;
mod organization;
mod person;
mod phone;
mod text;

pub use address::{AddressForm, address};
pub use email::{EmailForm, email, is_email};
pub use nickname::{Nicknames, nickname_classes, nickname_list, nickname_number, related_names, share_nickname};
pub use organization::{OrganizationForm, organization};
pub use person::{Generation, PersonForm, PersonText, person};
pub use phone::{PhoneForm, phone};
pub use text::fold_text;

use crate::model::{Address, Method, MethodKind};

/// The text under which two methods of an individual are the same one: kind and normal form, or the
/// trimmed lower-case value when the value has no normal form.
#[must_use]
pub fn method_key(method: &Method, country: &str) -> String {
    let plain = || method.value.trim().to_lowercase();
    match method.kind() {
        MethodKind::Email => format!("email:{}", email(&method.value).map_or_else(plain, |form| form.canonical)),
        MethodKind::Phone => format!("phone:{}", phone(&method.value, country).map_or_else(plain, |form| form.e164)),
        MethodKind::Other => format!("{}:{}", method.label.to_lowercase(), plain()),
    }
}

/// The text under which two addresses of a contact are the same one.
#[must_use]
pub fn address_key(raw: &Address, country: &str) -> String {
    address(raw, country).map_or_else(String::new, |form| form.key())
}
