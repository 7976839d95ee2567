//! Matcher versions and which of them holds.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_store::{MatcherActivationRow, MatcherDocumentRow};

cases!(
    versions_come_newest_first_and_stay_in_their_organization,
    a_version_is_stored_once,
    the_newest_activation_comes_first,
    a_version_that_is_not_there_cannot_be_put_in_force,
);

fn document(number: i64) -> MatcherDocumentRow {
    MatcherDocumentRow {
        number,
        document: format!("{{\"n\":{number}}}"),
        report: "{}".to_owned(),
        actor: "staff:ann".to_owned(),
        created_at: at(number),
    }
}

fn activation(number: i64, document: Option<i64>) -> MatcherActivationRow {
    MatcherActivationRow { number, document, actor: "staff:ann".to_owned(), activated_at: at(number) }
}

fn versions_come_newest_first_and_stay_in_their_organization(f: &Fixture) {
    f.writing(|tx| tx.insert_matcher_document(f.organization, &document(1)));
    f.writing(|tx| tx.insert_matcher_document(f.organization, &document(2)));
    assert_eq!(f.reading(|tx| tx.matcher_documents(f.organization)), [document(2), document(1)]);
    assert_eq!(f.reading(|tx| tx.matcher_document(f.organization, 1)), Some(document(1)));
    assert_eq!(f.reading(|tx| tx.matcher_document(f.other, 1)), None);
    assert!(f.reading(|tx| tx.matcher_documents(f.other)).is_empty());
}

fn a_version_is_stored_once(f: &Fixture) {
    f.writing(|tx| tx.insert_matcher_document(f.organization, &document(1)));
    let again = f.try_writing(|tx| tx.insert_matcher_document(f.organization, &document(1)));
    assert_eq!(conflict_of(again), "matcher_document");
    f.writing(|tx| tx.insert_matcher_document(f.other, &document(1)));
}

fn the_newest_activation_comes_first(f: &Fixture) {
    f.writing(|tx| tx.insert_matcher_document(f.organization, &document(1)));
    f.writing(|tx| tx.insert_matcher_activation(f.organization, &activation(1, Some(1))));
    f.writing(|tx| tx.insert_matcher_activation(f.organization, &activation(2, None)));
    let newest = f.reading(|tx| tx.matcher_activations(f.organization, 1));
    assert_eq!(newest, [activation(2, None)]);
    assert_eq!(f.reading(|tx| tx.matcher_activations(f.organization, 9)).len(), 2);
    assert!(f.reading(|tx| tx.matcher_activations(f.other, 9)).is_empty());
}

fn a_version_that_is_not_there_cannot_be_put_in_force(f: &Fixture) {
    let unknown = f.try_writing(|tx| tx.insert_matcher_activation(f.organization, &activation(1, Some(9))));
    assert!(unknown.is_err());
}
