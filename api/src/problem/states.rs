//! States in people's words, and the refusal of an act that needs another one.

use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::conflict;

/// States that the domain has no word for.
pub(super) const NOT_PASSED: &str = "not_passed";
pub(super) const PASSED: &str = "decided: pass";
pub(super) const CLOSED: &str = "closed";
pub(super) const OPEN: &str = "open";
pub(super) const DISMISSED: &str = "dismissed";
pub(super) const ADMITTED: &str = "admitted";

/// The state is another than this needs; of several that would do, the domain lists the words.
pub(super) fn state(found: &str, needed: &str) -> Problem {
    let (found, needed) = (in_words(found), needed.split(", ").map(in_words).collect::<Vec<_>>());
    let list = |pick: fn(&Text) -> &String, between| needed.iter().map(pick).cloned().collect::<Vec<_>>().join(between);
    let any = if needed.len() > 1 { "のいずれか" } else { "" };
    conflict(
        StatusCode::CONFLICT,
        "state",
        Text::new(
            format!(
                "いまの状態は「{}」で、この手続には「{}」{any}が必要です。",
                found.ja,
                list(|text| &text.ja, "」「")
            ),
            format!("It is {} now, and has to be {} for this.", found.en, list(|text| &text.en, " or ")),
        ),
    )
}

/// A state in people's words, the same that a badge says.
fn in_words(state: &str) -> Text {
    match state {
        "submitted" => Text::new("受付待ち", "submitted"),
        "returned" => Text::new("差戻し", "sent back"),
        "examining" => Text::new("審査中", "under examination"),
        "recommended" => Text::new("判定待ち", "recommended"),
        "decided" => Text::new("判定済み", "decided"),
        "withdrawn" => Text::new("取下げ", "withdrawn"),
        NOT_PASSED => Text::new("合格していない", "not passed"),
        PASSED => Text::new("合格", "passed"),
        "not_yet" => Text::new("開始前", "not yet in force"),
        "valid" => Text::new("有効", "valid"),
        "suspended" => Text::new("一時停止中", "suspended"),
        "revoked" => Text::new("取消し", "revoked"),
        "lapsed" => Text::new("期間終了", "lapsed"),
        "discontinued" => Text::new("サービス終了", "discontinued"),
        "waiting" => Text::new("確認待ち", "open"),
        "dropped" => Text::new("取りやめ", "dropped"),
        "settled" => Text::new("処理済み", "settled"),
        "expired" => Text::new("期限切れ", "expired"),
        "next" => Text::new("次の鍵", "the next key"),
        "active" => Text::new("使用中", "active"),
        "activated" => Text::new("使用開始済み", "activated"),
        "retired" => Text::new("引退", "retired"),
        "compromised" => Text::new("危殆化", "compromised"),
        "received" => Text::new("受領の確認待ち", "received"),
        "acknowledged" => Text::new("対応中", "acknowledged"),
        "followed_up" => Text::new("終結", "closed"),
        "running" => Text::new("判定できる", "open to decisions"),
        "stopped" => Text::new("判定の停止中", "stopped"),
        CLOSED => Text::new("終了または取消し", "ended or revoked"),
        OPEN => Text::new("許諾中", "granted"),
        DISMISSED => Text::new("解任済み", "dismissed"),
        ADMITTED => Text::new("任用中", "admitted"),
        other => Text::new(other, other),
    }
}

#[cfg(test)]
mod tests {
    use domain::{application, licence, registration};

    use super::*;

    /// A page in Japanese says no state by its word for programs.
    #[test]
    fn states_are_told_in_the_readers_language() {
        let stage = |found, needed| Problem::from(application::Refusal::Stage { found, needed });
        let status = |found, needed| Problem::from(registration::Refusal::Status { found, needed });
        for (problem, ja, en) in [
            (
                stage("recommended", "examining"),
                "いまの状態は「判定待ち」で、この手続には「審査中」が必要です。",
                "It is recommended now, and has to be under examination for this.",
            ),
            (
                stage("decided", "submitted, returned, examining, recommended"),
                "いまの状態は「判定済み」で、この手続には「受付待ち」「差戻し」「審査中」「判定待ち」のいずれかが必要です。",
                "It is decided now, and has to be submitted or sent back or under examination or recommended for this.",
            ),
            (
                stage("withdrawn", "returned"),
                "いまの状態は「取下げ」で、この手続には「差戻し」が必要です。",
                "It is withdrawn now, and has to be sent back for this.",
            ),
            (
                status("valid", "suspended"),
                "いまの状態は「有効」で、この手続には「一時停止中」が必要です。",
                "It is valid now, and has to be suspended for this.",
            ),
            (
                status("revoked", "valid, suspended, not_yet"),
                "いまの状態は「取消し」で、この手続には「有効」「一時停止中」「開始前」のいずれかが必要です。",
                "It is revoked now, and has to be valid or suspended or not yet in force for this.",
            ),
            (
                licence::Refusal::Registration { status: "lapsed" }.into(),
                "いまの状態は「期間終了」で、この手続には「有効」が必要です。",
                "It is lapsed now, and has to be valid for this.",
            ),
            (
                licence::Refusal::Closed.into(),
                "いまの状態は「終了または取消し」で、この手続には「許諾中」が必要です。",
                "It is ended or revoked now, and has to be granted for this.",
            ),
            (
                registration::Refusal::NotPassed.into(),
                "いまの状態は「合格していない」で、この手続には「合格」が必要です。",
                "It is not passed now, and has to be passed for this.",
            ),
            (
                domain::signing_key::Refusal::State { found: "activated", needed: "next" }.into(),
                "いまの状態は「使用開始済み」で、この手続には「次の鍵」が必要です。",
                "It is activated now, and has to be the next key for this.",
            ),
            (
                domain::people::Refusal::Dismissed.into(),
                "いまの状態は「解任済み」で、この手続には「任用中」が必要です。",
                "It is dismissed now, and has to be admitted for this.",
            ),
        ] {
            assert_eq!((problem.code, problem.detail), ("state", Text::new(ja, en)));
        }
    }
}
