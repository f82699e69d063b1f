//! `/licences` and `/registrations/{number}/licences`: who may show the mark.

use std::sync::Arc;

use domain::act::RegistrationNumber;
use domain::authority::Power;
use domain::calendar::{Day, Instant};
use domain::licence::token::Token;
use domain::licence::{Holder, Licence, LicenceId};
use domain::parties::CorporateNumber;
use domain::proposal::Motion;
use domain::reading::cleaned_line;
use domain::registration::Registration;
use domain::text::Text;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::register::REGISTRATION;
use super::rendered::Rendered;
use super::request::{Caller, call, cursor, identifier};
use super::wire::Reason;
use super::words::{HolderName, StandingName};
use crate::acts::{Done, EndLicence, Grant};
use crate::caller::may_see;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;

const LICENCE: (&str, &str) = ("使用許諾", "licence");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A mark licence.
#[derive(Object, Debug)]
#[oai(rename = "Licence", rename_all = "camelCase", skip_serializing_if_is_none)]
struct LicenceView {
    /// 8 Crockford base32 characters.
    id: String,
    /// Acts about it so far; what `If-Match` takes.
    version: u32,
    registration: String,
    holder_kind: HolderName,
    holder_name: String,
    /// 法人番号, 13 digits.
    holder_number: Option<String>,
    /// The first day of the attested contract; a user's only.
    contract_from: Option<String>,
    standing: StandingName,
    status_index: u32,
    granted_at: String,
    /// The end of the term printed in the token, in UTC.
    expires_at: String,
    /// What the full mark's QR code holds.
    link: String,
    /// What the mini mark's QR code holds.
    mini_link: String,
    /// The picture of the full mark with its QR code.
    png: String,
    svg: String,
}

/// Some licences, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Licences {
    items: Vec<LicenceView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

/// Who is to hold a licence.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct GrantBody {
    holder_kind: HolderName,
    /// A user's name as it writes it; not asked of the provider's own licence.
    #[oai(validator(min_length = 1, max_length = 200))]
    holder_name: Option<String>,
    /// 法人番号 in 13 digits, full or half width; a sole proprietor has none.
    #[oai(validator(max_length = 40))]
    holder_number: Option<String>,
    /// The first day of the user's contract, `YYYY-MM-DD`, today at the latest.
    #[oai(validator(max_length = 20))]
    contract_from: Option<String>,
}

#[OpenApi(tag = "Chapter::Licences")]
impl Api {
    /// Grants a licence
    ///
    /// The provider's own is granted by the secretariat; a user's is attested by the provider it has a contract with.
    #[oai(path = "/registrations/:number/licences", method = "post", operation_id = "grantLicence")]
    async fn grant(
        &self,
        caller: Caller,
        number: Path<String>,
        body: Body<GrantBody>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<LicenceView>, Problem> {
        let registration: RegistrationNumber = identifier(REGISTRATION, &number.0)?;
        let call = call(&caller, None, key.0)?;
        let at = call.at;
        let Done { state, entry } = self.registry.perform(Grant { registration, to: holder(body.0)? }, call).await?;
        let location = format!("/api/v1/licences/{}", state.id);
        Ok(self.view(&state, at).await?.created(&location).logged(entry))
    }

    /// Lists the licences under a registration
    #[oai(path = "/registrations/:number/licences", method = "get", operation_id = "listLicences")]
    async fn list(
        &self,
        caller: Caller,
        number: Path<String>,
        /// Only ids after this one.
        #[oai(validator(max_length = 20))]
        after: Query<Option<String>>,
    ) -> Result<Json<Licences>, Problem> {
        let at = clock::now();
        let number: RegistrationNumber = identifier(REGISTRATION, &number.0)?;
        let registration = self.registration(&caller, &number).await?;
        let after = after.0.as_deref().map(|text| cursor::<LicenceId>(LICENCE, text)).transpose()?;
        let page = self.registry.store.licences_of(&number, after, 200).await?;
        let next = page.items.last().filter(|_| page.has_more).map(|last| last.id.to_string());
        let mut items = Vec::with_capacity(page.items.len());
        for licence in &page.items {
            items.push(self.write(licence, &registration, at).await?);
        }
        Ok(Json(Licences { items, next }))
    }

    /// Shows a licence
    #[oai(path = "/licences/:id", method = "get", operation_id = "getLicence")]
    async fn show(&self, caller: Caller, id: Path<String>) -> Result<Rendered<LicenceView>, Problem> {
        let id: LicenceId = identifier(LICENCE, &id.0)?;
        let missing = || Problem::not_found(&Text::new(LICENCE.0, LICENCE.1), &id.to_string());
        let licence = self.registry.store.licence(id).await?.ok_or_else(missing)?;
        let registration = self.registry.store.registration(&licence.grant.registration).await?.ok_or_else(missing)?;
        // That it is there, anybody with its mark knows; what it says is for those concerned.
        may_see(&caller.0, &licence, &registration)?;
        self.view(&licence, clock::now()).await
    }

    /// Proposes to revoke a licence
    ///
    /// The secretariat's, for cause. It is revoked once a second person confirms it.
    #[oai(path = "/licences/:id/revocation", method = "post", operation_id = "proposeRevocation")]
    async fn propose_revocation(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let motion = Motion::RevokeLicence { licence: identifier(LICENCE, &id.0)?, reason: body.0.reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Ends a licence
    #[oai(path = "/licences/:id/end", method = "post", operation_id = "endLicence")]
    async fn end(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<Reason>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<LicenceView>, Problem> {
        let deed = EndLicence { licence: identifier(LICENCE, &id.0)?, reason: body.0.reason };
        let call = call(&caller, if_match.0, None)?;
        let at = call.at;
        let Done { state, entry } = self.registry.perform(deed, call).await?;
        Ok(self.view(&state, at).await?.logged(entry))
    }
}

impl Api {
    /// The registration, if the caller may see its licences.
    async fn registration(&self, caller: &Caller, number: &RegistrationNumber) -> Result<Arc<Registration>, Problem> {
        let missing = || Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number.as_str());
        let found = self.registry.store.registration(number).await?.ok_or_else(missing)?;
        caller.0.actor.in_role(Power::ReadLicences, &found.object(), caller.0.at.day())?;
        Ok(found)
    }

    async fn view(&self, licence: &Licence, at: Instant) -> Result<Rendered<LicenceView>, Problem> {
        let number = &licence.grant.registration;
        let missing = || Problem::internal(&format!("licence {} hangs from no registration", licence.id));
        let registration = self.registry.store.registration(number).await?.ok_or_else(missing)?;
        Ok(Rendered::at_version(&self.write(licence, &registration, at).await?, licence.version))
    }

    async fn write(&self, licence: &Licence, registration: &Registration, at: Instant) -> Result<LicenceView, Problem> {
        let grant = &licence.grant;
        let links = self.registry.links_of(licence.id).await?;
        let under = |file: &str| self.registry.base_url.join(&format!("/licences/{}/{file}", licence.id));
        Ok(LicenceView {
            id: licence.id.to_string(),
            version: licence.version,
            registration: grant.registration.to_string(),
            holder_kind: (&grant.holder_kind).into(),
            holder_name: grant.holder_name.clone(),
            holder_number: grant.holder_number.as_ref().map(ToString::to_string),
            contract_from: grant.contract_from.map(|day| day.to_string()),
            standing: (&licence.standing(registration, at)).into(),
            status_index: grant.status_index,
            granted_at: licence.granted_at.to_string(),
            expires_at: grant.expires_at.to_string(),
            link: links.full,
            mini_link: links.mini,
            png: under("mark.png"),
            svg: under("mark.svg"),
        })
    }
}

/// Reads who is to hold it; names the field that is missing or wrong.
fn holder(body: GrantBody) -> Result<Holder, Problem> {
    if body.holder_kind == HolderName::Provider {
        return Ok(Holder::Provider);
    }
    let missing = |pointer: &str| {
        let message = Text::new("利用企業の使用許諾に必要な項目です。", "A user's licence needs this.");
        Problem::unreadable(pointer, "", message)
    };
    let name = cleaned_line(&body.holder_name.ok_or_else(|| missing("/holderName"))?);
    let typed = body.contract_from.ok_or_else(|| missing("/contractFrom"))?;
    let contract_from: Day = typed.parse().map_err(|_| {
        let message = Text::new("契約の開始日は 2026-04-01 のように書いてください。", "Write the day like 2026-04-01.");
        Problem::unreadable("/contractFrom", &typed, message)
    })?;
    let number = body.holder_number.as_deref().map(|typed| {
        typed.parse::<CorporateNumber>().map_err(|error| Problem::unreadable("/holderNumber", typed, error.into()))
    });
    Ok(Holder::User { name, number: number.transpose()?, contract_from })
}

impl Registry {
    /// The links that a licence's marks hold.
    pub(crate) async fn links_of(&self, id: LicenceId) -> Result<Links, Problem> {
        let missing = || Problem::not_found(&Text::new(LICENCE.0, LICENCE.1), &id.to_string());
        let token = self.store.token(id).await?.ok_or_else(missing)?;
        let token =
            Token::from_bytes(token).map_err(|error| Problem::internal(&format!("token of {id}: {error:?}")))?;
        Ok(Links {
            full: self.base_url.join(&format!("/{}", token.to_decimal())),
            mini: self.base_url.join(&format!("/{id}")),
        })
    }
}

/// What the QR codes of a licence's marks hold.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    pub(crate) full: String,
    pub(crate) mini: String,
}
