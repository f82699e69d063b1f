//! The record of a case as a page.

use poem::web::{Data, Path};
use poem::{Request, handler};

use super::case;
use crate::caller::signed_in;
use crate::record;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::record::RecordPage;
use crate::web::{Answer, page};

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = record::find(registry, visitor, &id).await?;
    let application = case::find(registry, visitor, &id).await?;
    page(&RecordPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, &application).await?,
        title: found.title(),
        scope: found.scope(),
        digest: found.digest.clone(),
        blocks: found.sheet(),
    })
}
