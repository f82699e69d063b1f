//! What people try about a registered service: complaints, reports, prices.

use domain::act::Role;
use domain::authority::{Actor, Object};
use domain::calendar::{Instant, Period};
use domain::registration::Registration;
use domain::scheme::Scheme;
use domain::settings::Settings;
use domain::watching::{Complaint, ComplaintOutcome, Contents, Grievance, Matter, OwnFinding, PriceCheck, Report};

use super::wish::Wish;
use super::{As, Life};
use crate::world::{self, Refused};

impl Life {
    pub(super) fn on_complaint(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let number = self.registration.as_ref().map(|registration| registration.number.clone());
        let about = self.registration.as_ref().map_or_else(Object::default, Registration::object);
        let by = role(world::secretary());
        let (state, act) = match (wish, self.complaint.clone()) {
            (Wish::Complain, None) => {
                let (id, by) = ("C-1".parse().expect("an id"), world::caller(&world::operator()));
                Complaint::receive(id, Grievance::Service, number, None, world::DIGEST.to_owned(), by, now)
            }
            (Wish::Acknowledge, Some(complaint)) => complaint.acknowledge(&about, &by, now)?,
            (Wish::Reassign { is_tied }, Some(complaint)) => {
                let other = world::other_secretary();
                let other = if *is_tied { world::also(other, Role::User, world::APPLICANT) } else { other };
                complaint.assign(&world::person_of(&other), &about, &by, now)?
            }
            (Wish::ReplyToComplaint, Some(complaint)) => complaint.reply("回答".to_owned(), &about, &by, now)?,
            (Wish::CloseComplaint, Some(complaint)) => {
                complaint.close(ComplaintOutcome::OutOfScope, "理由".to_owned(), &about, &by, now)?
            }
            _ => return Ok(()),
        };
        self.complaint = Some(state);
        self.acts.push(act);
        Ok(())
    }

    pub(super) fn report(&mut self, ago: u32, count: u32, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Some(registration), scheme) = (&self.registration, Scheme::bundled()) else { return Ok(()) };
        let before = |period: Period| scheme.alert_reports.period_of(period.from.previous());
        let period = (0..=ago).fold(scheme.alert_reports.period_of(now.day()), |period, _| before(period));
        let registration = registration.clone();
        self.hand_in(&registration, period, Contents::Alerts(world::figures(count)), &role(self.provider()), now)
    }

    pub(super) fn check_itself(&mut self, has_words: bool, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(registration) = self.registration.clone() else { return Ok(()) };
        let duties = registration.duties(Settings::bundled(), now.day());
        let Some(year) = duties.iter().rev().find(|duty| duty.matter == Matter::SelfCheck) else { return Ok(()) };
        let mut checked = world::still_met();
        checked[0].finding = OwnFinding::Changed;
        checked[0].words = if has_words { "窓口を移した。".to_owned() } else { String::new() };
        self.hand_in(&registration, year.period, Contents::SelfCheck(checked), &role(self.provider()), now)
    }

    pub(super) fn check_price(&mut self, yen: u64, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(registration) = &self.registration else { return Ok(()) };
        let id = format!("D-{}", self.price_checks.len()).parse().expect("an id");
        let (seen, by) = (world::advertised(yen), role(world::secretary()));
        let (state, act) = PriceCheck::make(id, registration, 12, 0, seen, &by, now)?;
        self.price_checks.push(state);
        self.acts.push(act);
        Ok(())
    }

    fn hand_in(
        &mut self,
        registration: &Registration,
        period: Period,
        contents: Contents,
        by: &Actor,
        now: Instant,
    ) -> Result<(), Refused> {
        let is_it = |report: &Report| report.period == period && report.matter() == contents.matter();
        let place = self.reports.iter().position(is_it);
        let known = place.map(|place| self.reports[place].clone());
        let id = format!("R-{}", self.reports.len()).parse().expect("an id");
        let scheme = Settings::bundled();
        let (state, act) = Report::file(known, id, registration, period, contents, &world::CRITERIA, scheme, by, now)?;
        match place {
            Some(place) => self.reports[place] = state,
            None => self.reports.push(state),
        }
        self.acts.push(act);
        Ok(())
    }
}
