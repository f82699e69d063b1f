//! The signing keys: everybody reads of them, two people change what they are good for.

use domain::act::KeyId;
use domain::proposal::Motion;
use domain::signing_key::SigningKey;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::desk::{Typed, call_of, is_about_the_form, page_with, refused};
use super::session::{Shared, desk_frame, public_frame};
use super::view::form::Form;
use super::view::house::{DISTRUST, KeyLine, KeyPage, KeysPage};
use super::{Answer, page, to};
use crate::acts::Propose;
use crate::caller::{Visitor, signed_in};
use crate::problem::{Problem, Told};
use crate::registry::Registry;

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let keys = registry.store.signing_keys().await?;
    let lines = keys.iter().map(|key| KeyLine::new(key, &keys)).collect();
    page(&KeysPage { frame: public_frame(registry, request), keys: lines })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    page(&shown(registry, visitor, &find(registry, &id).await?.id, Form::default()).await?)
}

async fn find(registry: &Registry, id: &str) -> Result<SigningKey, Problem> {
    let missing = || Problem::not_found(&Text::new("署名鍵", "signing key"), id);
    let keys = registry.store.signing_keys().await?;
    keys.iter().find(|key| key.id.as_str() == id).cloned().ok_or_else(missing)
}

async fn shown(registry: &Registry, visitor: &Visitor, id: &KeyId, form: Form) -> Result<KeyPage, Problem> {
    let keys = registry.store.signing_keys().await?;
    let key = find(registry, id.as_str()).await?;
    let (frame, is_held) = (desk_frame(registry, visitor), registry.keys.of(&key).is_some());
    Ok(KeyPage { frame, key: KeyLine::new(&key, &keys), is_held, form })
}

#[handler]
pub(crate) async fn activate(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let key = find(registry, &id).await?.id;
    propose(registry, visitor, key.clone(), Form::of(typed.0), Motion::ActivateKey { key }).await
}

#[handler]
pub(crate) async fn distrust(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let key = find(registry, &id).await?.id;
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(std::slice::from_ref(&DISTRUST)) {
        let page = shown(registry, visitor, &key, form.with(errors)).await?;
        return page_with(Told::INVALID, &page);
    }
    let reason = form.value("/reason").to_owned();
    propose(registry, visitor, key.clone(), form, Motion::CompromiseKey { key, reason }).await
}

async fn propose(registry: &Shared, visitor: &Visitor, key: KeyId, form: Form, motion: Motion) -> Answer {
    match registry.perform(Propose { motion }, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/proposals/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &shown(registry, visitor, &key, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}
