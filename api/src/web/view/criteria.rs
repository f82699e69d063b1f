//! Criteria as an applicant, an examiner and a decision maker see them.

use domain::act::Verdict;
use domain::assessment::Assessment;
use domain::calendar::Instant;
use domain::criteria::{Conclusion, CriterionId, Doubt, Finding};
use domain::declaration::{Class, Declaration};
use domain::edition::{Edition, Standing};
use domain::evidence::EvidenceFile;
use domain::examination::{Answer, Bound, Ground, Judgement};

use super::evidence::{FileLine, Place};
use super::parts::{Badge, Icon, Shape};
use crate::changes::{LastTerm, Past, Said, SaidSection, said};

/// A criterion, and what the engine found about it 「所見」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionLine {
    pub criterion: CriterionId,
    /// The word for field names: `help_desk`.
    pub key: String,
    pub title: String,
    pub clause: String,
    /// Empty where the edition does not have the criterion.
    pub wording: String,
    pub conclusion: Conclusion,
    /// Why the engine finds so.
    pub reason: String,
    /// What the edition says is not confirmed, so that a person decides.
    pub is_provisional: bool,
}

impl CriterionLine {
    /// A finding beside the criterion's wording in the edition that was applied.
    pub fn new(finding: &Finding, edition: &Edition, class: Class) -> Self {
        let rules = edition.class(class);
        let criterion = rules.and_then(|rules| rules.criteria.iter().find(|rule| rule.id == finding.criterion));
        let key = serde_json::to_value(finding.criterion).expect("a criterion's name is a word");
        Self {
            criterion: finding.criterion,
            key: key.as_str().unwrap_or_default().to_owned(),
            title: finding.criterion.term().ja,
            clause: finding.clause.ja.clone(),
            wording: criterion.map_or_else(String::new, |criterion| criterion.wording.ja.clone()),
            conclusion: finding.conclusion.clone(),
            reason: finding.reason.ja.clone(),
            is_provisional: finding.standing == Standing::Provisional,
        }
    }

    /// Every finding of an assessment that the edition has, in its order.
    pub fn all(assessment: &Assessment, edition: &Edition) -> Vec<Self> {
        Self::each(&assessment.findings, edition, assessment.class)
    }

    /// The same of findings on a service of this class.
    pub fn each(findings: &[Finding], edition: &Edition, class: Class) -> Vec<Self> {
        let has = |finding: &&Finding| finding.conclusion != Conclusion::NotInForce;
        findings.iter().filter(has).map(|finding| Self::new(finding, edition, class)).collect()
    }

    /// The finding in a word, with its icon and colour.
    pub(super) fn badge(&self) -> Badge {
        let is_open = |why: &[Doubt]| why.iter().any(|doubt| matches!(doubt, Doubt::NotFilledIn { .. }));
        let (shape, tone) = match &self.conclusion {
            // A draft's: nobody has to judge that.
            Conclusion::Undetermined { why } if is_open(why) => {
                return Badge { icon: Icon { shape: Shape::Dash }, tone: "gray", word: "入力待ち".to_owned() };
            }
            Conclusion::Met => (Shape::Tick, "green"),
            Conclusion::Unmet { .. } => (Shape::Cross, "red"),
            Conclusion::Undetermined { .. } => (Shape::Question, "blue"),
            Conclusion::NotApplicable => (Shape::Dash, "gray"),
            Conclusion::NotInForce => (Shape::Clock, "gray"),
        };
        Badge { icon: Icon { shape }, tone, word: self.conclusion.term().ja }
    }
}

/// What an examiner answered, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub examiner: String,
    pub answer: Answer,
    pub reason: String,
    /// The places it rests on.
    pub grounds: Vec<Grounded>,
    /// It is another answer than the engine's, knowingly.
    pub overrules: bool,
    /// What they answered before the two conferred, the first first.
    pub earlier: Vec<Earlier>,
}

/// A place in a file that a judgement rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounded {
    pub digest: String,
    pub name: String,
    pub page: Option<u32>,
}

/// A judgement that stood until the two conferred about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub judged: Judged,
    pub until: Instant,
}

impl Judged {
    /// A judgement of somebody of this name, of a case with these files.
    pub fn new(examiner: String, judgement: &Judgement, files: &[EvidenceFile]) -> Self {
        let grounded = |ground: &Ground| {
            let named = files.iter().find(|file| file.digest == ground.digest).map(|file| file.name.clone());
            let digest = ground.digest.to_string();
            Grounded { name: named.unwrap_or_else(|| digest.clone()), digest, page: ground.page }
        };
        Self {
            examiner,
            answer: judgement.answer,
            reason: judgement.reason.clone(),
            grounds: judgement.evidence.iter().map(grounded).collect(),
            overrules: judgement.overrules,
            earlier: Vec::new(),
        }
    }
}

/// An examiner's answer in a word, with its icon and colour.
pub(super) fn answer_badge(answer: Answer) -> Badge {
    let (shape, tone) = match answer {
        Answer::Met => (Shape::Tick, "green"),
        Answer::Unmet => (Shape::Cross, "red"),
        Answer::NotApplicable => (Shape::Dash, "gray"),
    };
    Badge { icon: Icon { shape }, tone, word: answer.term().ja }
}

impl Judged {
    pub(super) fn badge(&self) -> Badge {
        answer_badge(self.answer)
    }
}

/// A criterion with all that an examiner or a decision maker weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    pub line: CriterionLine,
    /// What is declared about it, with what is new since the last submission.
    pub declared: Vec<SaidSection>,
    pub evidence: Vec<Evidence>,
    /// Where the files of the case show something about it.
    pub files: Vec<Shown>,
    /// What its judgement is bound by.
    pub bound: Bound,
    /// None where nothing was decided about this service before.
    pub last_term: Option<LastJudged>,
    /// Empty while the examiners do not see each other's.
    pub judged: Vec<Judged>,
}

/// A document named as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub title: String,
    pub place: String,
}

/// A file, and where in it something is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub digest: String,
    pub name: String,
    pub place: Place,
}

/// What came of a criterion the last time the same service was decided about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastJudged {
    pub application: String,
    pub is_pass: bool,
    pub decided_at: Instant,
    /// Its examiners', without names.
    pub judged: Vec<Judged>,
    /// What is declared otherwise now.
    pub changed: Vec<Said>,
}

impl LastJudged {
    /// What came of `criterion` then, beside what is declared now.
    pub fn new(criterion: CriterionId, term: &LastTerm, now: &Declaration) -> Self {
        let files = &term.application.evidence;
        let judged = term.judgements(criterion).zip(["審査員甲", "審査員乙"]);
        Self {
            application: term.application.id.to_string(),
            is_pass: term.verdict == Verdict::Pass,
            decided_at: term.decided_at,
            judged: judged.map(|(judgement, seat)| Judged::new(seat.to_owned(), judgement, files)).collect(),
            changed: term.new_since(criterion, now),
        }
    }
}

impl Weighed {
    /// A criterion with what `declaration` says and names about it.
    pub fn new(line: CriterionLine, declaration: &Declaration, bound: Bound, judged: Vec<Judged>) -> Self {
        let named = declaration.evidence.iter().filter(|evidence| evidence.criterion == line.criterion);
        let evidence = named.map(|e| Evidence { title: e.title.clone(), place: e.place.clone() }).collect();
        let declared = said(line.criterion, declaration, None);
        Self { declared, evidence, files: Vec::new(), bound, last_term: None, judged, line }
    }

    /// The same beside what was declared, and judged, before.
    #[must_use]
    pub fn beside(self, past: &Past, declaration: &Declaration) -> Self {
        let criterion = self.line.criterion;
        let last_term = past.last_term.as_ref().map(|term| LastJudged::new(criterion, term, declaration));
        Self { declared: said(criterion, declaration, past.submission.as_ref()), last_term, ..self }
    }

    /// Is something declared otherwise than in the last submission?
    pub(super) fn is_changed(&self) -> bool {
        self.declared.iter().flat_map(|section| &section.entries).flatten().any(Said::is_changed)
    }

    /// The same with where the files of the case show something about it.
    #[must_use]
    pub fn shown_by(self, files: &[FileLine]) -> Self {
        let of = |file: &FileLine| {
            let (digest, name) = (file.digest.clone(), file.name.clone());
            let shown = |place: &Place| Shown { digest: digest.clone(), name: name.clone(), place: place.clone() };
            file.about(self.line.criterion).map(shown).collect::<Vec<_>>()
        };
        Self { files: files.iter().flat_map(of).collect(), ..self }
    }

    /// Did the examiners answer differently?
    pub fn is_disputed(&self) -> bool {
        self.judged.windows(2).any(|pair| pair[0].answer != pair[1].answer)
    }

    pub(super) fn can_answer(&self, answer: Answer) -> bool {
        self.bound.only().is_none_or(|only| only == answer)
    }
}
