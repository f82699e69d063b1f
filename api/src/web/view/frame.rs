//! What stands around every page: language, header, who is signed in.

use std::borrow::Borrow;

use domain::act::Role;
use domain::calendar::{Day, Instant};
use domain::declaration::{Class, Kind};
use domain::parties::Prefecture;
use domain::text::{Language, Text};
use domain::yen::{Audience, Charge, LineItem};

use super::parts::{Badge, TimeTag};
use super::state::State;

/// The frame of a page. Templates speak through it: `{{ frame.t("日本語", "English") }}`.
#[derive(Clone, Debug)]
pub struct Frame {
    pub language: Language,
    /// The page's path without `/en`, query included; where the link to the other language leads.
    /// `None` where the page is in one language only, or where its path must not be repeated.
    pub path: Option<String>,
    pub viewer: Option<Viewer>,
    /// Says on every page that this is a demonstration.
    pub is_demo: bool,
    /// What a form before the sign-in carries.
    pub form_token: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub name: String,
    pub roles: Vec<Role>,
    /// What every form of the session carries.
    pub csrf: String,
    /// Messages that are not read, up to a hundred.
    pub unread: u64,
    /// Seconds to the session's end, if nothing is asked meanwhile.
    pub ends_in: i64,
}

impl Frame {
    /// A page in both languages for whoever looks.
    pub fn public(language: Language, path: impl Into<String>, viewer: Option<Viewer>, is_demo: bool) -> Self {
        Self { language, path: Some(path.into()), viewer, is_demo, form_token: None }
    }

    /// A page of the applicants' and the registry's own work: in Japanese.
    pub fn desk(viewer: Viewer, is_demo: bool) -> Self {
        Self { language: Language::Ja, path: None, viewer: Some(viewer), is_demo, form_token: None }
    }

    /// One of the two texts.
    pub fn t<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// A statement in the reader's language.
    pub fn say(&self, text: impl Borrow<Text>) -> String {
        text.borrow().of(self.language).to_owned()
    }

    /// The value of `lang`.
    pub fn lang(&self) -> &'static str {
        self.t("ja", "en")
    }

    /// A public page's address in the reader's language.
    pub fn href(&self, path: &str) -> String {
        at_home_in(self.language, path)
    }

    /// This page in the other language.
    pub fn twin(&self) -> Option<String> {
        let other = match self.language {
            Language::Ja => Language::En,
            Language::En => Language::Ja,
        };
        self.path.as_deref().map(|path| at_home_in(other, path))
    }

    /// What this page's forms carry.
    pub fn csrf(&self) -> &str {
        let signed_in = self.viewer.as_ref().map(|viewer| &viewer.csrf);
        self.form_token.as_ref().or(signed_in).map_or("", String::as_str)
    }

    /// One of the messages that were not read is now.
    pub fn has_read_one(&mut self) {
        if let Some(viewer) = &mut self.viewer {
            viewer.unread = viewer.unread.saturating_sub(1);
        }
    }

    fn is_role(&self, role: Role) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.roles.contains(&role))
    }

    /// Does somebody who applies look?
    pub fn is_provider(&self) -> bool {
        [Role::ProviderOwner, Role::ProviderMember, Role::DelegatedAgent].into_iter().any(|role| self.is_role(role))
    }

    /// Does somebody look who sees what waits for a second person?
    pub fn is_second(&self) -> bool {
        [Role::Secretariat, Role::DecisionMaker, Role::Auditor, Role::Operator]
            .into_iter()
            .any(|role| self.is_role(role))
    }

    /// Does somebody look who has conditions to meet, or follows how they are met?
    pub fn follows_conditions(&self) -> bool {
        self.is_provider()
            || [Role::Secretariat, Role::DecisionMaker, Role::Auditor].into_iter().any(|role| self.is_role(role))
    }

    /// Does somebody look who reports on registered services, or follows what is reported?
    pub fn watches(&self) -> bool {
        self.follows_conditions()
    }

    /// Does somebody look who sees to complaints, or audits how that is done?
    pub fn reads_complaints(&self) -> bool {
        self.is_secretariat() || self.is_auditor()
    }

    /// Does somebody look who proposes acts about keys?
    pub fn keeps_keys(&self) -> bool {
        [Role::Secretariat, Role::Operator].into_iter().any(|role| self.is_role(role))
    }

    /// Does somebody look who proposes changes to the scheme's settings?
    pub fn changes_settings(&self) -> bool {
        self.keeps_keys()
    }

    /// Does somebody look who sees what is due, late and waiting, of everybody?
    pub fn reads_the_day(&self) -> bool {
        self.reads_complaints()
    }

    /// Does somebody look who proposes editions?
    pub fn keeps_editions(&self) -> bool {
        [Role::Secretariat, Role::DecisionMaker].into_iter().any(|role| self.is_role(role))
    }

    /// Does somebody look who invites people and gives roles?
    pub fn is_peoples(&self) -> bool {
        [Role::ProviderOwner, Role::Secretariat, Role::Auditor, Role::Operator]
            .into_iter()
            .any(|role| self.is_role(role))
    }

    /// Does somebody look who enters organisations, or audits them?
    pub fn keeps_organisations(&self) -> bool {
        [Role::Secretariat, Role::Auditor, Role::Operator].into_iter().any(|role| self.is_role(role))
    }

    /// Is a provider's owner signed in, who may have API keys made?
    pub fn is_owner(&self) -> bool {
        self.is_role(Role::ProviderOwner)
    }

    /// Is an auditor signed in?
    pub fn is_auditor(&self) -> bool {
        self.is_role(Role::Auditor)
    }

    /// Does somebody look who reads the statistics of examinations?
    pub fn reads_statistics(&self) -> bool {
        [Role::Secretariat, Role::DecisionMaker, Role::Auditor].into_iter().any(|role| self.is_role(role))
    }

    /// Is somebody of the secretariat signed in?
    pub fn is_secretariat(&self) -> bool {
        self.is_role(Role::Secretariat)
    }

    /// Is an examiner signed in?
    pub fn is_examiner(&self) -> bool {
        self.is_role(Role::Examiner)
    }

    /// Is a decision maker signed in?
    pub fn is_decision_maker(&self) -> bool {
        self.is_role(Role::DecisionMaker)
    }

    /// A day in a `<time>`: 「2026年4月1日（令和8年）」.
    pub fn day(&self, day: impl Borrow<Day>) -> TimeTag {
        TimeTag::day(*day.borrow(), self.language)
    }

    /// The day in Japan of an instant, in a `<time>`.
    pub fn day_of(&self, at: impl Borrow<Instant>) -> TimeTag {
        TimeTag::day(at.borrow().day(), self.language)
    }

    /// An instant to the second, on a clock in Japan.
    pub fn moment(&self, at: impl Borrow<Instant>) -> TimeTag {
        TimeTag::moment(*at.borrow(), self.language)
    }

    /// A state in a word, with its icon and colour.
    pub fn badge(&self, state: impl Borrow<State>) -> Badge {
        let state = *state.borrow();
        Badge { icon: state.icon(), tone: state.tone(), word: state.word().of(self.language).to_owned() }
    }

    /// 「1類」
    pub fn class(&self, class: impl Borrow<Class>) -> &'static str {
        match class.borrow() {
            Class::One => self.t("1類", "Class 1"),
            Class::Two => self.t("2類", "Class 2"),
        }
    }

    /// 「ネットワーク一括監視型」
    pub fn kind(&self, kind: impl Borrow<Kind>) -> String {
        self.say(kind.borrow().term())
    }

    /// 「月額 6,000円（税抜）」
    pub fn price(&self, item: &LineItem) -> String {
        let charge = match item.charge {
            Charge::Monthly => self.t("月額", "Monthly"),
            Charge::MonthlyPerEndpoint => self.t("1台あたり月額", "Monthly per endpoint"),
            Charge::Initial => self.t("初期費用", "Initial"),
            Charge::Optional => self.t("任意", "Optional"),
        };
        format!("{charge} {}", item.amount.text().of(self.language))
    }

    /// The same with who pays it, where that is not everybody: 「会員 月額 6,000円（税抜）」.
    pub fn price_for(&self, item: &LineItem) -> String {
        match item.audience {
            Audience::Anyone => self.price(item),
            Audience::Member | Audience::NonMember => {
                format!("{}{}{}", self.audience(item), self.t(" ", ": "), self.price(item))
            }
        }
    }

    /// Who pays a line's price.
    pub fn audience(&self, item: &LineItem) -> &'static str {
        match item.audience {
            Audience::Anyone => self.t("だれでも", "Anyone"),
            Audience::Member => self.t("会員", "Members"),
            Audience::NonMember => self.t("非会員", "Non-members"),
        }
    }

    /// Prefectures in order, 「全国」 when they are all there are, and at most `most` of them by name.
    pub fn regions(&self, regions: &[Prefecture], most: usize) -> String {
        if regions.len() == Prefecture::all().len() {
            return self.t("全国", "All of Japan").to_owned();
        }
        let name = |prefecture: &Prefecture| self.t(prefecture.name_ja(), prefecture.name_en());
        let shown: Vec<&str> = regions.iter().take(most).map(name).collect();
        let shown = shown.join(self.t("・", ", "));
        match regions.len().saturating_sub(most) {
            0 => shown,
            more if self.language == Language::Ja => format!("{shown}ほか{more}"),
            more => format!("{shown} and {more} more"),
        }
    }
}

fn at_home_in(language: Language, path: &str) -> String {
    match (language, path) {
        (Language::Ja, path) => path.to_owned(),
        (Language::En, "/") => "/en".to_owned(),
        (Language::En, path) => format!("/en{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_leads_to_itself_in_the_other_language() {
        for (language, path, href, twin) in [
            (Language::Ja, "/", "/", "/en"),
            (Language::Ja, "/register?q=a", "/register?q=a", "/en/register?q=a"),
            (Language::En, "/", "/en", "/"),
            (Language::En, "/register/OTK-1", "/en/register/OTK-1", "/register/OTK-1"),
        ] {
            let frame = Frame::public(language, path, None, false);
            assert_eq!((frame.href(path), frame.twin()), (href.to_owned(), Some(twin.to_owned())));
        }
        let nowhere = Frame { path: None, ..Frame::public(Language::En, "/", None, false) };
        assert_eq!(nowhere.twin(), None);
    }

    #[test]
    fn regions_are_named_until_there_are_too_many() {
        let some = |codes: &[&str]| -> Vec<Prefecture> { codes.iter().map(|code| code.parse().unwrap()).collect() };
        let (ja, en) = (Frame::public(Language::Ja, "/", None, false), Frame::public(Language::En, "/", None, false));
        let all: Vec<Prefecture> = Prefecture::all().collect();
        for (regions, ja_words, en_words) in [
            (some(&["13"]), "東京都", "Tokyo"),
            (some(&["13", "14"]), "東京都・神奈川県", "Tokyo, Kanagawa"),
            (some(&["13", "14", "12"]), "東京都・神奈川県ほか1", "Tokyo, Kanagawa and 1 more"),
            (all[..46].to_vec(), "北海道・青森県ほか44", "Hokkaido, Aomori and 44 more"),
            (all, "全国", "All of Japan"),
        ] {
            assert_eq!((ja.regions(&regions, 2).as_str(), en.regions(&regions, 2).as_str()), (ja_words, en_words));
        }
    }

    /// The page says the second it was made, on a clock in Japan.
    #[test]
    fn moments_are_told_to_the_second_in_japan() {
        let at: Instant = "2026-11-20T15:00:09Z".parse().unwrap();
        for (language, people) in [
            (Language::Ja, "2026年11月21日 0時00分09秒（日本時間）"),
            (Language::En, "21 November 2026 00:00:09 (Japan time)"),
        ] {
            let shown = Frame::public(language, "/", None, false).moment(at).to_string();
            assert_eq!(shown, format!(r#"<time datetime="2026-11-20T15:00:09Z">{people}</time>"#));
        }
    }
}
