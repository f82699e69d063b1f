//! Reading an edition's file, with the checks that its shape cannot state.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use toml::Spanned;

use super::shape::{ClassShape, CriterionShape, EditionShape, LimitShape};
use super::{
    Bound, ClassRules, Criterion, DayPrecision, Edition, EditionError, Fault, Judgement, Limit, LimitName, Standing,
};
use crate::citation::Citation;
use crate::criteria::CriterionId;
use crate::declaration::{Kind, is_place};
use crate::text::Text;

/// An edition as read, with what is needed to say where it disagrees with another file.
pub(super) struct Read {
    edition: Edition,
    file: String,
    lines: Lines,
}

impl Read {
    /// The edition, on its own.
    pub(super) fn edition(&self) -> &Edition {
        &self.edition
    }
}

struct Lines {
    edition: usize,
    replaces: usize,
    in_force_from: usize,
}

/// One file's text, and the sources it cites.
struct Page<'a> {
    file: &'a str,
    text: &'a str,
    sources: BTreeMap<String, Citation>,
}

/// Reads one file.
pub(super) fn read(file: &str, text: &str) -> Result<Read, EditionError> {
    let mut page = Page { file, text, sources: BTreeMap::new() };
    let mut shape: EditionShape = toml::from_str(text).map_err(|error| page.unreadable(&error))?;
    page.sources = std::mem::take(&mut shape.sources);
    let lines = Lines {
        edition: page.line(shape.edition.span().start),
        replaces: page.line(shape.replaces.as_ref().map_or(shape.edition.span(), Spanned::span).start),
        in_force_from: page.line(shape.in_force_from.span().start),
    };
    Ok(Read { edition: page.edition(shape)?, file: file.to_owned(), lines })
}

/// Puts editions in the order of their days; each has to replace exactly the one before it.
pub(super) fn in_order(mut read: Vec<Read>) -> Result<Vec<Edition>, EditionError> {
    if read.is_empty() {
        return Err(EditionError { file: String::new(), line: 0, field: "edition".into(), fault: Fault::NoEditions });
    }
    read.sort_by_key(|read| read.edition.in_force_from);
    for (index, this) in read.iter().enumerate() {
        let refuse = |line, field: &str, fault| {
            Err(EditionError { file: this.file.clone(), line, field: field.to_owned(), fault })
        };
        if let Some(other) = read[..index].iter().find(|other| other.edition.id == this.edition.id) {
            return refuse(this.lines.edition, "edition", Fault::EditionTwice { other_file: other.file.clone() });
        }
        let before = index.checked_sub(1).map(|index| &read[index]);
        let day = this.edition.in_force_from;
        if let Some(other) = before.filter(|before| before.edition.in_force_from == day) {
            let fault = Fault::DayTwice { day, other_file: other.file.clone() };
            return refuse(this.lines.in_force_from, "in_force_from", fault);
        }
        let before = before.map(|before| before.edition.id.to_string());
        if this.edition.replaces != before {
            return refuse(this.lines.replaces, "replaces", Fault::ReplacesAnother { before });
        }
    }
    Ok(read.into_iter().map(|read| read.edition).collect())
}

impl Page<'_> {
    fn edition(&self, shape: EditionShape) -> Result<Edition, EditionError> {
        let imprecise = *shape.day_precision.get_ref() == DayPrecision::Month;
        let day = *shape.in_force_from.get_ref();
        if imprecise && day.ymd().2 != 1 {
            return self.refuse(&shape.in_force_from, "in_force_from", Fault::NotFirstOfMonth { day });
        }
        let note = self.note(shape.note, &shape.standing, None)?;
        if imprecise && note.is_none() {
            return self.refuse(&shape.day_precision, "day_precision", Fault::WithoutNote);
        }
        let standing = shape.standing.into_inner();
        let around = note.as_ref().filter(|_| standing == Standing::Provisional);
        self.filled(&shape.class, "class")?;
        self.once(shape.class.get_ref().iter().map(|class| &class.class), "class")?;
        let classes = shape.class.into_inner().into_iter().map(|class| self.class(class, around));
        Ok(Edition {
            classes: classes.collect::<Result<_, _>>()?,
            id: shape.edition.into_inner(),
            title: self.words(shape.title, "title")?,
            replaces: shape.replaces.map(Spanned::into_inner),
            in_force_from: day,
            day_precision: shape.day_precision.into_inner(),
            standing,
            citation: self.citation(&shape.source, None)?,
            note,
            digest: Sha256::digest(self.text.as_bytes()).into(),
            text: self.text.to_owned(),
        })
    }

    fn class(&self, shape: ClassShape, around: Option<&Text>) -> Result<ClassRules, EditionError> {
        let note = self.note(shape.note, &shape.standing, around)?;
        let standing = shape.standing.into_inner();
        let around = note.as_ref().filter(|_| standing == Standing::Provisional);
        let kinds = self.kinds(&shape.kinds, None)?;
        self.filled(&shape.criterion, "criterion")?;
        self.once(shape.criterion.get_ref().iter().map(|criterion| &criterion.id), "id")?;
        let criteria = shape.criterion.into_inner().into_iter().map(|c| self.criterion(c, &kinds, around));
        let criteria = criteria.collect::<Result<_, _>>()?;
        Ok(ClassRules { class: shape.class.into_inner(), standing, note, kinds, criteria })
    }

    fn criterion(
        &self,
        shape: CriterionShape,
        of_class: &[Kind],
        around: Option<&Text>,
    ) -> Result<Criterion, EditionError> {
        let note = self.note(shape.note, &shape.standing, around)?;
        let standing = shape.standing.into_inner();
        let around = note.as_ref().filter(|_| standing == Standing::Provisional);
        let clause = self.words(shape.clause, "clause")?;
        self.limits_of(&shape.id, &shape.limit)?;
        let reads = self.reads(&shape.id, shape.reads)?;
        let limits = shape.limit.into_iter().map(|limit| self.limit(limit, &clause, around));
        Ok(Criterion {
            limits: limits.collect::<Result<_, _>>()?,
            id: shape.id.into_inner(),
            kinds: self.kinds(&shape.kinds, Some(of_class))?,
            wording: self.words(shape.wording, "wording")?,
            citation: self.citation(&shape.source, Some(&clause))?,
            clause,
            standing,
            note,
            decided_by: shape.decided_by,
            reads,
            judgement: Judgement {
                reason: shape.judgement.reason,
                evidence: shape.judgement.evidence,
                may_overrule: shape.judgement.may_overrule,
            },
        })
    }

    fn limit(&self, shape: LimitShape, clause: &Text, around: Option<&Text>) -> Result<Limit, EditionError> {
        let name = shape.name.into_inner();
        let (right, wrong) = match name.bound() {
            Bound::AtMost => (shape.at_most, shape.at_least.map(|value| ("at_least", value))),
            Bound::AtLeast => (shape.at_least, shape.at_most.map(|value| ("at_most", value))),
        };
        if let Some((field, value)) = wrong {
            return self.refuse(&value, field, Fault::WrongBound);
        }
        if right.is_none() && *shape.standing.get_ref() == Standing::Official {
            return self.refuse(&shape.standing, "standing", Fault::OfficialWithoutFigure);
        }
        Ok(Limit {
            name,
            value: right.map(Spanned::into_inner),
            note: self.note(shape.note, &shape.standing, around)?,
            standing: shape.standing.into_inner(),
            citation: self.citation(&shape.source, Some(clause))?,
        })
    }

    /// Each limit is one that the criterion knows, and none it needs is missing.
    fn limits_of(&self, id: &Spanned<CriterionId>, limits: &[LimitShape]) -> Result<(), EditionError> {
        self.once(limits.iter().map(|limit| &limit.name), "name")?;
        let rule = id.get_ref().rule();
        for limit in limits {
            let name = *limit.name.get_ref();
            if !rule.needs.contains(&name) && !rule.may_have.contains(&name) {
                return self.refuse(&limit.name, "name", Fault::LimitNotOfCriterion { limit: name });
            }
        }
        let has = |name: &LimitName| limits.iter().any(|limit| limit.name.get_ref() == name);
        let all_of_them = if rule.may_have.iter().any(has) { rule.may_have } else { &[] };
        match rule.needs.iter().chain(all_of_them).find(|name| !has(name)) {
            Some(limit) => self.refuse(id, "limit", Fault::LimitMissing { limit: *limit }),
            None => Ok(()),
        }
    }

    /// Where in the declaration the criterion looks: as the file says, or else as its code does.
    fn reads(
        &self,
        id: &Spanned<CriterionId>,
        said: Option<Spanned<Vec<Spanned<String>>>>,
    ) -> Result<Vec<String>, EditionError> {
        let Some(said) = said else {
            return Ok(id.get_ref().rule().reads.iter().map(|pointer| (*pointer).to_owned()).collect());
        };
        self.filled(&said, "reads")?;
        self.once(said.get_ref().iter(), "reads")?;
        for pointer in said.get_ref() {
            if !is_place(pointer.get_ref()) {
                return self.refuse(pointer, "reads", Fault::NoSuchPlace { pointer: pointer.get_ref().clone() });
            }
        }
        Ok(said.into_inner().into_iter().map(Spanned::into_inner).collect())
    }

    fn kinds(&self, kinds: &Spanned<Vec<Spanned<Kind>>>, of: Option<&[Kind]>) -> Result<Vec<Kind>, EditionError> {
        self.filled(kinds, "kinds")?;
        self.once(kinds.get_ref().iter(), "kinds")?;
        for kind in kinds.get_ref() {
            if of.is_some_and(|of| !of.contains(kind.get_ref())) {
                return self.refuse(kind, "kinds", Fault::KindNotOfClass);
            }
        }
        Ok(kinds.get_ref().iter().map(|kind| *kind.get_ref()).collect())
    }

    /// Why something is provisional: its own note, or else the one of what is provisional around it.
    fn note(
        &self,
        own: Option<Spanned<Text>>,
        standing: &Spanned<Standing>,
        around: Option<&Text>,
    ) -> Result<Option<Text>, EditionError> {
        match (own, standing.get_ref()) {
            (Some(own), _) => self.words(own, "note").map(Some),
            (None, Standing::Official) => Ok(None),
            (None, Standing::Provisional) if around.is_some() => Ok(around.cloned()),
            (None, Standing::Provisional) => self.refuse(standing, "standing", Fault::WithoutNote),
        }
    }

    fn citation(&self, source: &Spanned<String>, clause: Option<&Text>) -> Result<Citation, EditionError> {
        match self.sources.get(source.get_ref()) {
            Some(citation) => {
                let clause = clause.map(|clause| clause.ja.clone()).or_else(|| citation.clause.clone());
                Ok(Citation { clause, ..citation.clone() })
            }
            None => self.refuse(source, "source", Fault::UnknownSource { source: source.get_ref().clone() }),
        }
    }

    fn words(&self, text: Spanned<Text>, field: &str) -> Result<Text, EditionError> {
        let is_empty = text.get_ref().ja.trim().is_empty() || text.get_ref().en.trim().is_empty();
        if is_empty { self.refuse(&text, field, Fault::Empty) } else { Ok(text.into_inner()) }
    }

    fn filled<T>(&self, list: &Spanned<Vec<T>>, field: &str) -> Result<(), EditionError> {
        if list.get_ref().is_empty() { self.refuse(list, field, Fault::Empty) } else { Ok(()) }
    }

    fn once<'a, T: Ord + 'a>(
        &self,
        mut values: impl Iterator<Item = &'a Spanned<T>>,
        field: &str,
    ) -> Result<(), EditionError> {
        let mut seen = BTreeSet::new();
        match values.find(|value| !seen.insert(value.get_ref())) {
            Some(twice) => self.refuse(twice, field, Fault::Twice),
            None => Ok(()),
        }
    }

    fn refuse<T, V>(&self, at: &Spanned<V>, field: &str, fault: Fault) -> Result<T, EditionError> {
        let line = self.line(at.span().start);
        Err(EditionError { file: self.file.to_owned(), line, field: field.to_owned(), fault })
    }

    /// The parser's error, with the field it speaks of.
    fn unreadable(&self, error: &toml::de::Error) -> EditionError {
        let message = error.message();
        let named =
            |start: &str| message.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(str::to_owned);
        let line = self.line(error.span().map_or(0, |span| span.start));
        let (field, fault) = if let Some(field) = named("unknown field `") {
            (field, Fault::UnknownField)
        } else if let Some(field) = named("missing field `") {
            (field, Fault::MissingField)
        } else {
            let written = self.text.lines().nth(line - 1).unwrap_or_default();
            let field = written.split('=').next().unwrap_or_default().trim().to_owned();
            (field, Fault::Unreadable { message: message.to_owned() })
        };
        EditionError { file: self.file.to_owned(), line, field, fault }
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes()[..offset.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count()
    }
}
