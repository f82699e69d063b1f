//! Who may call each operation. One that is not listed here stops the program, and with it every test.

use domain::authority::Power;
use poem::http::Method;
use poem::{Endpoint, Request};
use serde_json::{Value, json};

use super::methods::parts;
use crate::gate::{Declared, Rule, admit, ask_each_once, check_header};
use crate::problem::Problem;
use crate::proposals;
use crate::registry::Registry;

use Power as P;
use Rule::{Needs, Public, Session};

const RULES: &[(&str, Rule)] = &[
    ("listRegistrations", Public),
    ("getRegistration", Public),
    ("registrationOnDay", Public),
    ("registrationsOnDays", Public),
    ("getHistory", Public),
    ("verifyMark", Public),
    ("verifyMarks", Public),
    ("listEditions", Public),
    ("getEdition", Public),
    ("getEditionFile", Public),
    ("stopDecisions", Needs(&[P::StopDecisions])),
    ("resumeDecisions", Needs(&[P::PublishEdition])),
    ("previewEdition", Needs(&[P::PublishEdition])),
    ("listAffectedCases", Needs(proposals::READ_EDITIONS)),
    ("proposeEdition", Needs(&[P::PublishEdition])),
    ("assess", Public),
    ("listKeys", Public),
    ("proposeActivation", Needs(&[P::ChangeKey])),
    ("proposeCompromise", Needs(&[P::ChangeKey])),
    ("getLeaf", Public),
    ("submitApplication", Needs(&[P::SubmitApplication])),
    ("listApplications", Needs(&[P::ReadApplication])),
    ("getApplication", Needs(&[P::ReadApplication])),
    ("assessApplication", Needs(&[P::ReadApplication])),
    ("listExaminations", Needs(&[P::ReadApplication])),
    ("resubmitApplication", Needs(&[P::ResubmitApplication])),
    ("withdrawApplication", Needs(&[P::WithdrawApplication])),
    ("returnApplication", Needs(&[P::SendBack])),
    ("acceptApplication", Needs(&[P::Accept])),
    ("judge", Needs(&[P::Judge])),
    ("reconcile", Needs(&[P::Judge])),
    ("listWorkingPapers", Needs(&[P::Judge])),
    ("saveWorkingPaper", Needs(&[P::Judge])),
    ("listChanges", Needs(&[P::ReadApplication])),
    ("recommend", Needs(&[P::Recommend])),
    ("proposeDecision", Needs(&[P::Decide])),
    ("register", Needs(&[P::Register])),
    ("proposeMeasure", Needs(&[P::TakeMeasure])),
    ("getMeasures", Needs(&[P::ReadMeasures])),
    ("listMeasureClauses", Public),
    ("listAttention", Needs(&[P::ReadMeasures])),
    ("suspendAtOnce", Needs(&[P::TakeMeasure])),
    ("confirmEmergency", Needs(&[P::TakeMeasure])),
    ("reportCorrection", Needs(&[P::ReportCorrection])),
    ("answerCorrection", Needs(&[P::AnswerCorrection])),
    ("objectToMeasure", Needs(&[P::ObjectToMeasure])),
    ("proposeOnMeasure", Needs(&[P::HearMeasure])),
    ("discontinue", Needs(&[P::Discontinue])),
    ("getDeclared", Needs(&[P::ReadDeclared])),
    ("checkChange", Needs(&[P::ReadDeclared])),
    ("notifyChange", Needs(&[P::NotifyChange])),
    ("proposeSuccession", Needs(&[P::Succeed])),
    ("stateSide", Needs(&[P::StateSide])),
    ("uploadEvidence", Needs(&[P::UploadEvidence])),
    ("getEvidence", Needs(&[P::ReadApplication])),
    ("getEvidenceFile", Needs(&[P::ReadApplication])),
    ("grantLicence", Needs(&[P::GrantToUser, P::GrantToProvider])),
    ("listLicences", Needs(&[P::ReadLicences])),
    ("getLicence", Needs(&[P::ReadLicences])),
    ("importLicences", Needs(&[P::GrantToUser])),
    ("listLicenceImports", Needs(&[P::ReadLicences])),
    ("getLicenceImport", Needs(&[P::ReadLicences])),
    ("getLicenceImportFaults", Needs(&[P::ReadLicences])),
    ("endLicence", Needs(&[P::EndUsersLicence, P::EndProvidersLicence])),
    ("proposeRevocation", Needs(&[P::RevokeLicence])),
    ("listProposals", Needs(proposals::READ)),
    ("getProposal", Needs(proposals::READ)),
    ("proposalWhatIf", Needs(proposals::READ_EDITIONS)),
    ("confirmProposal", Needs(proposals::SECOND)),
    ("dropProposal", Needs(proposals::SECOND)),
    ("listPeople", Needs(&[P::ReadPeople])),
    ("getPerson", Needs(&[P::ReadPeople])),
    ("invitePerson", Needs(&[P::GiveCompanyRole, P::GiveStaffRole])),
    ("giveRole", Needs(&[P::GiveCompanyRole, P::GiveStaffRole])),
    ("endRole", Needs(&[P::GiveCompanyRole, P::GiveStaffRole])),
    ("dismissPerson", Needs(&[P::Dismiss])),
    ("recoverPerson", Needs(&[P::Recover])),
    ("endSessions", Needs(&[P::Recover])),
    ("erasePerson", Needs(&[P::Erase])),
    ("listOrganisations", Needs(&[P::EnterOrganisation, P::ReadTrail])),
    ("enterOrganisation", Needs(&[P::EnterOrganisation])),
    ("listApiKeys", Needs(&[P::ReadApiKeys])),
    ("issueApiKey", Needs(&[P::IssueApiKey])),
    ("endApiKey", Needs(&[P::IssueApiKey])),
    ("searchTrail", Needs(&[P::ReadTrail])),
    ("getSession", Session),
    ("listQueue", Needs(&[P::DeclareInterest, P::ReplaceExaminer, P::ReadTrail])),
    ("getAssignment", Needs(&[P::ReplaceExaminer, P::ReadTrail])),
    ("declareInterest", Needs(&[P::DeclareInterest])),
    ("replaceExaminer", Needs(&[P::ReplaceExaminer])),
    ("proposeWaiver", Needs(&[P::WaiveConflict])),
    ("getDecision", Needs(&[P::ReadApplication])),
    ("getClassTwoGates", Needs(&[P::ReadApplication])),
    ("listConditions", Needs(&[P::ReadApplication])),
    ("reportCondition", Needs(&[P::ReportCondition])),
    ("replyToReport", Needs(&[P::ReplyToReport])),
    ("objectToDecision", Needs(&[P::MakeObjection])),
    ("proposeOnObjection", Needs(&[P::DecideObjection])),
    ("openConditions", Public),
    ("listReminders", Needs(&[P::ReadApplication])),
    ("listQuestions", Needs(&[P::ReadApplication])),
    ("askApplicant", Needs(&[P::AskApplicant])),
    ("answerQuestion", Needs(&[P::AnswerQuestion])),
    ("extendQuestion", Needs(&[P::SettleQuestion])),
    ("closeQuestion", Needs(&[P::SettleQuestion])),
    ("beginDraft", Needs(&[P::SubmitApplication])),
    ("listDrafts", Needs(&[P::SubmitApplication])),
    ("getDraft", Needs(&[P::SubmitApplication])),
    ("saveDraft", Needs(&[P::SubmitApplication])),
    ("deleteDraft", Needs(&[P::SubmitApplication])),
    ("assessDraft", Needs(&[P::SubmitApplication])),
    ("submitDraft", Needs(&[P::SubmitApplication])),
    ("getRecord", Needs(&[P::ReadApplication])),
    ("printRecord", Needs(&[P::ReadApplication])),
    ("getRecordOscal", Needs(&[P::ReadApplication])),
    ("getEditionOscal", Public),
    ("getStatistics", Needs(&[P::ReadStatistics])),
    ("complain", Public),
    ("followComplaint", Public),
    ("eraseOwnComplaint", Public),
    ("listComplaints", Needs(&[P::ReadComplaints])),
    ("getComplaint", Needs(&[P::ReadComplaints])),
    ("acknowledgeComplaint", Needs(&[P::HandleComplaint])),
    ("assignComplaint", Needs(&[P::HandleComplaint])),
    ("replyToComplaint", Needs(&[P::HandleComplaint])),
    ("closeComplaint", Needs(&[P::HandleComplaint])),
    ("eraseComplaint", Needs(&[P::HandleComplaint])),
    ("listReports", Needs(&[P::ReadWatching])),
    ("fileSelfCheck", Needs(&[P::FileReport])),
    ("checkPrice", Needs(&[P::CheckPrice])),
    ("listPriceChecks", Needs(&[P::ReadWatching])),
    ("fileAlertReport", Needs(&[P::FileReport])),
    ("listOutstanding", Needs(&[P::ReadWatching])),
    ("listAlertStatistics", Public),
    ("getAlertStatistics", Public),
    ("getDay", Needs(crate::day::READ)),
    ("getRound", Needs(crate::day::READ)),
    ("previewBulk", Needs(crate::bulk::MAY)),
    ("performBulk", Needs(crate::bulk::MAY)),
    ("listSettings", Public),
    ("proposeSetting", Needs(&[P::ChangeSettings])),
    ("proposeHolidays", Needs(&[P::ChangeSettings])),
    ("listMessages", Session),
    ("getMessage", Session),
    ("readMessage", Session),
    ("getMailSettings", Session),
    ("chooseMail", Session),
    ("makeCalendar", Session),
    ("endCalendar", Session),
    ("listWebhooks", Needs(&[P::ReadWebhooks])),
    ("addWebhook", Needs(&[P::ChangeWebhooks])),
    ("getWebhook", Needs(&[P::ReadWebhooks])),
    ("endWebhook", Needs(&[P::ChangeWebhooks])),
    ("testWebhook", Needs(&[P::SendToWebhooks])),
    ("listDeliveries", Needs(&[P::ReadWebhooks])),
    ("replayDelivery", Needs(&[P::SendToWebhooks])),
];

/// The operations of the document with their rules.
#[derive(Clone, Debug)]
pub(super) struct Rules(Vec<(Declared, Vec<String>)>);

impl Rules {
    /// Reads the operations from the OpenAPI document.
    ///
    /// # Panics
    ///
    /// Where one has no rule, or a rule no operation: the program does not start.
    pub(super) fn of(document: &Value) -> Self {
        let mut found = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let id = operation["operationId"].as_str().unwrap_or_default();
                let rule = rule(id).unwrap_or_else(|| panic!("{method} {path} ({id}) has no rule"));
                let method = method.to_uppercase().parse().expect("methods are tokens");
                found.push((Declared { method, path: format!("/api/v1{path}"), rule }, parts(path)));
            }
        }
        assert_eq!(found.len(), RULES.len(), "a rule has no operation");
        Self(found)
    }

    /// Every operation with its rule.
    pub(super) fn declared(&self) -> Vec<Declared> {
        self.0.iter().map(|(declared, _)| declared.clone()).collect()
    }

    /// Serves a request if its rule lets it through.
    pub(super) async fn guard<E: Endpoint>(&self, endpoint: &E, request: Request) -> poem::Result<E::Output> {
        let asked = parts(request.uri().path());
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let fits = |(declared, known): &&(Declared, Vec<String>)| {
            declared.method == *method
                && known.len() == asked.len()
                && known.iter().zip(&asked).all(|(known, part)| known.starts_with('{') || known == part)
        };
        // What no rule is for, the routes answer with 404 or 405.
        if let Some((declared, _)) = self.0.iter().find(fits) {
            ask_each_once(&request)?;
            admit(declared.rule, &request)?;
            if declared.rule != Public {
                let registry = request.data::<std::sync::Arc<Registry>>().ok_or_else(Problem::signed_out)?;
                check_header(registry, &request)?;
            }
        }
        endpoint.call(request).await
    }
}

fn rule(id: &str) -> Option<Rule> {
    RULES.iter().find(|(known, _)| *known == id).map(|(_, rule)| *rule)
}

/// How an operation's caller shows who they are, as the document says it.
pub(super) fn security(operation_id: &str) -> Option<Value> {
    match rule(operation_id)? {
        Rule::Public | Rule::Entrance => None,
        Rule::Session => Some(json!([{ "session": [] }])),
        Rule::Needs(powers) if powers.iter().any(|power| power.scope().is_some()) => {
            Some(json!([{ "session": [] }, { "apiKey": [] }]))
        }
        Rule::Needs(_) => Some(json!([{ "session": [] }])),
    }
}

/// The schemes' own description.
pub(super) fn schemes(cookie: &str) -> Value {
    json!({
        "apiKey": {
            "type": "http", "scheme": "bearer",
            "description": "An API key of a provider (`otk_…`), limited to one organisation and to its scopes.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": cookie,
            "description": "A running session, as signing in on the pages begins it. A change also needs the session's \
                            token (`getSession`) as `X-CSRF-Token`, and comes from this origin.",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document of all known operations, each at an address of its own, and of one more where there is one.
    fn document(more: Option<&str>) -> Value {
        let known = RULES.iter().map(|(id, _)| *id).chain(more);
        let paths = known.map(|id| (format!("/{id}"), json!({ "get": { "operationId": id } })));
        json!({ "paths": paths.collect::<serde_json::Map<_, _>>() })
    }

    #[test]
    fn every_operation_has_its_rule() {
        let rules = Rules::of(&document(None)).declared();
        let of = |id: &str| rules.iter().find(|declared| declared.path == format!("/api/v1/{id}")).expect(id).rule;
        assert_eq!(rules.len(), RULES.len());
        assert_eq!((of("verifyMark"), of("judge")), (Public, Needs(&[P::Judge])));
    }

    #[test]
    #[should_panic(expected = "(forgotten) has no rule")]
    fn an_operation_without_a_rule_stops_the_program() {
        Rules::of(&document(Some("forgotten")));
    }

    #[test]
    #[should_panic(expected = "a rule has no operation")]
    fn so_does_a_rule_without_an_operation() {
        Rules::of(&json!({ "paths": {} }));
    }
}
