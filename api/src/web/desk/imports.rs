//! Imports on a provider's desk: a file is chosen, and its progress looked at.

use data_encoding::HEXLOWER;
use domain::authority::Power;
use domain::registration::{Registration, Status};
use domain::text::Text;
use poem::http::{HeaderValue, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use super::{Typed, is_about_the_form, page_with, refused};
use crate::caller::{Visitor, signed_in};
use crate::evidence::form::Imported;
use crate::imports::own;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::Form;
use crate::web::view::imports::{ImportPage, ImportsPage};
use crate::web::{Answer, page, to};

/// Imports on one list.
const LISTED: u64 = 20;
/// Faults on a page; the rest is in the file.
const SHOWN: u64 = 20;
/// Seconds after which a page of what still goes on is loaded again.
const AGAIN: &str = "3";

/// The form, and what was sent before.
#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let of = own::registration(registry, visitor, &number).await?;
    page(&listed(registry, visitor, &of, Form::default()).await?)
}

async fn listed(registry: &Registry, visitor: &Visitor, of: &Registration, form: Form) -> Result<ImportsPage, Problem> {
    let may = visitor.may(Power::GrantToUser, of) && of.status(visitor.at) == Status::Valid;
    Ok(ImportsPage {
        frame: desk_frame(registry, visitor),
        number: of.number.to_string(),
        service: of.listing.service_name.clone(),
        // A second click is the same import; a file that was refused is another one.
        key: may.then(|| HEXLOWER.encode(&registry.draw_name())),
        imports: registry.store.imports_of(&of.number, LISTED).await?,
        form,
    })
}

/// A file of users. It was taken in as it came ([`crate::evidence::form`]).
#[handler]
pub(crate) async fn begin(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let of = own::registration(registry, visitor, &number).await?;
    visitor.actor.in_role(Power::GrantToUser, &of.object(), visitor.at.day())?;
    let imported = request.extensions().get::<Option<Imported>>().cloned().flatten().unwrap_or_else(|| {
        let message = Text::new("CSVファイルを選んでください。", "Choose a CSV file.");
        Err(Box::new(Problem::unreadable("/file", "", message)))
    });
    match imported {
        Ok(import) => Ok(to(&format!("/imports/{}", import.id))),
        Err(problem) if is_about_the_form(&problem) || problem.code.starts_with("file_") => {
            let form = refused(Form::of(typed.0), &problem);
            page_with(&*problem, &listed(registry, visitor, &of, form).await?)
        }
        Err(problem) => Err(*problem),
    }
}

/// How far it has come. While it goes on, the page is loaded again by itself.
#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let (import, of) = own::import(registry, visitor, &id).await?;
    let faults = registry.store.import_faults(&import.id, -1, SHOWN + 1).await?;
    let has_more = faults.len() as u64 > SHOWN;
    let is_settled = import.stage.is_settled();
    let mut answer = page(&ImportPage {
        frame: desk_frame(registry, visitor),
        service: of.listing.service_name.clone(),
        faults: faults.into_iter().take(SHOWN as usize).map(|(_, fault)| fault).collect(),
        has_more,
        import,
    })?;
    if !is_settled {
        answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    }
    Ok(answer)
}

/// The file of what is wrong.
#[handler]
pub(crate) async fn faults_file(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let (import, _) = own::import(registry, visitor, &id).await?;
    Ok(own::faults_file(registry, &import))
}

/// A file to fill in.
#[handler]
pub(crate) async fn template(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let of = own::registration(registry, visitor, &number).await?;
    Ok(Response::builder()
        .content_type("text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"users-{}.csv\"", of.number))
        .header(header::CACHE_CONTROL, "no-store")
        .body(own::template()))
}
