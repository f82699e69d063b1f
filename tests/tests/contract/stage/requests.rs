//! For each operation the one request that would go well, and whose it is.

use super::*;

impl Stage {
    /// The request that goes well. An operation without one fails the sweep.
    pub fn right(&self, operation: &Operation) -> Right {
        let Cast { provider, secretariat, examiners, decision_maker, second_decision_maker, auditor, .. } = &self.cast;
        let Cases { to_withdraw, to_return, to_accept, returned, examining, judged, recommended, .. } = &self.cases;
        let Cases { conditional, reported, failed, objected, .. } = &self.cases;
        let Cases { to_save, to_delete, to_submit, .. } = &self.cases;
        let Cases { decided, disputed, to_confirm, to_drop, assigned, to_replace, tied, .. } = &self.cases;
        let Licences { to_end, to_revoke } = &self.licences;
        let Measured { demanded, corrected, contested, emergency, heard, .. } = &self.measured;
        let Measured { to_suspend, to_object, to_discontinue, to_change, to_succeed, .. } = &self.measured;
        let number = text(&self.registration, "number");
        let judgement = json!({ "criterion": "help_desk", "answer": "met", "reason": "規約で確かめた。" });
        let under = |what: &str| format!("/registrations/{number}{what}");
        let reason = || json!({ "reason": "見直すため。" });
        if let Some(right) = self.accounts.right(&operation.id, &self.cast) {
            return right;
        }
        if let Some(right) = self.watched.right(&operation.id, &self.cast) {
            return right;
        }
        let public = Right::public;
        let get = |path: String| public(path).by(auditor);
        let of = |(id, version): &(String, u64), what: &str| public(format!("/applications/{id}/{what}")).on(*version);
        let measured = |(number, version): &(String, u64), what: &str| {
            public(format!("/registrations/{number}/{what}")).on(*version)
        };
        let licence = |(id, version): &(String, u64), what: &str| public(format!("/licences/{id}/{what}")).on(*version);
        match operation.id.as_str() {
            "listRegistrations" => public("/registrations".into()),
            "getRegistration" => public(under("")),
            "registrationOnDay" => public(under("/valid-on/2026-01-01")),
            "registrationsOnDays" => {
                public("/valid-on".into()).with(json!({ "questions": [{ "number": number, "day": "2026-01-01" }] }))
            }
            "getHistory" => public(under("/history")),
            "proposeMeasure" => {
                let body = tests::measure_body("suspend", "監視が止まった。");
                public(under("/measures")).on(version(&self.registration)).by(secretariat).with(body)
            }
            "listMeasureClauses" => public("/measure-clauses".into()),
            "listAttention" => get("/measures".into()),
            "getMeasures" => get(under("/measures")),
            "suspendAtOnce" => {
                let mut body = tests::measure_body("suspend", "監視が止まった。");
                body.as_object_mut().expect("an object").remove("measure");
                measured(to_suspend, "emergency").by(secretariat).with(body)
            }
            "confirmEmergency" => measured(emergency, "emergency/confirmation").by(secretariat),
            "reportCorrection" => measured(demanded, "measures/1/corrections/1/report")
                .by(provider)
                .with(json!({ "words": "再開した。" })),
            "answerCorrection" => {
                let body = json!({ "isAccepted": true, "reason": "確かめた。" });
                measured(corrected, "measures/1/corrections/1/answer").by(secretariat).with(body)
            }
            "objectToMeasure" => measured(to_object, "measures/1/objection").by(provider).with(reason()),
            "proposeOnMeasure" => {
                let body = json!({ "outcome": "dismissed", "reason": "措置に誤りはない。" });
                measured(contested, "measures/1/objection/finding").by(decision_maker).with(body)
            }
            "discontinue" => {
                let last_day = api::clock::now().day().plus_days(60).to_string();
                let body = json!({ "lastDay": last_day, "forUsers": "終了します。", "contracts": "解約できます。" });
                measured(to_discontinue, "discontinuation").by(provider).with(body)
            }
            "getDeclared" => get(under("/declaration")),
            "checkChange" => {
                // Of one that no other request here changes.
                public(under("/changes/check")).by(provider).with(tests::moved())
            }
            "notifyChange" => measured(to_change, "changes").by(provider).with(tests::moved()),
            "proposeSuccession" => measured(to_succeed, "succession").by(secretariat).with(tests::succession()),
            "stateSide" => {
                let words = json!({ "words": "事実ではない。" });
                public(format!("/proposals/{}/statement", heard.1)).by(provider).with(words)
            }
            "verifyMarks" => public("/marks".into()).with(json!({ "codes": ["00000000"] })),
            "verifyMark" => public(format!("/marks/{}", to_end.0)),
            "listEditions" => public("/editions".into()),
            "getEdition" => public("/editions/1.0".into()),
            "getEditionFile" => public("/editions/1.0/file".into()),
            "stopDecisions" => public("/editions/1.1/stop".into()).by(decision_maker).with(reason()),
            "resumeDecisions" => public("/editions/1.0/resumption".into()).on(2).by(decision_maker).with(reason()),
            "previewEdition" => {
                public("/editions/preview".into()).by(decision_maker).with(json!({ "file": self.correction }))
            }
            "listAffectedCases" => get("/editions/1.0/affected".into()),
            "proposalWhatIf" => get(format!("/proposals/{}/what-if", self.cases.publication)),
            "proposeEdition" => {
                let body = json!({ "file": self.correction, "reason": "誤記を改めるため。" });
                public("/editions".into()).on(2).by(decision_maker).with(body)
            }
            "assess" => public("/assessments".into()).with(declaration()),
            "listKeys" => public("/keys".into()),
            "proposeActivation" => public(format!("/keys/{}/activation", self.keys.to_activate)).on(1).by(secretariat),
            "proposeCompromise" => {
                public(format!("/keys/{}/compromise", self.keys.to_distrust)).on(1).by(secretariat).with(reason())
            }
            "submitApplication" => public("/applications".into()).by(provider).with(declaration()),
            "uploadEvidence" => public("/evidence".into()).by(provider).file(FILE),
            "getEvidence" => get(format!("/evidence/{}", self.file)),
            "getEvidenceFile" => get(format!("/evidence/{}/file", self.file)),
            "listApplications" => get("/applications".into()),
            "getApplication" => get(format!("/applications/{}", decided.0)),
            "assessApplication" => get(format!("/applications/{}/assessment", decided.0)),
            "listExaminations" => get(format!("/applications/{}/examinations", decided.0)),
            "resubmitApplication" => of(returned, "declaration").by(provider).with(declaration()),
            "withdrawApplication" => of(to_withdraw, "withdrawal").by(provider).with(reason()),
            "returnApplication" => {
                let reason = json!({ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" });
                of(to_return, "return").by(secretariat).with(json!({ "reasons": [reason] }))
            }
            "acceptApplication" => {
                let both = examiners.each_ref().map(|examiner| &examiner.id);
                of(to_accept, "acceptance").by(secretariat).with(json!({ "examiners": both }))
            }
            "judge" => of(examining, "judgements").by(&examiners[0]).with(json!({ "judgements": [judgement] })),
            "reconcile" => of(disputed, "reconciliation").by(&examiners[1]).with(judgement),
            "listWorkingPapers" => public(format!("/applications/{}/working-papers", examining.0)).by(&examiners[0]),
            "saveWorkingPaper" => {
                let path = format!("/applications/{}/working-papers/help_desk", examining.0);
                let ground = json!({ "digest": self.file, "page": "十二" });
                let body = json!({ "answer": "met", "reason": "まだ途中", "overrules": false, "evidence": [ground], "note": "電話する" });
                public(path).by(&examiners[0]).with(body)
            }
            "listChanges" => get(format!("/applications/{}/changes", decided.0)),
            "recommend" => of(judged, "recommendation").by(&examiners[0]).with(pass()),
            "proposeDecision" => of(recommended, "decision").by(decision_maker).with(pass()),
            "register" => {
                let from = json!({ "from": api::clock::now().day().to_string() });
                of(decided, "registration").by(secretariat).with(from)
            }
            "grantLicence" => {
                let body = json!({ "holderKind": "user", "holderName": "別の利用企業", "contractFrom": "2026-01-05" });
                public(under("/licences")).by(provider).with(body)
            }
            "importLicences" => public(under("/licence-imports")).by(provider).file(USERS),
            "listLicenceImports" => get(under("/licence-imports")),
            "getLicenceImport" => get(format!("/licence-imports/{}", self.import)),
            "getLicenceImportFaults" => get(format!("/licence-imports/{}/faults", self.import)),
            "listLicences" => get(under("/licences")),
            "getLicence" => get(format!("/licences/{}", to_end.0)),
            "endLicence" => licence(to_end, "end").by(provider).with(reason()),
            "proposeRevocation" => licence(to_revoke, "revocation").by(secretariat).with(reason()),
            "listProposals" => get("/proposals".into()),
            "getProposal" => get(format!("/proposals/{to_drop}")),
            "confirmProposal" => public(format!("/proposals/{to_confirm}/confirmation")).by(second_decision_maker),
            "dropProposal" => public(format!("/proposals/{to_drop}/dropping")).by(decision_maker).with(reason()),
            "getSession" => get("/session".into()),
            "listQueue" => get("/queue".into()),
            "getAssignment" => get(format!("/applications/{}/examiners", decided.0)),
            "declareInterest" => of(assigned, "interest").by(&examiners[0]).with(untied()),
            "replaceExaminer" => {
                let (leaving, joining) = (&examiners[1].id, &self.cast.other_examiner.id);
                let body = json!({ "leaving": leaving, "joining": joining, "reason": "異動した。" });
                of(to_replace, "replacement").by(secretariat).with(body)
            }
            "proposeWaiver" => {
                let body = json!({ "examiner": examiners[1].id, "reason": "任期が終わっている。" });
                of(tied, "waiver").by(secretariat).with(body)
            }
            "listReminders" => public("/reminders".into()).by(provider),
            "listQuestions" => get(format!("/applications/{}/questions", self.cases.to_answer.0)),
            "askApplicant" => {
                let body = json!({ "criterion": "help_desk", "text": "規程のどこにありますか。" });
                of(examining, "questions").by(&examiners[0]).with(body)
            }
            "answerQuestion" => {
                of(&self.cases.to_answer, "questions/1/answer").by(provider).with(json!({ "text": "3ページです。" }))
            }
            "extendQuestion" => {
                let later = json!({ "until": api::clock::now().day().plus_days(90).to_string() });
                of(&self.cases.to_extend, "questions/1/extension").by(secretariat).with(later)
            }
            "closeQuestion" => of(&self.cases.to_close, "questions/1/closing").by(&examiners[0]).with(reason()),
            "getDecision" => get(format!("/applications/{}/decision", conditional.0)),
            "getClassTwoGates" => get(format!("/applications/{}/class-2", conditional.0)),
            "listConditions" => get("/conditions".into()),
            "openConditions" => public(under("/conditions")),
            "reportCondition" => {
                of(conditional, "conditions/1/report").by(provider).with(json!({ "words": "公表した。" }))
            }
            "replyToReport" => {
                let body = json!({ "isAccepted": true, "reason": "確かめた。" });
                of(reported, "conditions/1/reply").by(secretariat).with(body)
            }
            "objectToDecision" => of(failed, "objection").by(provider).with(reason()),
            "proposeOnObjection" => {
                let body = json!({ "outcome": "dismissed", "reason": "判定に誤りはない。" });
                of(objected, "objection/finding").by(decision_maker).with(body)
            }
            "beginDraft" => public("/drafts".into()).by(provider).with(json!({ "owner": "osaka-cci" })),
            "listDrafts" => public("/drafts".into()).by(provider),
            "getDraft" => public(format!("/drafts/{}", to_save.0)).by(provider),
            "assessDraft" => public(format!("/drafts/{}/assessment", to_save.0)).by(provider),
            "saveDraft" => {
                let field = json!({ "name": "/service/name", "values": ["例示サービス"] });
                let body = json!({ "fields": [field] });
                public(format!("/drafts/{}", to_save.0)).on(to_save.1).by(provider).with(body)
            }
            "deleteDraft" => public(format!("/drafts/{}", to_delete.0)).on(to_delete.1).by(provider),
            "submitDraft" => public(format!("/drafts/{}/submission", to_submit.0)).on(to_submit.1).by(provider),
            "getRecord" => get(format!("/applications/{}/record", decided.0)),
            "printRecord" => get(format!("/applications/{}/record.pdf", decided.0)),
            "getRecordOscal" => get(format!("/applications/{}/record.oscal.json", decided.0)),
            "getEditionOscal" => public("/editions/1.0/oscal".into()),
            "getStatistics" => get("/statistics".into()),
            "getDay" => get("/day".into()),
            "getRound" => get("/round?from=2026-04-01&until=2026-04-30".into()),
            "listSettings" => public("/settings".into()),
            "proposeSetting" => {
                let from = api::clock::now().day().plus_days(90).to_string();
                let body = json!({ "value": 15, "from": from, "standing": "provisional", "source": "運営委員会",
                    "reason": "負担を減らす。" });
                public("/settings/answer_days/changes".into()).on(0).by(secretariat).with(body)
            }
            "proposeHolidays" => {
                let day = api::clock::now().day().plus_days(400).to_string();
                let body = json!({ "days": [{ "day": day, "name": "臨時の休日" }], "source": "官報",
                    "reason": "停電のため。" });
                public("/holidays/changes".into()).on(0).by(secretariat).with(body)
            }
            "previewBulk" | "performBulk" => {
                let path = if operation.id == "performBulk" { "/bulk" } else { "/bulk/preview" };
                let lines = ["registration/OTK-2099-00001@1"];
                let body = json!({ "kind": "license", "first": "2026-04-01", "lines": lines });
                public(path.into()).by(secretariat).with(body)
            }
            "getLeaf" => public("/log/leaves/0".into()),
            new => panic!("the sweep does not know {new}: say here what a right request to it is"),
        }
    }

    /// The roles whose right request it is too; `examiner` is one of the case's. Reads are not asked about here: who
    /// may read what, `tests/authority` shows.
    pub fn roles(&self, operation: &Operation) -> &'static [&'static str] {
        if let Some(roles) = accounts::roles(&operation.id).or_else(|| watched::roles(&operation.id)) {
            return roles;
        }
        match operation.id.as_str() {
            "submitApplication" | "uploadEvidence" => &["provider", "member", "agent", "stranger"],
            "resubmitApplication" | "withdrawApplication" | "grantLicence" | "importLicences" => {
                &["provider", "member", "agent"]
            }
            "beginDraft" | "saveDraft" | "deleteDraft" | "submitDraft" => &["provider", "member", "agent"],
            "endLicence" => &["provider", "member", "agent", "secretariat"],
            "returnApplication" | "acceptApplication" | "register" => &["secretariat"],
            "proposeMeasure" | "proposeRevocation" | "suspendAtOnce" | "confirmEmergency" | "answerCorrection" => {
                &["secretariat"]
            }
            "reportCorrection" | "objectToMeasure" | "stateSide" => &["provider", "member", "agent"],
            "discontinue" => &["provider"],
            "notifyChange" => &["provider", "member", "agent"],
            "checkChange" => &["provider", "member", "agent", "secretariat", "decision_maker", "auditor"],
            "proposeSuccession" => &["secretariat"],
            "judge" | "reconcile" | "saveWorkingPaper" | "recommend" | "declareInterest" => &["examiner"],
            "replaceExaminer" | "proposeWaiver" => &["secretariat"],
            "proposeDecision" | "confirmProposal" | "dropProposal" | "proposeOnObjection" | "proposeOnMeasure" => {
                &["decision_maker"]
            }
            "askApplicant" => &["examiner"],
            "answerQuestion" | "reportCondition" | "objectToDecision" => &["provider", "member", "agent"],
            // Of the examiners whoever asked.
            "extendQuestion" | "closeQuestion" => &["secretariat", "examiner"],
            "replyToReport" => &["decision_maker", "secretariat"],
            "proposeActivation" | "proposeCompromise" | "proposeSetting" | "proposeHolidays" => {
                &["secretariat", "operator"]
            }
            "previewBulk" | "performBulk" => &["secretariat"],
            "stopDecisions" | "resumeDecisions" | "proposeEdition" | "previewEdition" => {
                &["decision_maker", "secretariat"]
            }
            new => panic!("the sweep does not know {new}: say here whose right request it is"),
        }
    }
}
