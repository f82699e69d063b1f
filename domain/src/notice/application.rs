//! Of an application, from its submission to what becomes of an objection.

use super::acts::{nothing, text};
use super::{About, Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, ApplicationId, Deed, PersonId, Role, Verdict};
use crate::application::ObjectionOutcome;
use crate::text::Text;

pub(super) fn on_application(act: &Act, id: &ApplicationId, about: About<'_>) -> Vec<Notice> {
    let Some(application) = about.application else { return Vec::new() };
    let service = &application.declaration.service.name;
    let owner = &application.owner;
    let ja = format!("「{service}」の申請（{id}）");
    let en = format!("the application of “{service}” ({id})");
    let own = |topic, words| Notice {
        topic,
        audience: vec![Audience::Company(owner.clone())],
        words,
        place: Place::Application(id.clone()),
        provider: Some(owner.clone()),
    };
    let roles = |roles: &[Role], place: fn(ApplicationId) -> Place, words| Notice {
        topic: Topic::Work,
        audience: roles.iter().map(|role| Audience::Role(*role)).collect(),
        words,
        place: place(id.clone()),
        provider: None,
    };
    let people = |people: Vec<PersonId>, words| Notice {
        topic: Topic::Work,
        audience: vec![Audience::People(people)],
        words,
        place: Place::Examination(id.clone()),
        provider: None,
    };
    let words = |title: Text, happened: Text, why: Option<&str>, todo: Text, until: Until| Words {
        title,
        happened,
        why: why.map(str::to_owned),
        todo,
        until,
    };
    match &act.deed {
        Deed::Submitted { .. } | Deed::Resubmitted { .. } => vec![
            own(
                Topic::Progress,
                words(
                    text("申請を受け付けました", "The application was received"),
                    text(format!("{ja}が提出されました。"), format!("{en} was submitted.")),
                    None,
                    text(
                        "事務局が内容を確かめます。結果はこの「お知らせ」で届きます。",
                        "The secretariat looks at it; what comes of it you are told here.",
                    ),
                    Until::Open,
                ),
            ),
            roles(
                &[Role::Secretariat],
                Place::Intake,
                words(
                    text("申請が届きました", "An application has come in"),
                    text(format!("{ja}が提出されました。"), format!("{en} was submitted.")),
                    None,
                    text("受理するか、差し戻してください。", "Accept it, or send it back."),
                    Until::Open,
                ),
            ),
        ],
        Deed::Returned { reasons } => {
            let why: Vec<String> = reasons.iter().map(|one| format!("{}: {}", one.pointer, one.reason)).collect();
            vec![own(
                Topic::Procedure,
                words(
                    text("申請が差し戻されました", "The application was sent back"),
                    text(
                        format!("{ja}に直していただくところがあり、事務局が差し戻しました。"),
                        format!("The secretariat sent {en} back, as something in it has to be put right."),
                    ),
                    Some(&why.join("\n")),
                    text(
                        "指摘されたところを直して、再提出してください。再提出するまで審査は始まりません。",
                        "Put right what is named and submit it again. It is not examined before.",
                    ),
                    Until::Open,
                ),
            )]
        }
        Deed::Accepted { examiners, due } => vec![
            own(
                Topic::Progress,
                words(
                    text("申請が受理されました", "The application was accepted"),
                    text(format!("{ja}が受理され、審査が始まります。"), format!("{en} was accepted and is examined.")),
                    None,
                    text(
                        "審査員から質問が来ることがあります。そのときはお知らせします。",
                        "The examiners may ask you something; you are told then.",
                    ),
                    Until::Open,
                ),
            ),
            people(
                examiners.clone(),
                words(
                    text("審査の割当てがあります", "A case was assigned to you"),
                    text(format!("{ja}の審査員に割り当てられました。"), format!("You are to examine {en}.")),
                    None,
                    text(
                        "申請者との利害関係を申告してから、審査を始めてください。",
                        "Declare your interests first, then examine it.",
                    ),
                    due.map_or(Until::Open, Until::Day),
                ),
            ),
        ],
        Deed::Withdrawn { reason } => {
            let happened = text(format!("{ja}が取り下げられました。"), format!("{en} was withdrawn."));
            let title = || text("申請が取り下げられました", "An application was withdrawn");
            vec![
                own(Topic::Progress, words(title(), happened.clone(), Some(reason), nothing(), Until::Open)),
                roles(
                    &[Role::Secretariat],
                    Place::Intake,
                    words(title(), happened.clone(), Some(reason), nothing(), Until::Open),
                ),
                people(application.examiners.clone(), words(title(), happened, Some(reason), nothing(), Until::Open)),
            ]
        }
        Deed::Recommended { .. } => vec![roles(
            &[Role::DecisionMaker],
            Place::Decision,
            words(
                text("判定を待つ申請があります", "A case waits for its decision"),
                text(format!("{ja}の審査が終わり、推薦意見が出ました。"), format!("The examiners are done with {en}.")),
                None,
                text(
                    "審査に加わっていない判定者が、判定を提案してください。",
                    "A decision maker who did not examine it proposes the decision.",
                ),
                Until::Open,
            ),
        )],
        Deed::Decided { decision, conditions, ruling, .. } => {
            let passed = decision.verdict == Verdict::Pass;
            let result = if passed { text("充足", "pass") } else { text("不充足", "fail") };
            let objection = ruling.as_ref().and_then(|ruling| ruling.objection_until);
            let first = conditions.iter().map(|condition| condition.due).min();
            let (todo, until) = match (passed, first, objection) {
                (true, None, _) => (
                    text(
                        "登録の手続に進みます。登録されたらお知らせします。",
                        "It is registered next; you are told when it is.",
                    ),
                    Until::Open,
                ),
                (true, Some(due), _) => (
                    text(
                        format!("合格の条件が{}つあります。期限までに満たして、報告してください。", conditions.len()),
                        format!("There are {} conditions: meet each by its day and report it.", conditions.len()),
                    ),
                    Until::Day(due),
                ),
                (false, _, Some(until)) => (
                    text(
                        "納得できないときは、異議を申し立てることができます。直したうえで、あらためて申請することもできます。",
                        "If you do not agree you may object to it. You may also apply anew.",
                    ),
                    Until::Day(until),
                ),
                (false, _, None) => {
                    (text("直したうえで、あらためて申請することができます。", "You may apply anew."), Until::Open)
                }
            };
            vec![
                own(
                    Topic::Procedure,
                    words(
                        text(format!("申請の判定：{}", result.ja), format!("Decision: {}", result.en)),
                        text(
                            format!("{ja}は「{}」と判定されました。", result.ja),
                            format!("{en} was decided: {}.", result.en),
                        ),
                        Some(&decision.reason),
                        todo,
                        until,
                    ),
                ),
                roles(
                    &[Role::Secretariat],
                    Place::Intake,
                    words(
                        text("判定がありました", "A case was decided"),
                        text(
                            format!("{ja}は「{}」と判定されました。", result.ja),
                            format!("{en} was decided: {}.", result.en),
                        ),
                        None,
                        if passed {
                            text("登録の手続をしてください。", "Enter it into the register.")
                        } else {
                            nothing()
                        },
                        Until::Open,
                    ),
                ),
            ]
        }
        Deed::InterestDeclared { tie: Some(_) } => vec![roles(
            &[Role::Secretariat],
            Place::Intake,
            words(
                text("審査員に申請者との利害関係があります", "An examiner is tied to the applicant"),
                text(
                    format!("{ja}の審査員が、利害関係があると申告しました。"),
                    format!("An examiner of {en} declared a tie."),
                ),
                None,
                text("審査員を交代するか、免除を提案してください。", "Replace the examiner, or propose a waiver."),
                Until::Open,
            ),
        )],
        Deed::InterestDeclared { tie: None } => Vec::new(),
        Deed::ExaminerReplaced { leaving, joining, .. } => vec![
            people(
                vec![joining.clone()],
                words(
                    text("審査の割当てがあります", "A case was assigned to you"),
                    text(format!("{ja}の審査員に割り当てられました。"), format!("You are to examine {en}.")),
                    None,
                    text(
                        "申請者との利害関係を申告してから、審査を始めてください。",
                        "Declare your interests first, then examine it.",
                    ),
                    application.due.map_or(Until::Open, Until::Day),
                ),
            ),
            people(
                vec![leaving.clone()],
                words(
                    text("審査員を交代しました", "You were replaced as an examiner"),
                    text(
                        format!("{ja}の審査は、ほかの審査員が引き継ぎます。"),
                        format!("Somebody else examines {en}."),
                    ),
                    None,
                    nothing(),
                    Until::Open,
                ),
            ),
        ],
        Deed::ConflictWaived { examiner, .. } => vec![people(
            vec![examiner.clone()],
            words(
                text("審査を始められます", "You may examine the case"),
                text(
                    format!("{ja}について、申告した利害関係が免除されました。"),
                    format!("Your tie was waived for {en}."),
                ),
                None,
                text("審査を始めてください。", "Examine it."),
                application.due.map_or(Until::Open, Until::Day),
            ),
        )],
        Deed::Asked { text: asked, until, .. } => vec![own(
            Topic::Procedure,
            words(
                text("審査員から質問があります", "The examiners ask you something"),
                text(format!("{ja}について、審査員から質問がありました。"), format!("The examiners ask about {en}.")),
                Some(asked),
                text(
                    "質問に回答してください。必要なら証跡を添えられます。",
                    "Answer it, with evidence where that helps.",
                ),
                Until::Day(*until),
            ),
        )],
        Deed::QuestionExtended { until, .. } => vec![own(
            Topic::Procedure,
            words(
                text("質問の回答期限が延びました", "There is more time for your answer"),
                text(
                    format!("{ja}についての質問の回答期限が延びました。"),
                    format!("A question about {en} may be answered later."),
                ),
                None,
                text("質問に回答してください。", "Answer it."),
                Until::Day(*until),
            ),
        )],
        Deed::QuestionClosed { reason, .. } => vec![own(
            Topic::Progress,
            words(
                text("質問への回答は要らなくなりました", "A question needs no answer any more"),
                text(format!("{ja}についての質問が閉じられました。"), format!("A question about {en} was closed.")),
                Some(reason),
                nothing(),
                Until::Open,
            ),
        )],
        Deed::Answered { .. } => vec![people(
            application.examiners.clone(),
            words(
                text("質問に回答がありました", "A question was answered"),
                text(format!("{ja}の申請者が質問に回答しました。"), format!("The applicant answered about {en}.")),
                None,
                text("回答を読み、その要件を判断してください。", "Read the answer and judge the criterion."),
                Until::Open,
            ),
        )],
        Deed::ConditionReported { .. } => vec![roles(
            &[Role::Secretariat, Role::DecisionMaker],
            Place::Decision,
            words(
                text("合格の条件の報告がありました", "A condition was reported to be met"),
                text(
                    format!("{ja}の条件を満たしたと報告がありました。"),
                    format!("A condition of {en} is reported to be met."),
                ),
                None,
                text("報告を確かめて、認めるかどうか回答してください。", "Look at the report and reply to it."),
                Until::Open,
            ),
        )],
        Deed::ConditionAnswered { number, is_accepted, reason } => {
            let due = application.conditions.get(*number as usize - 1).map(|one| one.condition.due);
            let (title, todo, until) = if *is_accepted {
                (text("条件の報告が認められました", "Your report was accepted"), nothing(), Until::Open)
            } else {
                (
                    text("条件の報告が認められませんでした", "Your report was not accepted"),
                    text(
                        "理由のところを直して、もう一度報告してください。",
                        "Put right what is named and report again.",
                    ),
                    due.map_or(Until::Open, Until::Day),
                )
            };
            let happened = text(
                format!("{ja}の合格の条件{number}について、報告への回答がありました。"),
                format!("Your report about condition {number} of {en} was answered."),
            );
            vec![own(Topic::Procedure, words(title, happened, Some(reason), todo, until))]
        }
        Deed::Objected { .. } => vec![roles(
            &[Role::Secretariat, Role::DecisionMaker],
            Place::Decision,
            words(
                text("判定に異議の申立てがありました", "A decision is objected to"),
                text(
                    format!("{ja}の判定に異議の申立てがありました。"),
                    format!("The applicant objects to the decision of {en}."),
                ),
                None,
                text(
                    "その判定をしていない判定者が、判断を提案してください。",
                    "A decision maker who did not decide it proposes what becomes of it.",
                ),
                Until::Open,
            ),
        )],
        Deed::ObjectionDecided { outcome, reason, .. } => {
            let (title, todo) = match outcome {
                ObjectionOutcome::Upheld => (
                    text("異議が認められました", "Your objection was upheld"),
                    text(
                        "ほかの審査員と判定者が、あらためて審査します。結果はお知らせします。",
                        "Others examine and decide it anew; you are told.",
                    ),
                ),
                ObjectionOutcome::Dismissed => (
                    text("異議は認められませんでした", "Your objection was dismissed"),
                    text(
                        "判定はそのままです。直したうえで、あらためて申請することができます。",
                        "The decision stands. You may apply anew.",
                    ),
                ),
            };
            let happened = text(
                format!("{ja}の判定への異議について、判断がありました。"),
                format!("Your objection about {en} was decided."),
            );
            vec![own(Topic::Procedure, words(title, happened, Some(reason), todo, Until::Open))]
        }
        _ => Vec::new(),
    }
}
