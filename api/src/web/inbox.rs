//! One's inbox, how one is told, and what leads here from a mail: unsubscribing and calendars.

use domain::notice::Topic;
use domain::text::{Language, Text};
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use super::desk::Typed;
use super::session::{Shared, desk_frame};
use super::view::frame::Frame;
use super::view::inbox::{CalendarPage, InboxPage, MessagePage, SettingsPage, UnsubscribePage};
use super::{Answer, page, to};
use crate::caller::{Visitor, origin, signed_in};
use crate::clock;
use crate::http::in_query;
use crate::identity::secret::Opaque;
use crate::post::calendar::calendar as written;
use crate::post::due;
use crate::post::own::{
    ChooseMail, EndCalendar, MakeCalendar, ReadMessages, TryAddressAgain, Unsubscribe, message_for, messages_for,
};
use crate::problem::Problem;

#[handler]
pub(super) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let after = Some(in_query(request.uri(), "after")).filter(|after| !after.is_empty());
    let found = messages_for(registry, visitor, after.as_deref()).await?;
    page(&InboxPage {
        frame: desk_frame(registry, visitor),
        next: found.items.last().filter(|_| found.has_more).map(|last| last.id.clone()),
        messages: found.items,
        is_later: after.is_some(),
        has_unread: visitor.unread > 0,
    })
}

/// Opening a message reads it.
#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let message = message_for(registry, visitor, &id).await?;
    let mut frame = desk_frame(registry, visitor);
    if message.read_at.is_none() {
        let errand = ReadMessages { actor: visitor.actor.clone(), id: Some(id) };
        registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
        frame.has_read_one();
    }
    page(&MessagePage { frame, message })
}

#[handler]
pub(super) async fn read_all(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = ReadMessages { actor: visitor.actor.clone(), id: None };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    Ok(to("/inbox"))
}

#[handler]
pub(super) async fn settings(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let is_saved = !in_query(request.uri(), "saved").is_empty();
    page(&settings_of(registry, visitor, is_saved).await?)
}

async fn settings_of(registry: &Shared, visitor: &Visitor, is_saved: bool) -> Result<SettingsPage, Problem> {
    let person = &visitor.actor.person;
    let address = registry.store.profile(person).await?.and_then(|profile| profile.email);
    let fault = registry.store.mail_fault(person).await?;
    let fault = fault.filter(|fault| address.as_deref().is_some_and(|address| fault.is_of(address)));
    Ok(SettingsPage {
        frame: desk_frame(registry, visitor),
        sends_mail: registry.outgoing.mailer.is_some(),
        fault: fault.map(|fault| fault.at),
        declined: registry.store.declined_by(person).await?,
        calendar: registry.store.calendar_since(person).await?,
        address,
        is_saved,
    })
}

#[handler]
pub(super) async fn choose(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let wanted: Vec<&str> = typed.0.iter().filter(|(name, _)| name == "topic").map(|(_, value)| &value[..]).collect();
    let is_declined = |topic: &Topic| !topic.is_duty() && !wanted.contains(&topic.as_str());
    let declined = Topic::ALL.into_iter().filter(is_declined).collect();
    let errand = ChooseMail { actor: visitor.actor.clone(), declined };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    Ok(to("/inbox/settings?saved=1"))
}

#[handler]
pub(super) async fn try_address(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = TryAddressAgain { actor: visitor.actor.clone() };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    Ok(to("/inbox/settings?saved=1"))
}

#[handler]
pub(super) async fn make_calendar(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = MakeCalendar { actor: visitor.actor.clone() };
    let secret = registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    let link = registry.calendar_link(&secret);
    let mut response = page(&CalendarPage { frame: desk_frame(registry, visitor), link })?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[handler]
pub(super) async fn end_calendar(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = EndCalendar { actor: visitor.actor.clone() };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    Ok(to("/inbox/settings?saved=1"))
}

/// Whoever knows the address reads the due days behind it; nothing else is told there.
#[handler]
pub(super) async fn calendar(Data(registry): Data<&Shared>, Path(secret): Path<String>) -> Answer {
    let missing = || Problem::not_found(&Text::new("カレンダー", "calendar"), "…");
    let digest = Opaque::Calendar.read(&secret).ok_or_else(missing)?;
    let owner = registry.store.calendar_owner(&digest).await?.ok_or_else(missing)?;
    let person = registry.store.person(&owner).await?.filter(|person| !person.is_dismissed).ok_or_else(missing)?;
    let at = clock::now();
    let due = due::of_person(registry, &person, at).await.map_err(Problem::from)?;
    Ok(Response::builder()
        .content_type("text/calendar; charset=utf-8")
        .header(header::CACHE_CONTROL, "private, no-store")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"otasuketai.ics\"")
        .body(written(&due, &registry.base_url, at)))
}

fn public(registry: &Shared) -> Frame {
    // The path holds what only the mail's reader knows, so it leads nowhere from here.
    Frame { language: Language::Ja, path: None, viewer: None, is_demo: registry.is_demonstration, form_token: None }
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "gone",
        Text::new("このリンクはもう使えません", "This link is gone"),
        Text::new(
            "お知らせが古いか、リンクが途中で切れています。サインインして「お知らせの受け取り方」で変えてください。",
            "The message is too old, or the link is cut. Sign in and change it under your settings.",
        ),
    )
}

/// What a person's browser shows; programs that follow links change nothing.
#[handler]
pub(super) async fn unsubscribing(Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let message = registry.store.message(&id).await?.ok_or_else(gone)?;
    if message.topic.is_duty() {
        return Err(crate::acts::Refused::Post(crate::post::own::Refusal::Duty { topic: message.topic }).into());
    }
    page(&UnsubscribePage { frame: public(registry), id, topic: message.topic, is_done: false })
}

/// One click, from the page or from a mail program (RFC 8058): no session, no cookie, no question.
#[handler]
pub(super) async fn unsubscribe(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    if !typed.0.iter().any(|(name, value)| name == "List-Unsubscribe" && value == "One-Click") {
        let message = Text::new(
            "List-Unsubscribe=One-Click を送ってください（RFC 8058）。画面からは「メールを止める」を押してください。",
            "Send List-Unsubscribe=One-Click (RFC 8058), or press the button on the page.",
        );
        return Err(Problem::unreadable("/List-Unsubscribe", "", message));
    }
    let known = registry.store.message(&id).await?.ok_or_else(gone)?;
    let errand = Unsubscribe { message: known.id };
    let topic = registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
    page(&UnsubscribePage { frame: public(registry), id, topic: topic.ok_or_else(gone)?, is_done: true })
}
