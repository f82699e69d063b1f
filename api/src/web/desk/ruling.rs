//! A decision and what follows it: reports on its conditions, replies, objections, and what becomes of them.

use domain::application::{Application, ObjectionOutcome};
use domain::authority::Power;
use domain::evidence::FileDigest;
use domain::proposal::Motion;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Deed, ObjectToDecision, Propose, ReplyToReport, ReportCondition};
use crate::caller::{Visitor, examinations_for, signed_in};
use crate::deciding::{condition, conditional};
use crate::evidence::Named;
use crate::evidence::form::Files;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::store::AfterDue;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::ruling::{ConditionLine, ConditionsPage, May, ObjectionLine, Reason, RulingPage, Tried, until};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, &application, Posted::default()).await?)
}

/// Where a list goes on.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    after: Option<String>,
}

/// Cases with conditions that are open: a provider's own, or all for whoever handles or audits them.
#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let asked = request.params::<Asked>().unwrap_or_default();
    let after: Option<AfterDue> = asked.after.as_deref().and_then(|after| after.parse().ok());
    let found = conditional(registry, visitor, after.as_ref()).await?;
    let next = found.items.last().filter(|_| found.has_more).and_then(AfterDue::of);
    let heads = case::heads(registry, &found.items).await?;
    let today = visitor.at.day();
    let lines = found.items.iter().map(|application| ConditionLine::all(application, today));
    page(&ConditionsPage { frame: desk_frame(registry, visitor), cases: heads.into_iter().zip(lines).collect(), next })
}

/// A posted form, and which it was.
#[derive(Default)]
struct Posted {
    form: Form,
    tried: Option<Tried>,
    /// Files that came with it: digest and name.
    kept: Vec<(String, String)>,
}

async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    posted: Posted,
) -> Result<RulingPage, Problem> {
    let mut examinations = examinations_for(registry, visitor, application).await?;
    examinations.retain(|own| application.examiners.contains(&own.examiner));
    let mut reasons = Vec::new();
    for line in case::lines(registry, application).await? {
        let judged = case::judged(line.criterion, application, &examinations, case::nameless);
        if !judged.is_empty() {
            reasons.push(Reason { line, judged });
        }
    }
    let today = visitor.at.day();
    let until = until(application);
    let may = |power| visitor.actor.in_role(power, &application.object(), today).is_ok();
    let is_in_time = until.is_some_and(|until| today <= until);
    Ok(RulingPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        owner: application.owner.to_string(),
        decision: case::decision(application),
        until,
        reasons,
        conditions: ConditionLine::all(application, today),
        objection: application.objection.as_ref().map(ObjectionLine::from),
        earlier: application.earlier.iter().map(ObjectionLine::of).collect(),
        footing: case::footing(registry, visitor, application).await?,
        may: May {
            report: may(Power::ReportCondition),
            reply: may(Power::ReplyToReport),
            object: may(Power::MakeObjection) && is_in_time && application.objection.is_none(),
            hear: may(Power::DecideObjection) && application.waiting_objection().is_some(),
        },
        form: posted.form,
        tried: posted.tried,
        kept: posted.kept,
    })
}

/// A posted form of this page, and the case it is about.
struct Desked<'a> {
    registry: &'a Shared,
    visitor: &'a Visitor,
    application: Application,
    form: Form,
    tried: Tried,
    /// Files that came with it, taken in now or before.
    files: Vec<Named>,
    /// Those that were not taken, and why.
    not_taken: Vec<FieldError>,
}

impl<'a> Desked<'a> {
    async fn read(
        registry: &'a Shared,
        request: &'a Request,
        id: &str,
        typed: Typed,
        tried: Tried,
    ) -> Result<Self, Problem> {
        let visitor = signed_in(request)?;
        let application = case::find(registry, visitor, id).await?;
        let form = Form::of(typed.0);
        let named = |digest: FileDigest| Named { digest, speaks_of: None, links: Vec::new() };
        let mut files: Vec<Named> = form.values("digest").filter_map(|digest| digest.parse().ok()).map(named).collect();
        let mut not_taken = Vec::new();
        for file in request.extensions().get::<Files>().cloned().unwrap_or_default().0 {
            match file.outcome {
                Ok(digest) if files.iter().any(|known| known.digest == digest) => {}
                Ok(digest) => files.push(named(digest)),
                Err(why) => not_taken.push(FieldError {
                    field: String::new(),
                    message: Text::new(format!("{}：{}", file.name, why.ja), format!("{}: {}", file.name, why.en)),
                }),
            }
        }
        Ok(Self { registry, visitor, application, form, tried, files, not_taken })
    }

    async fn posted(&self, form: Form) -> Result<Posted, Problem> {
        let mut kept = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let upload = self.registry.store.upload(&self.application.owner, &file.digest).await?;
            kept.extend(upload.map(|upload| (upload.digest.to_string(), upload.name)));
        }
        Ok(Posted { form, tried: Some(self.tried), kept })
    }

    fn reason(&self) -> String {
        self.form.value("/reason").to_owned()
    }

    /// Does what was posted, unless something in it is wrong, and goes on to the next page, or to the page again with
    /// what was typed, why that will not do, and the case as it is now.
    async fn perform<D: Deed>(
        self,
        deed: impl FnOnce(&Self) -> D,
        next: impl FnOnce(&Self, &D::State) -> String,
    ) -> Answer {
        let typed = self.form.read(self.tried.fields()).err().unwrap_or_default();
        let faults: Vec<FieldError> = typed.into_iter().chain(self.not_taken.iter().cloned()).collect();
        if !faults.is_empty() {
            let posted = self.posted(self.form.clone().with(faults)).await?;
            return page_with(Told::INVALID, &shown(self.registry, self.visitor, &self.application, posted).await?);
        }
        let done = self.registry.perform(deed(&self), call_of(self.visitor, &self.form)).await;
        match done.map_err(Problem::from) {
            Ok(done) => Ok(to(&next(&self, &done.state))),
            Err(problem) if is_about_the_form(&problem) => {
                let now = case::find(self.registry, self.visitor, self.application.id.as_str()).await?;
                let posted = self.posted(refused(self.form.clone(), &problem)).await?;
                page_with(&problem, &shown(self.registry, self.visitor, &now, posted).await?)
            }
            Err(problem) => Err(problem),
        }
    }

    fn path(&self) -> String {
        format!("/applications/{}/decision", self.application.id)
    }
}

#[handler]
pub(crate) async fn report(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let number = condition(&number)?;
    let desked = Desked::read(registry, request, &id, typed, Tried::Report(number)).await?;
    let deed = |of: &Desked<'_>| ReportCondition {
        application: of.application.id.clone(),
        number,
        words: of.form.value("/words").to_owned(),
        evidence: of.files.clone(),
    };
    desked.perform(deed, |of, _| of.path()).await
}

#[handler]
pub(crate) async fn reply(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let number = condition(&number)?;
    let desked = Desked::read(registry, request, &id, typed, Tried::Reply(number)).await?;
    let deed = |of: &Desked<'_>| ReplyToReport {
        application: of.application.id.clone(),
        number,
        is_accepted: of.form.value("/answer") == "accepted",
        reason: of.reason(),
    };
    desked.perform(deed, |of, _| of.path()).await
}

#[handler]
pub(crate) async fn object(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Object).await?;
    let deed = |of: &Desked<'_>| ObjectToDecision {
        application: of.application.id.clone(),
        reason: of.reason(),
        evidence: of.files.clone(),
    };
    desked.perform(deed, |of, _| of.path()).await
}

#[handler]
pub(crate) async fn find(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Hear).await?;
    let deed = |of: &Desked<'_>| {
        let outcome = match of.form.value("/outcome") {
            "upheld" => ObjectionOutcome::Upheld,
            _ => ObjectionOutcome::Dismissed,
        };
        Propose {
            motion: Motion::DecideObjection { application: of.application.id.clone(), outcome, reason: of.reason() },
        }
    };
    desked.perform(deed, |_, proposal| format!("/proposals/{}", proposal.id)).await
}
