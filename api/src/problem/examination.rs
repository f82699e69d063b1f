//! Why judgements are not taken, at the field that each refusal is about.

use domain::criteria::CriterionId;
use domain::examination::Refusal;
use domain::text::Text;
use poem::http::StatusCode;
use serde_json::json;

use super::Problem;
use super::application::not_all_declared;
use super::refusals::{conflict, stale, unprocessable};
use super::states::state;
use crate::acts::FieldFault;

/// Where the judgements are in what was sent. Behind it a refusal has the criterion's name, which the JSON face turns
/// into the judgement's place in the list ([`Problem::placed`]).
pub const JUDGEMENTS: &str = "/judgements";

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(denial) => denial.into(),
            Refusal::Stage { found } => state(found, "examining"),
            Refusal::NotAllDeclared => not_all_declared(),
            Refusal::Stale { read, found } => stale(read, found),
            Refusal::BothDone => conflict(
                StatusCode::CONFLICT,
                "both_done",
                Text::new(
                    "二人の判断が終わりました。一致した要件は変えられません。分かれた要件は、一つずつ協議の結果を記録してください。",
                    "Both examiners are done. What they agree about stands; reconcile the others one by one.",
                ),
            ),
            Refusal::NotBothDone => conflict(
                StatusCode::CONFLICT,
                "not_both_done",
                Text::new(
                    "協議は、二人ともすべての要件を判断してからです。",
                    "There is nothing to reconcile before both have judged everything.",
                ),
            ),
            Refusal::Nothing => unprocessable("nothing", Text::new("判断がありません。", "No judgement was given.")),
            Refusal::NotAsked { criterion } => about(
                criterion,
                "not_asked",
                "criterion",
                Text::new("この申請には問われていない要件です。", "is not asked of this service."),
            ),
            Refusal::Twice { criterion } => {
                about(criterion, "twice", "criterion", Text::new("同じ要件の判断が二つあります。", "is judged twice."))
            }
            Refusal::NotDisputed { criterion } => {
                let why =
                    Text::new("二人の判断は一致しています。変えられません。", "is agreed about by both, and stands.");
                Self { status: StatusCode::CONFLICT, ..about(criterion, "not_disputed", "criterion", why) }
            }
            Refusal::NoReason { criterion } => {
                about(criterion, "no_reason", "reason", Text::new("判断の理由を書いてください。", "needs a reason."))
            }
            Refusal::Overrules { criterion, only } => {
                let only = only.term();
                let why = Text::new(
                    format!("計算で「{}」と決まり、基準の版は覆すことを認めていません。", only.ja),
                    format!("is {} by arithmetic, and the edition lets nobody overrule it.", only.en),
                );
                about(criterion, "overrules", "answer", why)
            }
            Refusal::Silent { criterion, found } => {
                let found = found.term();
                let why = Text::new(
                    format!(
                        "計算による所見は「{}」です。覆すときは、覆すことを明示してください（overrules）。",
                        found.ja
                    ),
                    format!("is {} by the engine's finding. To overrule it, say so (overrules).", found.en),
                );
                about(criterion, "silent", "overrules", why)
            }
            Refusal::NothingOverruled { criterion } => {
                let why = Text::new(
                    "覆す所見がありません。「所見を覆す」を外してください。",
                    "has no finding that this answer overrules. Leave out overrules.",
                );
                about(criterion, "nothing_overruled", "overrules", why)
            }
            Refusal::NoEvidence { criterion } => {
                let why = Text::new(
                    "基準の版は、判断の根拠を求めています。申請のファイルから根拠を選んでください（evidence）。",
                    "needs the evidence that the answer rests on: cite a file of the application (evidence).",
                );
                about(criterion, "evidence_needed", "evidence", why)
            }
            Refusal::NoSuchFile { criterion, ground, digest } => {
                let why =
                    Text::new("この申請のファイルではありません。", "cites a file that the application does not name.");
                let field = format!("evidence/{ground}/digest");
                about(criterion, "no_such_file", &field, why).having_read(digest.as_str())
            }
            Refusal::Page { criterion, ground, page, pages } => {
                let why = match pages {
                    Some(pages) => Text::new(
                        format!("このファイルは{pages}ページです（読み取った値：{page}）。"),
                        format!("cites page {page} of a file that has {pages}."),
                    ),
                    None => Text::new("ページは1から数えます。", "cites page 0; pages count from 1."),
                };
                let field = format!("evidence/{ground}/page");
                about(criterion, "page", &field, why).having_read(&page.to_string())
            }
        }
    }
}

/// A refusal about one criterion, at a field of its judgement.
fn about(criterion: CriterionId, code: &'static str, field: &str, why: Text) -> Problem {
    let term = criterion.term();
    let detail = Text::new(format!("「{}」：{}", term.ja, why.ja), format!("\"{}\" {}", term.en, why.en));
    let key = json!(criterion).as_str().unwrap_or_default().to_owned();
    let pointer = format!("{JUDGEMENTS}/{key}/{field}");
    let fault = FieldFault { pointer, code: code.to_owned(), read: String::new(), message: detail.clone() };
    Problem { errors: vec![fault], ..unprocessable(code, detail) }
}

impl Problem {
    fn having_read(mut self, read: &str) -> Self {
        self.errors.iter_mut().for_each(|fault| fault.read = read.to_owned());
        self
    }

    /// The same with each judgement named by the place that `place` says it has in what was sent.
    #[must_use]
    pub fn placed(mut self, place: impl Fn(&str) -> String) -> Self {
        for fault in &mut self.errors {
            let rest = fault.pointer.strip_prefix(JUDGEMENTS).and_then(|rest| rest.strip_prefix('/'));
            if let Some((key, field)) = rest.and_then(|rest| rest.split_once('/')) {
                fault.pointer = format!("{}/{field}", place(key));
            }
        }
        self
    }
}
