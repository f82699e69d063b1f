//! From acts to inboxes: what was done is read from the log, and whoever it concerns has a message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::act::{Act, OrganisationId, PersonId, Subject};
use domain::application::Application;
use domain::licence::Licence;
use domain::notice::{About, Audience, Notice, Topic, notices};
use domain::people::Person;
use domain::registration::Registration;

use super::{Announcement, Event, MailState, Message, Told, origin};
use crate::acts::{AtHand, Errand, Refused};
use crate::clock;
use crate::registry::Registry;

/// People told in one transaction: acts wait meanwhile.
const PEOPLE: u64 = 200;
/// The same of announcements, or pieces of long ones.
const STEPS: usize = 50;

/// One step of announcing. False: there was nothing to do.
pub async fn step(registry: &Arc<Registry>) -> Result<bool, Refused> {
    if !registry.store.has_to_announce().await? {
        return Ok(false);
    }
    let read = registry.run(Announce, origin(), clock::now()).await?;
    let told = registry.run(Tell, origin(), clock::now()).await?;
    Ok(read || told)
}

/// Reads the next acts, and puts down what is to be told of them.
#[derive(Debug)]
struct Announce;

impl Errand for Announce {
    type Done = bool;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<bool, Refused> {
        let acts = at_hand.tx.acts_to_announce().await?;
        let Some((last, _)) = acts.last() else { return Ok(false) };
        let next = last + 1;
        for (seq, act) in acts {
            let Some(act) = act else { continue };
            for (number, notice) in notices_of(at_hand, &act).await?.into_iter().enumerate() {
                let event = Event {
                    kind: act.deed.kind().to_owned(),
                    subject: act.subject.to_string(),
                    version: Some(act.version),
                    leaf: Some(seq),
                    due: None,
                };
                let told = Told { notice, event, by: Some(act.by.person.clone()) };
                // As long as one another, so that their order as text is the log's.
                let id = format!("act/{seq:012}/{number:03}");
                at_hand.tx.announce(&id, act.at, &told).await?;
            }
        }
        at_hand.tx.announced_before(next).await?;
        Ok(true)
    }
}

/// What an act tells, with the names of what it was done to as they are by now.
async fn notices_of(at_hand: &AtHand<'_>, act: &Act) -> Result<Vec<Notice>, Refused> {
    let tx = at_hand.tx;
    let (mut application, mut registration, mut licence, mut proposer) = Stands::default();
    match &act.subject {
        Subject::Application(id) => application = tx.application(id).await?,
        Subject::Registration(number) => registration = tx.registration(number).await?,
        Subject::Licence(id) => {
            licence = tx.licence(*id).await?.map(|(licence, _)| licence);
            if let Some(licence) = &licence {
                registration = tx.registration(&licence.grant.registration).await?;
            }
        }
        Subject::Proposal(id) => {
            let proposal = tx.proposal(id).await?;
            if let Some(Subject::Registration(number)) = proposal.as_ref().map(|proposal| proposal.motion.subject()) {
                registration = tx.registration(&number).await?;
            }
            proposer = proposal.map(|proposal| proposal.by);
        }
        Subject::Examination(_)
        | Subject::Person(_)
        | Subject::Key(_)
        | Subject::Edition(_)
        | Subject::Complaint(_)
        | Subject::Report(_)
        | Subject::PriceCheck(_)
        | Subject::Setting(_) => {}
    }
    let about = About {
        application: application.as_ref(),
        registration: registration.as_ref(),
        licence: licence.as_ref(),
        proposer: proposer.as_ref(),
    };
    Ok(notices(act, about))
}

type Stands = (Option<Application>, Option<Registration>, Option<Licence>, Option<PersonId>);

/// Tells those whom the oldest announcements concern, as many as may be told in one transaction.
#[derive(Debug)]
struct Tell;

impl Errand for Tell {
    type Done = bool;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<bool, Refused> {
        let (mut people, mut steps) = (0, 0);
        while steps < STEPS && people < PEOPLE as usize {
            let Some(announcement) = at_hand.tx.next_announcement().await? else { break };
            people += go_on(at_hand, &announcement).await?;
            steps += 1;
        }
        Ok(steps > 0)
    }
}

/// Tells the next of those whom an announcement concerns. How many there were.
async fn go_on(at_hand: &mut AtHand<'_>, announcement: &Announcement) -> Result<usize, Refused> {
    let turn = Turn::read(announcement.after.as_deref());
    let notice = &announcement.told.notice;
    if turn == Turn::default() {
        super::webhook::owed(at_hand, announcement).await?;
    }
    let Some(audience) = notice.audience.get(turn.number) else {
        at_hand.tx.told_to_all(&announcement.id).await?;
        return Ok(0);
    };
    let (people, next) = reached(at_hand, audience, &turn).await?;
    let told = people.len();
    tell(at_hand, announcement, people).await?;
    let next = next.unwrap_or(Turn { number: turn.number + 1, ..Turn::default() });
    if next.number < notice.audience.len() {
        at_hand.tx.told_until(&announcement.id, next.to_string()).await?;
    } else {
        at_hand.tx.told_to_all(&announcement.id).await?;
    }
    Ok(told)
}

/// Whose turn it is: behind whom in which audience; of users by their licences first, then by the people of the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Turn {
    number: usize,
    licence: Option<String>,
    person: Option<String>,
}

impl Turn {
    fn read(text: Option<&str>) -> Self {
        let mut parts = text.unwrap_or_default().split(' ');
        let number = parts.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let mut some = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        Self { number, licence: some(), person: some() }
    }
}

impl std::fmt::Display for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [licence, person] = [&self.licence, &self.person].map(|part| part.as_deref().unwrap_or_default());
        write!(f, "{} {licence} {person}", self.number)
    }
}

/// The next people of an audience, and where it goes on; none when that was the last of it.
async fn reached(
    at_hand: &AtHand<'_>,
    audience: &Audience,
    turn: &Turn,
) -> Result<(Vec<Person>, Option<Turn>), Refused> {
    let tx = at_hand.tx;
    let day = at_hand.at.day();
    let after = turn.person.as_deref();
    let behind = |page: &crate::store::Page<Person>| {
        let last = page.items.last().filter(|_| page.has_more).map(|last| last.id.to_string());
        last.map(|person| Turn { person: Some(person), ..turn.clone() })
    };
    let acts_for = |person: &Person, organisations: &BTreeSet<OrganisationId>| {
        let acts = |held: &domain::people::Membership| held.role.is_companys() && held.is_in_force(day);
        person.memberships.iter().any(|held| organisations.contains(&held.organisation) && acts(held))
    };
    match audience {
        Audience::People(people) => {
            let ids: Vec<String> = people.iter().map(PersonId::to_string).collect();
            Ok((tx.people_named(&ids).await?, None))
        }
        Audience::Role(role) => {
            let mut page = tx.people_in_role(*role, after, PEOPLE).await?;
            let next = behind(&page);
            page.items.retain(|person| person.is(*role, day));
            Ok((page.items, next))
        }
        Audience::Company(id) => {
            let of = BTreeSet::from([id.clone()]);
            let mut page = tx.members_of(&of, after, PEOPLE).await?;
            let next = behind(&page);
            page.items.retain(|person| acts_for(person, &of));
            Ok((page.items, next))
        }
        Audience::Users(number) => {
            let (companies, last, has_more) = tx.user_companies(number, turn.licence.as_deref(), PEOPLE).await?;
            let mut page = tx.members_of(&companies, after, PEOPLE).await?;
            // The people of these licences first, then the next licences.
            let licences = Turn { licence: last, person: None, ..turn.clone() };
            let next = behind(&page).or(has_more.then_some(licences));
            page.items.retain(|person| acts_for(person, &companies));
            Ok((page.items, next))
        }
    }
}

/// Puts a message into each inbox, and says what becomes of its mail.
async fn tell(at_hand: &mut AtHand<'_>, announcement: &Announcement, people: Vec<Person>) -> Result<(), Refused> {
    let Told { notice, by, .. } = &announcement.told;
    let mut people = people;
    people.retain(|person| !person.is_dismissed && by.as_ref() != Some(&person.id));
    let ids: BTreeSet<PersonId> = people.iter().map(|person| person.id.clone()).collect();
    let states = mail_states(at_hand, notice.topic, &ids).await?;
    let mut new = Vec::with_capacity(people.len());
    for person in people {
        let mail = states.get(&person.id).copied().unwrap_or(MailState::NoAddress);
        new.push(Message {
            id: data_encoding::BASE32_NOPAD.encode(&at_hand.random::<16>()).to_lowercase(),
            person: person.id,
            announcement: announcement.id.clone(),
            at: announcement.at,
            topic: notice.topic,
            words: notice.words.clone(),
            place: notice.place.clone(),
            read_at: None,
            mail,
            mail_due_at: (mail == MailState::Waiting).then_some(at_hand.at),
            mail_attempts: 0,
        });
    }
    at_hand.tx.deliver(new).await?;
    Ok(())
}

async fn mail_states(
    at_hand: &AtHand<'_>,
    topic: Topic,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeMap<PersonId, MailState>, Refused> {
    if at_hand.registry.outgoing.mailer.is_none() {
        return Ok(people.iter().map(|person| (person.clone(), MailState::Off)).collect());
    }
    let tx = at_hand.tx;
    let addresses = tx.addresses_of(people).await?;
    let declined = if topic.is_duty() { BTreeSet::new() } else { tx.declined(topic, people).await? };
    let faults = tx.mail_faults(people).await?;
    let state = |person: &PersonId| match addresses.get(person) {
        None => MailState::NoAddress,
        Some(_) if declined.contains(person) => MailState::Declined,
        Some(address) if faults.get(person).is_some_and(|fault| fault.is_of(address)) => MailState::Undeliverable,
        Some(_) => MailState::Waiting,
    };
    Ok(people.iter().map(|person| (person.clone(), state(person))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_read_as_it_was_written() {
        let turn = |number, licence: Option<&str>, person: Option<&str>| Turn {
            number,
            licence: licence.map(str::to_owned),
            person: person.map(str::to_owned),
        };
        for turn in [
            turn(0, None, None),
            turn(1, Some("0ABC"), None),
            turn(2, None, Some("P-1")),
            turn(3, Some("A"), Some("P")),
        ] {
            assert_eq!(Turn::read(Some(&turn.to_string())), turn);
        }
        assert_eq!(Turn::read(None), Turn::default());
    }
}
