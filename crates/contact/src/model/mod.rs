//! The data model. All values are raw text as it was sent; normal forms are computed, never stored instead.

mod definition;
mod field;
mod gift;
mod golden;
mod ids;
mod record;
mod submission;

pub use definition::{CollectionDefinition, Entity, FieldDefinition, FieldType};
pub use field::Field;
pub use gift::{Gift, Giving, LastGift};
pub use golden::{Golden, GoldenAddress, GoldenIndividual, GoldenMethod};
pub use ids::{ContactId, ItemId, OrganizationId, RecordId, RunId, UserId, WebhookId};
pub use record::{RecordKind, SourceRecord};
pub use submission::{
    Address, Attendance, BaseType, ContactType, CustomData, CustomObject, CustomValue, Method, MethodKind, Reference,
    Submission,
};
