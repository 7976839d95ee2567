//! A contact in one row of a list (virtuous-contract.md 2.3, ContactListItem).

use serde::Serialize;
use tributary_contact::{ContactType, Field, Golden, Method, MethodKind};
use tributary_engine::{contact_view_url, one_line};
use tributary_store::ContactRow;
use utoipa::ToSchema;

/// The row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactListItem {
    id: i64,
    name: Option<String>,
    contact_type: String,
    contact_name: Option<String>,
    /// The primary one in one line.
    address: Option<String>,
    /// The primary one.
    email: Option<String>,
    /// The primary one.
    phone: Option<String>,
    contact_view_url: String,
}

impl ContactListItem {
    /// The row under another name; that of the contact stays.
    pub(crate) fn named(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }
}

impl From<&ContactRow> for ContactListItem {
    fn from(row: &ContactRow) -> Self {
        let golden = &row.golden;
        let name = golden.field(Field::Name).map(str::to_owned);
        Self {
            id: row.id.0,
            name: name.clone(),
            contact_type: type_name(&golden.contact_type),
            contact_name: name,
            address: golden.addresses.iter().find(|own| own.address.primary).map(|own| one_line(&own.address)),
            email: primary(golden, MethodKind::Email),
            phone: primary(golden, MethodKind::Phone),
            contact_view_url: contact_view_url(row.id),
        }
    }
}

fn type_name(kind: &ContactType) -> String {
    kind.custom.clone().unwrap_or_else(|| kind.base.as_str().to_owned())
}

/// The primary method of a kind, of the first person who has one.
fn primary(golden: &Golden, kind: MethodKind) -> Option<String> {
    let methods = golden.individuals.iter().flat_map(|individual| &individual.methods);
    let of_kind = |label: &str| {
        Method { label: label.to_owned(), value: String::new(), opted_in: None, primary: false }.kind() == kind
    };
    methods.into_iter().find(|method| method.primary && of_kind(&method.label)).map(|method| method.value.clone())
}
