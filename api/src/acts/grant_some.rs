//! マークの使用許諾（一括）

use std::collections::HashMap;

use domain::authority::Proof;
use domain::licence::{self, Holder, offer};
use domain::people::Person;
use sha2::{Digest, Sha256};

use super::grant::signed;
use super::{AtHand, Errand, Refused};
use crate::account::trail::Line as Noted;
use crate::imports::check::already;
use crate::imports::{Column, Fault, Import, Stage};
use crate::store::{Error, holder_key};

/// Users of one import are licensed: each by an act of its own, all of them in one transaction, with the import's row.
#[derive(Debug)]
pub struct GrantSome {
    pub import: String,
    /// The last line that was settled before.
    pub after: u32,
    pub lines: Vec<Line>,
}

/// Whom a line attests.
#[derive(Clone, Debug)]
pub struct Line {
    pub line: u32,
    pub holder: Holder,
}

impl Errand for GrantSome {
    type Done = Import;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Import, Refused> {
        let tx = at_hand.tx;
        let missing = |what, id: &str| Refused::NotFound { what, id: id.to_owned() };
        let mut import = tx.import(&self.import).await?.ok_or_else(|| missing("import", &self.import))?;
        // Another process was quicker.
        if import.stage != Stage::Issuing || import.line != self.after {
            return Err(Error::Conflict.into());
        }
        let number = import.registration.clone();
        let registration = tx.registration(&number).await?.ok_or_else(|| missing("registration", number.as_str()))?;
        let person = tx.person(&import.person).await?.ok_or_else(|| missing("person", import.person.as_str()))?;
        let actor = acting(person, &import).acting(Proof::Command);
        let keys: Vec<String> = self.lines.iter().map(|line| holder_key(&line.holder)).collect();
        let licensed: HashMap<_, _> = tx.licensed(&number, &keys).await?.into_iter().collect();
        let ids = tx.free_licence_ids(self.lines.len(), at_hand.rng()).await?;
        let indexes = tx.free_status_indexes(self.lines.len(), at_hand.rng()).await?;
        let active = super::grant::active(at_hand.registry, &tx.signing_keys().await?)?;
        let (mut faults, mut leaves, mut by) = (Vec::new(), None, None);
        for (((line, key), id), index) in self.lines.into_iter().zip(keys).zip(ids).zip(indexes) {
            import.line = line.line;
            let existing = licensed.get(&key).copied();
            let read = existing.map(|_| name_of(&line.holder)).unwrap_or_default();
            let offer = match offer(&registration, line.holder, existing, id, index, &actor, at_hand.at) {
                Ok(offer) => offer,
                Err(licence::Refusal::Licensed { licence }) => {
                    import.faulty += 1;
                    faults.push(Fault { line: line.line, column: Some(Column::Name), read, message: already(licence) });
                    continue;
                }
                Err(refusal) => return Err(refusal.into()),
            };
            let token = signed(at_hand.registry, &offer.claims, &active);
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()));
            let (state, act) = offer.grant(active.name.clone(), digest);
            tx.insert_licence(&state, token.as_bytes().to_vec()).await?;
            let salts = [at_hand.random(), at_hand.random()];
            let entry = tx.record(&act, salts, None).await?;
            leaves = Some(leaves.map_or((entry.seq, entry.seq), |(first, _)| (first, entry.seq)));
            by = Some(act.by);
            import.issued += 1;
        }
        tx.note_faults(&import.id, tx.faults(&import.id).await?, &faults).await?;
        tx.update_import(&import).await?;
        // One line for all of them: each act's own leaf says who did it and when.
        if let (Some((first, last)), Some(by)) = (leaves, by) {
            let line = Noted::done("licence.granted", at_hand.at, at_hand.from).by(by);
            let line = line.about(format_args!("import/{}", import.id));
            at_hand.note(Noted { detail: Some(format!("leaves {first}-{last}")), seq: Some(first), ..line });
        }
        Ok(import)
    }
}

fn name_of(holder: &Holder) -> String {
    match holder {
        Holder::User { name, .. } => name.chars().take(80).collect(),
        Holder::Provider => String::new(),
    }
}

/// Whoever sent the file, as they are now, and for the organisation they sent it for.
fn acting(mut person: Person, import: &Import) -> Person {
    person.memberships.retain(|held| held.organisation == import.organisation && held.role.is_companys());
    if person.is_dismissed {
        person.memberships.clear();
    }
    person
}
