//! What an application says of a criterion, and what is new in it: since its last submission, and since the last time the
//! same service was decided about.

use domain::act::{PersonId, Verdict};
use domain::application::{Application, Stage};
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::declaration::Declaration;
use domain::examination::{Examination, Judgement};
use domain::search_key::search_key;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::difference::{Change, Piece, difference};
use crate::registry::Registry;
use crate::store::{Cases, Error};
use crate::web::view::declaration::{Declared, DeclaredSection, declared, declared_about, declared_so_far};
use crate::web::view::form::Form;

/// Applications read at a time.
const AT_A_TIME: u64 = 100;

/// What an application can be compared with.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Its last submission but one; none where it was never sent back.
    pub submission: Option<Declaration>,
    pub last_term: Option<LastTerm>,
}

/// The last application about the same service that was decided before this one was submitted.
#[derive(Clone, Debug)]
pub struct LastTerm {
    pub application: Application,
    pub verdict: Verdict,
    pub decided_at: Instant,
    /// Those that counted.
    examinations: Vec<Examination>,
}

impl LastTerm {
    /// What its examiners answered in the end, in the order of their seats.
    pub fn judgements(&self, criterion: CriterionId) -> impl Iterator<Item = &Judgement> {
        let of = |person: &PersonId| self.examinations.iter().find(|own| own.examiner == *person);
        self.application.examiners.iter().filter_map(of).filter_map(move |own| own.judgements.get(&criterion))
    }

    /// What `now` says of a criterion and did not say then, and the other way round.
    pub fn new_since(&self, criterion: CriterionId, now: &Declaration) -> Vec<Said> {
        let sections = said(criterion, now, Some(&self.application.declaration));
        sections.into_iter().flat_map(|section| section.entries).flatten().filter(Said::is_changed).collect()
    }
}

/// A section of what was declared, each thing in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidSection {
    pub title: &'static str,
    pub entries: Vec<Vec<Said>>,
}

/// One thing that is or was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where it stands in the declaration; in the earlier one where it is gone.
    pub pointer: String,
    pub label: String,
    pub pieces: Vec<Piece>,
}

impl Said {
    /// Is it new, gone or worded anew?
    pub fn is_changed(&self) -> bool {
        self.pieces.iter().any(|piece| piece.change != Change::Same)
    }
}

/// What there is to compare an application with.
pub async fn past(registry: &Registry, application: &Application) -> Result<Past, Error> {
    let last_term = last_term(registry, application).await?;
    if application.submission < 2 {
        return Ok(Past { submission: None, last_term });
    }
    let mut submissions = registry.store.declarations_of(&application.id).await?;
    submissions.truncate(application.submission as usize - 1);
    Ok(Past { submission: submissions.pop(), last_term })
}

/// The same service is one of the same organisation's whose name has the same search key: nothing else ties one
/// application to another.
async fn last_term(registry: &Registry, of: &Application) -> Result<Option<LastTerm>, Error> {
    let name = search_key(&of.declaration.service.name);
    let owners = [of.owner.clone()];
    let mut after = of.id.clone();
    loop {
        let stages = &["decided"][..];
        let wanted = Cases { stages, owners: &owners, after: Some(&after), is_newest_first: true, ..Cases::default() };
        let page = registry.store.cases(&Cases { limit: AT_A_TIME, ..wanted }).await?;
        let Some(last) = page.items.last().map(|last| last.id.clone()) else { return Ok(None) };
        for application in page.items {
            let Stage::Decided { decision, at, .. } = &application.stage else { continue };
            if search_key(&application.declaration.service.name) == name && *at <= of.submitted_at {
                let examinations = registry.store.examinations_of(&application.id).await?;
                let (verdict, decided_at) = (decision.verdict, *at);
                return Ok(Some(LastTerm { application, verdict, decided_at, examinations }));
            }
        }
        if !page.has_more {
            return Ok(None);
        }
        after = last;
    }
}

/// What `now` says of a criterion, marked against `before` where there is one.
pub fn said(criterion: CriterionId, now: &Declaration, before: Option<&Declaration>) -> Vec<SaidSection> {
    let now = declared_about(criterion, now);
    match before {
        Some(before) => marked(now, declared_about(criterion, before)),
        None => now.into_iter().map(|section| whole(section, Change::Same)).collect(),
    }
}

/// What a form says otherwise than `before` did, section by section; those that say the same are left out.
pub fn changed_since(before: &Declaration, form: &Form) -> Vec<SaidSection> {
    let mut sections = marked(declared_so_far(form), declared(before));
    for section in &mut sections {
        section.entries.iter_mut().for_each(|entry| entry.retain(Said::is_changed));
        section.entries.retain(|entry| !entry.is_empty());
    }
    sections.retain(|section| !section.entries.is_empty());
    sections
}

fn marked(now: Vec<DeclaredSection>, before: Vec<DeclaredSection>) -> Vec<SaidSection> {
    let find = |sections: &[DeclaredSection], title| sections.iter().find(|other| other.title == title).cloned();
    let mut sections = Vec::new();
    for section in &now {
        let earlier = find(&before, section.title).map_or_else(Vec::new, |earlier| earlier.entries);
        sections.push(SaidSection { title: section.title, entries: between(&earlier, &section.entries) });
    }
    let gone = before.into_iter().filter(|section| find(&now, section.title).is_none());
    sections.extend(gone.map(|section| whole(section, Change::Deleted)));
    sections
}

fn whole(section: DeclaredSection, change: Change) -> SaidSection {
    let entries = section.entries.into_iter().map(|entry| all(&entry, change)).collect();
    SaidSection { title: section.title, entries }
}

fn all(entry: &[Declared], change: Change) -> Vec<Said> {
    let said = |declared: &Declared| Said {
        pointer: declared.pointer.clone(),
        label: declared.label.clone(),
        pieces: vec![Piece::new(change, declared.words.clone())],
    };
    entry.iter().map(said).collect()
}

/// The entries of one section, such as its prices: those that stay are found again wherever they stand now, and those
/// that took each other's place are compared thing by thing.
fn between(before: &[Vec<Declared>], now: &[Vec<Declared>]) -> Vec<Vec<Said>> {
    let words = |entries: &[Vec<Declared>]| -> Vec<Vec<(String, String)>> {
        let pair = |declared: &Declared| (declared.label.clone(), declared.words.clone());
        entries.iter().map(|entry| entry.iter().map(pair).collect()).collect()
    };
    let mut said = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &words(before), &words(now)) {
        let (old, new) = (&before[op.old_range()], &now[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            said.extend(new.iter().map(|entry| all(entry, Change::Same)));
            continue;
        }
        said.extend(old.iter().zip(new).map(|(old, new)| of_one(old, new)));
        said.extend(old.iter().skip(new.len()).map(|entry| all(entry, Change::Deleted)));
        said.extend(new.iter().skip(old.len()).map(|entry| all(entry, Change::Inserted)));
    }
    said
}

fn of_one(before: &[Declared], now: &[Declared]) -> Vec<Said> {
    let find = |entry: &'_ [Declared], label: &str| entry.iter().find(|other| other.label == label).cloned();
    let mut said = Vec::new();
    for declared in now {
        let earlier = find(before, &declared.label).map_or_else(String::new, |earlier| earlier.words);
        let (pointer, label) = (declared.pointer.clone(), declared.label.clone());
        said.push(Said { pointer, label, pieces: difference(&earlier, &declared.words) });
    }
    let gone: Vec<Declared> = before.iter().filter(|declared| find(now, &declared.label).is_none()).cloned().collect();
    said.extend(all(&gone, Change::Deleted));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn osaka() -> Declaration {
        let text = include_str!("../../schemas/examples/declaration/valid/osaka-cci.json");
        serde_json::from_str(text).expect("the example is a declaration")
    }

    /// Label and pieces of what changed, `-` gone and `+` new.
    fn changed(criterion: CriterionId, now: &Declaration, before: &Declaration) -> Vec<String> {
        let sections = said(criterion, now, Some(before));
        let all = sections.iter().flat_map(|section| section.entries.iter().flatten());
        let mark = |piece: &Piece| match piece.change {
            Change::Same => piece.text.clone(),
            Change::Inserted => format!("+{}+", piece.text),
            Change::Deleted => format!("-{}-", piece.text),
        };
        let line = |said: &Said| format!("{} {}", said.pointer, said.pieces.iter().map(mark).collect::<String>());
        all.filter(|said| said.is_changed()).map(line).collect()
    }

    #[test]
    fn nothing_is_marked_where_nothing_changed() {
        let now = osaka();
        for criterion in CriterionId::ALL {
            assert_eq!(changed(criterion, &now, &now), Vec::<String>::new());
            let plain = said(criterion, &now, None);
            assert_eq!(plain, said(criterion, &now, Some(&now)));
            let words: Vec<_> = plain.iter().flat_map(|section| section.entries.iter().flatten()).collect();
            assert!(words.iter().all(|said| said.pieces.len() == 1 && !said.is_changed()), "{criterion:?}");
        }
    }

    /// A price that is put first changes nothing about those that follow it.
    #[test]
    fn what_moves_is_found_again() {
        let (before, mut now) = (osaka(), osaka());
        let mut first = now.prices[0].clone();
        first.label = "新しい料金".to_owned();
        now.prices.insert(0, first.clone());
        let found = changed(CriterionId::NetworkPrice, &now, &before);
        assert!(!found.is_empty() && found.iter().all(|line| line.starts_with("/prices/0/")), "{found:?}");
        assert!(found.contains(&"/prices/0/label +新しい料金+".to_owned()), "{found:?}");
        let gone = changed(CriterionId::NetworkPrice, &before, &now);
        assert!(gone.contains(&"/prices/0/label -新しい料金-".to_owned()), "{gone:?}");
        now.prices.remove(1);
        let replaced = changed(CriterionId::NetworkPrice, &now, &before);
        assert!(replaced.iter().any(|line| line.starts_with("/prices/0/label ") && line.contains('-')), "{replaced:?}");
    }
}
