//! Notices of changes: what was notified, what was examined, and a service that went over to another provider.

use super::acts::{nothing, text};
use super::{Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, Deed, OrganisationId, RegistrationNumber, Role};
use crate::registration::{Registration, Succession};

/// What an act about changes tells; nothing where it is none.
pub(super) fn on_changes(act: &Act, number: &RegistrationNumber, registration: &Registration) -> Vec<Notice> {
    let service = &registration.listing.service_name;
    let (ja, en) = (format!("「{service}」（登録番号 {number}）"), format!("“{service}” ({number})"));
    let told = |topic, audience: Audience, title, happened, why: Option<&String>, todo| Notice {
        topic,
        provider: match &audience {
            Audience::Company(company) => Some(company.clone()),
            _ => None,
        },
        audience: vec![audience],
        words: Words { title, happened, why: why.cloned(), todo, until: Until::Open },
        place: Place::Registration(number.clone()),
    };
    let own = || Audience::Company(registration.owner.clone());
    match &act.deed {
        Deed::Notified { .. } => {
            let happened = || {
                text(
                    format!("{ja}について、要件にかかわらない変更が届け出られ、登録簿に載りました。"),
                    format!("A change of {en} that no criterion asks about was notified; the register says so."),
                )
            };
            let title = || text("変更の届出がありました", "A change was notified");
            vec![
                told(Topic::Progress, own(), title(), happened(), None, nothing()),
                told(
                    Topic::Work,
                    Audience::Role(Role::Secretariat),
                    title(),
                    happened(),
                    None,
                    text(
                        "登録簿の経過で、変わったところを確かめられます。",
                        "The history of the registration says what changed.",
                    ),
                ),
            ]
        }
        Deed::Changed { .. } => {
            let happened = || {
                text(
                    format!("{ja}について、審査で認められた変更が登録簿に載りました。有効期間は変わりません。"),
                    format!("A change of {en} that passed its examination stands in the register. The term stays."),
                )
            };
            let title = || text("審査を経た変更が登録簿に載りました", "A change was entered after it was examined");
            vec![
                told(
                    Topic::Procedure,
                    own(),
                    title(),
                    happened(),
                    None,
                    text("変更後の内容でサービスを提供してください。", "Provide the service as it is registered now."),
                ),
                told(
                    Topic::Progress,
                    Audience::Users(number.clone()),
                    title(),
                    happened(),
                    None,
                    text(
                        "登録簿で、変わったところを確かめられます。マークの使用許諾は変わりません。",
                        "The register says what changed. Your licence to show the mark stays.",
                    ),
                ),
            ]
        }
        Deed::Succeeded { succession, .. } => {
            let former = registration.changes.last().map(|change| &change.owner);
            let parties = former.map(|former| (former.clone(), true)).into_iter();
            let parties = parties.chain([(registration.owner.clone(), false)]);
            let to_providers =
                parties.map(|(company, is_former)| of_provider(succession, &ja, &en, company, is_former));
            let provider = &registration.listing.provider.trade_name;
            let users = told(
                Topic::Measure,
                Audience::Users(number.clone()),
                text("サービスの提供事業者が変わりました", "Your service has another provider"),
                text(
                    format!("{ja}の登録を、{provider}が引き継ぎました。登録番号とマークの使用許諾は変わりません。"),
                    format!("The registration of {en} went over to {provider}. Its number and your licence stay."),
                ),
                Some(&succession.reason),
                text(
                    "マークはそのまま使えます。契約のことは、新しい提供事業者に確かめてください。",
                    "Go on showing the mark. Ask the new provider about your contract.",
                ),
            );
            let of = |(audience, title, happened, todo)| {
                told(Topic::Measure, audience, title, happened, Some(&succession.reason), todo)
            };
            to_providers.map(of).chain([users]).collect()
        }
        _ => Vec::new(),
    }
}

/// What one of the two providers is told.
fn of_provider(
    succession: &Succession,
    ja: &str,
    en: &str,
    company: OrganisationId,
    is_former: bool,
) -> (Audience, crate::text::Text, crate::text::Text, crate::text::Text) {
    let kind = succession.kind.term();
    let title = if is_former {
        text("サービスの登録が承継されました", "Your registration went over to another provider")
    } else {
        text("サービスの登録を承継しました", "A registration went over to you")
    };
    let happened = text(
        format!("{ja}の登録が承継されました（{}、{}付け）。", kind.ja, succession.on),
        format!("The registration of {en} went over ({}, as of {}).", kind.en, succession.on),
    );
    let todo = if is_former {
        text(
            "提供事業者としてのマークの使用許諾は終わりました。マークを、印刷物とウェブサイトから取り除いてください。",
            "Your licence as its provider ended. Remove the mark from print and web.",
        )
    } else {
        text(
            "登録番号、有効期間、措置と利用企業の使用許諾を引き継ぎます。提供事業者としてのマークの使用許諾の手続に進み、要件にかかわることが変わるときは変更届を出してください。",
            "Number, term, measures and users' licences are yours now. The mark is licensed to you next. Give notice of whatever changes that a criterion asks about.",
        )
    };
    (Audience::Company(company), title, happened, todo)
}
