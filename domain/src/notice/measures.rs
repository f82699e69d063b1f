//! Notices of measures short of a suspension, of emergencies, hearings and objections, and of a service's end.

use super::acts::{nothing, text};
use super::{About, Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, Deed, RegistrationNumber, Role};
use crate::application::ObjectionOutcome;
use crate::calendar::Day;
use crate::proposal::Motion;
use crate::registration::{Grounds, MeasureKind, Registration};
use crate::text::Text;

/// What an act about measures tells; nothing where it is none.
pub(super) fn on_measures(act: &Act, number: &RegistrationNumber, registration: &Registration) -> Vec<Notice> {
    let service = &registration.listing.service_name;
    let (ja, en) = (format!("「{service}」（登録番号 {number}）"), format!("“{service}” ({number})"));
    let own = || vec![Audience::Company(registration.owner.clone())];
    let staff = || vec![Audience::Role(Role::Secretariat)];
    let users = || vec![Audience::Users(number.clone())];
    let told = |topic, audience: Vec<Audience>, words| Notice {
        topic,
        provider: matches!(audience[..], [Audience::Company(_)]).then(|| registration.owner.clone()),
        audience,
        words,
        place: Place::Registration(number.clone()),
    };
    let say =
        |title, happened, why: Option<&String>, todo, until| Words { title, happened, why: why.cloned(), todo, until };
    match &act.deed {
        Deed::Cautioned { reason, grounds, .. } => vec![told(
            Topic::Measure,
            own(),
            say(
                text("登録されたサービスについて注意を受けました", "Your service was cautioned"),
                text(format!("{ja}について、事務局が注意しました。"), format!("The secretariat cautioned {en}.")),
                Some(reason),
                text(
                    "登録の効力は変わりません。理由に書かれたことを直してください。直らないときは、是正を求められ、登録が一時停止されることがあります。",
                    "The registration holds as before. Put right what the reason names; otherwise correction can be demanded, and the registration suspended.",
                ),
                objection(grounds),
            ),
        )],
        Deed::CorrectionDemanded { reason, corrections, .. } => {
            let due = corrections.iter().map(|correction| correction.due).min();
            let todo = text(
                "求められたことを期限までに直し、登録簿のサービスの画面から、証跡を添えて報告してください。認められないときは、登録が一時停止されることがあります。",
                "Put right what is demanded by then, and report it with evidence from the service's page. If it is not accepted, the registration can be suspended.",
            );
            let happened = text(
                format!("{ja}について、事務局が是正を求めました。"),
                format!("The secretariat demands that something about {en} is corrected."),
            );
            let title = text("是正を求められました", "Correction is demanded of your service");
            vec![told(
                Topic::Measure,
                own(),
                say(title, happened, Some(reason), todo, due.map_or(Until::Open, Until::Day)),
            )]
        }
        Deed::CorrectionReported { number: which, .. } => vec![told(
            Topic::Work,
            staff(),
            say(
                text("是正の報告が届きました", "A correction was reported"),
                text(
                    format!("{ja}の是正{which}の報告が届きました。"),
                    format!("Correction {which} of {en} was reported."),
                ),
                None,
                text(
                    "報告と証跡を確かめて、認めるかどうかを答えてください。",
                    "Look at the report and its evidence, and answer it.",
                ),
                Until::Open,
            ),
        )],
        Deed::CorrectionAnswered { number: which, is_accepted, reason, .. } => {
            let (title, todo) = if *is_accepted {
                (text("是正の報告が認められました", "Your correction was accepted"), nothing())
            } else {
                let todo = text(
                    "理由を読み、直したうえで、期限までにもう一度報告してください。",
                    "Read the reason, put it right, and report again by the due day.",
                );
                (text("是正の報告が認められませんでした", "Your correction was not accepted"), todo)
            };
            let happened = text(
                format!("{ja}の是正{which}の報告に、事務局が答えました。"),
                format!("The secretariat answered the report of correction {which} of {en}."),
            );
            vec![told(Topic::Procedure, own(), say(title, happened, Some(reason), todo, Until::Open))]
        }
        Deed::EmergencySuspended { reason, until, .. } => {
            let title =
                || text("サービスの登録が緊急に一時停止されました", "A registration was suspended in an emergency");
            let happened = || {
                text(
                    format!("{ja}の登録が、緊急に一時停止されました。このサービスのマークは、いま効力がありません。"),
                    format!("The registration of {en} was suspended at once. Its marks do not count now."),
                )
            };
            let then = || {
                Until::Event(text(
                    "24時間以内に二人目が確認すれば、再開されるまで。確認されなければ、自動的に終わります。",
                    "Until it is reinstated, if a second person confirms it within 24 hours; otherwise it ends by itself.",
                ))
            };
            let take_down = || {
                text(
                    "マークの掲示を、再開のお知らせが届くまで止めてください。",
                    "Take the mark down until you are told that it counts again.",
                )
            };
            let to_confirm = say(
                text("緊急の一時停止が確認を待っています", "An emergency suspension waits to be confirmed"),
                happened(),
                Some(reason),
                text(
                    "内容を確かめて、期限までに確認してください。取った人は確認できません。確認されなければ、自動的に終わります。",
                    "Look at it and confirm it by then; whoever took it does not. Otherwise it ends by itself.",
                ),
                Until::Event(text(format!("{until}（UTC）まで"), format!("Until {until} (UTC)"))),
            );
            vec![
                told(Topic::Measure, own(), say(title(), happened(), Some(reason), take_down(), then())),
                told(Topic::Measure, users(), say(title(), happened(), Some(reason), take_down(), then())),
                told(Topic::Work, staff(), to_confirm),
            ]
        }
        Deed::EmergencyConfirmed {} => vec![told(
            Topic::Measure,
            own(),
            say(
                text("緊急の一時停止が確認されました", "The emergency suspension was confirmed"),
                text(
                    format!("{ja}の緊急の一時停止を、二人目が確認しました。再開されるまで続きます。"),
                    format!("A second person confirmed the suspension of {en}. It lasts until it is reinstated."),
                ),
                None,
                text(
                    "理由に書かれたことを直して、事務局に連絡してください。異議を申し立てることもできます。",
                    "Put right what the reason names and tell the secretariat. You may object, too.",
                ),
                Until::Event(text("再開されるまで。", "Until it is reinstated.")),
            ),
        )],
        Deed::MeasureObjected { .. } => vec![told(
            Topic::Work,
            vec![Audience::Role(Role::DecisionMaker)],
            say(
                text("措置への異議が届きました", "A measure is objected to"),
                text(
                    format!("{ja}の措置に、異議が申し立てられました。"),
                    format!("A measure about {en} is objected to."),
                ),
                None,
                text(
                    "その措置にかかわらなかった二人が判断します。",
                    "Two people who had no part in the measure decide on it.",
                ),
                Until::Open,
            ),
        )],
        Deed::MeasureObjectionDecided { outcome, reason, .. } => {
            let (title, todo) = match outcome {
                ObjectionOutcome::Upheld => (
                    text("措置への異議が認められました", "Your objection was upheld"),
                    text(
                        "措置は取り除かれました。必要な手続はありません。",
                        "The measure was set aside. There is nothing you have to do.",
                    ),
                ),
                ObjectionOutcome::Dismissed => (
                    text("措置への異議が認められませんでした", "Your objection was dismissed"),
                    text("措置はそのまま続きます。", "The measure holds as before."),
                ),
            };
            let happened = text(
                format!("{ja}の措置への異議について、判断が出ました。"),
                format!("Your objection to a measure about {en} was decided."),
            );
            vec![told(Topic::Measure, own(), say(title, happened, Some(reason), todo, Until::Open))]
        }
        Deed::Discontinued { plan } => {
            let happened = || {
                text(
                    format!("{ja}は、{}を最後の日として終わります。", plan.last_day),
                    format!("{en} ends; its last day is {}.", plan.last_day),
                )
            };
            let title = || text("サービスの終了が届け出られました", "A service is going to end");
            let until = || Until::Day(plan.last_day);
            vec![
                told(
                    Topic::Measure,
                    users(),
                    say(
                        title(),
                        happened(),
                        Some(&format!("{}\n{}", plan.for_users, plan.contracts)),
                        text(
                            "ほかの登録サービスを登録簿で探せます。マークは、サービスが終わったあと、猶予の期間のうちに取り除いてください。",
                            "Other services stand in the register. Take the mark down within the period of grace after the end.",
                        ),
                        until(),
                    ),
                ),
                told(
                    Topic::Work,
                    staff(),
                    say(
                        title(),
                        happened(),
                        None,
                        text("利用企業への案内を確かめてください。", "Look at what its users are told."),
                        until(),
                    ),
                ),
            ]
        }
        _ => Vec::new(),
    }
}

/// 弁明の機会: the provider is told of a measure that is proposed against it and may state its side.
pub(super) fn hearing(motion: &Motion, about: About<'_>) -> Option<Notice> {
    let Motion::TakeMeasure { measure, reason, plan: Some(plan), .. } = motion else { return None };
    let (until, registration) = (plan.hearing_until?, about.registration?);
    let (service, number) = (&registration.listing.service_name, &registration.number);
    let what = match measure {
        MeasureKind::Revoked => text("登録の取消し", "revoking the registration"),
        MeasureKind::Suspended => text("登録の一時停止", "suspending the registration"),
        MeasureKind::CorrectionDemanded => text("是正の求め", "a demand for correction"),
        MeasureKind::Cautioned => text("注意", "a caution"),
        MeasureKind::Reinstated => text("再開", "reinstating the registration"),
    };
    let words = Words {
        title: text("措置の前に、弁明できます", "You may state your side before a measure"),
        happened: text(
            format!("「{service}」（登録番号 {number}）について、{}が提案されています。", what.ja),
            format!("{} is proposed about “{service}” ({number}).", capital(&what.en)),
        ),
        why: Some(reason.clone()),
        todo: text(
            "登録簿のサービスの「措置」の画面で、事実と理由を読み、期限までに弁明を送ってください。弁明がなくても、期限のあとに判断されます。",
            "Read the facts and the reason on the service's page of measures, and send your side by then. Without it the decision follows after that day.",
        ),
        until: Until::Day(until),
    };
    Some(Notice {
        topic: Topic::Measure,
        audience: vec![Audience::Company(registration.owner.clone())],
        words,
        place: Place::Registration(number.clone()),
        provider: Some(registration.owner.clone()),
    })
}

/// Until when it can be objected to.
fn objection(grounds: &Grounds) -> Until {
    let last = |until: Day| Until::Event(objection_words(until));
    grounds.objection_until.map_or(Until::Open, last)
}

fn objection_words(until: Day) -> Text {
    let day = crate::reading::day_text(until);
    text(
        format!("異議は{}まで申し立てられます。", day.ja),
        format!("You may object until the end of {} (Japan time).", day.en),
    )
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
