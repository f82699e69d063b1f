//! Succession over the whole way: two people bring a registration over, everything moves with it, and the past stays.

use domain::calendar::Day;
use serde_json::{Value, json};
use tests::{Case, Client, Database, Register, declaration, past, succession, text, version};

tests::on_both!(a_registration_goes_over, what_cannot_go_over_is_refused, the_page_proposes_it);

fn today() -> Day {
    api::clock::now().day()
}

fn shown(client: &Client, number: &str) -> Value {
    client.get(&format!("/api/v1/registrations/{number}")).send().ok()
}

fn a_registration_goes_over(database: Database) {
    let (register, cast) = Register::staffed(database);
    let past = past::registered_from(&register, today().plus_months(-12));
    let number = past.registration.clone();
    let server = register.serve();
    let client = server.client();
    let path = |what: &str| format!("/api/v1/registrations/{number}/{what}");
    let case = Case::submit(&client, &cast, &declaration());
    let [provider, stranger, secretariat] =
        [&cast.provider, &cast.stranger, &cast.secretariat].map(|person| client.signed_in(person));
    let before = shown(&client, &number);
    let users = case.license_user(&before, "株式会社例示");
    let held = |by: &Client| by.get(&path("licences")).send();
    let providers: Vec<Value> = held(&provider).ok()["items"].as_array().expect("a list").clone();
    let own = providers.iter().find(|licence| licence["holderKind"] == "provider").expect("it is licensed").clone();

    let proposed = secretariat.post(&path("succession"), &succession()).on_version(version(&before)).send();
    assert_eq!(proposed.status, 201, "{}", proposed.told());
    assert_eq!(shown(&client, &number), before, "nothing goes over before a second person confirms it");
    case.confirm(&cast.secretariat, &proposed.json()).refused(403, "forbidden");
    case.confirm(&cast.second_secretariat, &proposed.json()).ok();

    let after = shown(&client, &number);
    assert_eq!((text(&after["provider"], "tradeName"), &after["terms"]), ("承継商店", &before["terms"]));
    assert!(after["heldSince"].is_string());
    let last = after["history"].as_array().and_then(|all| all.last()).expect("it happened").clone();
    assert_eq!(text(&last, "change"), "succeeded");
    assert_eq!(text(&last, "formerProvider"), text(&before["provider"], "tradeName"));
    // Yesterday it was the old provider's, whoever asks from now on; by its number too.
    for (day, name) in [(today().previous(), text(&before["provider"], "tradeName")), (today(), "承継商店")] {
        assert_eq!(text(&client.get(&path(&format!("valid-on/{day}"))).send().ok(), "tradeName"), name, "{day}");
    }
    let asked = |day: Day| {
        let question = json!({ "number": text(&before["provider"], "legalEntityNumber"), "day": day.to_string() });
        let answer = client.post("/api/v1/valid-on", &json!({ "questions": [question] })).send().ok();
        answer["answers"][0]["registrations"].as_array().expect("a list").len()
    };
    assert_eq!((asked(today().previous()), asked(today())), (1, 0));
    let page = client.get(&format!("/register/{number}")).send().text().to_owned();
    assert!(page.contains("それまでの提供事業者") && page.contains("提供事業者が変わりました"), "{page}");

    // The users' licences keep their ids and go on; the old provider's own is over.
    let [mark, mini] = case.marks(&users);
    assert_eq!((&mark["answer"], &mini["answer"]), (&json!("valid"), &json!("valid")), "{mark}");
    assert_eq!(text(&mark["service"], "provider"), "承継商店");
    let [mark, _] = case.marks(&own);
    assert_eq!(mark["answer"], json!("ended"), "{mark}");
    secretariat.post(&path("licences"), &json!({ "holderKind": "provider" })).send().ok();

    // The new provider's people act on it, the old one's do not.
    let change = |by: &Client| {
        let read = version(&shown(&client, &number));
        by.post(&path("changes"), &renamed(&stranger, &path("declaration"))).on_version(read).send()
    };
    change(&provider).refused(403, "forbidden");
    provider.get(&path("declaration")).send().refused(403, "forbidden");
    held(&provider).refused(403, "forbidden");
    let changed = change(&stranger);
    assert_eq!(changed.status, 200, "{}", changed.told());
    held(&stranger).ok();
    let ended = format!("/api/v1/licences/{}/end", text(&users, "id"));
    let reason = json!({ "reason": "契約が終わった。" });
    assert!(provider.post(&ended, &reason).on_version(version(&users)).send().status >= 403);
    stranger.post(&ended, &reason).on_version(version(&users)).send().ok();
    let draft = stranger.post("/api/v1/drafts", &json!({ "changes": number })).send();
    assert_eq!(draft.status, 201, "{}", draft.told());
    server.end();
    register.assert_whole();
}

/// The declaration that stands now, under another name of the service.
fn renamed(by: &Client, path: &str) -> Value {
    let mut declaration = by.get(path).send().ok()["declaration"].clone();
    declaration["service"]["name"] = json!("承継した見守り");
    declaration
}

fn what_cannot_go_over_is_refused(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = past::registered_from(&register, today().plus_months(-12)).registration;
    let server = register.serve();
    let client = server.client();
    let path = format!("/api/v1/registrations/{number}/succession");
    let secretariat = client.signed_in(&cast.secretariat);
    let read = version(&shown(&client, &number));
    let mut numbered = declaration();
    numbered["provider"]["legalEntityNumber"] = json!("9000000000000");
    let with = |field: &str, value: Value| {
        let mut body = succession();
        body[field] = value;
        secretariat.post(&path, &body).on_version(read).send()
    };
    for (field, value, pointer) in [
        ("to", json!("osaka-cci"), "/to"),
        ("to", json!("番号"), "/to"),
        ("on", json!(today().next().to_string()), "/on"),
        ("on", json!("昨日"), "/on"),
        ("provider", numbered["provider"].clone(), "/provider/legalEntityNumber"),
        ("provider", json!({}), "/provider"),
    ] {
        let refused = with(field, value).refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{field}");
    }
    with("to", json!("nobody")).refused(404, "not_found");
    client.signed_in(&cast.provider).post(&path, &succession()).on_version(read).send().refused(403, "forbidden");
    let proposed = secretariat.post(&path, &succession()).on_version(read).send().ok();
    // Something is filed for it before it is confirmed.
    let mut longer = numbered.clone();
    longer["contract"]["minimumTermMonths"] = json!(24);
    let case = Case::change(&client, &cast, &number, &longer);
    case.confirm(&cast.second_secretariat, &proposed).refused(409, "filed");
    case.act(&cast.provider, "withdrawal", &json!({ "reason": "承継のため。" })).ok();
    case.confirm(&cast.second_secretariat, &proposed).ok();
    // It is theirs already.
    case.confirm(&cast.second_secretariat, &proposed).refused(409, "state");
    server.end();
    register.assert_whole();
}

fn the_page_proposes_it(database: Database) {
    let (register, cast) = Register::staffed(database);
    let number = past::registered_from(&register, today().plus_months(-12)).registration;
    let server = register.serve();
    let client = server.client();
    let secretariat = client.signed_in(&cast.secretariat);
    let path = format!("/register/{number}/succession");
    let page = secretariat.get(&path).send().text().to_owned();
    assert!(page.contains("承継を提案する") && page.contains("承継する事業者の組織の番号"), "{page}");
    assert_eq!(client.signed_in(&cast.provider).get(&path).send().status, 403);
    let day = today();
    let (year, month, date) = day.ymd();
    let [year, month, date] = [year.to_string(), month.to_string(), date.to_string()];
    let version = version(&shown(&client, &number)).to_string();
    let mut form = vec![
        ("version", version.as_str()),
        ("/to", "somebody-else"),
        ("/kind", "merger"),
        ("/on/year", &year),
        ("/on/month", &month),
        ("/on/day", &date),
        ("/reason", "合併により承継した。"),
        ("/evidence", "登記事項証明書を確かめた。"),
        ("/provider/tradeName", "承継商店"),
        ("/provider/tradeNameKana", "しょうけいしょうてん"),
        ("/provider/prefecture", "27"),
        ("/provider/postalCode", "530-0001"),
        ("/provider/address", "大阪市北区"),
    ];
    let missing = secretariat.ask("POST", &path).form(&form).send();
    assert_eq!(missing.status, 422);
    assert!(missing.text().contains("合併により承継した。"), "what was typed is not lost");
    form.push(("/provider/telephone", "06-0000-0001"));
    let done = secretariat.ask("POST", &path).form(&form).send();
    let proposal = done.header("location").to_owned();
    assert!(done.status == 303 && proposal.starts_with("/proposals/Q-"), "{} {proposal}", done.status);
    let page = client.signed_in(&cast.second_secretariat).get(&proposal).send().text().to_owned();
    assert!(page.contains("承継商店") && page.contains("登記事項証明書を確かめた。"), "{page}");
    let confirmed =
        client.signed_in(&cast.second_secretariat).ask("POST", &format!("{proposal}/confirm")).form(&[]).send();
    assert_eq!(confirmed.status, 303, "{}", confirmed.text());
    assert_eq!(text(&shown(&client, &number)["provider"], "tradeName"), "承継商店");
    server.end();
    register.assert_whole();
}
