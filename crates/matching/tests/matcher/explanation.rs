//! The account of a pair: what stands in it, as text, as JSON and as a chart.

use crate::support::{File, With, person};
use tributary_contact::Submission;
use tributary_matching::{Explanation, Guard, Obstacle, Profile, Row};

fn explain(file: &File, row: &Submission, contact: i64) -> Option<Explanation> {
    file.matcher.explain(&Row { profile: &Profile::of(row, "US"), submission: row }, &file.index, contact)
}

fn margaret() -> Submission {
    person("Margaret", "Okonkwo", "").at("1450 Hickory Lane", "Columbus", "43215").email("peggy@example.org")
}

fn account() -> Explanation {
    let file = File::of(vec![vec![margaret()]]);
    explain(&file, &person("Peggy", "Okonkwo", "").email("peggy@example.org"), 1).unwrap()
}

#[test]
fn prior_and_steps_add_up_to_the_total() {
    let account = account();
    let sum: f64 = account.steps.iter().map(|step| step.bits + step.adjustment).sum();
    assert!((account.prior + sum - account.total).abs() < 0.1, "{account}");
    assert_eq!(account.steps.last().map(|step| (step.after - account.total).abs() < 0.1), Some(true));
    assert_eq!((account.why_not.as_slice(), account.guard.as_ref()), (&[][..], None));
    assert_eq!(account.weights_version, tributary_matching::WEIGHTS_VERSION);
}

#[test]
fn a_pair_without_a_common_key_is_explained_too() {
    let file = File::of(vec![vec![margaret()], vec![person("Luis", "Ortega", "").phone("614 230 4411")]]);
    let account = explain(&file, &margaret(), 2).unwrap();
    assert_eq!(account.why_not.first(), Some(&Obstacle::NoSharedKey));
    assert!(account.why_not.iter().any(|why| matches!(why, Obstacle::OtherFitsBetter { .. })), "{account}");
    assert!(account.to_string().contains("no key in common"), "{account}");
    assert_eq!(explain(&file, &margaret(), 9), None);
}

#[test]
fn what_stood_against_a_merge_is_named() {
    let file = File::of(vec![vec![person("Walter", "Brandt", "Sr").email("brandts@example.org")]]);
    let account = explain(&file, &person("Walter", "Brandt", "Jr").email("brandts@example.org"), 1).unwrap();
    assert_eq!(account.guard.as_ref().map(|fired| fired.code), Some(Guard::Generation));
    assert!(account.why_not.contains(&Obstacle::Guard { guard: Guard::Generation }));
    assert!(account.to_string().contains("Jr or Sr in doubt"), "{account}");
}

#[test]
fn two_that_fit_alike_are_rivals_of_each_other() {
    let file = File::of(vec![vec![margaret()], vec![margaret()]]);
    let account = explain(&file, &margaret(), 1).unwrap();
    assert!(account.why_not.iter().any(|why| matches!(why, Obstacle::RivalTooNear { .. })), "{account}");
}

#[test]
fn the_reference_is_part_of_the_account() {
    let file = File::of(vec![vec![margaret().reference("7")], vec![margaret()]]);
    let own = explain(&file, &margaret().reference("7"), 1).unwrap();
    assert!(own.to_string().contains("same reference") && own.why_not.is_empty(), "{own}");
    let other = explain(&file, &margaret().reference("7"), 2).unwrap();
    assert_eq!(other.why_not.first(), Some(&Obstacle::ReferenceElsewhere));
}

#[test]
fn no_form_of_the_account_holds_a_value() {
    let account = account();
    let json = serde_json::to_string(&account).unwrap();
    let forms = [json, account.to_string(), account.svg()];
    for form in forms.map(|form| form.to_lowercase()) {
        assert!(["peggy", "okonkwo", "hickory", "example.org"].iter().all(|value| !form.contains(value)), "{form}");
    }
}

#[test]
fn the_account_comes_back_from_json() {
    let account = account();
    let json = serde_json::to_string(&account).unwrap();
    // The last digit of a number may differ after JSON, what is shown of it does not.
    let back = serde_json::from_str::<Explanation>(&json).unwrap();
    assert_eq!((back.to_string(), back.svg()), (account.to_string(), account.svg()));
}

#[test]
fn the_chart_has_a_title_a_description_and_a_bar_for_each_step() {
    let account = account();
    let svg = account.svg();
    let adjusted = account.steps.iter().filter(|step| step.adjustment_kind.is_some()).count();
    assert_eq!(svg.matches("<rect class").count(), account.steps.len() + adjusted + 2);
    assert!(svg.contains("<title id=\"title\">") && svg.contains("<desc id=\"desc\">"), "{svg}");
    assert!(svg.contains("role=\"img\"") && svg.contains("prefers-color-scheme:dark"));
    // The sign stands beside every bar, so that nothing hangs on its colour.
    assert_eq!(svg.matches("class=\"t n\"").count(), svg.matches("<rect class").count());
    assert_eq!(svg, account.svg());
    let (opened, closed) = (svg.matches("<text").count(), svg.matches("</text>").count());
    assert_eq!(opened, closed);
}

#[test]
fn ids_can_be_left_out() {
    let account = account().without_ids();
    let json = serde_json::to_string(&account).unwrap();
    assert!(!json.contains("\"contact\"") && !json.contains("\"individual\""), "{json}");
    assert!(!account.to_string().contains("Contact 1"));
}
