//! What a page must not do: run what a donor wrote, obey another site, show another organization's data.

use crate::support::{PASSWORD, World, person};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tributary_contact::ContactId;

/// Written into every field that a sender can fill.
const SCRIPT: &str = "<script>alert(1)</script>\"'><img src=x>";

const PAGES: [&str; 9] = [
    "/console",
    "/console/bucket",
    "/console/duplicates",
    "/console/transactions",
    "/console/runs",
    "/console/webhooks",
    "/console/account",
    "/console/search?q=1",
    "/console/users",
];

/// Pages of a contact.
const OF_CONTACT: [&str; 7] = ["", "/merge", "/merge?with=2", "/duplicates", "/consent", "/export", "/erase"];

#[actix_web::test]
async fn nobody_sees_anything_before_they_sign_in() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    let paths = PAGES.iter().map(|path| (*path).to_owned());
    let own = [format!("/console/bucket/{row}"), format!("/console/transactions/{row}")];
    let own = own.into_iter().chain(OF_CONTACT.map(|page| format!("/console/contacts/1{page}")));
    for path in paths.chain(own) {
        let answer = world.browser().get(&path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/console/sign-in?next=/console"), "{path}");
        assert!(answer.body.is_empty());
    }
}

#[actix_web::test]
async fn every_answer_carries_the_headers_that_keep_foreign_code_out() {
    let world = World::new();
    let mut boss = world.signed_in("boss@x.org").await;
    for path in PAGES.iter().chain(&["/console/nowhere", "/console/sign-in"]) {
        let answer = boss.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in
            ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        for inline in ["<style", "style=", " onclick", "javascript:"] {
            assert!(!answer.body.contains(inline), "{path} has {inline}");
        }
    }
}

#[actix_web::test]
async fn cookies_are_for_us_alone_and_secure_where_tls_is() {
    let world = World::new();
    let plain = world.browser().get("/console/sign-in").await;
    let cookie = plain.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/console"),
        "{cookie}"
    );
    assert!(!cookie.contains("Secure"), "{cookie}");
    let request = TestRequest::with_uri("/console/sign-in").insert_header(("X-Forwarded-Proto", "https"));
    let secure = world.browser().call(request).await;
    assert!(secure.header("set-cookie").contains("Secure"), "{}", secure.header("set-cookie"));
}

#[actix_web::test]
async fn what_a_donor_wrote_stays_inert_on_every_page() {
    let world = World::new();
    let mut row = json!({
        "title": "x", "suffix": "x", "middleName": "x", "address1": "x", "city": "x", "state": "x", "postal": "x",
        "country": "x", "tags": "x", "gender": "x", "passion": "x", "name": "x", "informalName": "x",
        "contactDescription": "x", "referenceSource": "x", "referenceId": "x", "lastName": "x", "firstName": "x",
    });
    for value in row.as_object_mut().unwrap().values_mut() {
        *value = Value::from(SCRIPT);
    }
    row["email"] = json!("house1@example1.org");
    row["customFields"] = json!({SCRIPT: SCRIPT});
    world.load(&[("one", person(1, "Ines", &json!({"referenceSource": SCRIPT, "referenceId": "c1"})))]);
    world.submit(std::slice::from_ref(&row)).await;
    let created = json!({"email": "other@example.org", "referenceSource": SCRIPT, "referenceId": "2"});
    let mut created_row = row.clone();
    created_row.as_object_mut().unwrap().extend(created.as_object().unwrap().clone());
    let ids = world.submit(&[created_row]).await;
    world.run();
    let mut boss = world.signed_in("boss@x.org").await;
    let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(
        world.waiting().iter().flat_map(|id| [format!("/console/bucket/{id}"), format!("/console/bucket/{id}/edit")]),
    );
    paths.extend(ids.iter().map(|id| format!("/console/transactions/{id}")));
    world.engine.scan_duplicates(world.org, &tributary_engine::Actor::Staff(SCRIPT.to_owned())).unwrap();
    let said = tributary_engine::NotDuplicate {
        contact: ContactId(1),
        other: tributary_engine::NotThis::Contact(ContactId(2)),
        until_more_is_known: false,
        note: Some(SCRIPT.to_owned()),
    };
    world.engine.say_not_duplicate(world.org, &tributary_engine::Actor::Staff(SCRIPT.to_owned()), &said).unwrap();
    for id in world.waiting() {
        world.engine.ask_sender(world.org, id, SCRIPT, &tributary_engine::Actor::Staff(SCRIPT.to_owned())).unwrap();
    }
    let of_contact = OF_CONTACT.iter().filter(|page| **page != "/export");
    paths.extend(of_contact.flat_map(|page| (1..=3).map(move |id| format!("/console/contacts/{id}{page}"))));
    paths.extend(["1/2", "1/3", "2/3"].map(|pair| format!("/console/duplicates/{pair}")));
    paths.push(format!("/console/bucket/bulk?action=ask&question={}", "%3Cscript%3Ealert(1)%3C/script%3E"));
    let encoded = "%3Cscript%3Ealert(1)%3C/script%3E%22%3E";
    paths.extend(
        [
            "search?q=",
            "bucket?source=",
            "transactions?id=1&source=",
            "transactions?text=",
            "contacts/1/merge?q=",
            "sign-in?next=",
        ]
        .map(|path| format!("/console/{path}{encoded}")),
    );
    let mut seen = 0;
    for path in paths {
        let page = boss.get(&path).await;
        assert!(!page.body.contains("<script>") && !page.body.contains("<img src=x"), "{path}: {}", page.body);
        seen += page.body.matches("&lt;script&gt;").count();
    }
    assert!(seen > 20, "the script is shown as text: {seen}");
}

#[actix_web::test]
async fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    let mut ada = world.signed_in("ada@x.org").await;
    let token = ada.get("/console/account").await.token();
    let path = format!("/console/bucket/{row}");
    for forged in ["", "0", &token[1..], &"0".repeat(64)] {
        let answer = ada.send(&path, &[("action", "reject"), ("form_token", forged)]).await;
        assert_eq!(answer.status, 403, "{forged}");
    }
    for header in [
        ("Origin", "https://evil.example"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "null"),
    ] {
        let form = [("action", "reject"), ("form_token", token.as_str())];
        let request = TestRequest::with_uri(&path).method(Method::POST).insert_header(header).set_form(form);
        assert_eq!(ada.call(request).await.status, 403, "{header:?}");
    }
    assert_eq!(world.waiting(), [row]);
    // Another user's token is none here.
    let other = world.signed_in("boss@x.org").await.get("/console/account").await.token();
    assert_eq!(ada.send(&path, &[("action", "reject"), ("form_token", &other)]).await.status, 403);
    let answer = ada.send(&path, &[("action", "reject"), ("form_token", &token)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[actix_web::test]
async fn another_organizations_things_are_not_there() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    world.stranger();
    let mut eve = world.signed_in("eve@y.org").await;
    for path in [
        format!("/console/bucket/{row}"),
        format!("/console/bucket/{row}/edit"),
        format!("/console/transactions/{row}"),
        "/console/runs/1".to_owned(),
        "/console/runs/1/undo".to_owned(),
        "/console/duplicates/1/2".to_owned(),
    ]
    .into_iter()
    .chain(OF_CONTACT.map(|page| format!("/console/contacts/1{page}")))
    {
        assert_eq!(eve.get(&path).await.status, 404, "{path}");
    }
    for (path, form) in [
        (format!("/console/bucket/{row}"), vec![("action", "reject")]),
        (format!("/console/bucket/{row}/edit"), vec![("sent_firstName", "x")]),
        (format!("/console/transactions/{row}/undo"), vec![]),
        (format!("/console/bucket/{row}/assign"), vec![("assignee", "eve@y.org")]),
        (format!("/console/bucket/{row}/ask"), vec![("question", "Who?")]),
        (format!("/console/bucket/{row}/not"), vec![("contact", "1")]),
        (format!("/console/bucket/{row}/not"), vec![("revoke", "1")]),
        ("/console/contacts/1/merge".to_owned(), vec![("survivor", "1"), ("merged", "2"), ("action", "merge")]),
        ("/console/contacts/1/unmerge".to_owned(), vec![]),
        ("/console/contacts/1/not-duplicate".to_owned(), vec![("other", "2")]),
        ("/console/contacts/1/not-duplicate".to_owned(), vec![("revoke", "1")]),
        ("/console/contacts/1/archive".to_owned(), vec![("action", "archive")]),
        ("/console/contacts/1/erase".to_owned(), vec![("number", "1"), ("reason", "x")]),
        ("/console/contacts/1/erase".to_owned(), vec![("number", "2"), ("reason", "x")]),
        ("/console/duplicates/1/2".to_owned(), vec![("survivor", "1"), ("merged", "2"), ("action", "merge")]),
        ("/console/duplicates/1/2/two".to_owned(), vec![]),
        ("/console/runs/1/undo".to_owned(), vec![("afterwards", "review"), ("sure", "1")]),
        ("/console/users/2".to_owned(), vec![("action", "disable")]),
    ] {
        assert_eq!(eve.press(&path, &form).await.status, 404, "{path}");
    }
    assert!(eve.get("/console/search?q=1").await.body.contains("Nothing was found"));
    assert_eq!(world.waiting(), [row]);
    assert!(world.engine.contact(world.org, ContactId(1)).unwrap().is_some());
}

#[actix_web::test]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    let mut vic = world.signed_in("vic@x.org").await;
    let page = vic.get(&format!("/console/bucket/{row}")).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("value=\"merge\""), "{}", page.body);
    for (path, form) in [
        (format!("/console/bucket/{row}"), vec![("action", "reject")]),
        (format!("/console/bucket/{row}/edit"), vec![]),
        (format!("/console/transactions/{row}/undo"), vec![]),
        (format!("/console/bucket/{row}/assign"), vec![("assignee", "ada@x.org")]),
        (format!("/console/bucket/{row}/ask"), vec![("question", "Who?")]),
        (format!("/console/bucket/{row}/not"), vec![("contact", "1")]),
        ("/console/bucket/bulk".to_owned(), vec![("action", "reject")]),
        ("/console/contacts/1/merge".to_owned(), vec![("survivor", "1"), ("merged", "2")]),
        ("/console/contacts/1/unmerge".to_owned(), vec![]),
        ("/console/contacts/1/not-duplicate".to_owned(), vec![("other", "2")]),
        ("/console/contacts/1/archive".to_owned(), vec![("action", "archive")]),
        ("/console/contacts/1/erase".to_owned(), vec![("number", "1"), ("reason", "x")]),
        ("/console/duplicates/scan".to_owned(), vec![]),
        ("/console/duplicates/1/2".to_owned(), vec![("survivor", "1"), ("merged", "2")]),
        ("/console/duplicates/1/2/two".to_owned(), vec![]),
        ("/console/runs/dry-run".to_owned(), vec![]),
        ("/console/runs/1/undo".to_owned(), vec![("afterwards", "review"), ("sure", "1")]),
        ("/console/runs".to_owned(), vec![]),
        ("/console/users".to_owned(), vec![("email", "a@x.org"), ("role", "admin")]),
        ("/console/users/1".to_owned(), vec![("action", "role"), ("role", "viewer")]),
    ] {
        assert_eq!(vic.press(&path, &form).await.status, 403, "{path}");
    }
    assert_eq!(world.waiting(), [row]);
}

#[actix_web::test]
async fn a_planted_session_is_not_taken_over_and_signing_out_ends_it() {
    let world = World::new();
    let mut ada = world.signed_in("ada@x.org").await;
    let planted = ada.cookie("tributary_session");
    let mut victim = world.browser();
    victim.set_cookie("tributary_session", &planted);
    let page = victim.get("/console/sign-in").await;
    let form = [("email", "vic@x.org"), ("password", PASSWORD), ("form_token", &page.token())];
    assert_eq!(victim.send("/console/sign-in", &form).await.status, 303);
    assert_ne!(victim.cookie("tributary_session"), planted);
    assert_eq!(ada.get("/console").await.status, 303, "the planted session has ended");
    let own = victim.cookie("tributary_session");
    assert_eq!(victim.press("/console/sign-out", &[]).await.header("location"), "/console/sign-in");
    victim.set_cookie("tributary_session", &own);
    assert_eq!(victim.get("/console").await.status, 303);
}

#[actix_web::test]
async fn signing_in_says_nothing_about_what_was_wrong_and_leads_to_our_own_pages_only() {
    let world = World::new();
    let mut browser = world.browser();
    let mut told = Vec::new();
    for (email, password) in [("ada@x.org", "wrong password"), ("nobody@x.org", PASSWORD)] {
        let token = browser.get("/console/sign-in").await.token();
        let page =
            browser.send("/console/sign-in", &[("email", email), ("password", password), ("form_token", &token)]).await;
        told.push(page.body.split("role=\"alert\"").nth(1).unwrap().split("</div>").next().unwrap().to_owned());
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(browser.send("/console/sign-in", &[("email", "ada@x.org"), ("password", PASSWORD)]).await.status, 403);
    for (next, expected) in [
        ("/console/runs?page=1", "/console/runs?page=1"),
        ("https://evil.example", "/console"),
        ("//evil.example", "/console"),
        ("/console.evil.example", "/console"),
        ("/console/\\evil", "/console"),
    ] {
        let token = browser.get("/console/sign-in").await.token();
        let form = [("email", "ada@x.org"), ("password", PASSWORD), ("form_token", token.as_str()), ("next", next)];
        assert_eq!(browser.send("/console/sign-in", &form).await.header("location"), expected, "{next}");
    }
}
