//! What a provider sees of its imports, and the file of what is wrong.

use std::sync::Arc;

use bytes::Bytes;
use domain::act::RegistrationNumber;
use domain::authority::Power;
use domain::registration::Registration;
use domain::text::Text;
use futures::{Stream, stream};
use poem::http::header;
use poem::{Body, Response};

use super::Import;
use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::csv::{BOM, push_line};

/// Faults read at once.
const PAGE: u64 = 1_000;

/// The registration of that number, if this visitor may read its licences.
pub(crate) async fn registration(
    registry: &Registry,
    visitor: &Visitor,
    number: &str,
) -> Result<Arc<Registration>, Problem> {
    let missing = || Problem::not_found(&Text::new("登録", "registration"), number);
    let parsed: RegistrationNumber = number.parse().map_err(|_| missing())?;
    let found = registry.store.registration(&parsed).await?.ok_or_else(missing)?;
    visitor.actor.in_role(Power::ReadLicences, &found.object(), visitor.at.day())?;
    Ok(found)
}

/// The import of that id with its registration; to whoever may not read that registration's licences it is not there.
pub(crate) async fn import(
    registry: &Registry,
    visitor: &Visitor,
    id: &str,
) -> Result<(Import, Arc<Registration>), Problem> {
    let missing = || Problem::not_found(&Text::new("一括許諾", "import"), id);
    let found = registry.store.import(id).await?.ok_or_else(missing)?;
    let of = registration(registry, visitor, found.registration.as_str()).await.map_err(|_| missing())?;
    Ok((found, of))
}

/// What is wrong with an import's file, as a file for spreadsheets: read from the database as it goes out.
pub(crate) fn faults_file(registry: &Arc<Registry>, import: &Import) -> Response {
    let name = format!("attachment; filename=\"faults-{}.csv\"", import.id);
    Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_bytes_stream(faults(registry.clone(), import.id.clone())))
}

fn faults(
    registry: Arc<Registry>,
    import: String,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    let heads = ["行 / line", "列 / column", "読み取った値 / read", "どうすればよいか", "What to do"];
    let mut first = BOM.to_owned();
    push_line(&mut first, heads);
    stream::unfold(Some((first, -1)), move |state| {
        let (registry, import) = (registry.clone(), import.clone());
        async move {
            let (mut lines, after) = state?;
            let page = match registry.store.import_faults(&import, after, PAGE).await {
                Ok(page) => page,
                Err(error) => return Some((Err(std::io::Error::other(error.to_string())), None)),
            };
            let next = page.last().filter(|_| page.len() as u64 == PAGE).map(|(place, _)| (String::new(), *place));
            for (_, fault) in page {
                let column = fault.column.map(|column| format!("{} / {}", column.term(), column.as_str()));
                let cells = [
                    &fault.line.to_string(),
                    &column.unwrap_or_default(),
                    &fault.read,
                    &fault.message.ja,
                    &fault.message.en,
                ];
                push_line(&mut lines, cells.map(String::as_str));
            }
            Some((Ok(Bytes::from(lines)), next))
        }
    })
}

/// A file to fill in.
pub(crate) fn template() -> String {
    let mut lines = BOM.to_owned();
    push_line(&mut lines, super::Column::ALL.map(super::Column::term));
    lines
}
