//! The acts of cases, for their record and for statistics: read as they come, and never more than a bound at once.

use domain::act::{Act, ApplicationId, Sealed, Subject};
use domain::application::Application;
use domain::calendar::Day;
use domain::record::Logged;
use domain::tlog::merkle::leaf_hash;
use futures::TryStreamExt;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{acts, applications, examinations, proposals, registrations};
use super::{Error, Page, Store, tables};

/// Acts of one record. A case has some dozens.
const MOST_ACTS: usize = 2_000;
/// What they may have together, in bytes.
const MOST_BYTES: usize = 16_000_000;

/// The acts of one case.
#[derive(Debug)]
pub enum CaseActs {
    /// All of them, in the order of the log.
    All(Vec<Logged>),
    /// More than one document holds.
    TooMany,
}

impl Store {
    /// Every act about a case: of the application, of its examinations, of proposals about it, and those of a registration that
    /// were done because of it.
    pub async fn acts_of_case(&self, id: &ApplicationId) -> Result<CaseActs, Error> {
        let subjects = self.subjects_of_case(id).await?;
        if subjects.len() > MOST_ACTS {
            return Ok(CaseActs::TooMany);
        }
        let is_of_case = acts::Column::Subject.is_in(subjects);
        let query = acts::Entity::find().filter(is_of_case).order_by_asc(acts::Column::Seq);
        let mut rows = query.stream(&self.read).await?;
        let (mut all, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            let length = row.sealed.as_ref().map_or(0, String::len);
            let logged = logged(row)?;
            // Of a registration, what was done because of this case.
            let is_of_registration = matches!(logged.act.subject, Subject::Registration(_));
            if is_of_registration && logged.act.deed.because_of() != Some(id) {
                continue;
            }
            bytes += length;
            if all.len() == MOST_ACTS || bytes > MOST_BYTES {
                return Ok(CaseActs::TooMany);
            }
            all.push(logged);
        }
        Ok(CaseActs::All(all))
    }

    /// The acts on one thing, in the order of the log.
    pub async fn acts_of(&self, subject: &Subject) -> Result<Vec<Logged>, Error> {
        let query = acts::Entity::find().filter(acts::Column::Subject.eq(subject.to_string()));
        let rows = query.order_by_asc(acts::Column::Seq).all(&self.read).await?;
        rows.into_iter().map(logged).collect()
    }

    /// Everything that an act about a case is done to. A new kind of thing that belongs to a case is added here.
    async fn subjects_of_case(&self, id: &ApplicationId) -> Result<Vec<String>, Error> {
        let about = Subject::Application(id.clone()).to_string();
        let of_application = examinations::Column::Application.eq(id.as_str());
        let examined = examinations::Entity::find().filter(of_application).all(&self.read).await?;
        let of_subject = proposals::Column::Subject.eq(about.as_str());
        let proposed = proposals::Entity::find().filter(of_subject).all(&self.read).await?;
        let concerned = Query::select()
            .column(applications::Column::Concerns)
            .from(applications::Entity)
            .and_where(applications::Column::Id.eq(id.as_str()))
            .take();
        let is_concerned = registrations::Column::Number.in_subquery(concerned);
        let registered = registrations::Entity::find()
            .filter(Condition::any().add(registrations::Column::Application.eq(id.as_str())).add(is_concerned))
            .all(&self.read)
            .await?;
        let mut subjects = vec![about];
        subjects.extend(examined.iter().map(|row| format!("examination/{}", row.id)));
        subjects.extend(proposed.iter().map(|row| format!("proposal/{}", row.id)));
        subjects.extend(registered.iter().map(|row| format!("registration/{}", row.number)));
        Ok(subjects)
    }

    /// Applications first submitted on the days from `from` up to and with `until`, `after` the one given, in the order of
    /// their numbers.
    pub async fn submitted_between(
        &self,
        from: Option<Day>,
        until: Option<Day>,
        after: Option<&ApplicationId>,
        limit: u64,
    ) -> Result<Page<Application>, Error> {
        let mut query = applications::Entity::find();
        if let Some(from) = from {
            query = query.filter(applications::Column::SubmittedAt.gte(from.start().to_string()));
        }
        if let Some(until) = until {
            query = query.filter(applications::Column::SubmittedAt.lt(until.next().start().to_string()));
        }
        if let Some(after) = after {
            query = query.filter(applications::Column::Id.gt(after.as_str()));
        }
        let rows = query.order_by_asc(applications::Column::Id).limit(limit + 1).all(&self.read).await?;
        Page::of(rows, limit).try_map(|row| tables::state("applications", &row.id, &row.state))
    }

    /// Reads the acts of these applications and of their examinations, one after the other in the order of the log.
    pub async fn read_acts(
        &self,
        cases: &[ApplicationId],
        mut each: impl FnMut(&ApplicationId, &Act) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let of_cases = examinations::Column::Application.is_in(cases.iter().map(ApplicationId::as_str));
        let examined = examinations::Entity::find().filter(of_cases).all(&self.read).await?;
        let mut subjects: Vec<(String, &ApplicationId)> =
            cases.iter().map(|id| (Subject::Application(id.clone()).to_string(), id)).collect();
        for row in &examined {
            subjects.extend(
                cases
                    .iter()
                    .filter(|id| id.as_str() == row.application)
                    .map(|id| (format!("examination/{}", row.id), id)),
            );
        }
        subjects.sort();
        let named = subjects.iter().map(|(subject, _)| subject.as_str());
        let query = acts::Entity::find().filter(acts::Column::Subject.is_in(named)).order_by_asc(acts::Column::Seq);
        let mut rows = query.stream(&self.read).await?;
        while let Some(row) = rows.try_next().await? {
            let found = subjects.binary_search_by(|(subject, _)| subject.as_str().cmp(&row.subject));
            if let Ok(index) = found {
                each(subjects[index].1, &act(row.seq, row.sealed)?)?;
            }
        }
        Ok(())
    }
}

fn logged(row: acts::Model) -> Result<Logged, Error> {
    let seq = u64::try_from(row.seq).unwrap_or_default();
    Ok(Logged { seq, leaf_hash: leaf_hash(row.leaf.as_bytes()), act: act(row.seq, row.sealed)? })
}

/// The act itself, from its sealed body.
pub(super) fn act(seq: i64, sealed: Option<String>) -> Result<Act, Error> {
    let corrupt = || Error::Corrupt { table: "acts", column: "sealed", row: seq.to_string() };
    let sealed: Sealed = serde_json::from_str(&sealed.ok_or_else(corrupt)?).map_err(|_| corrupt())?;
    Ok(sealed.act)
}
