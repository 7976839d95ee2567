//! What can be asked, in the contract's shape (virtuous-contract.md 4.5), out of the table that queries are read by.

use super::operator::Operator;
use super::parameter::{Dictionary, Parameter};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryOptions {
    /// The parameters.
    pub options: Vec<ParameterOption>,
    /// The operators that any of them has.
    pub operator_options: Vec<OperatorOption>,
}

/// A parameter and what can be asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParameterOption {
    /// Its name.
    pub parameter: String,
    /// `String`, `Int`, `Decimal`, `Date`, `List`, `Boolean` or `Lookup`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// Its operators.
    pub operator_options: Vec<OperatorOption>,
    /// The values that are offered; empty where any can be asked for.
    pub value_options: Vec<String>,
}

/// An operator and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperatorOption {
    /// Its name.
    pub operator: Operator,
    /// Whether it takes a list in `values`.
    pub multiple_values_allowed: bool,
    /// Whether it needs a value.
    pub value_required: bool,
}

impl From<Operator> for OperatorOption {
    fn from(operator: Operator) -> Self {
        Self { operator, multiple_values_allowed: operator.takes_many(), value_required: operator.takes_any() }
    }
}

/// What an organization can ask.
#[must_use]
pub fn options(dictionary: &Dictionary<'_>) -> QueryOptions {
    QueryOptions {
        options: dictionary.parameters().map(option).collect(),
        operator_options: Operator::ALL.iter().copied().map(OperatorOption::from).collect(),
    }
}

fn option(parameter: Parameter) -> ParameterOption {
    let operators = Operator::of(parameter.kind, parameter.open);
    ParameterOption {
        parameter: parameter.name,
        kind: parameter.kind.as_str(),
        operator_options: operators.into_iter().map(OperatorOption::from).collect(),
        value_options: parameter.values,
    }
}
