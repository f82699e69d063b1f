use std::collections::BTreeMap;

use domain::declaration::Declaration;
use domain::text::Text;
use serde_json::{Value, json};

use super::*;
use crate::web::view::form::FieldError;

/// Every valid example that the schema's folder holds, by name.
fn examples() -> BTreeMap<String, Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/declaration/valid");
    let files = std::fs::read_dir(folder).expect("the schema has examples");
    let example = |file: std::io::Result<std::fs::DirEntry>| {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), serde_json::from_str(&text).unwrap())
    };
    files.map(example).collect()
}

/// The form has a field for everything that can be declared, and reads it back as it was: in the stored form, which
/// is what typing it makes of it.
#[test]
fn every_example_goes_through_the_form_and_comes_back() {
    let examples = examples();
    assert!(examples.len() > 5, "the folder was found");
    for (name, declaration) in examples {
        let read = read(&fill(&declaration)).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
        let typed = |value: Value| -> Declaration { serde_json::from_value(value).unwrap() };
        assert_eq!(typed(read), typed(declaration), "{name}");
    }
}

fn osaka() -> Form {
    fill(&examples()["osaka-cci"])
}

fn with(mut form: Form, name: &str, value: &str) -> Form {
    form.typed.retain(|(typed, _)| typed != name);
    form.typed.push((name.to_owned(), value.to_owned()));
    form
}

/// What people type, and what the declaration then says.
#[test]
fn typing_is_read_generously() {
    for (name, typed, pointer, expected) in [
        ("/provider/legalEntityNumber", "９-0000-0000-0000", "/provider/legalEntityNumber", json!("9000000000000")),
        ("/provider/tradeNameKana", "おおさか", "/provider/tradeNameKana", json!("オオサカ")),
        ("/provider/tradeName", " ㈱髙﨑商店　", "/provider/tradeName", json!("㈱髙﨑商店")),
        ("/provider/postalCode", "〒530-0001", "/provider/postalCode", json!("5300001")),
        ("/prices/0/amount/yen", "９，８００円", "/prices/0/amount/yen", json!(9800)),
        ("/contract/minimumTermMonths", "１２", "/contract/minimumTermMonths", json!(12)),
        ("/service/startedOn/year", "令和2", "/service/startedOn", json!("2020-04-01")),
        ("/service/startedOn/month", "０４", "/service/startedOn", json!("2020-04-01")),
        ("/helpDesk/isSingleWindow", "no", "/helpDesk/isSingleWindow", json!(false)),
        ("/emergencyResponse/termsClause", "  ", "/emergencyResponse/termsClause", json!("")),
    ] {
        let read = read(&with(osaka(), name, typed)).unwrap_or_else(|errors| panic!("{typed}: {errors:?}"));
        assert_eq!(read.pointer(pointer), Some(&expected), "{typed}");
    }
}

/// Each refusal names the field, and repeats what it is about.
#[test]
fn what_cannot_be_read_is_refused_at_its_field() {
    for (name, typed, field, says) in [
        ("/provider/legalEntityNumber", "8000000000000", "/provider/legalEntityNumber", "8000000000000"),
        ("/provider/tradeName", " 　", "/provider/tradeName", "商号または名称を入力してください。"),
        ("/provider/tradeNameKana", "大阪", "/provider/tradeNameKana", "大"),
        ("/provider/prefecture", "48", "/provider/prefecture", "選んで"),
        ("/service/class", "", "/service/class", "類を選んでください。"),
        ("/service/startedOn/day", "31", "/service/startedOn", "2020年4月31日"),
        ("/service/startedOn/day", "", "/service/startedOn", "日付"),
        ("/service/regions", "99", "/service/regions", "選んで"),
        ("/helpDesk/isSingleWindow", "maybe", "/helpDesk/isSingleWindow", "選んで"),
        ("/contract/minimumTermMonths", "-1", "/contract/minimumTermMonths", "-1"),
        ("/contract/minimumTermMonths", "二年", "/contract/minimumTermMonths", "二年"),
        ("/prices/1/amount/yen", "98,00", "/prices/1/amount/yen", "98,00"),
    ] {
        let errors = read(&with(osaka(), name, typed)).expect_err(typed);
        assert_eq!(errors.len(), 1, "{typed}: {errors:?}");
        assert_eq!(errors[0].field, field, "{typed}");
        assert!(errors[0].message.ja.contains(says), "{typed}: {}", errors[0].message.ja);
    }
}

/// A section is asked of the services it is about, and of no others.
#[test]
fn only_what_the_service_is_asked_is_read() {
    let network = read(&with(osaka(), "/monitoring/endpoint/tool", "EDR")).unwrap();
    assert_eq!(network.pointer("/monitoring/endpoint"), None);
    let endpoint = read(&with(osaka(), "/service/kind", "endpoint")).expect_err("its fields are empty");
    assert!(endpoint.iter().any(|error| error.field == "/contract/minimumEndpoints"));
    assert!(endpoint.iter().all(|error| !error.field.starts_with("/monitoring/network")));
    let class_2 = read(&with(osaka(), "/service/class", "2")).expect_err("consulting is empty");
    assert_eq!(class_2.len(), 2);
}

/// Lines left empty count as not there, so what is read has the same places as the form that is shown again.
#[test]
fn empty_lines_of_the_price_list_close_up() {
    let mut typed = osaka().typed;
    typed.retain(|(name, _)| !name.starts_with("/prices/1/"));
    typed.push(("/prices/1/label".to_owned(), " ".to_owned()));
    let form = posted(typed);
    assert_eq!(form.entries("/prices"), 3);
    assert_eq!(form.value("/prices/1/label"), "初期費用");
    let prices = read(&form).unwrap()["prices"].clone();
    assert_eq!(prices.as_array().map(Vec::len), Some(3));
    assert_eq!(prices[1]["label"], "初期費用");

    let none = posted(osaka().typed.into_iter().filter(|(name, _)| !name.starts_with("/prices/")).collect());
    assert_eq!(read(&none).unwrap()["prices"], json!([]));
    assert_eq!(none.clone().lengthened("/prices").entries("/prices"), 4);
    let far = Form::of(vec![("/prices/4000000000/label".to_owned(), "x".to_owned())]);
    assert_eq!(far.entries("/prices"), 0, "an entry far beyond the list is ignored");
}

/// The schema may speak of a place that no field has: the first field below it, or the field above it, shows it.
#[test]
fn errors_settle_at_a_field_that_shows_them() {
    let all = fields(&osaka());
    for (pointer, field) in [
        ("/provider/tradeName", "/provider/tradeName"),
        ("/prices/1/amount", "/prices/1/amount/yen"),
        ("/prices", "/prices/0/label"),
        ("/service/regions/3", "/service/regions"),
        ("/monitoring", "/monitoring/network/hoursPerDay"),
        ("/nothing", "/nothing"),
        ("", ""),
    ] {
        let error = FieldError { field: pointer.to_owned(), message: Text::new("誤り", "wrong") };
        assert_eq!(osaka().with([error]).settled(&all).errors[0].field, field, "{pointer}");
    }
}

#[test]
fn what_was_declared_is_shown_in_words() {
    let declaration: Declaration = serde_json::from_value(examples()["osaka-cci"].clone()).unwrap();
    let sections = declared(&declaration);
    let words = |title: &str, label: &str| {
        let section = sections.iter().find(|section| section.title == title).expect("a section");
        let said = section.entries.iter().flatten().find(|said| said.label == label);
        said.map(|said| said.words.clone())
    };
    for (title, label, expected) in [
        ("提供する事業者", "商号または名称", Some("大阪商工会議所")),
        ("提供する事業者", "法人番号", None),
        ("サービス", "類", Some("1類")),
        ("サービス", "提供を始めた日（始める日）", Some("2020年4月1日（令和2年）")),
        ("サービス", "提供する地域", Some("滋賀県・京都府・大阪府・兵庫県・奈良県・和歌山県")),
        ("料金", "金額", Some("6,600円")),
        ("契約の条件", "最低契約期間", Some("12か月")),
        ("相談窓口", "導入の相談を受けますか", Some("はい")),
    ] {
        assert_eq!(words(title, label).as_deref(), expected, "{label}");
    }
    assert!(sections.iter().all(|section| section.title != "異常の監視（端末）"), "nothing was declared about it");
    assert_eq!(label_of("/prices/3/amount/yen").as_deref(), Some("料金：4行目 金額"));
    assert_eq!(label_of("/service/name").as_deref(), Some("サービス：サービス名"));
    assert_eq!(label_of("/nothing"), None);
}
