//! People who act: the list with the form that invites another, one person with what can be done, and a link that is
//! shown once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::slice;

use askama::Template;
use domain::act::{OrganisationId, Role};
use domain::calendar::{Day, Instant};
use domain::people::{Membership, Person};

use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine, Width};
use super::frame::Frame;
use crate::account::reading::Givable;
use crate::identity::secret::Secret;
use crate::problem::people::role;

/// People, and the form that invites another.
#[derive(Debug, Template)]
#[template(path = "account/people.html")]
pub struct PeoplePage {
    pub frame: Frame,
    pub people: Vec<PersonLine>,
    /// Is it a later page than the first?
    pub is_later: bool,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Only for whoever may invite somebody.
    pub invite: Option<Invite>,
}

/// The form that invites somebody.
#[derive(Clone, Debug)]
pub struct Invite {
    pub fields: Vec<Field>,
    pub form: Form,
    /// Drawn when the form was first shown; sent twice, it invites once.
    pub key: String,
}

/// A person in the list.
#[derive(Clone, Debug)]
pub struct PersonLine {
    pub id: String,
    /// Empty once it is erased.
    pub name: String,
    pub roles: Vec<RoleLine>,
    pub is_dismissed: bool,
}

/// A role that somebody holds, or held until a day.
#[derive(Clone, Debug)]
pub struct RoleLine {
    pub role: Role,
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub name: String,
    pub until: Option<Day>,
    /// Has the last day passed?
    pub is_over: bool,
}

impl RoleLine {
    /// `names` holds the organisations' names by their ids.
    pub fn new(held: &Membership, names: &BTreeMap<OrganisationId, String>, today: Day) -> Self {
        let organisation = held.organisation.clone();
        let name = names.get(&organisation).cloned().unwrap_or_else(|| organisation.to_string());
        Self { role: held.role, organisation, name, until: held.until, is_over: !held.is_in_force(today) }
    }

    fn word(&self) -> String {
        role(self.role).ja
    }
}

impl PersonLine {
    /// `names` holds the organisations' names by their ids.
    pub fn new(person: &Person, name: String, names: &BTreeMap<OrganisationId, String>, today: Day) -> Self {
        let roles = person.memberships.iter().map(|held| RoleLine::new(held, names, today)).collect();
        Self { id: person.id.to_string(), name, roles, is_dismissed: person.is_dismissed }
    }
}

impl PeoplePage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.invite.iter().flat_map(|invite| invite.form.summary(&invite.fields)).collect()
    }
}

/// What giving a role asks: which, where, and until when.
pub fn role_fields(givable: &Givable) -> Vec<Field> {
    let roles: Vec<Choice> =
        givable.roles.iter().map(|one| (Cow::Borrowed(one.as_str()), Cow::Owned(role(*one).ja))).collect();
    let organisation = match &givable.organisations {
        Some(offered) => {
            let choice = |of: &crate::account::Organisation| {
                (of.id.to_string().into(), format!("{}（{}）", of.name, of.id).into())
            };
            let choices = Input::Select(offered.iter().map(choice).collect());
            Field::required("/organisation", "組織", "その役割で手続する組織。", choices)
        }
        None => Field::required(
            "/organisation",
            "組織の番号",
            "法人番号、または組織の一覧にある短い名前。",
            Input::Line(Width::Middle),
        ),
    };
    let until = "代理人には必ず要ります。この日まで手続でき、翌日からできなくなります。例：2027年3月31日";
    vec![
        Field::required("/role", "役割", "役割ごとにできることは「権限の表」にあります。", Input::Select(roles.into())),
        organisation,
        Field::optional("/until", "最終日", until, Input::Day),
    ]
}

/// What inviting somebody asks: the role, and who it is.
pub fn invite_fields(givable: &Givable) -> Vec<Field> {
    let name = Field::required("/name", "名前", "100文字まで。あとで消すことができます。", Input::Line(Width::Middle));
    let help = "サインインするときに、利用者番号の代わりに使えます。登録簿からメールは送られません。";
    let email = Field::optional("/email", "メールアドレス", help, Input::Line(Width::Middle));
    let mut fields = role_fields(givable);
    fields.extend([name, email]);
    fields
}

/// Why a role ends.
pub static END: Field = Field::required("/reason", "終える理由", "記録に残ります。", Input::Line(Width::Full));
/// Why somebody is dismissed.
pub static DISMISSAL: Field = Field::required("/reason", "解任の理由", "記録に残ります。", Input::Lines);
/// Why somebody gets a new link.
pub static RECOVERY: [Field; 2] = [
    Field::required(
        "/identityCheck",
        "本人であることをどう確かめたか",
        "監査証跡に残ります。この人を招待したときと同じ確かさで確かめてから作ります。",
        Input::OneOf(Cow::Borrowed(&[
            (Cow::Borrowed("in_person"), Cow::Borrowed("対面で、顔写真のある身分証を見た")),
            (Cow::Borrowed("call_back"), Cow::Borrowed("前から知っている電話番号か住所に、こちらから連絡した")),
            (Cow::Borrowed("organisation"), Cow::Borrowed("所属先の、前から知っている責任者に確かめた")),
        ])),
    ),
    Field::required("/reason", "新しいリンクを作る理由", "監査証跡に残ります。", Input::Lines),
];

/// Why somebody is signed out.
pub static SESSIONS: Field =
    Field::required("/reason", "サインインを終える理由", "監査証跡に残ります。", Input::Line(Width::Full));

/// One person, with what whoever looks may do.
#[derive(Debug, Template)]
#[template(path = "account/person.html")]
pub struct PersonPage {
    pub frame: Frame,
    pub id: String,
    pub version: u32,
    /// Empty once it is erased.
    pub name: String,
    pub email: Option<String>,
    pub is_dismissed: bool,
    pub roles: Vec<RoleCard>,
    pub give: Option<Give>,
    pub dismiss: Option<Form>,
    pub recover: Option<Form>,
    /// The form that signs them out everywhere.
    pub sessions: Option<Form>,
    pub erase: Option<Form>,
    /// Of a refused form that the page does not hold any more.
    pub leftover: Leftover,
}

/// The form that gives another role.
#[derive(Clone, Debug)]
pub struct Give {
    pub fields: Vec<Field>,
    pub form: Form,
}

/// A role with the form that ends it.
#[derive(Clone, Debug)]
pub struct RoleCard {
    pub line: RoleLine,
    /// Only for whoever may end it.
    pub end: Option<Form>,
}

/// What a form on a person's page does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    Give,
    End { role: Role, organisation: OrganisationId },
    Dismiss,
    Recover,
    EndSessions,
    Erase,
}

impl Give {
    /// An empty form, or one with what was typed and what is wrong with it.
    pub fn new(fields: Vec<Field>, form: Form) -> Self {
        Self { fields, form: form.marked("give") }
    }
}

impl RoleCard {
    /// `can_end`: may whoever looks end it?
    pub fn new(line: RoleLine, can_end: bool) -> Self {
        let end = can_end.then(|| Form::default().marked(format!("end-{}-{}", line.role, line.organisation)));
        Self { line, end }
    }

    fn is_refused(&self) -> bool {
        self.end.as_ref().is_some_and(|form| !form.errors.is_empty())
    }

    fn take(&mut self, form: Form) {
        let mark = format!("end-{}-{}", self.line.role, self.line.organisation);
        self.end = Some(form.wrong_at(&END.name).marked(mark));
    }
}

impl PersonPage {
    /// With a refused form in the place of the empty one; what was typed is told apart where there is none any more.
    pub fn refuse(&mut self, task: &Task, form: Form) {
        let is_it = |card: &&mut RoleCard| {
            card.end.is_some()
                && *task == Task::End { role: card.line.role, organisation: card.line.organisation.clone() }
        };
        match task {
            Task::Give if self.give.is_some() => {
                self.give = self.give.take().map(|give| Give::new(give.fields, form));
            }
            Task::Dismiss if self.dismiss.is_some() => self.dismiss = Some(form.marked("dismiss")),
            Task::Recover if self.recover.is_some() => self.recover = Some(form.marked("recover")),
            Task::EndSessions if self.sessions.is_some() => self.sessions = Some(form.marked("sessions")),
            Task::Erase if self.erase.is_some() => self.erase = Some(form.marked("erase")),
            Task::Give => self.leftover = Leftover::of(&form, &[]),
            Task::Dismiss => self.leftover = Leftover::of(&form, slice::from_ref(&DISMISSAL)),
            Task::Recover => self.leftover = Leftover::of(&form, &RECOVERY),
            Task::EndSessions => self.leftover = Leftover::of(&form, slice::from_ref(&SESSIONS)),
            Task::Erase => self.leftover = Leftover::of(&form, &[]),
            Task::End { .. } => match self.roles.iter_mut().find(is_it) {
                Some(card) => card.take(form),
                None => self.leftover = Leftover::of(&form, slice::from_ref(&END)),
            },
        }
    }

    /// Is there anything that whoever looks may do?
    fn is_offered(&self) -> bool {
        let ends = self.roles.iter().map(|card| &card.end);
        self.give.is_some()
            || ends.chain([&self.dismiss, &self.recover, &self.sessions, &self.erase]).any(Option::is_some)
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let of = |form: &Option<Form>, field: &'static Field| -> Vec<SummaryLine> {
            form.iter().flat_map(|form| form.summary(slice::from_ref(field))).collect()
        };
        let mut lines = self.leftover.lines.clone();
        lines.extend(self.give.iter().flat_map(|give| give.form.summary(&give.fields)));
        lines.extend(self.roles.iter().flat_map(|card| of(&card.end, &END)));
        lines.extend(of(&self.dismiss, &DISMISSAL));
        lines.extend(self.recover.iter().flat_map(|form| form.summary(&RECOVERY)));
        lines.extend(of(&self.sessions, &SESSIONS));
        lines.extend(self.erase.iter().flat_map(|form| form.summary(&[])));
        lines
    }
}

/// A link for one use, shown once to whoever passes it on.
#[derive(Debug, Template)]
#[template(path = "account/link.html")]
pub struct LinkPage {
    pub frame: Frame,
    /// The person whom it lets in.
    pub person: String,
    pub name: String,
    pub link: Secret,
    pub expires_at: Instant,
    /// Are they new?
    pub is_invitation: bool,
}
