//! Criteria as an applicant, an examiner and a decision maker see them.

use domain::assessment::Assessment;
use domain::criteria::{Conclusion, CriterionId, Doubt, Finding};
use domain::declaration::{Class, Declaration};
use domain::edition::{Edition, Standing};
use domain::examination::Answer;

use super::declaration::{DeclaredSection, declared_about};
use super::evidence::{FileLine, Place};
use super::parts::{Badge, Icon, Shape};

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
}

/// An examiner's answer in a word, with its icon and colour.
pub(super) fn answer_badge(answer: Answer) -> Badge {
    let (shape, tone, word) = match answer {
        Answer::Met => (Shape::Tick, "green", "充足"),
        Answer::Unmet => (Shape::Cross, "red", "不充足"),
        Answer::NotApplicable => (Shape::Dash, "gray", "対象外"),
    };
    Badge { icon: Icon { shape }, tone, word: word.to_owned() }
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
    /// What was declared about it.
    pub declared: Vec<DeclaredSection>,
    pub evidence: Vec<Evidence>,
    /// Where the files of the case show something about it.
    pub files: Vec<Shown>,
    /// The only answer arithmetic leaves, where the edition lets nobody overrule it.
    pub only: Option<Answer>,
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

impl Weighed {
    /// A criterion with what `declaration` says and names about it.
    pub fn new(line: CriterionLine, declaration: &Declaration, only: Option<Answer>, judged: Vec<Judged>) -> Self {
        let named = declaration.evidence.iter().filter(|evidence| evidence.criterion == line.criterion);
        let evidence = named.map(|e| Evidence { title: e.title.clone(), place: e.place.clone() }).collect();
        let declared = declared_about(line.criterion, declaration);
        Self { declared, evidence, files: Vec::new(), only, judged, line }
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
        self.only.is_none_or(|only| only == answer)
    }
}
