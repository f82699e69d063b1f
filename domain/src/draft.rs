//! A draft 「下書き」: what a provider has typed of an application, whatever of it can be read.
//!
//! It is no act: nothing is applied for, nobody but the organisation sees it, and it may vanish. It becomes an application
//! by the act of submission, which consumes it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::act::{ApplicationId, DraftId, OrganisationId, PersonId};
use crate::application::{Application, Concern, Stage};
use crate::authority::{Actor, Denial, Object, Power};
use crate::calendar::{Day, Instant};
use crate::evidence::FileDigest;

/// Days, after the day on which it was last saved, for which a draft is kept; `scheme.toml` says why.
pub const DAYS: i32 = 90;
/// The most drafts of one organisation.
pub const MOST: usize = 50;
/// The most that all names and values of a draft may have, in characters.
pub const CHARACTERS: usize = 400_000;
/// The most fields of a draft.
pub const FIELDS: usize = 5_000;

/// The list of files among the fields of a draft: `/files/0/digest` names the first.
pub const FILES: &str = "/files";

/// A draft, as it was last saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    pub id: DraftId,
    /// Saves that changed something, from 1.
    pub version: u32,
    pub owner: OrganisationId,
    /// The application that was sent back and that this is to answer; a new one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<ApplicationId>,
    /// The registration that it is about, where that is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<Concern>,
    /// What it was filled in from when it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// In the order of their names.
    pub fields: Vec<Field>,
    pub begun_at: Instant,
    pub saved_at: Instant,
    pub saved_by: PersonId,
}

/// An earlier application, and what it was made under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    pub application: ApplicationId,
    pub submitted_at: Instant,
    pub edition: String,
}

/// A field as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// A JSON Pointer into the declaration, or into a form's own list of files.
    pub name: String,
    /// Empty once it was emptied: that, too, is a change.
    pub values: Vec<String>,
    /// The version that changed it last, and who saved that.
    pub version: u32,
    pub by: PersonId,
}

/// What is typed, by name.
pub type Typed = BTreeMap<String, Vec<String>>;

/// Names and values as a form gives them, of fields alone: what is no JSON Pointer is none. Of a name that comes more
/// than once every value counts.
pub fn typed(pairs: impl IntoIterator<Item = (String, String)>) -> Typed {
    let mut typed = Typed::new();
    for (name, value) in pairs.into_iter().filter(|(name, _)| name.starts_with('/')) {
        typed.entry(name).or_default().push(value);
    }
    typed
}

/// Why a draft is not begun or not saved. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Denied(Denial),
    /// The organisation has [`MOST`] already.
    TooMany,
    /// More than [`CHARACTERS`] or [`FIELDS`].
    TooLarge {
        characters: usize,
        fields: usize,
    },
    /// The application is not one that was sent back.
    NotReturned {
        found: &'static str,
    },
    /// Somebody, or another window, has changed these fields since they were read, to something else.
    Changed {
        read: u32,
        found: u32,
        names: Vec<String>,
    },
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Draft {
    /// Begins a draft for a new application of `owner`, which has `others` drafts, filled in with `typed`, from `source`
    /// where that is an earlier application.
    pub fn begin(
        id: DraftId,
        owner: OrganisationId,
        others: usize,
        typed: Typed,
        source: Option<&Application>,
        by: &Actor,
        at: Instant,
    ) -> Result<Self, Refusal> {
        let saved_by = allowed(&owner, by, at)?;
        if others >= MOST {
            return Err(Refusal::TooMany);
        }
        check_size(&typed)?;
        let of = |(name, values)| Field { name, values, version: 1, by: saved_by.clone() };
        let fields = typed.into_iter().map(of).collect();
        let source = source.map(|application| Source {
            application: application.id.clone(),
            submitted_at: application.submitted_at,
            edition: application.edition.clone(),
        });
        Ok(Self {
            id,
            version: 1,
            owner,
            answers: None,
            concerns: None,
            source,
            fields,
            begun_at: at,
            saved_at: at,
            saved_by,
        })
    }

    /// The same draft about something that is registered.
    #[must_use]
    pub fn about(self, concerns: Option<Concern>) -> Self {
        Self { concerns, ..self }
    }

    /// Begins a draft that is to answer the return of `application`.
    pub fn answer(
        id: DraftId,
        application: &Application,
        others: usize,
        typed: Typed,
        by: &Actor,
        at: Instant,
    ) -> Result<Self, Refusal> {
        let found = application.stage.as_str();
        allowed(&application.owner, by, at)?;
        if !matches!(application.stage, Stage::Returned { .. }) {
            return Err(Refusal::NotReturned { found });
        }
        let begun = Self::begin(id, application.owner.clone(), others, typed, None, by, at)?;
        Ok(Self { answers: Some(application.id.clone()), ..begun })
    }

    /// Saves what was typed into the fields at or below `places`, by somebody who read version `read`.
    ///
    /// Of the fields that are saved, those that somebody else has changed since to something else stand in the way of all:
    /// nothing is saved then, and whoever asked sees both. Other fields, and the same change made twice, do not.
    pub fn save(self, places: &[&str], typed: Typed, read: u32, by: &Actor, at: Instant) -> Result<Self, Refusal> {
        let saved_by = allowed(&self.owner, by, at)?;
        let is_meant = |name: &str| {
            places.iter().any(|place| {
                name.strip_prefix(place)
                    .is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
            })
        };
        let mut fields: BTreeMap<String, Field> =
            self.fields.into_iter().map(|field| (field.name.clone(), field)).collect();
        let meant: BTreeSet<String> =
            fields.keys().chain(typed.keys()).filter(|name| is_meant(name)).cloned().collect();
        let (mut names, mut changed) = (Vec::new(), Vec::new());
        for name in meant {
            let new = typed.get(&name).cloned().unwrap_or_default();
            let (old, version) = fields.get(&name).map_or((&[][..], 0), |field| (&field.values, field.version));
            if is_same(old, &new) {
                continue;
            }
            if version > read {
                names.push(name);
            } else {
                changed.push((name, new));
            }
        }
        if !names.is_empty() {
            return Err(Refusal::Changed { read, found: self.version, names });
        }
        let version = self.version + u32::from(!changed.is_empty());
        for (name, values) in changed {
            fields.insert(name.clone(), Field { name, values, version, by: saved_by.clone() });
        }
        let fields: Vec<Field> = fields.into_values().collect();
        check_size(&fields.iter().map(|field| (field.name.clone(), field.values.clone())).collect())?;
        let saved_at = at.max(self.saved_at);
        Ok(Self { version, fields, saved_at, saved_by, ..self })
    }

    /// May this person see, save, delete or submit it? Whoever may apply for its organisation.
    pub fn open_to(&self, by: &Actor, at: Instant) -> Result<(), Denial> {
        by.caller(Power::SubmitApplication, &self.object(), at).map(drop)
    }

    /// The draft, as far as it matters for who may do what.
    pub fn object(&self) -> Object<'_> {
        Object { owner: Some(&self.owner), ..Object::default() }
    }

    /// Names and values as a form gives them.
    pub fn typed(&self) -> Vec<(String, String)> {
        let of =
            |field: &Field| field.values.iter().map(|value| (field.name.clone(), value.clone())).collect::<Vec<_>>();
        self.fields.iter().flat_map(of).collect()
    }

    /// The files that it names, each once.
    pub fn files(&self) -> BTreeSet<FileDigest> {
        let is_digest = |name: &str| {
            let rest = name.strip_prefix(FILES).and_then(|rest| rest.strip_prefix('/'));
            rest.and_then(|rest| rest.split_once('/')).is_some_and(|(_, part)| part == "digest")
        };
        let named = self.fields.iter().filter(|field| is_digest(&field.name)).flat_map(|field| &field.values);
        named.filter_map(|digest| digest.parse().ok()).collect()
    }

    /// The last day in Japan on which it is kept if nobody saves it again.
    pub fn kept_until(&self) -> Day {
        self.saved_at.day().plus_days(DAYS)
    }
}

/// Drafts that were saved before this are kept no longer.
pub fn kept_since(at: Instant) -> Instant {
    at.day().plus_days(-DAYS).start()
}

/// A field that is there and empty says no more than one that is not there.
fn is_same(old: &[String], new: &[String]) -> bool {
    let said = |values: &[String]| values.iter().filter(|value| !value.is_empty()).cloned().collect::<Vec<_>>();
    said(old) == said(new)
}

fn allowed(owner: &OrganisationId, by: &Actor, at: Instant) -> Result<PersonId, Refusal> {
    let object = Object { owner: Some(owner), ..Object::default() };
    Ok(by.caller(Power::SubmitApplication, &object, at)?.person)
}

fn check_size(typed: &Typed) -> Result<(), Refusal> {
    let length = |text: &String| text.chars().count();
    let of = |(name, values): (&String, &Vec<String>)| length(name) + values.iter().map(length).sum::<usize>();
    let (characters, fields) = (typed.iter().map(of).sum(), typed.len());
    if characters > CHARACTERS || fields > FIELDS { Err(Refusal::TooLarge { characters, fields }) } else { Ok(()) }
}
