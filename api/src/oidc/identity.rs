//! Who signed in: what UserInfo says, read as GビズID writes it.

use domain::calendar::Instant;
use domain::parties::CorporateNumber;
use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, UserInfoClaims};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::token::SignedIn;

/// The scopes asked for; `openid` goes without saying. `profile` opens account and organisation, `user` the person's
/// name. `email` is not asked for: nothing is keyed on it.
pub(super) const SCOPES: [&str; 2] = ["profile", "user"];

/// `account_type` 「アカウント種別」.
///
/// Source: GビズID接続システム向けガイドライン 2.9版（2026年7月9日）3.4.1.4, as two other implementations of it report it;
/// whether the value is a number or a text they do not agree on, so both are read.
const ACCOUNT_TYPES: [(&str, AccountType); 3] = [
    ("1", AccountType::Entry),
    ("2", AccountType::Accepted(Account::Prime)),
    ("3", AccountType::Accepted(Account::Member)),
];

/// `corp_type` 「事業形態」, from the same place. A sole proprietor's `corporate_number` is no corporate number.
const CORP_TYPES: [(&str, Body); 2] = [("1", Body::Corporation), ("2", Body::SoleProprietor)];

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// A person as the provider knows them. The account is `issuer` and `subject`; the organisation is its corporate
/// number; names are for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// Up to 255 bytes, the provider's own and never another person's.
    pub subject: String,
    pub account: Account,
    /// `None` for a sole proprietor 「個人事業主」.
    pub corporate_number: Option<CorporateNumber>,
    pub organisation_name: Option<String>,
    pub person_name: Option<String>,
    /// When they showed the provider who they are, if it says.
    pub auth_time: Option<Instant>,
}

/// The kinds of account that may sign in: their holders have been verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// gBizIDプライム: the organisation's representative.
    Prime,
    /// gBizIDメンバー: a person the representative answers for.
    Member,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AccountType {
    /// gBizIDエントリー: anybody with an e-mail address.
    Entry,
    Accepted(Account),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Corporation,
    SoleProprietor,
}

/// What UserInfo holds beside the standard claims. Everything else it may hold is not even read.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Attributes {
    account_type: Option<Word>,
    corp_type: Option<Word>,
    corporate_number: Option<Word>,
    user_last_nm: Option<String>,
    user_first_nm: Option<String>,
}

impl AdditionalClaims for Attributes {}

/// A text, or a number in its place.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Number(u64),
}

impl Word {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The answer of UserInfo.
pub(super) type UserInfo = UserInfoClaims<Attributes, CoreGenderClaim>;

impl Identity {
    /// Who `signed_in` is, by UserInfo, whose subject is already known to be theirs.
    pub(super) fn read(issuer: &str, signed_in: SignedIn, about: &UserInfo) -> Result<Self, Refusal> {
        let attributes = about.additional_claims();
        // GビズID puts the organisation's name into OpenID Connect's `name`.
        let organisation = about.name().and_then(|names| names.get(None)).map(|name| name.as_str());
        Ok(Self {
            issuer: issuer.to_owned(),
            subject: signed_in.subject,
            account: attributes.account()?,
            corporate_number: attributes.corporate_number()?,
            organisation_name: name(organisation.unwrap_or_default(), "name")?,
            person_name: attributes.person_name()?,
            auth_time: signed_in.auth_time,
        })
    }
}

impl Attributes {
    fn account(&self) -> Result<Account, Refusal> {
        match listed(self.account_type.as_ref(), &ACCOUNT_TYPES, "account_type")? {
            Some(AccountType::Accepted(account)) => Ok(account),
            Some(AccountType::Entry) => Err(Refusal::EntryAccount),
            None => Err(Refusal::Malformed { what: "account_type" }),
        }
    }

    fn corporate_number(&self) -> Result<Option<CorporateNumber>, Refusal> {
        if listed(self.corp_type.as_ref(), &CORP_TYPES, "corp_type")? == Some(Body::SoleProprietor) {
            return Ok(None);
        }
        let written = self.corporate_number.as_ref().map(Word::text).filter(|text| !text.is_empty());
        let number = written.ok_or(Refusal::NoCorporateNumber)?.parse();
        number.map(Some).map_err(|_| Refusal::Malformed { what: "corporate_number" })
    }

    fn person_name(&self) -> Result<Option<String>, Refusal> {
        let parts = [&self.user_last_nm, &self.user_first_nm].map(|part| part.as_deref().unwrap_or_default().trim());
        name(&parts.join(" "), "user_last_nm")
    }
}

/// What the table says of a word; `None` where there is none.
fn listed<T: Copy>(word: Option<&Word>, table: &[(&str, T)], what: &'static str) -> Result<Option<T>, Refusal> {
    let Some(text) = word.map(Word::text).filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = table.iter().find(|(written, _)| *written == text);
    found.map(|(_, meant)| Some(*meant)).ok_or(Refusal::Malformed { what })
}

/// A name to show; `None` if it is empty. It is one line, and no longer than names are.
fn name(text: &str, what: &'static str) -> Result<Option<String>, Refusal> {
    let text = text.trim();
    if text.chars().any(char::is_control) || text.chars().count() > LONGEST_NAME {
        return Err(Refusal::Malformed { what });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NUMBER: &str = "8700110005901";

    /// What is read of UserInfo with these claims beside the subject.
    fn read(claims: Value) -> Result<Identity, Refusal> {
        let mut whole = json!({ "sub": "1" });
        whole.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let about = UserInfo::from_json::<std::fmt::Error>(whole.to_string().as_bytes(), None).unwrap();
        let signed_in = SignedIn { subject: "1".to_owned(), auth_time: None };
        Identity::read("https://login.example/", signed_in, &about)
    }

    #[test]
    fn a_corporation_is_its_number() {
        let identity = read(json!({
            "account_type": 2, "corp_type": "1", "corporate_number": NUMBER, "name": " 株式会社見本 ", "email": "a@b.example",
            "user_last_nm": "山田", "user_first_nm": "花子", "rep_last_nm": "別人", "birthday_ymd": "19800101",
        }));
        let expected = Identity {
            issuer: "https://login.example/".to_owned(),
            subject: "1".to_owned(),
            account: Account::Prime,
            corporate_number: Some(NUMBER.parse().unwrap()),
            organisation_name: Some("株式会社見本".to_owned()),
            person_name: Some("山田 花子".to_owned()),
            auth_time: None,
        };
        assert_eq!(identity, Ok(expected));
    }

    #[test]
    fn kinds_of_account_and_of_body() {
        let malformed = |what| Err(Refusal::Malformed { what });
        let number = || Some(NUMBER.parse().unwrap());
        for (account, body, written, expected) in [
            (json!("2"), json!("1"), json!(NUMBER), Ok((Account::Prime, number()))),
            (json!(3), json!(1), json!(8_700_110_005_901_u64), Ok((Account::Member, number()))),
            (json!("3"), json!(null), json!(NUMBER), Ok((Account::Member, number()))),
            (json!("2"), json!("2"), json!(NUMBER), Ok((Account::Prime, None))),
            (json!("2"), json!("2"), json!(null), Ok((Account::Prime, None))),
            (json!("1"), json!("1"), json!(NUMBER), Err(Refusal::EntryAccount)),
            (json!(1), json!("1"), json!(null), Err(Refusal::EntryAccount)),
            (json!("2"), json!("1"), json!(null), Err(Refusal::NoCorporateNumber)),
            (json!("2"), json!(null), json!(" "), Err(Refusal::NoCorporateNumber)),
            (json!("2"), json!("1"), json!("8700110005902"), malformed("corporate_number")),
            (json!("4"), json!("1"), json!(NUMBER), malformed("account_type")),
            (json!("prime"), json!("1"), json!(NUMBER), malformed("account_type")),
            (json!(null), json!("1"), json!(NUMBER), malformed("account_type")),
            (json!("2"), json!("3"), json!(NUMBER), malformed("corp_type")),
        ] {
            let claims = json!({ "account_type": account, "corp_type": body, "corporate_number": written });
            let found = read(claims.clone()).map(|identity| (identity.account, identity.corporate_number));
            assert_eq!(found, expected, "{claims}");
        }
    }

    #[test]
    fn names_are_one_line_or_none() {
        let with = |text: &str| {
            let claims = json!({ "account_type": 2, "corp_type": 2, "name": text, "user_first_nm": text });
            read(claims).map(|identity| (identity.organisation_name, identity.person_name))
        };
        assert_eq!(with(" "), Ok((None, None)));
        assert_eq!(with("花子"), Ok((Some("花子".to_owned()), Some("花子".to_owned()))));
        assert_eq!(with("花\n子"), Err(Refusal::Malformed { what: "name" }));
        assert!(with(&"花".repeat(255)).is_ok());
        assert_eq!(with(&"花".repeat(256)), Err(Refusal::Malformed { what: "name" }));
    }
}
