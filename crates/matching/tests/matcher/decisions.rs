//! What the matcher decides in the cases that cost most when they go wrong.

use crate::support::{File, With, organization, person};
use tributary_contact::state::Reason;
use tributary_matching::{Guard, Outcome, Profile, Row, sentence};

const MERGE: Outcome = Outcome::Merge { contact: 1, individual: 11, by_reference: false };
const HOME: (&str, &str, &str) = ("418 Hickory Lane", "Columbus", "43215");
const AWAY: (&str, &str, &str) = ("9 Bay Road", "Portland", "97201");

fn home(submission: tributary_contact::Submission) -> tributary_contact::Submission {
    submission.at(HOME.0, HOME.1, HOME.2)
}

fn away(submission: tributary_contact::Submission) -> tributary_contact::Submission {
    submission.at(AWAY.0, AWAY.1, AWAY.2)
}

#[test]
fn the_same_name_and_mailbox_merge() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).email("peggy@example.org")]]);
    let decision = file.decide(&person("Peggy", "Okonkwo", "").email("PEGGY@example.org"));
    assert_eq!(decision.outcome, MERGE);
    assert!(decision.score > 4.0, "{}", decision.score);
}

#[test]
fn nobody_like_it_is_created() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", ""))]]);
    assert_eq!(file.decide(&away(person("Luis", "Ortega", ""))).outcome, Outcome::Create);
}

#[test]
fn a_junior_at_the_senior_s_address_waits() {
    let file = File::of(vec![vec![home(person("Walter", "Brandt", "")).email("walter@example.org")]]);
    let decision = file.decide(&home(person("Walter", "Brandt", "Jr.")));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::Generation)));
}

#[test]
fn senior_and_junior_never_merge_even_with_one_mailbox() {
    let file = File::of(vec![vec![home(person("Walter", "Brandt", "Sr")).email("brandts@example.org")]]);
    let decision = file.decide(&home(person("Walter", "Brandt", "Jr")).email("brandts@example.org"));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::Generation)));
}

#[test]
fn a_spouse_at_the_household_s_address_becomes_a_new_individual() {
    let file = File::of(vec![vec![home(person("Walter", "Brandt", ""))]]);
    let decision = file.decide(&home(person("Henrietta", "Brandt", "")));
    assert_eq!(decision.outcome, Outcome::AddIndividual { contact: 1 });
}

#[test]
fn a_spouse_with_the_shared_mailbox_alone_waits() {
    let file = File::of(vec![vec![home(person("Walter", "Brandt", "")).email("brandts@example.org")]]);
    let decision = file.decide(&person("Henrietta", "Brandt", "").email("brandts@example.org"));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::Household)));
}

#[test]
fn a_known_spouse_with_the_shared_mailbox_merges_into_the_spouse() {
    let people = vec![
        home(person("Walter", "Brandt", "")).email("brandts@example.org"),
        home(person("Henrietta", "Brandt", "")),
    ];
    let decision = File::of(vec![people]).decide(&home(person("Henrietta", "Brandt", "")).email("brandts@example.org"));
    assert_eq!(decision.outcome, Outcome::Merge { contact: 1, individual: 12, by_reference: false });
}

#[test]
fn a_namesake_in_the_same_city_does_not_merge() {
    let file = File::of(vec![vec![home(person("John", "Smith", "")).email("js@example.org").phone("614 555 2001")]]);
    let row = person("John", "Smith", "")
        .at("77 Other Street", "Columbus", "43229")
        .email("other@example.net")
        .phone("614 555 8777");
    assert!(!matches!(file.decide(&row).outcome, Outcome::Merge { .. }));
}

#[test]
fn a_recycled_phone_is_nobody_on_file_unless_a_name_or_the_address_agrees() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).phone("614 230 4411")]]);
    assert_eq!(file.decide(&away(person("Luis", "Ortega", "")).phone("(614) 230-4411")).outcome, Outcome::Create);
    for row in [away(person("Luis", "Okonkwo", "")), home(person("Luis", "Ortega", ""))] {
        let decision = file.decide(&row.phone("(614) 230-4411"));
        assert_eq!(decision.outcome, Outcome::Review);
        assert_eq!(decision.candidates[0].guard, Some(Guard::FirstName));
    }
}

#[test]
fn a_mailbox_of_somebody_else_waits() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).email("m@example.org")]]);
    let decision = file.decide(&away(person("Luis", "Ortega", "")).email("m@example.org"));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::Conflict)));
}

#[test]
fn sisters_with_similar_names_do_not_merge() {
    let file = File::of(vec![vec![home(person("Christina", "Vandermeer", ""))]]);
    let decision = file.decide(&home(person("Christine", "Vandermeer", "")));
    assert!(!matches!(decision.outcome, Outcome::Merge { .. }), "{}", sentence(&decision.candidates[0]));
}

#[test]
fn two_contacts_that_fit_alike_are_ambiguous() {
    let twice = || vec![home(person("Margaret", "Okonkwo", "")).email("m@example.org")];
    let decision = File::of(vec![twice(), twice()]).decide(&person("Margaret", "Okonkwo", "").email("m@example.org"));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::Ambiguous)));
    assert_eq!(decision.candidates.len(), 2);
}

#[test]
fn a_value_that_many_share_settles_nothing() {
    let many = (0..60).map(|at| vec![person(&format!("Given{at}"), &format!("Family{at}"), "").phone("614 230 4411")]);
    let decision = File::of(many.collect()).decide(&person("Luis", "Ortega", "").phone("614 230 4411"));
    assert_eq!(decision.outcome, Outcome::Create);
}

#[test]
fn a_reference_settles_it() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).reference("7")]]);
    let decision = file.decide(&away(person("Margaret", "Okonkwo-Lee", "")).reference("7"));
    assert_eq!(decision.outcome, Outcome::Merge { contact: 1, individual: 11, by_reference: true });
}

#[test]
fn a_reference_of_another_person_waits() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).reference("7")]]);
    let decision = file.decide(&away(person("Luis", "Ortega", "")).reference("7"));
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::ReferenceConflict)));
}

#[test]
fn a_reference_against_all_other_data_waits() {
    let one = vec![person("Ann", "Keller", "").email("ann@example.org").reference("7")];
    let other = vec![home(person("Margaret", "Keller", "")).email("marge@example.org").phone("614 230 4411")];
    let row = home(person("Margaret", "Keller", "")).email("marge@example.org").phone("614 230 4411").reference("7");
    let decision = File::of(vec![one, other]).decide(&row);
    assert_eq!((decision.outcome, decision.reason), (Outcome::Review, Some(Reason::ReferenceConflict)));
    assert_eq!(decision.candidates[0].contact, 1);
}

#[test]
fn a_submission_without_a_name_waits() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).email("m@example.org")]]);
    let nothing = file.decide(&person("", "", "").email("who@example.org"));
    assert_eq!((nothing.outcome, nothing.reason), (Outcome::Review, Some(Reason::TooLittle)));
    let mailbox = file.decide(&person("", "", "").email("m@example.org"));
    assert_eq!((mailbox.outcome, mailbox.reason), (Outcome::Review, Some(Reason::Doubtful)));
}

#[test]
fn the_same_organization_in_other_spelling_merges() {
    let file =
        File::of(vec![vec![organization("The Ridgeway & Cole Trust, Inc.").at("12 Main Street", "Dublin", "43017")]]);
    let decision = file.decide(&organization("Ridgeway and Cole Trust").at("12 Main St.", "Dublin", "43017"));
    assert_eq!(decision.outcome, MERGE);
}

#[test]
fn another_chapter_does_not_merge() {
    let file = File::of(vec![vec![organization("Islamic Center of Dublin").at("12 Main Street", "Dublin", "43017")]]);
    let row = organization("Islamic Center of Westerville").at("800 Polaris Road", "Westerville", "43081");
    assert!(!matches!(file.decide(&row).outcome, Outcome::Merge { .. }));
}

#[test]
fn the_explanation_is_a_sentence_without_the_values() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).email("peggy@example.org")]]);
    let decision = file.decide(&away(person("Peggy", "Okonkwo", "")).email("peggy@example.org"));
    let text = sentence(&decision.candidates[0]);
    assert!(text.contains("nickname (+") && text.contains("same e-mail (+") && text.contains("(-"), "{text}");
    let json = serde_json::to_string(&decision.candidates).unwrap_or_default().to_lowercase();
    assert!(["peggy", "okonkwo", "hickory"].iter().all(|value| !json.contains(value) && !text.contains(value)));
}

#[test]
fn two_first_names_that_contradict_each_other_do_not_both_merge_into_a_nickname() {
    let pat = |first: &str| home(person(first, "Okonkwo", ""));
    let row = pat("Patrick").phone("614 230 4411");
    let file = File::of(vec![vec![pat("Pat").phone("614 230 4411")]]);
    assert_eq!(file.decide(&row).outcome, MERGE);
    let mut file = File::of(vec![vec![pat("Pat").phone("614 230 4411")]]);
    let patricia = Profile::of(&pat("Patricia").phone("614 230 4411"), "US");
    file.index.insert(1, 11, std::sync::Arc::new(patricia), None);
    let decision = file.decide(&row);
    assert_eq!((decision.outcome, decision.candidates[0].guard), (Outcome::Review, Some(Guard::FirstName)));
}

#[test]
fn a_contact_that_a_person_ruled_out_is_not_meant() {
    let file = File::of(vec![vec![home(person("Margaret", "Okonkwo", "")).email("peggy@example.org")]]);
    let again = person("Peggy", "Okonkwo", "").email("peggy@example.org");
    let profile = Profile::of(&again, "US");
    let row = Row { profile: &profile, submission: &again };
    assert_eq!(file.matcher.decide_without(&row, &file.index, &[]).outcome, MERGE);
    assert_eq!(file.matcher.decide_without(&row, &file.index, &[1]).outcome, Outcome::Create);
}

#[test]
fn a_contact_known_to_be_another_than_the_named_one_is_not_weighed() {
    let twin = || home(person("Margaret", "Okonkwo", "")).email("peggy@example.org");
    let named = twin().reference("hg-1");
    let mut file = File::of(vec![vec![named.clone()], vec![twin()]]);
    let weighed = |file: &File| file.decide(&named).candidates.iter().map(|one| one.contact).collect::<Vec<_>>();
    assert_eq!(weighed(&file), [1, 2]);
    file.index.keep_apart(2, 1);
    assert_eq!(weighed(&file), [1]);
    assert_eq!(file.decide(&twin()).reason, Some(Reason::Ambiguous), "without a name it can be either");
}
