//! The certificate of a licence: printed when it is asked for, the same bytes for the same words, kept for a while.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use domain::licence::token::HolderKind;
use domain::licence::{Licence, LicenceId, Standing};
use domain::registration::Registration;
use domain::text::Text;
use poem::Request;
use poem::http::StatusCode;

use super::Answer;
use super::pictures::Made;
use crate::clock;
use crate::paper::certificate::{Certificate, Modules};
use crate::paper::{Fault, NoGlyph};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::seal::qr::Symbol;

/// Certificates kept; one is about 20 kB.
static PRINTED: LazyLock<quick_cache::sync::Cache<String, Made>> = LazyLock::new(|| quick_cache::sync::Cache::new(200));

/// The certificate, while the licence is valid: of any other there is none to be printed.
pub(super) async fn show(request: &Request, registry: &Arc<Registry>, id: LicenceId) -> Answer {
    let missing =
        || Problem::not_found(&Text::new("有効な使用許諾の登録証", "certificate of a valid licence"), &id.to_string());
    let licence = registry.store.licence(id).await?.ok_or_else(missing)?;
    let registration = registry.store.registration(&licence.grant.registration).await?.ok_or_else(missing)?;
    if licence.standing(&registration, clock::now()) != Standing::Valid {
        return Err(missing());
    }
    let link = registry.links_of(id).await?.full;
    let certificate = certificate(registry, &licence, &registration, &link)?;
    // Everything that is printed.
    let key = format!("{link} {certificate:?}");
    let made = match PRINTED.get(&key) {
        Some(made) => made,
        None => {
            let printing = tokio::task::spawn_blocking(move || certificate.print());
            let printed = printing.await.map_err(|error| Problem::internal(&error))?.map_err(unprintable)?;
            let made = Made::new(Bytes::from(printed));
            PRINTED.insert(key, made.clone());
            made
        }
    };
    Ok(made.answer(request, "application/pdf", "public, no-cache"))
}

fn certificate(
    registry: &Registry,
    licence: &Licence,
    registration: &Registration,
    link: &str,
) -> Result<Certificate, Problem> {
    let symbol = Symbol::full(link).map_err(|error| Problem::internal(&error))?;
    let (grant, listing) = (&licence.grant, &registration.listing);
    Ok(Certificate {
        is_users: grant.holder_kind == HolderKind::User,
        holder: grant.holder_name.clone(),
        holder_number: grant.holder_number.as_ref().map(ToString::to_string),
        service: listing.service_name.clone(),
        provider: listing.provider.trade_name.clone(),
        registration: grant.registration.to_string(),
        licence: licence.id.to_string(),
        granted_at: licence.granted_at,
        last_day: grant.expires_at.day().previous(),
        host: registry.base_url.host().to_owned(),
        is_sample: registry.is_demonstration,
        symbol: Modules { side: symbol.side(), runs: symbol.runs() },
    })
}

/// What the typeface lacks is told by its name; no certificate shows a box in its place.
fn unprintable(fault: Fault) -> Problem {
    match fault {
        Fault::NoGlyph(NoGlyph(letter)) => {
            let code = format!("U+{:04X}", u32::from(letter));
            Problem::new(
                StatusCode::CONFLICT,
                "no_glyph",
                Text::new("印刷できない文字があります", "A letter cannot be printed"),
                Text::new(
                    format!(
                        "「{letter}」（{code}）の字形がないため、登録証を作れません。名称の文字を事務局に相談してください。"
                    ),
                    format!(
                        "There is no glyph for \"{letter}\" ({code}), so no certificate is made. Ask the secretariat about \
                         the letters of the name."
                    ),
                ),
            )
        }
        Fault::Failed(why) => Problem::internal(&format!("a certificate was not printed: {why}")),
    }
}
