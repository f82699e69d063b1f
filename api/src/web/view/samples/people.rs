//! Pages about people, organisations, API keys and the trail, in all their states.

use std::collections::BTreeMap;

use domain::act::{OrganisationId, PersonId, Role};
use domain::authority::Scope;
use domain::people::{Membership, OrganisationKind, Person};
use domain::text::Text;

use super::account::frame;
use super::{HOSTILE, Put, at, error, now, too_late};
use crate::account::reading::{Givable, KeyRing};
use crate::account::trail::Entry;
use crate::account::{ApiKey, Organisation};
use crate::identity::secret::Secret;
use crate::web::view::api_keys::{ApiKeyPage, ApiKeysPage, Ring};
use crate::web::view::form::{Form, Leftover};
use crate::web::view::organisations::{Enter, OrganisationLine, OrganisationsPage};
use crate::web::view::people::{
    Give, Invite, LinkPage, PeoplePage, PersonLine, PersonPage, RoleCard, RoleLine, Task, invite_fields, role_fields,
};
use crate::web::view::trail::{TrailLine, TrailPage};

pub(super) fn add(put: &mut Put) {
    add_people(put);
    add_person(put);
    add_organisations(put);
    add_keys(put);
    add_trail(put);
}

fn organisation() -> Organisation {
    let id = "9000000000000".parse().expect("an id");
    Organisation { number: None, ..Organisation::new(id, OrganisationKind::Provider, HOSTILE.to_owned()) }
}

fn givable(is_listed: bool) -> Givable {
    let organisations = is_listed.then(|| vec![organisation()]);
    Givable { roles: vec![Role::ProviderOwner, Role::ProviderMember, Role::DelegatedAgent], organisations }
}

fn person(is_dismissed: bool) -> Person {
    let held = |role, until: Option<&str>| Membership {
        role,
        organisation: organisation().id,
        until: until.map(|day| day.parse().expect("a day")),
    };
    let memberships = vec![
        held(Role::ProviderMember, None),
        held(Role::DelegatedAgent, Some("2026-03-31")),
        Membership { organisation: "osaka-cci".parse().expect("an id"), ..held(Role::DelegatedAgent, None) },
    ];
    Person {
        id: "P-04HMASW9".parse().expect("an id"),
        version: 4,
        memberships: if is_dismissed { Vec::new() } else { memberships },
        is_dismissed,
        changed_at: now(),
    }
}

fn names() -> BTreeMap<OrganisationId, String> {
    [(organisation().id, HOSTILE.to_owned())].into()
}

fn line(name: &str, is_dismissed: bool) -> PersonLine {
    PersonLine::new(&person(is_dismissed), name.to_owned(), &names(), now().day())
}

fn people(form: Form, is_listed: bool) -> PeoplePage {
    PeoplePage {
        frame: frame(Role::Secretariat),
        people: vec![line(HOSTILE, false), line("", true)],
        is_later: true,
        next: Some("P-04HMASW9".to_owned()),
        invite: Some(Invite { fields: invite_fields(&givable(is_listed)), form, key: "5e".repeat(16) }),
    }
}

fn add_people(put: &mut Put) {
    put("people", &people(Form::default(), true));
    let auditor = PeoplePage { frame: frame(Role::Auditor), invite: None, ..people(Form::default(), true) };
    put("people-auditor", &auditor);
    let empty = PeoplePage { people: Vec::new(), is_later: false, next: None, ..people(Form::default(), true) };
    put("people-empty", &empty);
    let typed = [("/name", HOSTILE), ("/organisation", HOSTILE), ("/role", "delegated_agent")];
    let typed = Form::of(typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    let wrong = typed.with([
        error("/organisation", "組織の番号を確かめてください。", "Check the number."),
        error("/until", "代理人には最終日を指定してください。", "A last day is needed."),
        error("/email", "メールアドレスとして読めません。", "No mail address."),
    ]);
    put("people-wrong", &people(wrong, false));
    let again = Form::default().with([error("", "もう一度サインインしてください。", "Sign in again.")]);
    put("people-again-wrong", &people(again, true));
    let link = |is_invitation| LinkPage {
        frame: frame(Role::Operator),
        person: "P-04HMASW9".to_owned(),
        name: HOSTILE.to_owned(),
        link: Secret::from("https://otasuketai.example/invitation/otl_example"),
        expires_at: now(),
        is_invitation,
    };
    put("link-invitation", &link(true));
    put("link-recovery", &link(false));
}

/// A person's page with every form, as an operator sees it.
fn full() -> PersonPage {
    let today = now().day();
    let card = |held: &Membership| RoleCard::new(RoleLine::new(held, &names(), today), true);
    PersonPage {
        frame: frame(Role::Operator),
        id: "P-04HMASW9".to_owned(),
        version: 4,
        name: HOSTILE.to_owned(),
        email: Some("hanako@example.jp".to_owned()),
        is_dismissed: false,
        roles: person(false).memberships.iter().map(card).collect(),
        give: Some(Give::new(role_fields(&givable(true)), Form::default())),
        dismiss: Some(Form::default().marked("dismiss")),
        recover: Some(Form::default().marked("recover")),
        sessions: Some(Form::default().marked("sessions")),
        erase: None,
        leftover: Leftover::default(),
    }
}

/// The same of somebody who was dismissed.
fn dismissed() -> PersonPage {
    let erase = Some(Form::default().marked("erase"));
    let roles = Vec::new();
    PersonPage { is_dismissed: true, roles, give: None, dismiss: None, recover: None, sessions: None, erase, ..full() }
}

fn add_person(put: &mut Put) {
    put("person", &full());
    put("person-dismissed", &dismissed());
    put("person-erased", &PersonPage { name: String::new(), email: None, erase: None, ..dismissed() });
    let none = PersonPage { give: None, dismiss: None, recover: None, sessions: None, ..full() };
    let mut read = PersonPage { frame: frame(Role::Auditor), ..none };
    read.roles.iter_mut().for_each(|card| card.end = None);
    put("person-auditor", &read);

    let refused = |mut page: PersonPage, task: Task, form: Form| {
        page.refuse(&task, form);
        page
    };
    let reason = || Form::default().with([error("/reason", "理由を書いてください。", "A reason is required.")]);
    let end = Task::End { role: Role::ProviderMember, organisation: organisation().id };
    put("person-end-wrong", &refused(full(), end, reason()));
    put("person-dismiss-wrong", &refused(full(), Task::Dismiss, reason()));
    put("person-recover-wrong", &refused(full(), Task::Recover, reason()));
    put("person-sessions-wrong", &refused(full(), Task::EndSessions, reason()));
    let held = || Form::default().with([error("", "すでに代理人です。", "Held already.")]);
    put("person-give-wrong", &refused(full(), Task::Give, held()));
    put("person-erase-wrong", &refused(dismissed(), Task::Erase, held()));
    put("person-late-wrong", &refused(dismissed(), Task::Dismiss, too_late(&["/reason"])));
}

fn add_organisations(put: &mut Put) {
    let page = |form| OrganisationsPage {
        frame: frame(Role::Operator),
        organisations: vec![OrganisationLine::from(&organisation())],
        is_later: true,
        next: Some("osaka-cci".to_owned()),
        entered: Some(OrganisationLine::from(&organisation())),
        enter: Some(Enter::new(form)),
    };
    put("organisations", &page(Form::default()));
    let read = OrganisationsPage {
        frame: frame(Role::Auditor),
        organisations: Vec::new(),
        is_later: false,
        next: None,
        entered: None,
        enter: None,
    };
    put("organisations-empty", &read);
    let wrong =
        [error("/id", "検査用数字が合いません。", "Check digit."), error("/kind", "選んでください。", "Choose.")];
    put("organisations-wrong", &page(too_late(&["/name"]).with(wrong)));
}

fn key(id: &str, used: bool, ended: bool) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        digest: "never shown".to_owned(),
        person: "P-04HMASW9".parse().expect("an id"),
        organisation: organisation().id,
        label: HOSTILE.to_owned(),
        scopes: Scope::ALL.iter().copied().collect(),
        made_at: at("2026-11-02T03:04:05Z"),
        expires_at: at("2027-11-02T03:04:05Z"),
        used_at: used.then(now),
        ended_at: ended.then(now),
    }
}

fn ring(keys: Vec<ApiKey>, may_issue: bool) -> Ring {
    let names: BTreeMap<PersonId, String> = [("P-04HMASW9".parse().expect("an id"), HOSTILE.to_owned())].into();
    let ring = KeyRing { organisation: organisation().id, name: HOSTILE.to_owned(), keys };
    Ring::new(&ring, &names, may_issue, now())
}

fn add_keys(put: &mut Put) {
    let page =
        |rings| ApiKeysPage { frame: frame(Role::ProviderOwner), rings, is_later: false, next: None, refusal: None };
    let expired = ApiKey { expires_at: at("2026-11-20T00:00:00Z"), ..key("K-3", false, false) };
    let keys = || vec![key("K-1", true, false), key("K-2", false, true), expired.clone()];
    put("api-keys", &page(vec![ring(keys(), true)]));
    put("api-keys-full", &page(vec![ring(vec![key("K-1", true, false), key("K-2", false, false)], true)]));
    put("api-keys-none", &page(vec![ring(Vec::new(), true)]));
    let next = Some("9000000000000".to_owned());
    let auditor = ApiKeysPage { frame: frame(Role::Auditor), is_later: true, next, ..page(vec![ring(keys(), false)]) };
    put("api-keys-auditor", &auditor);
    put("api-keys-empty", &ApiKeysPage { frame: frame(Role::Auditor), ..page(Vec::new()) });
    let mut wrong = ring(keys(), true);
    wrong.refuse(too_late(&["/label"]).with([error("/scopes", "一つ以上選んでください。", "Choose.")]));
    put("api-keys-wrong", &page(vec![wrong]));
    let refusal = Some(Text::new("APIキー K-1 は、すでに終わっています。", "It has ended."));
    put("api-keys-ended-wrong", &ApiKeysPage { refusal, ..page(vec![ring(keys(), true)]) });
    put(
        "api-key",
        &ApiKeyPage {
            frame: frame(Role::ProviderOwner),
            label: HOSTILE.to_owned(),
            key: Secret::from("otk_example"),
            expires_at: now(),
        },
    );
}

fn entry(id: i64, is_known: bool) -> Entry {
    Entry {
        id,
        at: "2026-11-20T15:00:09Z".to_owned(),
        request: "mzxw6ytboi5dgnbv".to_owned(),
        person: is_known.then(|| "P-04HMASW9".to_owned()),
        role: is_known.then(|| "auditor".to_owned()),
        organisation: is_known.then(|| "osaka-cci".to_owned()),
        proof: if is_known { "session:S-1" } else { "nobody" }.to_owned(),
        address: Some("192.0.2.7".to_owned()),
        what: if is_known { "trail.searched" } else { HOSTILE }.to_owned(),
        subject: is_known.then(|| "person/P-04HMASW9".to_owned()),
        outcome: if is_known { "done" } else { "refused" }.to_owned(),
        detail: (!is_known).then(|| "sign_in".to_owned()),
        seq: is_known.then_some(42),
    }
}

fn add_trail(put: &mut Put) {
    let names: BTreeMap<String, String> = [("P-04HMASW9".to_owned(), HOSTILE.to_owned())].into();
    let lines = [entry(9, true), entry(8, false)].map(|entry| TrailLine::new(entry, &names));
    let typed = || Form::of(vec![("/what".to_owned(), HOSTILE.to_owned()), ("/outcome".to_owned(), "done".to_owned())]);
    let page = |form, lines| TrailPage { frame: frame(Role::Auditor), form, lines, is_later: false, older: None };
    let full = TrailPage { is_later: true, older: Some(8), ..page(typed(), Some(lines.to_vec())) };
    put("trail", &full);
    put("trail-empty", &page(typed(), Some(Vec::new())));
    let wrong = typed().with([error("/from", "「2026年2月30日」という日はありません。", "No such day.")]);
    put("trail-wrong", &page(wrong, None));
}
