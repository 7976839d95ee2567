//! Labels: tags and organization groups.

use crate::fixture::{Fixture, at, conflict_of, golden, new_contact};
use tributary_contact::ContactId;
use tributary_store::{ContactLabelRow, ContactOrder, LabelFilter, LabelKind, LabelRow, LabelledContacts, NewContact};

cases!(
    labels_are_found_by_name_in_any_letter_case,
    a_name_is_taken_once_of_its_kind,
    labels_are_paged_by_name_and_found_by_a_part_of_it,
    a_label_of_a_contact_is_given_once_and_taken_again,
    contacts_of_a_label_are_ordered_filtered_and_counted,
);

fn label(id: i64, name: &str) -> LabelRow {
    LabelRow { id, name: name.to_owned(), parent: None, created_at: at(id), created_by: "key:1".to_owned() }
}

fn given(id: i64, label: i64, contact: i64) -> ContactLabelRow {
    ContactLabelRow { id, label, contact: ContactId(contact), created_at: at(1), created_by: "batch".to_owned() }
}

fn tags(f: &Fixture, names: &[&str]) -> Vec<LabelRow> {
    let rows: Vec<_> = (1..).zip(names).map(|(id, name)| label(id, name)).collect();
    f.writing(|tx| tx.insert_labels(f.organization, LabelKind::Tag, &rows));
    rows
}

fn labels_are_found_by_name_in_any_letter_case(f: &Fixture) {
    let rows = tags(f, &["Spring Gala", "ÉCLAIR", "Monthly"]);
    let wanted = ["spring gala".to_owned(), "éclair".to_owned(), "nobody".to_owned()];
    let found = f.reading(|tx| tx.labels_named(f.organization, LabelKind::Tag, &wanted));
    assert_eq!(found, rows[..2]);
    assert_eq!(f.reading(|tx| tx.labels(f.organization, LabelKind::Tag, &[3, 9])), rows[2..]);
    assert!(f.reading(|tx| tx.labels_named(f.organization, LabelKind::Group, &wanted)).is_empty());
    assert!(f.reading(|tx| tx.labels(f.other, LabelKind::Tag, &[1])).is_empty());
}

fn a_name_is_taken_once_of_its_kind(f: &Fixture) {
    tags(f, &["Monthly"]);
    let again = [label(2, "MONTHLY")];
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_labels(f.organization, LabelKind::Tag, &again))), "label");
    f.writing(|tx| tx.insert_labels(f.organization, LabelKind::Group, &again));
    f.writing(|tx| tx.insert_labels(f.other, LabelKind::Tag, &again));
}

fn labels_are_paged_by_name_and_found_by_a_part_of_it(f: &Fixture) {
    tags(f, &["gamma", "Beta", "alpha", "100%"]);
    let page = |part: &str, skip, take| {
        let filter = LabelFilter { kind: LabelKind::Tag, part };
        let rows = f.reading(|tx| tx.label_page(f.organization, filter, skip, take));
        let count = f.reading(|tx| tx.label_count(f.organization, filter));
        (rows.into_iter().map(|row| row.name).collect::<Vec<_>>(), count)
    };
    assert_eq!(page("", 0, 10), (["100%", "alpha", "Beta", "gamma"].map(str::to_owned).to_vec(), 4));
    assert_eq!(page("", 1, 2), (["alpha", "Beta"].map(str::to_owned).to_vec(), 4));
    assert_eq!(page("ET", 0, 10), (vec!["Beta".to_owned()], 1));
    assert_eq!(page("%", 0, 10), (vec!["100%".to_owned()], 1));
}

fn a_label_of_a_contact_is_given_once_and_taken_again(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    tags(f, &["a", "b"]);
    let (org, kind) = (f.organization, LabelKind::Tag);
    f.writing(|tx| tx.add_contact_labels(org, kind, &[given(1, 1, 1), given(2, 2, 1), given(3, 1, 2)]));
    f.writing(|tx| tx.add_contact_labels(org, kind, &[given(4, 1, 1)]));
    assert_eq!(f.reading(|tx| tx.labels_of(org, kind, ContactId(1))), [given(1, 1, 1), given(2, 2, 1)]);
    assert_eq!(f.reading(|tx| tx.label_size(org, kind, 1)), 2);
    assert_eq!(f.reading(|tx| tx.contact_label(org, kind, 3)), Some(given(3, 1, 2)));
    assert_eq!(f.reading(|tx| tx.contact_label(org, LabelKind::Group, 3)), None);
    assert_eq!(f.reading(|tx| tx.contact_label(f.other, kind, 3)), None);
    f.writing(|tx| tx.remove_contact_labels(org, kind, &[(1, ContactId(1)), (9, ContactId(9))]));
    assert_eq!(f.reading(|tx| tx.labels_of(org, kind, ContactId(1))), [given(2, 2, 1)]);
}

fn contacts_of_a_label_are_ordered_filtered_and_counted(f: &Fixture) {
    let named = |id: i64, name: &str, created: i64| NewContact {
        golden: golden(name),
        created_at: at(created),
        ..new_contact(id)
    };
    let new = [named(1, "carol", 2), named(2, "Bob", 3), named(3, "alice", 1), named(4, "other", 0)];
    f.writing(|tx| tx.insert_contacts(f.organization, &new));
    tags(f, &["a"]);
    let rows: Vec<_> = (1..=3).map(|contact| given(contact, 1, contact)).collect();
    f.writing(|tx| tx.add_contact_labels(f.organization, LabelKind::Tag, &rows));
    let list = |part: &str, order, descending, skip, take| {
        let wanted = LabelledContacts { kind: LabelKind::Tag, label: 1, part, order, descending };
        let (ids, total) = f.reading(|tx| tx.labelled_contacts(f.organization, wanted, skip, take));
        (ids.into_iter().map(|id| id.0).collect::<Vec<_>>(), total)
    };
    assert_eq!(list("", ContactOrder::Id, false, 0, 10), (vec![1, 2, 3], 3));
    assert_eq!(list("", ContactOrder::Id, true, 1, 1), (vec![2], 3));
    assert_eq!(list("", ContactOrder::Name, false, 0, 10), (vec![3, 2, 1], 3));
    assert_eq!(list("", ContactOrder::CreatedAt, true, 0, 10), (vec![2, 1, 3], 3));
    assert_eq!(list("O", ContactOrder::Name, false, 0, 10), (vec![2, 1], 2));
}
