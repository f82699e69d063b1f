//! Complaints as their readers see them: the secretariat and auditors, and whoever complained.

use domain::act::ComplaintId;
use domain::authority::Power;
use domain::text::Text;
use domain::watching::Complaint;

use crate::account::session::is_same;
use crate::acts::complaint_object;
use crate::caller::Visitor;
use crate::identity::secret::digest;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Page, Words};

/// Complaints on one list.
pub(crate) const MOST: u64 = 100;

fn missing(id: &str) -> Problem {
    Problem::not_found(&Text::new("苦情・通報", "complaint"), id)
}

/// The complaint of that id with what was written, if this visitor may read it; to others it is not there.
pub(crate) async fn find(registry: &Registry, visitor: &Visitor, id: &str) -> Result<(Complaint, Words), Problem> {
    let parsed: ComplaintId = id.parse().map_err(|_| missing(id))?;
    let found = registry.store.complaint(&parsed).await?.ok_or_else(|| missing(id))?;
    if !may(registry, visitor, Power::ReadComplaints, &found).await? {
        return Err(missing(id));
    }
    let words = registry.store.words_of(&found.id).await?.ok_or_else(|| missing(id))?;
    Ok((found, words))
}

/// May this visitor do this about it?
pub(crate) async fn may(
    registry: &Registry,
    visitor: &Visitor,
    power: Power,
    complaint: &Complaint,
) -> Result<bool, Problem> {
    let registration = match &complaint.registration {
        Some(number) => registry.store.registration(number).await?,
        None => None,
    };
    let object = complaint_object(registration.as_deref());
    Ok(visitor.actor.in_role(power, &object, visitor.at.day()).is_ok())
}

/// Those that this visitor may read: open ones, or closed ones, in the order in which they came.
pub(crate) async fn list(
    registry: &Registry,
    visitor: &Visitor,
    is_closed: bool,
    after: Option<&str>,
) -> Result<Page<Complaint>, Problem> {
    let after = match after {
        Some(id) => {
            let unknown = || {
                let message = Text::new(
                    "after には前の答えの next（苦情・通報の番号）をそのまま書いてください。",
                    "after takes the next of an earlier answer, the id of a complaint.",
                );
                Problem::unreadable("/after", id, message)
            };
            let parsed: ComplaintId = id.parse().map_err(|_| unknown())?;
            Some(registry.store.complaint(&parsed).await?.ok_or_else(unknown)?)
        }
        None => None,
    };
    let page = registry.store.complaints(is_closed, after.as_ref(), MOST).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for complaint in page.items {
        if may(registry, visitor, Power::ReadComplaints, &complaint).await? {
            items.push(complaint);
        }
    }
    Ok(Page { items, has_more: page.has_more })
}

/// The complaint of whoever shows its number and its secret. A wrong secret is answered as a number that is not there.
pub(crate) async fn followed(registry: &Registry, id: &str, secret: &str) -> Result<(Complaint, Words), Problem> {
    let wrong = || {
        let message = Text::new(
            "受付番号か確認用の符号が違います。控えた二つを、もう一度確かめてください。",
            "The receipt number or the code is wrong. Check the two that you noted down.",
        );
        Problem::new(poem::http::StatusCode::NOT_FOUND, "not_found", Text::new("見つかりません", "Not found"), message)
    };
    let parsed: ComplaintId = id.trim().to_uppercase().parse().map_err(|_| wrong())?;
    let found = registry.store.complaint(&parsed).await?;
    let words = registry.store.words_of(&parsed).await?;
    let (Some(found), Some(words)) = (found, words) else { return Err(wrong()) };
    let shown = digest(secret.trim().to_uppercase().as_str());
    if is_same(&shown, &words.secret) { Ok((found, words)) } else { Err(wrong()) }
}
