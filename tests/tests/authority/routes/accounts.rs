//! Signing in and one's own account; people, organisations, API keys and the trail.

use api::gate::Declared;
use domain::authority::Power;
use serde_json::json;
use tests::staff::BODY;
use tests::told::NOBODY;

use super::{Row, plain};
use crate::actors::OWNER;
use crate::stage::Kind;

/// What is given to a company's person and to the body's: the variant, the power it takes, on whom, which role there.
const GIVEN: [(&str, Power, Kind, &str, &str); 2] = [
    ("company", Power::GiveCompanyRole, Kind::Colleague, "provider_owner", OWNER),
    ("staff", Power::GiveStaffRole, Kind::Staffer, "decision_maker", BODY),
];

/// The JSON face's routes.
pub fn of_json(route: &Declared) -> Vec<Row> {
    let row = || Row::of(route);
    let reason = || json!({ "reason": "理由。" });
    let invited = |role: &str, of: &str| json!({ "role": role, "organisation": of, "name": "新しい人" });
    let given = |role: &str, of: &str| json!({ "role": role, "organisation": of });
    let ended = |role: &str, of: &str| json!({ "role": role, "organisation": of, "reason": "理由。" });
    let one = match (route.method.as_str(), route.path.trim_start_matches("/api/v1")) {
        ("GET", "/people/:id") => return both(row().on(Kind::Colleague), row().on(Kind::Staffer)),
        ("POST", "/people") => return inviting(route, |row, role, of| row.json(invited(role, of))),
        ("POST", "/people/:id/roles") => return giving(route, |row, role, of| row.json(given(role, of))),
        ("POST", "/people/:id/roles/end") => return ending(route, |row, role, of| row.json(ended(role, of))),
        ("POST", "/people/:id/dismissal" | "/people/:id/sessions/end") => row().on(Kind::Colleague).json(reason()),
        ("POST", "/people/:id/recovery") => {
            row().on(Kind::Colleague).json(json!({ "identityCheck": "in_person", "reason": "理由。" }))
        }
        ("POST", "/people/:id/erasure") => row().on(Kind::Dismissed),
        ("POST", "/organisations") => row().json(json!({ "kind": "user", "name": "新しい企業", "id": "FRESH" })),
        // The organisation has as many keys as it may have.
        ("POST", "/api-keys") => {
            let body = json!({ "organisation": OWNER, "label": "鍵", "scopes": ["licences:read"], "days": 30 });
            row().on(Kind::KeyRing).json(body).short()
        }
        ("POST", "/api-keys/:id/end") => row().on(Kind::ApiKey),
        ("GET", "/messages/:id") | ("POST", "/messages/:id/read") => row().on(Kind::Message),
        ("PUT", "/mail-settings") => row().json(json!({ "declined": ["work"] })),
        ("POST" | "DELETE", "/calendar-address") => row(),
        ("POST", "/webhooks") => {
            row().on(Kind::Owner).json(json!({ "organisation": OWNER, "url": format!("{NOBODY}FRESH") }))
        }
        ("GET", "/webhooks/:id" | "/webhooks/:id/deliveries")
        | ("POST", "/webhooks/:id/test" | "/webhooks/:id/end" | "/webhooks/:id/deliveries/:delivery/replay") => {
            row().on(Kind::Webhook)
        }
        _ => return plain(route),
    };
    vec![one]
}

/// The pages' routes.
pub fn of_pages(route: &Declared) -> Vec<Row> {
    let row = || Row::of(route);
    let reason = [("/reason", "理由。")];
    let offered = |row: Row, fields: &[(&'static str, &str)]| Row { offers: true, ..row.form(fields) };
    let one = match (route.method.as_str(), route.path.as_str()) {
        ("GET", "/people/:id") => return both(row().on(Kind::Colleague), row().on(Kind::Staffer)),
        ("POST", "/people") => {
            return inviting(route, |row, role, of| {
                offered(row, &[("/role", role), ("/organisation", of), ("/name", "新しい人")])
            });
        }
        ("POST", "/people/:id/roles") => {
            return giving(route, |row, role, of| offered(row, &[("/role", role), ("/organisation", of)]));
        }
        ("POST", "/people/:id/roles/end") => {
            return ending(route, |row, role, of| {
                row.form(&[("role", role), ("organisation", of), ("/reason", "理由。")])
            });
        }
        ("POST", "/people/:id/dismissal" | "/people/:id/sessions/end") => row().on(Kind::Colleague).form(&reason),
        ("POST", "/people/:id/link") => {
            row().on(Kind::Colleague).form(&[("/identityCheck", "in_person"), ("/reason", "理由。")])
        }
        ("POST", "/people/:id/erasure") => row().on(Kind::Dismissed).form(&[]),
        ("POST", "/organisations") => row().form(&[("/kind", "user"), ("/name", "新しい企業"), ("/id", "FRESH")]),
        ("POST", "/api-keys") => {
            let fields = [("organisation", OWNER), ("/label", "鍵"), ("/scopes", "licences:read"), ("/days", "30")];
            row().on(Kind::KeyRing).form(&fields).short()
        }
        ("POST", "/api-keys/:id/end") => row().on(Kind::ApiKey).form(&[]),
        _ => return of_visitors(route),
    };
    vec![one]
}

fn both(company: Row, staff: Row) -> Vec<Row> {
    vec![Row { variant: "company", ..company }, Row { variant: "staff", ..staff }]
}

fn inviting(route: &Declared, with: impl Fn(Row, &'static str, &'static str) -> Row) -> Vec<Row> {
    let of = |(variant, power, on, role, organisation)| {
        let kind = if on == Kind::Staffer { Kind::Body } else { Kind::Owner };
        with(Row::of(route).on(kind).case(variant, power), role, organisation)
    };
    GIVEN.map(of).to_vec()
}

fn giving(route: &Declared, with: impl Fn(Row, &'static str, &'static str) -> Row) -> Vec<Row> {
    let of =
        |(variant, power, on, role, organisation)| with(Row::of(route).on(on).case(variant, power), role, organisation);
    GIVEN.map(of).to_vec()
}

/// The role that each has, as they were prepared.
fn ending(route: &Declared, with: impl Fn(Row, &'static str, &'static str) -> Row) -> Vec<Row> {
    let of = |(variant, power, on, _, organisation)| {
        let role = if on == Kind::Staffer { "examiner" } else { "provider_member" };
        with(Row::of(route).on(on).case(variant, power), role, organisation)
    };
    GIVEN.map(of).to_vec()
}

/// Signing in, and one's own account.
fn of_visitors(route: &Declared) -> Vec<Row> {
    let row = || Row::of(route);
    let one = match (route.method.as_str(), route.path.as_str()) {
        // Nobody is let in with these, but nobody is refused for who they are.
        ("POST", "/sign-in" | "/en/sign-in") => row().form(&[("login", "nobody"), ("password", "x")]).short(),
        ("POST", "/sign-in/oidc" | "/en/sign-in/oidc") => row().form(&[]).short(),
        ("GET", "/sign-in/oidc/callback") => row().short(),
        ("POST", "/sign-in/passkey/options") => row().form(&[]),
        ("POST", "/sign-in/passkey") => row().form(&[("answer", "{}")]).short(),
        ("POST", "/sign-out") => Row { uses_other_session: true, ..row().on(Kind::OtherSession).form(&[]) },
        ("GET", "/invitation/:secret") => row().on(Kind::Invitation),
        ("POST", "/invitation/:secret/passkey/options") => row().on(Kind::Invitation).form(&[]),
        ("POST", "/invitation/:secret/password") => row().on(Kind::Invitation).form(&[("code", "x")]).short(),
        ("POST", "/invitation/:secret/passkey") => row().on(Kind::Invitation).form(&[("answer", "{}")]).short(),
        ("POST", "/account/password") => row().form(&[("code", "x")]).short(),
        ("POST", "/account/passkey") => row().form(&[("answer", "{}")]).short(),
        ("POST", "/account/passkey/options" | "/account/codes" | "/account/sessions/end") => row().form(&[]),
        // It is the last way to sign in, which nobody takes away from themselves.
        ("POST", "/account/credentials/:id/remove") => row().on(Kind::Password).form(&[]).short(),
        ("POST", "/account/sessions/:id/end") => row().on(Kind::OtherSession).form(&[]),
        ("GET", "/inbox/:id") => row().on(Kind::Message),
        (
            "POST",
            "/inbox/read" | "/inbox/settings" | "/inbox/settings/address" | "/inbox/calendar" | "/inbox/calendar/end",
        ) => row().form(&[]),
        ("GET", "/calendar/:secret") => row().on(Kind::Calendar),
        ("GET", "/unsubscribe/:id") => row().on(Kind::Declinable),
        ("POST", "/unsubscribe/:id") => row().on(Kind::Declinable).form(&[("List-Unsubscribe", "One-Click")]),
        ("POST", "/webhooks") => row().form(&[("/url", NOBODY)]),
        ("GET", "/webhooks/:id") => row().on(Kind::Webhook),
        ("POST", "/webhooks/:id/test" | "/webhooks/:id/end" | "/webhooks/:id/deliveries/:delivery/replay") => {
            row().on(Kind::Webhook).form(&[])
        }
        _ => return plain(route),
    };
    vec![one]
}
