//! Of settings that were changed: who is told what.

use super::acts::text;
use super::{Audience, Notice, Place, Topic, Until, Words};
use crate::act::{Act, Deed, Role, Subject};
use crate::reading::day_text;
use crate::settings::SettingId;
use crate::text::Text;

/// Everybody whose due days a setting is part of.
const CONCERNED: [Role; 6] = [
    Role::ProviderOwner,
    Role::ProviderMember,
    Role::DelegatedAgent,
    Role::Secretariat,
    Role::Examiner,
    Role::DecisionMaker,
];

pub(super) fn on_setting(act: &Act) -> Vec<Notice> {
    let Subject::Setting(setting) = &act.subject else { return Vec::new() };
    let (happened, why) = match (setting, &act.deed) {
        (SettingId::Figure(figure), Deed::SettingChanged { value, from, reason, .. }) => {
            let (name, unit, day) = (figure.words(), figure.unit().words(), day_text(*from));
            let ja = format!("「{}」が、{}から{value}{}になります。", name.ja, day.ja, unit.ja);
            let en = format!("“{}” is {value} {} from {}.", name.en, unit.en, day.en);
            (Text::new(ja, en), reason)
        }
        (SettingId::Holidays, Deed::HolidaysChanged { days, reason, .. }) => {
            let said = |holiday: &crate::settings::Holiday| {
                let day = day_text(holiday.day);
                match &holiday.name {
                    Some(name) => Text::new(format!("{}（{name}）", day.ja), format!("{} ({name})", day.en)),
                    None => Text::new(format!("{}（開庁日とする）", day.ja), format!("{} (no holiday)", day.en)),
                }
            };
            let days: Vec<Text> = days.iter().map(said).collect();
            let [ja, en] = [|day: &Text| day.ja.clone(), |day: &Text| day.en.clone()]
                .map(|of: fn(&Text) -> String| days.iter().map(of).collect::<Vec<_>>());
            let ja = format!("登録機関の休日が変わります：{}。", ja.join("、"));
            (Text::new(ja, format!("The registration body's holidays change: {}.", en.join(", "))), reason)
        }
        _ => return Vec::new(),
    };
    vec![Notice {
        topic: Topic::Scheme,
        audience: CONCERNED.map(Audience::Role).to_vec(),
        words: Words {
            title: text("制度の設定が変わります", "A setting of the scheme changes"),
            happened,
            why: Some(why.clone()),
            todo: text(
                "変わる日を確かめてください。すでに知らせてある期限は変わりません。",
                "Mind the day from which it holds. Due days that you were told stay as they are.",
            ),
            until: Until::Open,
        },
        place: Place::Scheme,
        provider: None,
    }]
}
