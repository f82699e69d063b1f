//! Measures on a page of their own: the secretariat takes them, the provider answers them, decision makers hear objections.

use std::sync::Arc;

use domain::act::ProposalId;
use domain::application::{Condition, ObjectionOutcome};
use domain::authority::{Object, Power};
use domain::calendar::Day;
use domain::evidence::FileDigest;
use domain::proposal::Motion;
use domain::registration::{Discontinuation, MeasureKind, Plan, Registration};
use domain::settings::Figure;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::acts::{Propose, StateSide, Step, TakeStep};
use crate::caller::{Visitor, signed_in};
use crate::evidence::Named;
use crate::evidence::form::Files;
use crate::measures::waiting;
use crate::problem::{Problem, Told};
use crate::proposals::heard;
use crate::registry::Registry;
use crate::web::register::registration;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::measures::{
    AttentionPage, AttentionRow, CORRECTIONS, HearingLine, May, MeasureLine, MeasuresPage, Tried,
};
use crate::web::{Answer, page, to};

/// Registrations of which something waits.
#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = waiting(registry, visitor).await?;
    let rows = found.iter().map(|(_, registration)| AttentionRow::new(registration, visitor.at)).collect();
    page(&AttentionPage { frame: desk_frame(registry, visitor), rows })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, &number).await?;
    visitor.actor.in_role(Power::ReadMeasures, &found.object(), visitor.at.day())?;
    page(&shown(registry, visitor, &found, Posted::default()).await?)
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
    of: &Registration,
    posted: Posted,
) -> Result<MeasuresPage, Problem> {
    let (at, today) = (visitor.at, visitor.at.day());
    let hearings = heard(registry, of, at).await?;
    Ok(MeasuresPage {
        frame: desk_frame(registry, visitor),
        number: of.number.to_string(),
        version: of.version,
        service: of.listing.service_name.clone(),
        provider: of.listing.provider.trade_name.clone(),
        owner: of.owner.to_string(),
        state: (&of.status(at)).into(),
        measures: MeasureLine::all(of, today),
        hearings: hearings.iter().filter_map(|proposal| HearingLine::of(proposal, today)).collect(),
        waiting: of.waiting_emergency(at),
        announced: of.discontinuation().cloned(),
        may: may(visitor, of),
        notice_days: registry.store.settings().await?.number(Figure::DiscontinuationDays, today),
        form: posted.form,
        tried: posted.tried,
        kept: posted.kept,
    })
}

fn may(visitor: &Visitor, of: &Registration) -> May {
    let (at, today) = (visitor.at, visitor.at.day());
    let may_to = |power, about: &Object<'_>| visitor.actor.in_role(power, about, today).is_ok();
    let may = |power| may_to(power, &of.object());
    let (status, takes) = (of.status(at), may(Power::TakeMeasure));
    let takers = of.measures.iter().filter(|measure| measure.unconfirmed_until().is_some_and(|until| at < until));
    let is_own =
        takers.flat_map(|measure| &measure.grounds).any(|grounds| grounds.takers.contains(&visitor.actor.person));
    let numbered = || (1..).zip(&of.measures);
    let can_object = |measure: &domain::registration::Measure| {
        let until = measure.grounds.as_ref().and_then(|grounds| grounds.objection_until);
        measure.objection.is_none() && until.is_some_and(|until| today <= until)
    };
    let objects = may(Power::ObjectToMeasure);
    May {
        take: MeasureKind::ALL.into_iter().filter(|kind| takes && kind.can_follow(&status)).collect(),
        suspend_at_once: takes && MeasureKind::Suspended.can_follow(&status),
        confirm: takes && of.waiting_emergency(at).is_some() && !is_own,
        report: may(Power::ReportCorrection),
        answer: may(Power::AnswerCorrection),
        object: numbered().filter(|(_, one)| objects && can_object(one)).map(|(number, _)| number).collect(),
        hear: numbered()
            .filter(|(_, one)| one.waiting_objection().is_some() && may_to(Power::HearMeasure, &of.object_of(one)))
            .map(|(number, _)| number)
            .collect(),
        state_side: may(Power::StateSide),
        discontinue: may(Power::Discontinue) && MeasureKind::Revoked.can_follow(&status),
    }
}

/// A posted form of this page, and the registration it is about.
struct Desked<'a> {
    registry: &'a Shared,
    visitor: &'a Visitor,
    registration: Arc<Registration>,
    form: Form,
    tried: Tried,
    /// What the fields say.
    read: Value,
    files: Vec<Named>,
    faults: Vec<FieldError>,
}

impl<'a> Desked<'a> {
    async fn read(
        registry: &'a Shared,
        request: &'a Request,
        number: &str,
        typed: Typed,
        tried: Tried,
    ) -> Result<Self, Problem> {
        let visitor = signed_in(request)?;
        let registration = registration(registry, number).await?;
        visitor.actor.in_role(Power::ReadMeasures, &registration.object(), visitor.at.day())?;
        let form = Form::of(typed.0);
        let named = |digest: FileDigest| Named { digest, speaks_of: None, links: Vec::new() };
        let mut files: Vec<Named> = form.values("digest").filter_map(|digest| digest.parse().ok()).map(named).collect();
        let (read, mut faults) = form.read_partly(&tried.fields());
        for file in request.extensions().get::<Files>().cloned().unwrap_or_default().0 {
            match file.outcome {
                Ok(digest) if files.iter().any(|known| known.digest == digest) => {}
                Ok(digest) => files.push(named(digest)),
                Err(why) => faults.push(FieldError {
                    field: String::new(),
                    message: Text::new(format!("{}：{}", file.name, why.ja), format!("{}: {}", file.name, why.en)),
                }),
            }
        }
        Ok(Self { registry, visitor, registration, form, tried, read, files, faults })
    }

    fn text(&self, pointer: &str) -> String {
        self.read.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn day(&self, pointer: &str) -> Option<Day> {
        self.read.pointer(pointer)?.as_str()?.parse().ok()
    }

    /// What a measure is to rest on, as it was typed.
    fn plan(&self) -> Plan {
        let clauses = self.read.pointer("/clauses").and_then(Value::as_array);
        let clauses = clauses.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let correction = |index: usize| {
            let at = |name: &str| format!("/corrections/{index}/{name}");
            let is_typed = !self.form.is_empty_below(&format!("/corrections/{index}"));
            is_typed.then(|| Condition {
                words: self.text(&at("words")),
                criterion: None,
                owner: self.text(&at("owner")),
                due: self.day(&at("due")).unwrap_or(self.visitor.at.day()),
            })
        };
        Plan {
            clauses,
            facts: self.text("/facts"),
            from: self.day("/from").map(Day::start),
            corrections: (0..CORRECTIONS).filter_map(correction).collect(),
            hearing_until: self.day("/hearingUntil"),
        }
    }

    /// A correction that is typed names its last day.
    fn dueless(&self) -> Vec<FieldError> {
        let is_missing = |index: &usize| {
            let place = format!("/corrections/{index}");
            !self.form.is_empty_below(&place) && self.form.is_empty_below(&format!("{place}/due"))
        };
        let fault = |index: usize| FieldError {
            field: format!("/corrections/{index}/due"),
            message: Text::new("期限を入力してください。", "Give the last day."),
        };
        (0..CORRECTIONS).filter(is_missing).map(fault).collect()
    }

    async fn posted(&self, form: Form) -> Result<Posted, Problem> {
        let mut kept = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let upload = self.registry.store.upload(&self.registration.owner, &file.digest).await?;
            kept.extend(upload.map(|upload| (upload.digest.to_string(), upload.name)));
        }
        Ok(Posted { form, tried: Some(self.tried.clone()), kept })
    }

    /// Does it, unless something typed cannot be read: on to the page it leads to, or this one again with what is wrong.
    async fn end<F>(mut self, act: impl FnOnce(&Self) -> F) -> Answer
    where
        F: Future<Output = Result<String, Problem>>,
    {
        self.faults.extend(self.dueless());
        if !self.faults.is_empty() {
            let posted = self.posted(self.form.clone().with(self.faults.clone())).await?;
            return page_with(Told::INVALID, &shown(self.registry, self.visitor, &self.registration, posted).await?);
        }
        let outcome = act(&self).await;
        match outcome {
            Ok(path) => Ok(to(&path)),
            Err(problem) if is_about_the_form(&problem) => {
                let now = registration(self.registry, self.registration.number.as_str()).await?;
                let form = refused(self.form.clone(), &problem).settled(&self.tried.fields());
                let posted = self.posted(form).await?;
                page_with(&problem, &shown(self.registry, self.visitor, &now, posted).await?)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Takes a step by itself, and comes back to the page.
    async fn step(self, step: Step) -> Answer {
        let deed = TakeStep { registration: self.registration.number.clone(), step };
        self.end(|own| {
            let (registry, call) = (own.registry.clone(), call_of(own.visitor, &own.form));
            let path = format!("/register/{}/measures", own.registration.number);
            async move { registry.perform(deed, call).await.map(|_| path).map_err(Problem::from) }
        })
        .await
    }

    /// Proposes, and goes on to the proposal.
    async fn propose(self, motion: Motion) -> Answer {
        self.end(|own| {
            let (registry, call) = (own.registry.clone(), call_of(own.visitor, &own.form));
            async move {
                let done = registry.perform(Propose { motion }, call).await;
                done.map(|done| format!("/proposals/{}", done.state.id)).map_err(Problem::from)
            }
        })
        .await
    }
}

/// A number in an address, counted from 1.
fn counted(text: &str) -> Result<usize, Problem> {
    let missing = || Problem::not_found(&Text::new("措置または是正", "measure or correction"), text);
    text.parse::<u16>().map(usize::from).map_err(|_| missing())
}

/// A measure is proposed, or an emergency suspension taken or confirmed.
#[handler]
pub(crate) async fn take(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, word)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let tried = match word.as_str() {
        "emergency" => Tried::Emergency,
        "confirmation" => Tried::Confirm,
        _ => {
            let missing = || Problem::not_found(&Text::new("手続", "measure"), &word);
            let found = MeasureKind::ALL.into_iter().find(|kind| Tried::word(*kind) == word);
            Tried::Take(found.ok_or_else(missing)?)
        }
    };
    let desked = Desked::read(registry, request, &number, typed, tried.clone()).await?;
    let (plan, reason) = (Box::new(desked.plan()), desked.text("/reason"));
    match tried {
        Tried::Take(measure) => {
            let registration = desked.registration.number.clone();
            desked.propose(Motion::TakeMeasure { registration, measure, reason, plan: Some(plan) }).await
        }
        Tried::Emergency => desked.step(Step::SuspendAtOnce { reason, plan }).await,
        _ => desked.step(Step::ConfirmEmergency).await,
    }
}

#[handler]
pub(crate) async fn report(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, measure, correction)): Path<(String, String, String)>,
    typed: Typed,
) -> Answer {
    let (measure, correction) = (counted(&measure)?, counted(&correction)?);
    let desked = Desked::read(registry, request, &number, typed, Tried::Report(measure, correction)).await?;
    let (words, evidence) = (desked.text("/words"), desked.files.clone());
    desked.step(Step::ReportCorrection { measure, number: correction, words, evidence }).await
}

#[handler]
pub(crate) async fn answer(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, measure, correction)): Path<(String, String, String)>,
    typed: Typed,
) -> Answer {
    let (measure, correction) = (counted(&measure)?, counted(&correction)?);
    let desked = Desked::read(registry, request, &number, typed, Tried::Answer(measure, correction)).await?;
    let (is_accepted, reason) = (desked.text("/answer") == "accepted", desked.text("/reason"));
    desked.step(Step::AnswerCorrection { measure, number: correction, is_accepted, reason }).await
}

#[handler]
pub(crate) async fn object(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, measure)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let measure = counted(&measure)?;
    let desked = Desked::read(registry, request, &number, typed, Tried::Object(measure)).await?;
    let (reason, evidence) = (desked.text("/reason"), desked.files.clone());
    desked.step(Step::Object { measure, reason, evidence }).await
}

#[handler]
pub(crate) async fn find(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, measure)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let measure = counted(&measure)?;
    let desked = Desked::read(registry, request, &number, typed, Tried::Hear(measure)).await?;
    let outcome = match desked.text("/outcome").as_str() {
        "upheld" => ObjectionOutcome::Upheld,
        _ => ObjectionOutcome::Dismissed,
    };
    let (registration, measure) = (desked.registration.number.clone(), measure as u32);
    let reason = desked.text("/reason");
    desked.propose(Motion::DecideMeasureObjection { registration, measure, outcome, reason }).await
}

#[handler]
pub(crate) async fn state(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, proposal)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let missing = || Problem::not_found(&Text::new("提案", "proposal"), &proposal);
    let id: ProposalId = proposal.parse().map_err(|_| missing())?;
    // To others it is not there.
    let (visitor, about) = (signed_in(request)?, registration(registry, &number).await?);
    visitor.actor.in_role(Power::StateSide, &about.object(), visitor.at.day()).map_err(|_| missing())?;
    let desked = Desked::read(registry, request, &number, typed, Tried::State(proposal.clone())).await?;
    let deed = StateSide { proposal: id, words: desked.text("/words") };
    desked
        .end(|own| {
            let (registry, call) = (own.registry.clone(), own.visitor.call(None, None));
            let path = format!("/register/{}/measures", own.registration.number);
            async move { registry.perform(deed, call).await.map(|_| path).map_err(Problem::from) }
        })
        .await
}

#[handler]
pub(crate) async fn discontinue(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &number, typed, Tried::Discontinue).await?;
    let plan = Discontinuation {
        last_day: desked.day("/lastDay").unwrap_or(desked.visitor.at.day()),
        for_users: desked.text("/forUsers"),
        contracts: desked.text("/contracts"),
    };
    desked.step(Step::Discontinue { plan }).await
}
