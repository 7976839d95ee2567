//! The contact's side of a gift: what is kept of one, and the totals that a contact shows.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A gift transaction as it came with a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gift {
    /// The platform it came from (`transactionSource`).
    pub source: String,
    /// The platform's id of it (`transactionId`). A gift counts once, however often it is sent.
    pub id: String,
    /// The day it was given.
    pub date: NaiveDate,
    /// How much, in the currency of the gift.
    pub amount: Decimal,
    /// What one unit of that currency is worth in the organization's; 1 when the sender did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Decimal>,
    /// For example `Cash`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Another transaction had brought it before: kept as it was sent, and not counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// The whole body as sent, without its `contact`.
    #[serde(default)]
    pub payload: Map<String, Value>,
}

impl Gift {
    /// The amount in the organization's own currency, to the cent.
    #[must_use]
    pub fn base_amount(&self) -> Decimal {
        let rate = self.exchange_rate.unwrap_or(Decimal::ONE);
        self.amount.checked_mul(rate).unwrap_or(Decimal::MAX).round_dp(2)
    }
}

/// What a contact has given, in the organization's own currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Giving {
    /// How many gifts.
    pub gifts: i64,
    /// All of them together.
    pub total: Decimal,
    /// The same per year.
    pub years: BTreeMap<i32, Decimal>,
    /// The latest gift.
    pub last: LastGift,
}

/// The latest gift of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastGift {
    /// The day.
    pub date: NaiveDate,
    /// How much.
    pub amount: Decimal,
}

impl Giving {
    /// The totals of gifts in order of receipt; none without a gift. Of several on the latest day the last
    /// received is the latest.
    #[must_use]
    pub fn of<'a>(gifts: impl IntoIterator<Item = &'a Gift>) -> Option<Self> {
        gifts.into_iter().fold(None, |giving, gift| Some(Self::with(giving, gift)))
    }

    fn with(giving: Option<Self>, gift: &Gift) -> Self {
        let last = LastGift { date: gift.date, amount: gift.base_amount() };
        let mut giving =
            giving.unwrap_or(Self { gifts: 0, total: Decimal::ZERO, years: BTreeMap::new(), last: last.clone() });
        giving.gifts += 1;
        giving.total = giving.total.saturating_add(last.amount);
        let year = giving.years.entry(gift.date.year()).or_default();
        *year = year.saturating_add(last.amount);
        if last.date >= giving.last.date {
            giving.last = last;
        }
        giving
    }
}
