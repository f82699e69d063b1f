//! Of what is done to a licence: its provider is told, and a user's company where it has a corporate number.

use super::acts::text;
use super::{About, Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, Cause, Deed, OrganisationId};
use crate::licence::token::HolderKind;

pub(super) fn on_licence(act: &Act, about: About<'_>) -> Vec<Notice> {
    let (Some(licence), Some(registration)) = (about.licence, about.registration) else { return Vec::new() };
    let service = &registration.listing.service_name;
    let number = &registration.number;
    let is_users = licence.grant.holder_kind == HolderKind::User;
    let (ja, en) = (
        format!("「{service}」のマークの使用許諾（{}）", licence.id),
        format!("licence {} to show the mark of “{service}”", licence.id),
    );
    let owner = &registration.owner;
    let own = || (Audience::Company(owner.clone()), Some(owner.clone()));
    let told = |(audience, provider): (Audience, Option<OrganisationId>),
                topic,
                title,
                happened,
                why: Option<&String>,
                todo,
                until| Notice {
        topic,
        audience: vec![audience],
        words: Words { title, happened, why: why.cloned(), todo, until },
        place: Place::Registration(number.clone()),
        provider,
    };
    let holder = licence.holder().filter(|_| is_users).map(|holder| (Audience::Company(holder), None));
    let parties = [Some(own()), holder].into_iter().flatten();
    match &act.deed {
        Deed::Granted(_) => {
            let title = || text("マークを使えるようになりました", "The mark may be shown");
            let happened = || text(format!("{ja}が出されました。"), format!("The {en} was granted."));
            let todo = || {
                text(
                    "掲示の決まりを読み、マークを掲示できます。登録の効力が続くあいだ使えます。",
                    "Read the rules for showing it, then show it, as long as the registration counts.",
                )
            };
            let last = registration.term_at(act.at.day()).last_day();
            let mut notices: Vec<Notice> = parties
                .map(|party| told(party, Topic::Progress, title(), happened(), None, todo(), Until::Day(last)))
                .collect();
            // A provider attests its users itself, thousands at a time: its systems are told, and nobody's inbox.
            for own in notices.iter_mut().filter(|notice| is_users && notice.provider.is_some()) {
                own.audience.clear();
            }
            notices
        }
        Deed::Reissued(reissue) => {
            let title = || text("新しいマークを受け取ってください", "Fetch your new mark");
            let happened = || match reissue.cause {
                Cause::KeyCompromised => text(
                    format!(
                        "登録簿の署名鍵が危殆化したため、{ja}のマークを新しい鍵で再発行しました。許諾番号は変わりません。"
                    ),
                    format!(
                        "A signing key of the register is not trusted any more, so the mark of the {en} was issued anew \
                         under a new key. The licence's number stays the same."
                    ),
                ),
            };
            let todo = || {
                text(
                    "新しいマークをダウンロードし、印刷物とウェブサイトのマークを差し替えてください。",
                    "Download the new mark and put it in the earlier one's place in print and on the web.",
                )
            };
            let until = || Until::Event(text("できるだけ早く。", "As soon as you can."));
            parties.map(|party| told(party, Topic::Measure, title(), happened(), None, todo(), until())).collect()
        }
        Deed::Ended { reason } => {
            let title = || text("マークの使用許諾が終わりました", "A licence to show the mark ended");
            let happened = || text(format!("{ja}が終わりました。"), format!("The {en} ended."));
            let todo = || {
                text("マークを、印刷物とウェブサイトから取り除いてください。", "Remove the mark from print and web.")
            };
            parties
                .map(|party| {
                    told(
                        party,
                        Topic::Measure,
                        title(),
                        happened(),
                        Some(reason),
                        todo(),
                        Until::Event(text("直ちに。", "At once.")),
                    )
                })
                .collect()
        }
        Deed::LicenceRevoked { reason, .. } => {
            let title = || text("マークの使用許諾が取り消されました", "A licence to show the mark was revoked");
            let happened = || text(format!("{ja}が取り消されました。"), format!("The {en} was revoked."));
            let todo = || {
                text(
                    "マークを、印刷物とウェブサイトから直ちに取り除いてください。わからないことは事務局に問い合わせてください。",
                    "Remove the mark from print and web at once. Ask the secretariat about anything that is unclear.",
                )
            };
            parties
                .map(|party| {
                    told(
                        party,
                        Topic::Measure,
                        title(),
                        happened(),
                        Some(reason),
                        todo(),
                        Until::Event(text("直ちに。", "At once.")),
                    )
                })
                .collect()
        }
        _ => Vec::new(),
    }
}
