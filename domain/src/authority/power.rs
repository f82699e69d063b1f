//! The acts and readings that need a right, by name.

use std::fmt;
use std::str::FromStr;

use super::Reach;
use super::table::{Row, row};
use crate::act::Role;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$note])* $variant,)+
        }

        impl $name {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in tables, settings and JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let known = || Self::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| format!("{text}: {}", known()))
            }
        }
    };
}

words! {
    /// What may be done, or read.
    Power {
        /// Applying, and keeping drafts of applications, which nobody else sees.
        SubmitApplication = "application.submit",
        ReadApplication = "application.read",
        ResubmitApplication = "application.resubmit",
        WithdrawApplication = "application.withdraw",
        /// Keeping a file for an application to name. Whoever may read that application may read the file.
        UploadEvidence = "evidence.upload",
        SendBack = "application.send_back",
        Accept = "application.accept",
        Judge = "examination.judge",
        Recommend = "application.recommend",
        /// Proposing a decision, confirming or dropping it.
        Decide = "application.decide",
        Register = "registration.enter",
        /// Proposing that a registration be suspended, reinstated or revoked, confirming or dropping it.
        TakeMeasure = "registration.measure",
        GrantToProvider = "licence.grant_provider",
        GrantToUser = "licence.grant_user",
        ReadLicences = "licence.read",
        EndUsersLicence = "licence.end_user",
        EndProvidersLicence = "licence.end_provider",
        /// Signing licences anew whose key was compromised.
        ReissueLicences = "licence.reissue",
        /// Proposing that a licence be revoked, confirming or dropping it.
        RevokeLicence = "licence.revoke",
        /// Proposing that a signing key be used, or no longer be trusted, confirming or dropping it.
        ChangeKey = "key.change",
        /// Proposing that an edition of the criteria be published, confirming or dropping it.
        PublishEdition = "edition.publish",
        /// Stopping all decisions under an edition.
        StopDecisions = "edition.stop",
        /// Every proposal; whoever may confirm one may read it anyway.
        ReadProposals = "proposal.read",
        EnterOrganisation = "organisation.enter",
        ReadPeople = "person.read",
        /// Inviting people of providers and users, giving and ending their roles.
        GiveCompanyRole = "person.company_role",
        /// Inviting people of the registration body and the scheme owner, giving and ending their roles.
        GiveStaffRole = "person.staff_role",
        /// Letting somebody in again who has lost every way to sign in.
        Recover = "person.recover",
        Dismiss = "person.dismiss",
        /// Erasing a dismissed person's name and address; the record of what they did stands.
        Erase = "person.erase",
        ReadApiKeys = "api_key.read",
        IssueApiKey = "api_key.issue",
        ReadTrail = "trail.read",
        /// An examiner's, of a case that is not open to them before.
        DeclareInterest = "interest.declare",
        ReplaceExaminer = "examiner.replace",
        /// Proposing that an examiner's tie be waived, confirming or dropping it.
        WaiveConflict = "conflict.waive",
        /// Reporting that a condition of a pass is met.
        ReportCondition = "condition.report",
        /// Accepting such a report, or not.
        ReplyToReport = "condition.reply",
        MakeObjection = "objection.make",
        /// Proposing what becomes of an objection, confirming or dropping it.
        DecideObjection = "objection.decide",
        ReadStatistics = "statistics.read",
        AskApplicant = "question.ask",
        AnswerQuestion = "question.answer",
        /// Closing a question that was not answered, or giving more time for it; an examiner's own.
        SettleQuestion = "question.settle",
        /// Reporting about a registered service, or correcting a report.
        FileReport = "report.file",
        /// What is reported and checked of a service after its registration, and what is still to come.
        ReadWatching = "watching.read",
        /// Reading what anybody complains about; complaining needs no right.
        ReadComplaints = "complaint.read",
        /// Acknowledging a complaint, assigning, answering and closing it, and erasing who complained.
        HandleComplaint = "complaint.handle",
        /// Holding an advertised price against the registered one.
        CheckPrice = "price.check",
        /// A provider's webhooks, and what they were told.
        ReadWebhooks = "webhook.read",
        /// Having a webhook made, and ending one.
        ChangeWebhooks = "webhook.change",
        /// Having something told to a webhook: a test, or once more what it was told.
        SendToWebhooks = "webhook.send",
        /// Reporting that what a measure demands was put right.
        ReportCorrection = "correction.report",
        /// Accepting such a report, or not.
        AnswerCorrection = "correction.answer",
        /// Stating the provider's side before a measure is taken, and reading what is intended.
        StateSide = "measure.state",
        ObjectToMeasure = "measure.object",
        /// Proposing what becomes of an objection to a measure, confirming or dropping it.
        HearMeasure = "measure.hear",
        /// Announcing a service's end.
        Discontinue = "registration.discontinue",
        /// What measures rest on, and what was said to them.
        ReadMeasures = "measure.read",
        /// Proposing that a setting of the scheme be another one from a day on, confirming or dropping it.
        ChangeSettings = "setting.change",
        /// What is due, late and waiting, of everybody; and what will be registered in a round.
        ReadDay = "day.read",
        /// Reminding a provider of what is due, beside the reminders that come by themselves.
        RemindProvider = "provider.remind",
        /// What is declared of a registered service, whatever was notified of it since it was judged.
        ReadDeclared = "declaration.read",
        /// Notifying a change of what no criterion asks about.
        NotifyChange = "change.notify",
        /// Proposing that a registration go over to another provider, confirming or dropping it.
        Succeed = "registration.succeed",
    }
}

words! {
    /// What an API key may be limited to.
    Scope {
        ReadApplications = "applications:read",
        WriteApplications = "applications:write",
        ReadLicences = "licences:read",
        WriteLicences = "licences:write",
        ReadWatching = "watching:read",
        WriteWatching = "watching:write",
    }
}

impl Power {
    fn row(self) -> &'static Row {
        row(self)
    }

    /// Of which things a role may do this.
    pub fn reach(self, role: Role) -> Reach {
        self.row().reach(role)
    }

    /// The roles that may do this to anything at all.
    pub fn roles(self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.reach(*role) != Reach::Never).collect()
    }

    /// The scope an API key needs; `None` where no key will do.
    pub fn scope(self) -> Option<Scope> {
        self.row().scope
    }

    /// Must the sign-in be at most [`super::FRESH`] seconds old?
    pub fn needs_fresh_sign_in(self) -> bool {
        self.row().is_fresh
    }

    /// Does it let an examiner look into a case? Only once they have declared their interests.
    pub fn opens_a_case(self) -> bool {
        matches!(
            self,
            Self::ReadApplication | Self::Judge | Self::Recommend | Self::AskApplicant | Self::SettleQuestion
        )
    }

    /// Is it done to a person? Nobody does that to themselves.
    pub fn is_about_a_person(self) -> bool {
        matches!(self, Self::GiveCompanyRole | Self::GiveStaffRole | Self::Recover | Self::Dismiss | Self::Erase)
    }
}
