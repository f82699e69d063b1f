//! A thousand marks at once, as JSON, as a page and as a table.

use serde_json::{Value, json};
use tests::{Answer, Demonstration};

#[test]
fn a_thousand_marks_are_answered_at_once() {
    let demo = Demonstration::start();
    let client = demo.client();
    let marks = demo.marks();
    let full: Vec<String> = marks.iter().map(|mark| mark.link.clone()).collect();
    let forged = format!("{}9", &full[0][..full[0].len() - 1]);
    let forged = if forged == full[0] { format!("{}8", &full[0][..full[0].len() - 1]) } else { forged };
    let typed = [
        full[0].clone(),
        format!("{}?utm=x", full[1]),
        marks[0].licence.to_lowercase(),
        format!(" {}　", marks[1].licence),
        forged.clone(),
        "どこにもない".to_owned(),
    ];
    let expected = [
        ("valid", ""),
        ("valid", ""),
        ("valid", ""),
        ("valid", ""),
        ("not_ours", "altered"),
        ("not_ours", "no_such_licence"),
    ];
    let codes: Vec<&String> = typed.iter().cycle().take(1_000).collect();
    let ask = |codes: &Value| client.post("/api/v1/marks", &json!({ "codes": codes })).send();
    let answer = ask(&json!(codes));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.text().contains(&forged[forged.len() - 40..]), "nothing of a code that is not ours is repeated");
    let said = answer.ok();
    let answers = said["answers"].as_array().expect("a list");
    assert_eq!(answers.len(), codes.len());
    for (answer, (word, why)) in answers.iter().zip(expected.iter().cycle()) {
        assert_eq!((&answer["answer"], answer["why"].as_str().unwrap_or("")), (&json!(word), *why), "{answer}");
        assert_eq!(answer["checkedAt"], said["answeredAt"]);
    }
    let alone = client.get(&format!("/api/v1/marks/{}", marks[0].licence)).send().ok();
    assert_eq!(answers[2]["holder"], alone["holder"]);
    for wrong in [json!([]), json!(vec!["00000000"; 1_001])] {
        ask(&wrong).refused(422, "invalid");
    }

    ask(&json!(["00000000", "9".repeat(2_001)])).refused(422, "invalid");

    // The page and its table: a head is no mark, and an empty line keeps its number.
    let post = |csv: &str, lines: &str| -> Answer {
        let encoded: String = lines.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let form = format!("codes={encoded}&csv={csv}");
        let ask =
            client.ask("POST", "/verify/many").header("sec-fetch-site", "same-origin").header("accept", "text/html");
        ask.body("application/x-www-form-urlencoded", form).send()
    };
    let lines = format!("番号,名前\n{},=1+1\n\n{}\n{forged}\n", marks[0].licence, full[1]);
    let page = post("", &lines);
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{}", page.told());
    for holder in [&marks[0].holder, &marks[1].holder] {
        assert!(page.text().contains(&format!("<td>{holder}")), "no {holder}");
    }
    let table = post("1", &lines);
    assert!(table.header("content-disposition").starts_with("attachment; filename=\"marks-"));
    let text = table.text();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let cells: Vec<[&str; 3]> = rows.iter().map(|row| [row[0], row[1], row[2]]).collect();
    assert_eq!(cells, [["2", "valid", ""], ["4", "valid", ""], ["5", "not_ours", "altered"]], "{text}");
    assert!(rows[2][3..13].iter().all(|cell| cell.is_empty()), "{text}");
    for wrong in ["", &"00000000\n".repeat(1_001)] {
        assert_eq!(post("", wrong).status, 422);
    }
}
