//! Pictures of individuals.

use super::edit::ContactAndItem;
use crate::change::Actor;
use crate::{Engine, EngineError};
use tributary_contact::{Field, ItemId, OrganizationId, Submission};
use tributary_store::{Avatar, StoreExt};

impl Engine {
    /// The picture of an individual.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn avatar(&self, org: OrganizationId, individual: ItemId) -> Result<Option<Avatar>, EngineError> {
        Ok(self.parts.store.reading(|tx| tx.avatar(org, individual))?)
    }

    /// Stores a picture of an individual, whose `avatarUrl` is where it can be read from then on.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown individual.
    pub fn put_avatar(
        &self,
        org: OrganizationId,
        actor: &Actor,
        individual: ItemId,
        avatar: &Avatar,
    ) -> Result<ContactAndItem, EngineError> {
        let url = format!("/api/ContactIndividual/{individual}/Avatar");
        let fields = [(Field::AvatarUrl, url)].into();
        let shown = self.update_individual(org, actor, individual, &Submission { fields, ..Submission::default() })?;
        let at = self.now();
        self.parts.store.writing("put_avatar", |tx| tx.put_avatar(org, individual, avatar, at))?;
        Ok(shown)
    }
}
