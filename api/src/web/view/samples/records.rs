use domain::act::Role;
use domain::criteria::CriterionId;
use domain::edition::Editions;
use domain::statistics::{Answers, Days, Statistics};

use super::desk::{case, frame};
use super::*;
use crate::paper::{Block, Cell, Head, Table};
use crate::web::view::applications::Stage;
use crate::web::view::record::RecordPage;
use crate::web::view::statistics::{StatisticsPage, fields};

pub(super) fn add(put: &mut Put) {
    put("record", &record());
    put("statistics", &statistics(Some(counted())));
    put("statistics-none", &statistics(Some(Statistics::default())));
    let wrong = error("/until", "最後の日 2026-04-01 は最初の日 2026-05-01 より前です。", "Backwards.");
    let refused = statistics(None);
    put("statistics-wrong", &StatisticsPage { form: refused.form.with([wrong]), found: None, ..statistics(None) });
}

fn record() -> RecordPage {
    let row = |seq: &str, what: &str, who: &str, said: &str| {
        let link = Some(format!("/api/v1/log/leaves/{seq}"));
        let at = "2026-11-02 12:04:05\n2026-11-02T03:04:05Z";
        vec![Cell { text: seq.to_owned(), link }, at.into(), what.into(), who.into(), said.into()]
    };
    let hash = "葉のハッシュ 5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";
    let fact = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    RecordPage {
        frame: frame("事務局", Role::Secretariat),
        case: case(SERVICE, Stage::Passed),
        title: format!("申請の記録　{SERVICE}"),
        scope: "全部",
        digest: "5e".repeat(32),
        blocks: vec![
            Block::Facts(vec![fact("申請", "A-2026-00193"), fact("申請者", HOSTILE)]),
            Block::Heading { level: 2, text: "推薦意見と判定".to_owned() },
            Block::Facts(vec![fact("判定", "合格\nすべての要件を充足する。")]),
            Block::Heading { level: 3, text: "証跡のファイル".to_owned() },
            Block::Text("ファイルはありません。".to_owned()),
            Block::Heading { level: 2, text: "処分・手続の記録".to_owned() },
            Block::Table(Table {
                caption: "行われた順の処分・手続".to_owned(),
                heads: ["記録", "いつ", "何を", "だれが", "内容"].map(|text| Head { text, share: 1 }).to_vec(),
                rows: vec![
                    row("12", "申請の提出", "大阪 担当（P-04HMASW9）\nサービス提供事業者の責任者", hash),
                    row("15", "差戻し", "事務局（P-04HMASWA）\n事務局", &format!("理由：{HOSTILE}\n{hash}")),
                ],
            }),
        ],
    }
}

fn counted() -> Statistics {
    let mut found = Statistics { cases: 12, finished: 7, ..Statistics::default() };
    found.stages.extend([("submitted", 2), ("examining", 3), ("decided", 7)]);
    for days in [1, 2, 2, 5, 30] {
        found.stays.entry("submitted").or_default().add(days);
        found.to_decision.add(days * 10);
    }
    let mut answers = Answers::default();
    (answers.asked, answers.met, answers.unmet, answers.overruled) = (7, 5, 2, 1);
    answers.questions = 6;
    [1, 3, 12, 40].into_iter().for_each(|days| answers.to_answer.add(days));
    found.criteria.insert(CriterionId::HelpDesk, answers.clone());
    (answers.questions, answers.to_answer) = (1, Days::default());
    found.criteria.insert(CriterionId::NetworkPrice, answers);
    found
}

fn statistics(found: Option<Statistics>) -> StatisticsPage {
    StatisticsPage {
        frame: frame("判定者", Role::DecisionMaker),
        form: Form::default(),
        fields: fields(Editions::bundled()),
        found,
    }
}
