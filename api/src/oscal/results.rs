//! A record as OSCAL assessment results: the engine's findings and the examiners' judgements are observations, what
//! they come to for a criterion is a finding, and every act is an entry of the log.

use std::collections::BTreeSet;

use domain::act::Verdict;
use domain::criteria::{Conclusion, CriterionId};
use domain::declaration::Class;
use domain::evidence::EvidenceFile;
use domain::examination::Answer;
use domain::record::{Entry, Given, Judged};
use serde_json::{Value, json};

use super::{VERSION, control_id, objective_id, property, uuid, word};
use crate::config::BaseUrl;
use crate::record::Found;

/// The record as this reader may know it.
pub fn results(base: &BaseUrl, found: &Found) -> Value {
    Writer { base, found }.document()
}

struct Writer<'a> {
    base: &'a BaseUrl,
    found: &'a Found,
}

impl Writer<'_> {
    /// The UUID of something in this record. It is not another reader's.
    fn uuid(&self, name: &str) -> String {
        let record = &self.found.record;
        uuid(self.base, &format!("application/{}/{}/{name}", record.application, record.reader.as_str()))
    }

    fn document(&self) -> Value {
        let record = &self.found.record;
        let asked: Vec<&Judged> = record.criteria.iter().filter(|judged| judged.is_asked).collect();
        let plan = self.uuid("plan");
        let mut observations = Vec::new();
        let mut findings = Vec::new();
        for judged in &asked {
            let mut related = vec![self.engine_observation(judged)];
            related.extend(judged.judgements.iter().map(|given| self.observation(judged, given)));
            findings.extend(self.finding(judged, &related));
            observations.extend(related);
        }
        let mut result = json!({
            "uuid": self.uuid("result"),
            "title": format!("{} の審査", record.application),
            "description": "申告された内容と証跡を、サービス基準の要件ごとに評価し、判断した結果です。",
            "start": record.submitted_at,
            "reviewed-controls": { "control-selections": [self.selection(&asked)] },
            "assessment-log": { "entries": record.acts.iter().map(|entry| self.entry(entry)).collect::<Vec<_>>() },
        });
        if let Some(decision) = &record.decision {
            result["end"] = json!(decision.at);
            let verdict = if decision.determination.verdict == Verdict::Pass { "pass" } else { "fail" };
            result["props"] = json!([property(self.base, "decision", verdict)]);
            result["remarks"] = json!(decision.determination.reason);
        }
        // OSCAL knows no empty lists.
        for (name, list) in [("observations", observations), ("findings", findings)] {
            if !list.is_empty() {
                result[name] = json!(list);
            }
        }
        json!({ "assessment-results": {
            "uuid": self.uuid("results"),
            "metadata": self.metadata(),
            "import-ap": { "href": format!("#{plan}") },
            "results": [result],
            "back-matter": { "resources": self.resources(&plan) },
        } })
    }

    fn metadata(&self) -> Value {
        let record = &self.found.record;
        let mut parties = vec![
            json!({ "uuid": self.organisation(), "type": "organization", "name": record.owner }),
            json!({ "uuid": self.uuid("engine"), "type": "organization", "name": "お助け隊サービス登録簿" }),
        ];
        for seat in &record.examiners {
            let name = match &seat.examiner {
                Some(person) => person.to_string(),
                None => format!("審査員{}", seat.seat),
            };
            parties.push(json!({ "uuid": self.seat(seat.seat), "type": "person", "name": name }));
        }
        json!({
            "title": format!("{} の記録", record.application),
            "last-modified": record.changed_at,
            "version": record.acts.len().to_string(),
            "oscal-version": VERSION,
            "props": [
                property(self.base, "edition", &record.edition),
                property(self.base, "edition-digest", &record.edition_digest),
                property(self.base, "stage", record.stage),
                property(self.base, "reader", record.reader.as_str()),
                property(self.base, "record-digest", &self.found.digest),
            ],
            "parties": parties,
        })
    }

    fn organisation(&self) -> String {
        self.uuid("applicant")
    }

    fn seat(&self, seat: usize) -> String {
        self.uuid(&format!("seat/{seat}"))
    }

    fn class(&self) -> Class {
        self.found.record.submissions.last().map_or(Class::One, |last| last.declaration.service.class)
    }

    fn selection(&self, asked: &[&Judged]) -> Value {
        let controls = asked.iter().map(|judged| json!({ "control-id": self.control(judged.finding.criterion) }));
        match asked.is_empty() {
            true => json!({ "include-all": {} }),
            false => json!({ "include-controls": controls.collect::<Vec<_>>() }),
        }
    }

    fn control(&self, criterion: CriterionId) -> String {
        control_id(self.class(), criterion)
    }

    /// What the engine found on the last submission.
    fn engine_observation(&self, judged: &Judged) -> Value {
        let finding = &judged.finding;
        let conclusion = match finding.conclusion {
            Conclusion::Met => "met",
            Conclusion::Unmet { .. } => "unmet",
            Conclusion::Undetermined { .. } => "undetermined",
            Conclusion::NotApplicable => "not_applicable",
            Conclusion::NotInForce => "not_in_force",
        };
        let last = self.found.record.submissions.last();
        json!({
            "uuid": self.uuid(&format!("engine/{}", word(finding.criterion))),
            "title": format!("{}：計算による所見", finding.criterion.term().ja),
            "description": finding.reason.ja,
            "props": [property(self.base, "conclusion", conclusion)],
            "methods": ["TEST"],
            "types": ["finding"],
            "origins": [{ "actors": [{ "type": "tool", "actor-uuid": self.uuid("engine") }] }],
            "subjects": [{ "subject-uuid": self.organisation(), "type": "party" }],
            "collected": last.map_or(self.found.record.submitted_at, |last| last.at),
        })
    }

    /// What an examiner judged, and the files that the applicant says show it.
    fn observation(&self, judged: &Judged, given: &Given) -> Value {
        let criterion = judged.finding.criterion;
        let mut observation = json!({
            "uuid": self.uuid(&format!("seat/{}/{}", given.seat, word(criterion))),
            "title": format!("{}：審査員{}の判断", criterion.term().ja, given.seat),
            "description": given.reason,
            "props": [
                property(self.base, "answer", &answer(given.answer)),
                property(self.base, "leaf-index", &given.seq.to_string()),
            ],
            "methods": ["EXAMINE"],
            "types": ["finding"],
            "origins": [{ "actors": [{ "type": "party", "actor-uuid": self.seat(given.seat) }] }],
            "subjects": [{ "subject-uuid": self.organisation(), "type": "party" }],
            "collected": given.at,
        });
        let files = self.found.record.submissions.last().into_iter().flat_map(|last| &last.evidence);
        let shows = |file: &&EvidenceFile| file.links.iter().any(|link| link.criterion == criterion);
        let evidence: Vec<Value> = files
            .filter(shows)
            .map(|file| json!({ "href": format!("#{}", self.file(file)), "description": file.name }))
            .collect();
        if !evidence.is_empty() {
            observation["relevant-evidence"] = json!(evidence);
        }
        observation
    }

    /// What the judgements of a criterion come to: satisfied where none says unmet. None while nobody has judged it.
    fn finding(&self, judged: &Judged, related: &[Value]) -> Option<Value> {
        if judged.judgements.is_empty() {
            return None;
        }
        let criterion = judged.finding.criterion;
        let any = |wanted: Answer| judged.judgements.iter().any(|given| given.answer == wanted);
        let (state, reason) = match (any(Answer::Unmet), any(Answer::NotApplicable)) {
            (true, _) => ("not-satisfied", "fail"),
            (false, true) => ("satisfied", "other"),
            (false, false) => ("satisfied", "pass"),
        };
        let observations = related.iter().map(|observation| json!({ "observation-uuid": observation["uuid"] }));
        Some(json!({
            "uuid": self.uuid(&format!("finding/{}", word(criterion))),
            "title": criterion.term().ja,
            "description": judged.finding.clause.ja,
            "target": {
                "type": "objective-id", "target-id": objective_id(self.class(), criterion),
                "status": { "state": state, "reason": reason },
            },
            "related-observations": observations.collect::<Vec<_>>(),
        }))
    }

    fn entry(&self, entry: &Entry) -> Value {
        json!({
            "uuid": self.uuid(&format!("leaf/{}", entry.seq)),
            "title": entry.what.ja,
            "start": entry.at,
            "props": [
                property(self.base, "kind", entry.kind),
                property(self.base, "leaf-index", &entry.seq.to_string()),
                property(self.base, "leaf-hash", &entry.leaf_hash),
            ],
            "links": [{
                "href": self.base.join(&format!("/api/v1/log/leaves/{}", entry.seq)), "rel": "reference",
            }],
        })
    }

    fn file(&self, file: &EvidenceFile) -> String {
        self.uuid(&format!("file/{}", file.digest))
    }

    /// What the results rest on: the edition's catalog stands for the plan, and each file by its digest.
    fn resources(&self, plan: &str) -> Vec<Value> {
        let record = &self.found.record;
        let edition =
            self.base.join(&format!("/api/v1/editions/{}/oscal?digest={}", record.edition, record.edition_digest));
        let mut resources = vec![json!({
            "uuid": plan, "title": format!("サービス基準 {}版による審査", record.edition),
            "description": "審査の計画は、適用される版の要件のすべてを二人の審査員が判断することです。",
            "rlinks": [{ "href": edition, "media-type": "application/json" }],
        })];
        let mut seen = BTreeSet::new();
        for file in record.submissions.iter().flat_map(|submission| &submission.evidence) {
            if seen.insert(&file.digest) {
                let href = self.base.join(&format!("/api/v1/evidence/{}/file", file.digest));
                resources.push(json!({
                    "uuid": self.file(file), "title": file.name,
                    "rlinks": [{
                        "href": href, "media-type": file.media.as_str(),
                        "hashes": [{ "algorithm": "SHA-256", "value": file.digest }],
                    }],
                }));
            }
        }
        resources
    }
}

fn answer(answer: Answer) -> String {
    json!(answer).as_str().unwrap_or_default().to_owned()
}
