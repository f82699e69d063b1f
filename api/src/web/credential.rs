//! A licence as a verifiable credential, for download.

use domain::licence::LicenceId;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::Answer;
use super::session::Shared;
use crate::credentials;
use crate::http::status_lists::{CREDENTIAL, kept};
use crate::problem::Problem;

#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let missing = || Problem::not_found(&Text::new("使用許諾", "licence"), &id);
    let licence: LicenceId = id.parse().map_err(|_| missing())?;
    Ok(kept(request, &credentials::licence(registry, licence).await?, CREDENTIAL))
}
