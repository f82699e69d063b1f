//! Licences and status lists as verifiable credentials, proven with the register's key for them.

use domain::calendar::Instant;
use domain::credential::{self, Issued, Method, Proving, multikey, prove};
use domain::licence::LicenceId;
use domain::text::Text;
use ed25519_dalek::Signer;
use serde_json::Value;

use crate::acts::Refused;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::seal::keys::Purpose;
use crate::status_lists::{Form, Signed};

/// The register's identifier as an issuer.
fn did(registry: &Registry) -> String {
    credential::did(registry.base_url.host())
}

/// The document behind the register's identifier.
pub async fn did_document(registry: &Registry) -> Value {
    let published = registry.key_book().await.published();
    let method = |record: crate::seal::keys::PublicKeyRecord| Method {
        proves: record.purpose == Purpose::Credential,
        key: record.key,
    };
    credential::did_document(&did(registry), &published.into_iter().map(method).collect::<Vec<_>>())
}

/// A licence: the same bytes as long as neither it nor its service is otherwise, and the key is the same.
pub async fn licence(registry: &Registry, id: LicenceId) -> Result<Form, Problem> {
    let missing = || Problem::not_found(&Text::new("使用許諾", "licence"), &id.to_string());
    let licence = registry.store.licence(id).await?.ok_or_else(missing)?;
    let registration = registry.store.registration(&licence.grant.registration).await?.ok_or_else(missing)?;
    let (base, did) = (registry.base_url.join(""), did(registry));
    let said = credential::licence(&licence, &registration, &Issued { base: &base, did: &did });
    Ok(proven(registry, said, licence.granted_at.max(registration.changed_at)).await?)
}

/// A status list.
pub async fn list(registry: &Registry, signed: &Signed) -> Result<Form, Refused> {
    let (base, did) = (registry.base_url.join(""), did(registry));
    let said = credential::list(&signed.statement, &Issued { base: &base, did: &did });
    proven(registry, said, signed.statement.issued_at).await
}

async fn proven(registry: &Registry, document: Value, at: Instant) -> Result<Form, Refused> {
    let (key, secret) = registry.signer(Purpose::Credential).await?;
    let proving = Proving { method: format!("{}#{}", did(registry), multikey(&key)), at };
    let proven = prove(document, &proving, |message| Ok::<_, std::convert::Infallible>(secret.sign(message)));
    let Ok(proven) = proven;
    Ok(Form::new(proven.to_string()))
}
