//! Ways to sign in, links for one use, ceremonies between two steps, and failures.

use domain::act::PersonId;
use domain::calendar::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{read, read_some, written};
use crate::account::throttle::Failures;
use crate::account::{Credential, CredentialKind, Link, Purpose};
use crate::store::entities::{ceremonies, credentials, failures, links};
use crate::store::{Error, Store, Tx};

impl Store {
    /// A person's ways to sign in, oldest first.
    pub async fn credentials_of(&self, person: &PersonId) -> Result<Vec<Credential>, Error> {
        find_credentials(&self.read, person).await
    }

    /// A passkey by its id.
    pub async fn credential(&self, id: &str) -> Result<Option<Credential>, Error> {
        credentials::Entity::find_by_id(id).all(&self.read).await?.pop().map(credential).transpose()
    }

    /// A link that can still be used at `at`.
    pub async fn link(&self, digest: &str, at: Instant) -> Result<Option<Link>, Error> {
        let row = links::Entity::find_by_id(digest).all(&self.read).await?.pop();
        Ok(row.map(link).transpose()?.filter(|link| at < link.expires_at))
    }

    /// What is remembered of a ceremony that can still go on at `at`.
    pub async fn ceremony(&self, digest: &str, kind: &str, at: Instant) -> Result<Option<String>, Error> {
        let row = ceremonies::Entity::find_by_id(digest).all(&self.read).await?.pop();
        Ok(row.filter(|row| row.kind == kind && at.to_string() < row.expires_at).map(|row| row.state))
    }

    /// How often this was tried in vain.
    pub async fn failures(&self, subject: &str) -> Result<Option<Failures>, Error> {
        find_failures(&self.read, subject).await
    }
}

impl Tx<'_> {
    /// A person's ways to sign in, oldest first.
    pub async fn credentials_of(&self, person: &PersonId) -> Result<Vec<Credential>, Error> {
        find_credentials(self.conn, person).await
    }

    /// A passkey by its id.
    pub async fn credential(&self, id: &str) -> Result<Option<Credential>, Error> {
        credentials::Entity::find_by_id(id).all(self.conn).await?.pop().map(credential).transpose()
    }

    pub async fn insert_credential(&self, new: &Credential) -> Result<(), Error> {
        let row = credentials::ActiveModel {
            id: Set(new.id.clone()),
            person: Set(new.person.to_string()),
            kind: Set(new.kind.as_str().to_owned()),
            label: Set(new.label.clone()),
            secret: Set(new.secret.clone()),
            made_at: Set(new.made_at.to_string()),
            used_at: Set(written(new.used_at)),
            step: Set(new.step.map(|step| step as i64)),
        };
        credentials::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Remembers that a credential was used, if `step` is later than any used before. False: it was used already.
    pub async fn use_credential(
        &self,
        id: &str,
        secret: Option<&str>,
        step: Option<u64>,
        at: Instant,
    ) -> Result<bool, Error> {
        let mut row = credentials::ActiveModel { used_at: Set(Some(at.to_string())), ..Default::default() };
        let mut update = credentials::Entity::update_many().filter(credentials::Column::Id.eq(id));
        if let Some(secret) = secret {
            row.secret = Set(secret.to_owned());
        }
        if let Some(step) = step {
            row.step = Set(Some(step as i64));
            let is_later = credentials::Column::Step.is_null().or(credentials::Column::Step.lt(step as i64));
            update = update.filter(is_later);
        }
        Ok(update.set(row).exec(self.conn).await?.rows_affected == 1)
    }

    /// At most `limit` secrets of apps that do not begin with `mark`, or begin with one of `heads`.
    pub async fn apps_to_seal(&self, mark: &str, heads: &[&str], limit: u64) -> Result<Vec<Credential>, Error> {
        let begins = |head: &str| {
            let escaped = head.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            LikeExpr::new(format!("{escaped}%")).escape('\\')
        };
        let open = Condition::any().add(credentials::Column::Secret.not_like(begins(mark)));
        let wanted = heads.iter().fold(open, |wanted, head| wanted.add(credentials::Column::Secret.like(begins(head))));
        let of_apps = credentials::Column::Kind.eq(CredentialKind::Totp.as_str());
        let found = credentials::Entity::find().filter(of_apps).filter(wanted);
        let rows = found.order_by_asc(credentials::Column::Id).limit(limit).all(self.conn).await?;
        rows.into_iter().map(credential).collect()
    }

    /// Keeps the same secret under another seal. False: it is another by now.
    pub async fn reseal(&self, found: &Credential, sealed: &str) -> Result<bool, Error> {
        let row = credentials::ActiveModel { secret: Set(sealed.to_owned()), ..Default::default() };
        let same = credentials::Column::Id.eq(&*found.id).and(credentials::Column::Secret.eq(&*found.secret));
        Ok(credentials::Entity::update_many().set(row).filter(same).exec(self.conn).await?.rows_affected == 1)
    }

    /// Takes a credential away. False: it was gone already.
    pub async fn delete_credential(&self, person: &PersonId, id: &str) -> Result<bool, Error> {
        let of = credentials::Column::Person.eq(person.as_str()).and(credentials::Column::Id.eq(id));
        Ok(credentials::Entity::delete_many().filter(of).exec(self.conn).await?.rows_affected == 1)
    }

    /// Takes every credential of these kinds away.
    pub async fn delete_credentials(&self, person: &PersonId, kinds: &[CredentialKind]) -> Result<(), Error> {
        let kinds = kinds.iter().map(|kind| kind.as_str());
        let of = credentials::Column::Person.eq(person.as_str()).and(credentials::Column::Kind.is_in(kinds));
        credentials::Entity::delete_many().filter(of).exec(self.conn).await?;
        Ok(())
    }

    /// A new link; earlier ones for the same person end.
    pub async fn insert_link(&self, new: &Link) -> Result<(), Error> {
        self.delete_links(&new.person).await?;
        let row = links::ActiveModel {
            digest: Set(new.digest.clone()),
            person: Set(new.person.to_string()),
            purpose: Set(new.purpose.as_str().to_owned()),
            made_by: Set(new.made_by.to_string()),
            expires_at: Set(new.expires_at.to_string()),
        };
        links::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Uses a link up: whoever is second finds nothing.
    pub async fn take_link(&self, digest: &str, at: Instant) -> Result<Option<Link>, Error> {
        let Some(row) = links::Entity::find_by_id(digest).all(self.conn).await?.pop() else { return Ok(None) };
        let taken = links::Entity::delete_by_id(digest).exec(self.conn).await?.rows_affected == 1;
        let found = link(row)?;
        Ok(Some(found).filter(|link| taken && at < link.expires_at))
    }

    pub async fn delete_links(&self, person: &PersonId) -> Result<(), Error> {
        links::Entity::delete_many().filter(links::Column::Person.eq(person.as_str())).exec(self.conn).await?;
        Ok(())
    }

    /// Remembers a ceremony until its second step.
    pub async fn insert_ceremony(
        &self,
        digest: &str,
        kind: &str,
        state: String,
        expires_at: Instant,
    ) -> Result<(), Error> {
        let row = ceremonies::ActiveModel {
            digest: Set(digest.to_owned()),
            kind: Set(kind.to_owned()),
            state: Set(state),
            expires_at: Set(expires_at.to_string()),
        };
        ceremonies::Entity::insert(row).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Ends a ceremony by going on with it: whoever is second finds nothing.
    pub async fn take_ceremony(&self, digest: &str, kind: &str, at: Instant) -> Result<Option<String>, Error> {
        let row = ceremonies::Entity::find_by_id(digest).all(self.conn).await?.pop();
        let taken = ceremonies::Entity::delete_by_id(digest).exec(self.conn).await?.rows_affected == 1;
        Ok(row.filter(|row| taken && row.kind == kind && at.to_string() < row.expires_at).map(|row| row.state))
    }

    /// How often this was tried in vain.
    pub async fn failures(&self, subject: &str) -> Result<Option<Failures>, Error> {
        find_failures(self.conn, subject).await
    }

    pub async fn keep_failures(&self, subject: &str, found: Failures) -> Result<(), Error> {
        let row = failures::ActiveModel {
            subject: Set(subject.to_owned()),
            count: Set(found.count as i32),
            last_at: Set(found.last_at.to_string()),
        };
        let replaced = sea_orm::sea_query::OnConflict::column(failures::Column::Subject)
            .update_columns([failures::Column::Count, failures::Column::LastAt])
            .to_owned();
        failures::Entity::insert(row).on_conflict(replaced).exec_without_returning(self.conn).await?;
        Ok(())
    }

    /// Forgets failures whose subject begins so.
    pub async fn forget_failures(&self, prefix: &str) -> Result<u64, Error> {
        let of = failures::Column::Subject.starts_with(prefix);
        Ok(failures::Entity::delete_many().filter(of).exec(self.conn).await?.rows_affected)
    }

    /// Lets go what can no longer be used at `at`: links, ceremonies, and failures last counted before `forgotten`.
    pub async fn sweep(&self, at: Instant, forgotten: Instant) -> Result<u64, Error> {
        let now = at.to_string();
        let links = links::Entity::delete_many().filter(links::Column::ExpiresAt.lte(now.clone()));
        let ceremonies = ceremonies::Entity::delete_many().filter(ceremonies::Column::ExpiresAt.lte(now));
        let failures = failures::Entity::delete_many().filter(failures::Column::LastAt.lte(forgotten.to_string()));
        let gone = links.exec(self.conn).await?.rows_affected + ceremonies.exec(self.conn).await?.rows_affected;
        Ok(gone + failures.exec(self.conn).await?.rows_affected)
    }
}

async fn find_credentials(conn: &impl ConnectionTrait, person: &PersonId) -> Result<Vec<Credential>, Error> {
    let of = credentials::Entity::find().filter(credentials::Column::Person.eq(person.as_str()));
    let rows = of.order_by_asc(credentials::Column::MadeAt).order_by_asc(credentials::Column::Id).all(conn).await?;
    rows.into_iter().map(credential).collect()
}

async fn find_failures(conn: &impl ConnectionTrait, subject: &str) -> Result<Option<Failures>, Error> {
    let row = failures::Entity::find_by_id(subject).all(conn).await?.pop();
    row.map(|row| {
        let last_at = read("failures", "last_at", &row.subject, &row.last_at)?;
        Ok(Failures { count: row.count as u32, last_at })
    })
    .transpose()
}

fn credential(row: credentials::Model) -> Result<Credential, Error> {
    const TABLE: &str = "credentials";
    let kind = CredentialKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    Ok(Credential {
        person: read(TABLE, "person", &row.id, &row.person)?,
        kind: kind.ok_or_else(|| Error::Corrupt { table: TABLE, column: "kind", row: row.id.clone() })?,
        made_at: read(TABLE, "made_at", &row.id, &row.made_at)?,
        used_at: read_some(TABLE, "used_at", &row.id, row.used_at.as_deref())?,
        step: row.step.map(|step| step as u64),
        label: row.label,
        secret: row.secret,
        id: row.id,
    })
}

fn link(row: links::Model) -> Result<Link, Error> {
    const TABLE: &str = "links";
    let purpose = match row.purpose.as_str() {
        "invitation" => Purpose::Invitation,
        "recovery" => Purpose::Recovery,
        _ => return Err(Error::Corrupt { table: TABLE, column: "purpose", row: row.digest }),
    };
    Ok(Link {
        person: read(TABLE, "person", &row.digest, &row.person)?,
        made_by: read(TABLE, "made_by", &row.digest, &row.made_by)?,
        expires_at: read(TABLE, "expires_at", &row.digest, &row.expires_at)?,
        digest: row.digest,
        purpose,
    })
}
