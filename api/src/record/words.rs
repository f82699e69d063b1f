//! An act's fields in words. Fields are read as they are serialised, so that a new act's are shown without a line here;
//! one that is not known is called by its own name.

use std::collections::BTreeMap;

use domain::act::{PersonId, Role};
use domain::criteria::CriterionId;
use domain::reading::day_text;
use serde_json::{Map, Value};

use crate::problem::people::role as role_words;
use crate::web::view::declaration::label_of;

/// What a field is called.
fn label(field: &str) -> &str {
    match field {
        "owner" => "申請者の組織",
        "edition" => "基準の版",
        "editionDigest" => "版のSHA-256",
        "examiners" => "審査員",
        "examiner" => "審査員",
        "due" => "審査の期限",
        "reason" | "reasons" => "理由",
        "pointer" => "項目",
        "application" => "申請",
        "applicationVersion" => "判断した申請の版数",
        "judgements" => "判断",
        "criterion" => "要件",
        "answer" => "答え",
        "opinion" => "意見",
        "decision" => "判定",
        "verdict" => "結論",
        "proposal" => "提案",
        "tie" => "利害関係",
        "leaving" => "退く人",
        "joining" => "加わる人",
        "motion" => "提案の内容",
        "aboutVersion" => "提案した時の版数",
        "until" => "期限",
        "from" => "始まり",
        "term" => "登録の期間",
        "fields" => "変わったところ",
        "touched" => "変更がかかわる要件",
        "concerns" => "申請の対象の登録",
        "registration" => "登録",
        "listing" => "登録簿の記載",
        "serviceName" => "サービス名",
        "summary" => "概要",
        "class" => "類",
        "monitoring" => "類型",
        "question" | "questions" => "質問",
        "text" | "words" => "内容",
        "day" => "日",
        "number" => "番号",
        "conditions" => "条件",
        "conditionDue" => "条件の期限",
        "conditionOwner" => "条件を担う人",
        "isAccepted" => "報告を認めたか",
        "outcome" => "異議についての結論",
        "basis" => "根拠にしたもの",
        "ruling" => "判定の拠りどころ",
        "declaration" => "申告のSHA-256",
        "submission" => "何回目の提出か",
        "correctedTo" => "訂正された版のSHA-256",
        "examination" | "examinations" => "数えた審査",
        "version" => "版数",
        "deciders" => "判定者",
        "objectionUntil" => "異議を申し立てられる最後の日",
        "evidence" => "ファイル",
        "name" => "名前",
        "media" => "形式",
        "bytes" => "バイト数",
        "pages" => "ページ数",
        "uploadedAt" => "送られた日時",
        "uploadedBy" => "送った人",
        "speaksOf" => "いつのものか",
        "links" => "示すもの",
        "note" => "備考",
        "digest" => "SHA-256",
        "page" => "ページ",
        other => other,
    }
}

/// What a stage is called.
pub fn stage(word: &str) -> &str {
    match word {
        "submitted" => "受付待ち",
        "returned" => "差戻し",
        "examining" => "審査中",
        "recommended" => "判定待ち",
        "decided" => "判定済み",
        "withdrawn" => "取下げ",
        other => other,
    }
}

/// What an answer or a verdict is called.
pub(super) fn value(field: &str, text: &str) -> Option<&'static str> {
    Some(match (field, text) {
        ("answer", "met") => "充足",
        ("answer", "unmet") => "不充足",
        ("answer", "not_applicable") => "対象外",
        ("verdict", "pass") => "合格",
        ("verdict", "fail") => "不合格",
        ("motion", "decide") => "判定",
        ("motion", "waive_conflict") => "利益相反の免除",
        ("motion", "decide_objection") => "異議についての判断",
        ("outcome", "dismissed") => "棄却（判定は変わらない）",
        ("outcome", "upheld") => "認容（判定を取り消し、審査をやり直す）",
        _ => return None,
    })
}

/// A person as they are called here: by name where there is one, and always by id.
pub(super) fn person(id: &PersonId, names: &BTreeMap<PersonId, String>) -> String {
    names.get(id).map_or_else(|| id.to_string(), |name| format!("{name}（{id}）"))
}

/// A role in people's words.
pub(super) fn role(of: Role) -> String {
    role_words(of).ja
}

/// Every field, one a line.
pub(super) fn fields(fields: &Map<String, Value>, names: &BTreeMap<PersonId, String>) -> Vec<String> {
    let mut lines = Vec::new();
    add_fields(fields, names, &mut lines);
    lines
}

fn add_fields(fields: &Map<String, Value>, names: &BTreeMap<PersonId, String>, lines: &mut Vec<String>) {
    for (name, value) in fields {
        add(name, value, names, lines);
    }
}

fn add(name: &str, value: &Value, names: &BTreeMap<PersonId, String>, lines: &mut Vec<String>) {
    match value {
        Value::Object(inner) => {
            lines.push(format!("【{}】", label(name)));
            add_fields(inner, names, lines);
        }
        Value::Array(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => {
            let words: Vec<String> = values.iter().map(|value| scalar(name, value, names)).collect();
            lines.push(format!("{}：{}", label(name), words.join("、")));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                match value {
                    Value::Object(inner) => {
                        let mut of_entry = Vec::new();
                        let inner = &named_apart(name, inner);
                        add_fields(inner, names, &mut of_entry);
                        lines.push(format!("【{} {}】{}", label(name), index + 1, of_entry.join("　")));
                    }
                    other => add(name, other, names, lines),
                }
            }
        }
        other => lines.push(format!("{}：{}", label(name), scalar(name, other, names))),
    }
}

/// A condition has an owner and a day as a case has, which are other ones.
fn named_apart(list: &str, entry: &Map<String, Value>) -> Map<String, Value> {
    let name = |name: &str| match (list, name) {
        ("conditions", "due") => "conditionDue".to_owned(),
        ("conditions", "owner") => "conditionOwner".to_owned(),
        _ => name.to_owned(),
    };
    entry.iter().map(|(field, value)| (name(field), value.clone())).collect()
}

fn scalar(name: &str, value: &Value, names: &BTreeMap<PersonId, String>) -> String {
    let text = match value {
        Value::String(text) => text,
        Value::Bool(true) => return "はい".to_owned(),
        Value::Bool(false) => return "いいえ".to_owned(),
        other => return other.to_string(),
    };
    if let Some(words) = self::value(name, text) {
        return words.to_owned();
    }
    match name {
        "criterion" => {
            serde_json::from_value::<CriterionId>(value.clone()).map_or_else(|_| text.clone(), |found| found.term().ja)
        }
        "pointer" => label_of(text).unwrap_or_else(|| text.clone()),
        "due" | "conditionDue" | "objectionUntil" | "speaksOf" => {
            text.parse().map_or_else(|_| text.clone(), |day| day_text(day).ja)
        }
        _ => match text.parse::<PersonId>() {
            Ok(id) if names.contains_key(&id) => person(&id, names),
            _ => text.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_in_words_and_unknown_ones_by_name() {
        let names = BTreeMap::from([("P-04HMASW9".parse().expect("an id"), "審査員 甲".to_owned())]);
        let of = |value: Value| fields(value.as_object().expect("an object"), &names);
        assert_eq!(
            of(serde_json::json!({
                "examiners": ["P-04HMASW9", "P-ANOTHER"], "due": "2026-12-01",
                "judgements": [{ "criterion": "help_desk", "answer": "unmet", "reason": "窓口がない。" }],
                "opinion": { "verdict": "pass", "reason": "よい。" }, "newField": 3,
                "reasons": [{ "pointer": "/service/summary", "reason": "短い。" }],
            })),
            [
                "審査の期限：2026年12月1日（令和8年）",
                "審査員：審査員 甲（P-04HMASW9）、P-ANOTHER",
                "【判断 1】答え：不充足　要件：相談窓口　理由：窓口がない。",
                "newField：3",
                "【意見】",
                "理由：よい。",
                "結論：合格",
                "【理由 1】項目：サービス：サービスの概要　理由：短い。",
            ]
        );
    }
}
