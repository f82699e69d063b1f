//! Of every kind of act: who is told what.
//!
//! The words are for the owner of a small firm: no word of the law that a plain one can stand for, and always a next step.

use super::application::on_application;
use super::changes::on_changes;
use super::licence::on_licence;
use super::measures::{hearing, on_measures};
use super::settings::on_setting;
use super::{About, Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, ComplaintId, Deed, PersonId, RegistrationNumber, Role, Subject};
use crate::authority::Power;
use crate::text::Text;

/// Whom an act concerns, and what each of them is told. Whoever did it is not told of it.
pub fn notices(act: &Act, about: About<'_>) -> Vec<Notice> {
    match &act.subject {
        Subject::Application(id) => on_application(act, id, about),
        Subject::Registration(number) => on_registration(act, number, about),
        Subject::Licence(_) => on_licence(act, about),
        Subject::Proposal(_) => on_proposal(act, about),
        Subject::Person(person) => on_person(act, person),
        Subject::Key(_) | Subject::Edition(_) => on_register(act),
        // What an examiner judges is nobody's business before both are done, and then it stands in the case.
        Subject::Examination(_) => Vec::new(),
        Subject::Complaint(id) => on_complaint(act, id),
        // What a provider reports, and what is checked of its prices, stands in the lists of those who look after it.
        Subject::Report(_) | Subject::PriceCheck(_) => Vec::new(),
        Subject::Setting(_) => on_setting(act),
    }
}

pub(super) fn text(ja: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(ja, en)
}

/// Nothing to do.
pub(super) fn nothing() -> Text {
    text("必要な手続はありません。", "There is nothing you have to do.")
}

fn on_registration(act: &Act, number: &RegistrationNumber, about: About<'_>) -> Vec<Notice> {
    let Some(registration) = about.registration else { return Vec::new() };
    let service = &registration.listing.service_name;
    let provider = &registration.listing.provider.trade_name;
    let ja = format!("「{service}」（登録番号 {number}）");
    let en = format!("“{service}” ({number})");
    let told = |to_provider: bool, topic, words| Notice {
        topic,
        audience: vec![if to_provider {
            Audience::Company(registration.owner.clone())
        } else {
            Audience::Users(number.clone())
        }],
        words,
        place: Place::Registration(number.clone()),
        provider: to_provider.then(|| registration.owner.clone()),
    };
    let both = |title: Text, happened: Text, reason: &str, todo: [Text; 2], until: Until| {
        let [own, users] = todo;
        let words = |todo| Words {
            title: title.clone(),
            happened: happened.clone(),
            why: Some(reason.to_owned()),
            todo,
            until: until.clone(),
        };
        vec![told(true, Topic::Measure, words(own)), told(false, Topic::Measure, words(users))]
    };
    match &act.deed {
        Deed::Registered { term, .. } => vec![told(
            true,
            Topic::Procedure,
            Words {
                title: text("サービスが登録されました", "Your service was registered"),
                happened: text(
                    format!("{ja}が、お助け隊サービスとして登録されました。有効期間は{}からです。", term.from),
                    format!("{en} was registered. Its term begins on {}.", term.from),
                ),
                why: None,
                todo: text(
                    "マークの使用許諾の手続に進みます。有効期間が終わる前に、更新の申請をしてください。",
                    "The mark is licensed next. Apply for renewal before the term ends.",
                ),
                until: Until::Day(term.last_day()),
            },
        )],
        Deed::Renewed { term, .. } => vec![told(
            true,
            Topic::Procedure,
            Words {
                title: text("登録が更新されました", "Your registration was renewed"),
                happened: text(
                    format!("{ja}の登録が更新されました。次の有効期間は{}からです。", term.from),
                    format!("{en} was renewed. Its next term begins on {}.", term.from),
                ),
                why: None,
                todo: text(
                    "登録番号も、出されているマークの使用許諾も変わりません。次の更新の申請は、期間が終わる前にしてください。",
                    "The number and the licences under it stay. Apply for the next renewal before the term ends.",
                ),
                until: Until::Day(term.last_day()),
            },
        )],
        Deed::Suspended { reason, .. } => both(
            text("サービスの登録が一時停止されました", "A service's registration was suspended"),
            text(
                format!(
                    "{provider}の{ja}の登録が一時停止されました。このサービスのマークは、再開まで効力がありません。"
                ),
                format!(
                    "The registration of {en} by {provider} was suspended. Its marks do not count until it is reinstated."
                ),
            ),
            reason,
            [
                text(
                    "マークの掲示と「登録サービス」という案内を止め、理由に書かれたことを直して、事務局に連絡してください。利用企業にも、この登録簿から同じお知らせが届いています。",
                    "Take the mark down, put right what the reason names, and tell the secretariat. Your users are told the same by this register.",
                ),
                text(
                    "マークの掲示を、再開のお知らせが届くまで止めてください。サービスの契約そのものについては、提供事業者に確かめてください。",
                    "Take the mark down until you are told that it counts again. Ask your provider about the contract itself.",
                ),
            ],
            Until::Event(text(
                "再開されるまで。再開したら、またお知らせします。",
                "Until it is reinstated; you are told then.",
            )),
        ),
        Deed::Reinstated { reason, .. } => both(
            text("サービスの登録が再開されました", "A service's registration was reinstated"),
            text(
                format!("{provider}の{ja}の登録が再開されました。このサービスのマークは、また効力があります。"),
                format!("The registration of {en} by {provider} was reinstated. Its marks count again."),
            ),
            reason,
            [
                text("マークの掲示を再開できます。", "You may show the mark again."),
                text("マークの掲示を再開できます。", "You may show the mark again."),
            ],
            Until::Day(registration.term_at(act.at.day()).last_day()),
        ),
        Deed::Revoked { reason, .. } => both(
            text("サービスの登録が取り消されました", "A service's registration was revoked"),
            text(
                format!(
                    "{provider}の{ja}の登録が取り消されました。このサービスのマークは、今後ずっと効力がありません。"
                ),
                format!("The registration of {en} by {provider} was revoked. Its marks never count again."),
            ),
            reason,
            [
                text(
                    "マークを、印刷物とウェブサイトから直ちに取り除いてください。利用企業にも、この登録簿から同じお知らせが届いています。",
                    "Remove the mark from print and web at once. Your users are told the same by this register.",
                ),
                text(
                    "マークを、印刷物とウェブサイトから直ちに取り除いてください。今後のことは提供事業者に確かめ、ほかの登録サービスも登録簿で探せます。",
                    "Remove the mark from print and web at once. Ask your provider what follows; other services stand in the register.",
                ),
            ],
            Until::Event(text("直ちに。", "At once.")),
        ),
        Deed::Notified { .. } | Deed::Changed { .. } | Deed::Succeeded { .. } => on_changes(act, number, registration),
        _ => on_measures(act, number, registration),
    }
}

/// Whoever complained follows it by number and code; those who see to it are told.
fn on_complaint(act: &Act, id: &ComplaintId) -> Vec<Notice> {
    let told = |audience, title, happened, todo, until| {
        let words = Words { title, happened, why: None, todo, until };
        vec![Notice {
            topic: Topic::Work,
            audience: vec![audience],
            words,
            place: Place::Complaint(id.clone()),
            provider: None,
        }]
    };
    match &act.deed {
        Deed::ComplaintReceived { .. } => told(
            Audience::Role(Role::Secretariat),
            text("苦情・通報を受け付けました", "A complaint was received"),
            text(format!("苦情・通報 {id} を受け付けました。"), format!("Complaint {id} was received.")),
            text("内容を読んで、受領を確認してください。", "Read it and acknowledge it."),
            Until::Event(text("受け付けから24時間以内。", "Within 24 hours.")),
        ),
        Deed::ComplaintAssigned { handler } => told(
            Audience::People(vec![handler.clone()]),
            text("苦情・通報の担当になりました", "A complaint was assigned to you"),
            text(format!("苦情・通報 {id} の担当になりました。"), format!("Complaint {id} was assigned to you.")),
            text("調べて、答え、終わりまで見届けてください。", "Look into it, answer it, and see it to its end."),
            Until::Open,
        ),
        _ => Vec::new(),
    }
}

fn on_proposal(act: &Act, about: About<'_>) -> Vec<Notice> {
    let Subject::Proposal(id) = &act.subject else { return Vec::new() };
    let told = |audience, title, happened, why: Option<&String>, todo, until| Notice {
        topic: Topic::Work,
        audience,
        words: Words { title, happened, why: why.cloned(), todo, until },
        place: Place::Proposal(id.clone()),
        provider: None,
    };
    match &act.deed {
        Deed::Proposed { motion, until, .. } => {
            let last = until.day().previous();
            let heard = hearing(motion, about);
            let proposed = told(
                seconders(motion.power()),
                text("二人目の確認を待つ提案があります", "A proposal waits for a second person"),
                text(
                    format!("{}についての提案がありました。", motion.subject()),
                    format!("Something is proposed about {}.", motion.subject()),
                ),
                None,
                text(
                    "内容を確かめて、確認するか取りやめてください。提案した人は確認できません。",
                    "Look at it, then confirm or drop it. Whoever proposed it does not confirm it.",
                ),
                Until::Day(last),
            );
            std::iter::once(proposed).chain(heard).collect()
        }
        Deed::Stated { .. } => vec![told(
            vec![Audience::Role(Role::Secretariat)],
            text("弁明が届きました", "A provider stated its side"),
            text(
                format!("提案 {id} について、事業者の弁明が届きました。"),
                format!("The provider stated its side of proposal {id}."),
            ),
            None,
            text("弁明を読んで、確認するか取りやめてください。", "Read it, then confirm the proposal or drop it."),
            Until::Open,
        )],
        Deed::ProposalDropped { reason } => about.proposer.map_or_else(Vec::new, |proposer| {
            vec![told(
                vec![Audience::People(vec![proposer.clone()])],
                text("提案が取りやめられました", "Your proposal was dropped"),
                text(format!("提案 {id} が取りやめられました。"), format!("Proposal {id} was dropped.")),
                Some(reason),
                text("必要なら、あらためて提案してください。", "Propose it anew where it is needed."),
                Until::Open,
            )]
        }),
        _ => Vec::new(),
    }
}

/// Those who might confirm it.
fn seconders(power: Power) -> Vec<Audience> {
    power.roles().into_iter().map(Audience::Role).collect()
}

fn on_person(act: &Act, person: &PersonId) -> Vec<Notice> {
    let told = |title, happened, why: Option<&String>| {
        vec![Notice {
            topic: Topic::Access,
            audience: vec![Audience::People(vec![person.clone()])],
            words: Words {
                title,
                happened,
                why: why.cloned(),
                todo: text(
                    "心当たりがなければ、すぐに事務局か運用者に連絡してください。",
                    "If you did not expect this, tell the secretariat or the operator at once.",
                ),
                until: Until::Open,
            },
            place: Place::Account,
            provider: None,
        }]
    };
    match &act.deed {
        Deed::Admitted { organisation, .. } => told(
            text("登録簿を使えるようになりました", "You may use the register"),
            text(
                format!("組織 {organisation} の一員として加わりました。"),
                format!("You were admitted for organisation {organisation}."),
            ),
            None,
        ),
        Deed::RoleGiven { organisation, .. } => told(
            text("役割が加わりました", "You were given a role"),
            text(
                format!("組織 {organisation} での役割が一つ加わりました。"),
                format!("You were given a role in organisation {organisation}."),
            ),
            None,
        ),
        Deed::RoleEnded { organisation, reason, .. } => told(
            text("役割が終わりました", "One of your roles ended"),
            text(
                format!("組織 {organisation} での役割が一つ終わりました。"),
                format!("A role of yours in organisation {organisation} ended."),
            ),
            Some(reason),
        ),
        // Whoever was dismissed reads nothing here any more; the operator tells them.
        _ => Vec::new(),
    }
}

fn on_register(act: &Act) -> Vec<Notice> {
    let told = |topic, roles: &[Role], place, title, happened, why: Option<&String>, todo| {
        vec![Notice {
            topic,
            audience: roles.iter().map(|role| Audience::Role(*role)).collect(),
            words: Words { title, happened, why: why.cloned(), todo, until: Until::Open },
            place,
            provider: None,
        }]
    };
    let body = [Role::Secretariat, Role::DecisionMaker, Role::Examiner];
    match (&act.subject, &act.deed) {
        (Subject::Key(id), Deed::KeyCompromised { reason, .. }) => told(
            Topic::Access,
            &[Role::Operator, Role::Secretariat],
            Place::Keys,
            text("署名鍵が信頼できなくなりました", "A signing key is no longer trusted"),
            text(
                format!("署名鍵 {id} が危殆化したものとされました。"),
                format!("Signing key {id} was found compromised."),
            ),
            Some(reason),
            text("運用手順の「鍵の危殆化」に従ってください。", "Follow the operations manual on compromised keys."),
        ),
        (Subject::Key(id), Deed::KeyActivated { .. }) => told(
            Topic::Work,
            &[Role::Operator, Role::Secretariat],
            Place::Keys,
            text("署名鍵が使われはじめました", "A signing key is in use"),
            text(format!("署名鍵 {id} が使われはじめました。"), format!("Signing key {id} is used from now on.")),
            None,
            nothing(),
        ),
        (Subject::Edition(id), Deed::EditionPublished { reason: Some(reason), in_force_from, .. }) => told(
            Topic::Scheme,
            &[
                Role::ProviderOwner,
                Role::ProviderMember,
                Role::DelegatedAgent,
                Role::Secretariat,
                Role::Examiner,
                Role::DecisionMaker,
            ],
            Place::Editions,
            text("サービス基準の版が公示されました", "An edition of the criteria was published"),
            text(
                format!("サービス基準の版 {id} が公示されました（{in_force_from}から）。"),
                format!("Edition {id} was published, in force from {in_force_from}."),
            ),
            Some(reason),
            text(
                "変わるところを確かめてください。すでにある登録は、次の更新まで変わりません。",
                "Read what changes. Registrations stay as they are until renewal.",
            ),
        ),
        (Subject::Edition(id), Deed::EditionStopped { reason }) => told(
            Topic::Work,
            &body,
            Place::Editions,
            text("その版による判定が止まりました", "Decisions under an edition are stopped"),
            text(
                format!("サービス基準の版 {id} による判定が止まりました。"),
                format!("Nothing is decided under edition {id}."),
            ),
            Some(reason),
            text(
                "再開されるまで、この版の申請は判定できません。",
                "No case under it can be decided until that is resumed.",
            ),
        ),
        (Subject::Edition(id), Deed::EditionResumed { reason }) => told(
            Topic::Work,
            &body,
            Place::Editions,
            text("その版による判定が再開されました", "Decisions under an edition go on"),
            text(
                format!("サービス基準の版 {id} による判定が再開されました。"),
                format!("Cases under edition {id} are decided again."),
            ),
            Some(reason),
            nothing(),
        ),
        _ => Vec::new(),
    }
}
