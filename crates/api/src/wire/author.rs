//! Who made or changed something, as the contract shows it (`createdByUser`).

/// The name of a stored actor: a person's, or `API` for a key (virtuous-contract.md 2.2).
pub(crate) fn author(actor: &str) -> String {
    actor.strip_prefix("staff:").unwrap_or("API").to_owned()
}
