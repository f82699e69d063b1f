//! What people try with a registration and the applications about it: to enter it, to renew it, to change it.

use domain::act::Act;
use domain::application::{Application, Concern};
use domain::authority::Actor;
use domain::calendar::Instant;
use domain::evidence::Submission;
use domain::registration::Registration;
use domain::settings::Settings;

use super::wish::Wish;
use super::{As, Life};
use crate::world::{self, Refused};

impl Life {
    pub(super) fn register(&mut self, wish: &Wish, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Wish::Register { ahead }, Some(application)) = (wish, &self.application) else { return Ok(()) };
        let number = "OTK-2026-00001".parse().expect("a number");
        let existing = self.registration.as_ref().map(|registration| registration.number.clone());
        let (from, by) = (now.day().plus_days(*ahead), role(world::secretary()));
        let (state, act) = Registration::register(number, application, existing, from, 2, &by, now)?;
        self.registration = Some(state);
        self.acts.push(act);
        Ok(())
    }

    /// The application is a renewal of the registration, and passed.
    pub(super) fn waits_to_be_renewed(&self) -> bool {
        let waits = |registration: &Registration| registration.open_renewal().is_some();
        self.registration.as_ref().is_some_and(waits)
            && self.application.as_ref().is_some_and(|application| application.passed_at().is_some())
    }

    pub(super) fn can_be_filed(&self, now: Instant) -> bool {
        let is_open = |registration: &Registration| {
            let window = registration.renewal_window(Settings::bundled());
            registration.open_renewal().is_none() && window.opens <= now.day() && now.day() <= window.closes
        };
        self.registration.as_ref().is_some_and(is_open)
    }

    /// A renewal takes the place of the application before it, whatever became of that.
    pub(super) fn file(&mut self, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Some(registration), Some(before)) = (self.registration.clone(), self.application.clone()) else {
            return Ok(());
        };
        let concern = Concern::renewal(registration.number.clone());
        self.file_about(registration, before, world::declaration(), concern, role, now)
    }

    /// A change that a criterion asks about: of the help desk, there and back.
    pub(super) fn file_change(&mut self, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Some(registration), Some(before)) = (self.registration.clone(), self.application.clone()) else {
            return Ok(());
        };
        let said = self.declared(&registration);
        let mut after = said.clone();
        after.help_desk.is_single_window = !after.help_desk.is_single_window;
        let concern = registration.change(&said, &after, world::present())?;
        self.file_about(registration, before, after, concern, role, now)
    }

    /// What no criterion asks about: a name that tells when it was changed.
    pub(super) fn notify(&mut self, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let Some(registration) = self.registration.clone() else { return Ok(()) };
        let said = self.declared(&registration);
        let mut after = said.clone();
        after.service.name = format!("見守り {now}");
        let (state, act) = registration.notify(&said, after, world::present(), &role(self.provider()), now)?;
        self.registration = Some(state);
        self.acts.push(act);
        Ok(())
    }

    /// What is declared now.
    pub(super) fn declared(&self, registration: &Registration) -> domain::declaration::Declaration {
        let judged = self.past.iter().chain(&self.application).find(|one| one.id == *registration.judged_on());
        let judged = judged.map_or_else(world::declaration, |application| application.declaration.clone());
        registration.declared.as_deref().cloned().unwrap_or(judged)
    }

    /// Whoever acts for the provider that has the registration.
    pub(super) fn provider(&self) -> Actor {
        let is_rivals = self.registration.as_ref().is_some_and(|found| found.owner == world::rival_id());
        if is_rivals { world::rival() } else { world::applicant() }
    }

    pub(super) fn file_about(
        &mut self,
        registration: Registration,
        before: Application,
        declaration: domain::declaration::Declaration,
        concern: Concern,
        role: As<'_>,
        now: Instant,
    ) -> Result<(), Refused> {
        let id = format!("A-2026-{:05}", self.past.len() + 2).parse().expect("an id");
        let by = role(self.provider());
        let what = Submission { declaration, evidence: Vec::new(), concerns: Some(concern) };
        let owner = registration.owner.clone();
        let (state, submitted) = Application::submit(id, owner, what, "2.0", world::DIGEST, &by, now)?;
        let (registration, filed) = registration.file(&state, Settings::bundled(), &by, now)?;
        self.registration = Some(registration);
        self.past.push(before);
        self.set_aside.extend(self.examinations.iter_mut().filter_map(Option::take));
        self.application = Some(state);
        self.acts.extend([submitted, filed]);
        Ok(())
    }

    pub(super) fn renew(&mut self, ahead: i32, role: As<'_>, now: Instant) -> Result<(), Refused> {
        let (Some(registration), Some(application)) = (self.registration.clone(), &self.application) else {
            return Ok(());
        };
        let from = registration.renews_from(now.max(registration.changed_at)).plus_days(ahead);
        let (state, act) = registration.renew(application, from, 2, &role(world::secretary()), now)?;
        self.registration = Some(state);
        self.acts.push(act);
        Ok(())
    }

    /// What an act on an application does to the registration it concerns.
    pub(super) fn follow(&mut self, done: &Act) {
        let (Some(registration), Some(application)) = (self.registration.clone(), &self.application) else { return };
        if let Some((state, act)) = registration.follow(application, done) {
            self.registration = Some(state);
            self.acts.push(act);
        }
    }
}
