//! The routes: one file per endpoint, one line per path here. Literal paths stand before those with
//! parameters, since the first that fits is taken.

mod asked;
mod at;
mod batch;
mod collection;
mod contact;
mod contact_address;
mod contact_individual;
mod contact_method;
mod contact_reference;
mod definition;
mod docs;
mod duplicates;
mod empty;
mod erasure;
mod event;
mod gift;
mod group;
mod health;
mod key;
mod labelled;
mod merge_suggestion;
mod metrics;
mod needs_update;
mod not_duplicate;
mod note;
mod openapi;
mod organization;
mod organization_current;
mod path;
mod policy;
mod polled;
mod ready;
mod tag;
mod token;
mod transaction;
mod webhook;

use actix_web::web;
pub(crate) use at::At;
use at::at;
pub(crate) use contact_reference::create::body_schema as reference_schema;
use labelled::labelled;

/// Every route that has a page in the OpenAPI document.
pub(crate) fn all() -> Vec<At> {
    // Paths are tried one after the other, and this is the one that is asked for all day.
    let mut routes = vec![at!("/api/Contact/Transaction", post transaction::submit, get transaction::find)];
    routes.extend(health());
    routes.push(at!("/openapi.json", get openapi));
    routes.push(at!("/Token", post token));
    routes.push(at!("/api/Organization/Current", get organization_current));
    routes.push(at!("/api/Organization/Switch", put organization::switch));
    routes.push(at!("/api/Organization", get organization::list));
    routes.push(at!("/api/Permission", get organization::permissions));
    routes.extend(definitions());
    routes.extend(contacts());
    routes.extend(notes());
    routes.extend(labels());
    routes.extend(gifts());
    routes.extend(parts_of_contacts());
    routes.extend(needs_update());
    routes.push(at!("/api/Erasure", get erasure::list));
    routes.push(at!("/api/Erasure/{id}/Lift", post erasure::lift));
    routes.extend(batches());
    routes.extend(webhooks());
    routes.extend(keys());
    routes.extend(policies());
    routes
}

/// Adds every route.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let routes = all();
    config.service(polled::resource(&routes));
    docs::configure(config);
    add(config, routes);
}

/// Adds the routes that every process has, whatever it does.
pub(crate) fn configure_health(config: &mut web::ServiceConfig) {
    add(config, health());
}

fn add(config: &mut web::ServiceConfig, routes: Vec<At>) {
    for at in routes {
        config.service(at.resource());
    }
}

fn health() -> Vec<At> {
    vec![at!("/healthz", get health), at!("/readyz", get ready), at!("/metrics", get metrics)]
}

fn contacts() -> Vec<At> {
    vec![
        at!("/api/Contact", post contact::create),
        at!("/api/Contact/Batch", post transaction::submit_batch),
        at!("/api/Contact/CheckDuplicates", post contact::check_duplicates),
        at!("/api/Contact/Find", get contact::find),
        at!("/api/Contact/Query", post contact::query),
        at!("/api/Contact/Query/FullContact", post contact::query_full),
        at!("/api/Contact/QueryOptions", get contact::query_options),
        at!("/api/Contact/Search", post contact::search),
        at!("/api/Contact/Receipts", get contact::receipts),
        at!("/api/Relationship/ByContact/{contactId}", get gift::nothing),
        at!("/api/Event/{eventId}/Contacts", get event::contacts),
        at!("/api/Contact/Transaction/{id}/Undo", post transaction::undo),
        at!("/api/Contact/Transaction/{id}/Explanation", get transaction::explanation),
        at!("/api/Contact/Transaction/{id}", get transaction::get),
        at!("/api/Contact/Activity", get contact::activity),
        at!("/api/Contact/Following", get contact::following),
        at!("/api/Contact/Proximity", post contact::proximity),
        at!("/api/Contact/Archive/{contactId}", put contact::archive),
        at!("/api/Contact/Unarchive/{contactId}", put contact::unarchive),
        at!("/api/Contact/ToggleFollow/{contactId}", put contact::toggle_follow, post contact::toggle_follow_posted),
        at!("/api/Contact/ByReference/{referenceId}", get contact::by_reference_id),
        at!("/api/Contact/{contactId:\\d+}", get contact::get, put contact::update),
        at!("/api/Contact/{contactId:\\d+}/History", get contact::history),
        at!("/api/Contact/{contactId:\\d+}/Consent", get contact::consent),
        at!("/api/Contact/{contactId:\\d+}/Export", get contact::export),
        at!("/api/Contact/{contactId:\\d+}/Erase", post contact::erase),
        at!("/api/Contact/{contactId:\\d+}/Merge", post contact::merge),
        at!("/api/Contact/{contactId:\\d+}/SuggestMerge", post contact::suggest_merge),
        at!("/api/Contact/{contactId:\\d+}/Unmerge", post contact::unmerge),
        // Literals of the contract that no reference source can be read under (1.0, routing note).
        at!("/api/Contact/ByTag/{tagId}", get contact::by_tag),
        At::nothing("/api/Contact/{literal:Receipts}/{value}"),
        at!(
            "/api/Contact/{contactId}/Collection/{collectionId}",
            post collection::create, put collection::update, delete collection::delete,
        ),
        at!("/api/Contact/{referenceSource}/{referenceId}", get contact::by_reference),
    ]
}

/// What the organization defines. Before the contacts, whose paths would fit too.
fn definitions() -> Vec<At> {
    vec![
        at!("/api/Contact/Types", get definition::types, post definition::type_define, delete definition::type_forget),
        at!("/api/Contact/Prefixes", get definition::prefixes),
        at!(
            "/api/Contact/CustomFields",
            get definition::contact_fields, post definition::contact_field_define,
            delete definition::contact_field_forget,
        ),
        at!(
            "/api/Contact/CustomCollections",
            get definition::contact_collections, post definition::contact_collection_define,
        ),
        at!(
            "/api/ContactIndividual/CustomFields",
            get definition::individual_fields, post definition::individual_field_define,
            delete definition::individual_field_forget,
        ),
        at!(
            "/api/ContactIndividual/CustomCollections",
            get definition::individual_collections, post definition::individual_collection_define,
        ),
        at!(
            "/api/ContactNote/CustomFields",
            get definition::note_fields, post definition::note_field_define, delete definition::note_field_forget,
        ),
    ]
}

fn notes() -> Vec<At> {
    vec![
        at!("/api/ContactNote", post note::create),
        at!("/api/ContactNote/Query", post note::query),
        at!("/api/ContactNote/QueryOptions", get note::query_options),
        at!("/api/ContactNote/Types", get note::types),
        at!("/api/ContactNote/Email", post note::email),
        at!("/api/ContactNote/ByContact/{contactId}", get note::by_contact),
        at!("/api/ContactNote/Important/ByContact/{contactId}", get note::important),
        at!("/api/ContactNote/{noteId}", get note::get, put note::update, delete note::delete),
    ]
}

fn labels() -> Vec<At> {
    vec![
        at!("/api/Tag", get tag::list, post tag::create),
        at!("/api/Tag/Search", post tag::search),
        at!("/api/ContactTag", post tag::give),
        at!("/api/ContactTag/ByContact/{contactId}", get tag::by_contact),
        at!("/api/ContactTag/{contactTagId}", delete tag::take),
        at!("/api/OrganizationGroup", get group::list, post group::create),
        at!("/api/OrganizationGroup/ByContact/{contactId}", get group::by_contact),
        at!("/api/OrganizationGroup/{groupId}/contacts", get group::contacts),
        at!(
            "/api/OrganizationGroup/{groupId}/contacts/{contactId}",
            put group::put_contact, delete group::remove_contact,
        ),
        at!("/api/OrganizationGroup/{groupId}", get group::get),
    ]
}

fn gifts() -> Vec<At> {
    vec![
        at!("/api/v2/Gift/Transaction", post gift::submit),
        at!("/api/v2/Gift/Transactions", post gift::submit_batch),
        at!("/api/Gift/Passthrough/ByContact/{contactId}", get gift::passthrough),
        at!("/api/PlannedGift/ByContact/{contactId}", get gift::planned),
        at!("/api/RecurringGift/ByContact/{contactId}", get gift::recurring),
        at!("/api/Gift/ByContact/{contactId}", get gift::by_contact),
        at!("/api/Gift/{giftId:\\d+}", get gift::get),
        at!("/api/Gift/{transactionSource}/{transactionId}", get gift::by_reference),
    ]
}

fn parts_of_contacts() -> Vec<At> {
    vec![
        at!("/api/ContactIndividual", post contact_individual::create),
        at!("/api/ContactIndividual/Query", post contact_individual::query),
        at!("/api/ContactIndividual/QueryOptions", get contact_individual::query_options),
        at!("/api/ContactIndividual/Find", get contact_individual::find),
        at!("/api/ContactIndividual/ByContact/{contactId}", get contact_individual::by_contact),
        at!("/api/ContactIndividual/{id}/Avatar", get contact_individual::avatar, post contact_individual::put_avatar),
        at!(
            "/api/ContactIndividual/{id}/Collection/{collectionId}",
            post collection::individual_create, put collection::individual_update, delete collection::individual_delete,
        ),
        at!("/api/ContactIndividual/{id}/EmailList", get contact_individual::email_list),
        at!(
            "/api/ContactIndividual/{id}",
            get contact_individual::get, put contact_individual::update, delete contact_individual::delete
        ),
        at!("/api/ContactMethod", post contact_method::create),
        at!("/api/ContactMethod/Types", get contact_method::types),
        at!("/api/ContactMethod/RelatedTypes", get contact_method::related_types),
        at!("/api/ContactMethod/Archive/{id}", put contact_method::archive),
        at!("/api/ContactMethod/Unarchive/{id}", put contact_method::unarchive),
        at!(
            "/api/ContactMethod/{id}",
            get contact_method::get, put contact_method::update, delete contact_method::delete
        ),
        at!("/api/ContactAddress", post contact_address::create),
        at!("/api/ContactAddress/ByContact/{contactId}", get contact_address::by_contact),
        at!("/api/ContactAddress/Archive/{id}", put contact_address::archive),
        at!("/api/ContactAddress/Unarchive/{id}", put contact_address::unarchive),
        at!(
            "/api/ContactAddress/{id}",
            get contact_address::get, put contact_address::update, delete contact_address::delete
        ),
        at!("/api/ContactReference", post contact_reference::create),
        at!("/api/ContactReference/{referenceSource}", delete contact_reference::delete),
    ]
}

fn needs_update() -> Vec<At> {
    vec![
        at!("/api/NeedsUpdate", get needs_update::list),
        at!("/api/NeedsUpdate/Counts", get needs_update::counts),
        at!("/api/NeedsUpdate/Resolve", post needs_update::resolve_many),
        at!("/api/NeedsUpdate/Triage", post needs_update::triage),
        at!("/api/NeedsUpdate/{id}/Ask", post needs_update::ask),
        at!("/api/NeedsUpdate/{id}/Assign", post needs_update::assign),
        at!("/api/NeedsUpdate/{id}/Resolve", post needs_update::resolve),
        at!("/api/NeedsUpdate/{id}", get needs_update::get),
        at!("/api/Duplicates", get duplicates::list),
        at!("/api/Duplicates/Scan", get duplicates::scanned, post duplicates::scan),
        at!("/api/MergeSuggestion", get merge_suggestion::list),
        at!("/api/MergeSuggestion/{id}/Decline", post merge_suggestion::decline),
        at!("/api/NotDuplicate", get not_duplicate::list, post not_duplicate::create),
        at!("/api/NotDuplicate/{id}", delete not_duplicate::revoke),
    ]
}

fn batches() -> Vec<At> {
    vec![
        at!("/api/Batch", get batch::list),
        at!("/api/Batch/Run", post batch::run),
        at!("/api/Batch/Replay", post batch::replay),
        at!("/api/Batch/{id}/Undo", get batch::undone, post batch::undo),
        at!("/api/Batch/{id}", get batch::get),
    ]
}

fn webhooks() -> Vec<At> {
    vec![
        at!("/api/Event", get event::feed),
        at!("/api/Webhook", get webhook::list, post webhook::create),
        at!("/api/Webhook/{id}/Active", put webhook::active),
        at!("/api/Webhook/{id}/Deliveries", get webhook::deliveries),
        at!("/api/Webhook/{id}/Deliveries/{event}", get webhook::delivery),
        at!("/api/Webhook/{id}/Ping", post webhook::ping),
        at!("/api/Webhook/{id}/Replay", get webhook::replays, post webhook::replay),
        at!("/api/Webhook/{id}/RotateSecret", post webhook::rotate_secret),
        at!("/api/Webhook/{id}", get webhook::get, put webhook::update, delete webhook::delete),
    ]
}

fn policies() -> Vec<At> {
    vec![
        at!("/api/Policy", get policy::list, post policy::create),
        at!("/api/Policy/Revert", post policy::revert),
        at!("/api/Policy/Decided/Refold", post policy::refold_decided),
        at!("/api/Policy/{number}/Activate", post policy::activate),
        at!("/api/Policy/{number}/Refold", post policy::refold),
        at!("/api/Policy/{number}", get policy::get),
    ]
}

fn keys() -> Vec<At> {
    vec![
        at!("/api/Key", get key::list, post key::create),
        at!("/api/Key/{id}/Rotate", post key::rotate),
        at!("/api/Key/{id}", delete key::revoke),
        at!("/api/PermissionGroup", get key::groups, post key::put_group),
        at!("/api/PermissionGroup/{name}", delete key::remove_group),
    ]
}
