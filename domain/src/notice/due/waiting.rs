//! Something that waits, with or without a day by which it is due; and what waits that is neither of an application nor of
//! a registration.

use super::{Audience, Due, Place, Work};
use crate::act::{OrganisationId, PersonId, Subject};
use crate::calendar::{Day, Instant};
use crate::proposal::Proposal;
use crate::registration::Registration;
use crate::settings::Settings;
use crate::text::Text;
use crate::watching::{Complaint, ComplaintStage};

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub work: Work,
    pub subject: Subject,
    /// What it is, within its subject.
    pub what: String,
    pub since: Day,
    /// The last day in Japan on which it is in time; none where there is no such day.
    pub due: Option<Day>,
    /// Where it is due before an instant.
    pub until: Option<Instant>,
    pub provider: Option<OrganisationId>,
    /// The people it waits for, where they are known.
    pub people: Vec<PersonId>,
    pub place: Place,
    pub title: Text,
}

impl Waiting {
    pub(super) fn new(work: Work, subject: Subject, since: Day, place: Place, title: Text) -> Self {
        let what = work.as_str().to_owned();
        let (provider, people) = (None, Vec::new());
        Self { work, subject, what, since, due: None, until: None, provider, people, place, title }
    }

    /// Is it late at `now`?
    pub fn is_late(&self, now: Instant) -> bool {
        match self.until {
            Some(until) => until <= now,
            None => self.due.is_some_and(|due| due < now.day()),
        }
    }

    /// Days left until the due day, or since it where there are none left: working days where the rule counts those.
    /// Negative where it is late; 0 on the day itself, and where no working day lies between.
    pub fn left(&self, today: Day, settings: &Settings) -> Option<i64> {
        let due = self.due?;
        Some(match self.work.counts_working_days() {
            true if today <= due => i64::from(settings.working_days_between(today, due)),
            true => -i64::from(settings.working_days_between(due, today)),
            false => today.days_until(due),
        })
    }
}

impl From<Due> for Waiting {
    fn from(due: Due) -> Self {
        let people = due.audience.into_iter().flat_map(|audience| match audience {
            Audience::People(people) => people,
            Audience::Company(_) | Audience::Users(_) | Audience::Role(_) => Vec::new(),
        });
        let (people, what) = (people.collect(), due.what);
        Self {
            what,
            due: Some(due.day),
            provider: due.provider,
            people,
            ..Self::new(due.work, due.subject, due.since, due.place, due.title)
        }
    }
}

/// The day until which the provider states its side of what is proposed, while it has not; `about` is the registration.
pub fn due_of_proposal(proposal: &Proposal, about: &Registration, today: Day) -> Option<Due> {
    let until = proposal.hearing(today)?;
    let service = &about.listing.service_name;
    let number = &about.number;
    Some(Due {
        work: Work::Hearing,
        subject: Subject::Registration(number.clone()),
        what: format!("hearing-{}", proposal.id),
        day: until,
        since: proposal.made_at.day(),
        audience: vec![Audience::Company(about.owner.clone())],
        provider: Some(about.owner.clone()),
        place: Place::Measures(number.clone()),
        title: Text::new(
            format!("「{service}」（{number}）についての弁明"),
            format!("your side of what is intended about “{service}” ({number})"),
        ),
        todo: Text::new("言い分があれば、措置の画面で述べてください。", "State your side on the page of measures."),
    })
}

/// A proposal that is open waits for somebody other than who made it.
pub fn waiting_of_proposal(proposal: &Proposal) -> Waiting {
    let (subject, about) = (Subject::Proposal(proposal.id.clone()), proposal.motion.subject());
    let title = Text::new(format!("提案 {}（{about}）", proposal.id), format!("proposal {} ({about})", proposal.id));
    let place = Place::Proposal(proposal.id.clone());
    Waiting {
        due: Some(proposal.until.day().previous()),
        until: Some(proposal.until),
        ..Waiting::new(Work::Proposal, subject, proposal.made_at.day(), place, title)
    }
}

/// A complaint, until it is closed.
pub fn waiting_of_complaint(complaint: &Complaint, settings: &Settings) -> Option<Waiting> {
    let received = complaint.received_at;
    let until = complaint.acknowledge_by(settings);
    let (work, since, until) = match complaint.stage() {
        ComplaintStage::Received => (Work::ComplaintReceived, received, Some(until)),
        ComplaintStage::Acknowledged => (Work::Complaint, complaint.acknowledged_at.unwrap_or(received), None),
        ComplaintStage::Closed => return None,
    };
    let (id, kind) = (&complaint.id, complaint.grievance.term());
    let title = Text::new(format!("{}（{id}）", kind.ja), format!("{} ({id})", kind.en));
    let place = Place::Complaint(id.clone());
    Some(Waiting {
        due: until.map(Instant::day),
        until,
        people: complaint.handler.iter().cloned().collect(),
        ..Waiting::new(work, Subject::Complaint(id.clone()), since.day(), place, title)
    })
}

/// A person whose address took no mail.
pub fn waiting_of_fault(person: &PersonId, since: Day) -> Waiting {
    let title = Text::new(format!("利用者 {person}"), format!("person {person}"));
    let place = Place::Person(person.clone());
    let people = vec![person.clone()];
    Waiting { people, ..Waiting::new(Work::MailFault, Subject::Person(person.clone()), since, place, title) }
}
