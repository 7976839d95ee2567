//! Labels: tags and organization groups, and which contacts have them.

use crate::StoreResult;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};

/// The two kinds of label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    /// A tag.
    Tag,
    /// An organization group.
    Group,
}

impl LabelKind {
    /// Stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Group => "group",
        }
    }

    /// The kind whose text this is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Tag, Self::Group].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRow {
    /// Number from [`crate::Counter::Label`].
    pub id: i64,
    /// The name; unique of its kind in any letter case.
    pub name: String,
    /// The group of tags that a tag belongs to.
    pub parent: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
}

/// A label of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactLabelRow {
    /// Number from [`crate::Counter::ContactLabel`].
    pub id: i64,
    /// The label.
    pub label: i64,
    /// The contact.
    pub contact: ContactId,
    /// Since when.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
}

/// Which labels to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelFilter<'a> {
    /// Their kind.
    pub kind: LabelKind,
    /// A part of their names, in any letter case; empty for all.
    pub part: &'a str,
}

/// By what the contacts of a list are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactOrder {
    /// By number.
    Id,
    /// By name, in binary order of the lower-case form.
    Name,
    /// By time of creation.
    CreatedAt,
}

/// Which contacts of a label to list, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledContacts<'a> {
    /// Kind of the label.
    pub kind: LabelKind,
    /// The label.
    pub label: i64,
    /// A part of the contact's name, in any letter case; empty for all.
    pub part: &'a str,
    /// Order; equal ones by number.
    pub order: ContactOrder,
    /// Whether the order is turned round.
    pub descending: bool,
}

/// Reads about labels.
pub trait ReadLabels {
    /// A page of labels, by name.
    ///
    /// # Errors
    /// Any failure of the store.
    fn label_page(
        &mut self,
        organization: OrganizationId,
        filter: LabelFilter<'_>,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<LabelRow>>;
    /// How many labels the filter selects.
    ///
    /// # Errors
    /// Any failure of the store.
    fn label_count(&mut self, organization: OrganizationId, filter: LabelFilter<'_>) -> StoreResult<i64>;
    /// The labels with these numbers, by number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn labels(&mut self, organization: OrganizationId, kind: LabelKind, ids: &[i64]) -> StoreResult<Vec<LabelRow>>;
    /// The labels of these names, in any letter case.
    ///
    /// # Errors
    /// Any failure of the store.
    fn labels_named(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        names: &[String],
    ) -> StoreResult<Vec<LabelRow>>;
    /// The labels of a contact, by number of the label.
    ///
    /// # Errors
    /// Any failure of the store.
    fn labels_of(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        contact: ContactId,
    ) -> StoreResult<Vec<ContactLabelRow>>;
    /// The label of a contact with this number.
    ///
    /// # Errors
    /// Any failure of the store.
    fn contact_label(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        id: i64,
    ) -> StoreResult<Option<ContactLabelRow>>;
    /// How many contacts have a label, archived ones included.
    ///
    /// # Errors
    /// Any failure of the store.
    fn label_size(&mut self, organization: OrganizationId, kind: LabelKind, label: i64) -> StoreResult<i64>;
    /// A page of the contacts that have a label, archived and merged-away ones left out, and how many there are.
    ///
    /// # Errors
    /// Any failure of the store.
    fn labelled_contacts(
        &mut self,
        organization: OrganizationId,
        wanted: LabelledContacts<'_>,
        skip: i64,
        take: i64,
    ) -> StoreResult<(Vec<ContactId>, i64)>;
}

/// Writes about labels.
pub trait WriteLabels {
    /// Stores new labels.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when a name is taken.
    fn insert_labels(&mut self, organization: OrganizationId, kind: LabelKind, new: &[LabelRow]) -> StoreResult<()>;
    /// Gives labels to contacts; one that a contact has already stays as it is.
    ///
    /// # Errors
    /// Any failure of the store.
    fn add_contact_labels(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        new: &[ContactLabelRow],
    ) -> StoreResult<()>;
    /// Takes labels from contacts: pairs of label and contact.
    ///
    /// # Errors
    /// Any failure of the store.
    fn remove_contact_labels(
        &mut self,
        organization: OrganizationId,
        kind: LabelKind,
        gone: &[(i64, ContactId)],
    ) -> StoreResult<()>;
}
