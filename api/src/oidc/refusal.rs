//! Why nobody was signed in: one variant for each cause, so that the log names it and tests tell them apart.

use std::fmt;

use domain::text::Text;

/// Why a sign-in is refused. [`fmt::Display`] is for the log, [`Refusal::told`] for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The callback does not carry the state this browser was sent off with.
    State,
    /// The provider, or the person there, said no: its error code, such as `access_denied`.
    Denied { error: String },
    /// The code was not exchanged: the provider's error code, such as `invalid_grant`.
    CodeRefused { error: String },
    /// Something names another issuer than the one set up.
    Issuer(Said),
    /// The ID token is for somebody else, or for others too.
    Audience,
    /// The ID token was issued to somebody else (`azp`), or to nobody though it has several audiences.
    AuthorisedParty,
    /// The ID token is not signed, or by an algorithm that is not asymmetric, announced and known here.
    Algorithm,
    /// The ID token's signature is not by the key it names.
    Signature,
    /// The provider publishes no usable key of the name the ID token gives, not even when asked again.
    UnknownKey,
    /// The ID token's time is over.
    Expired,
    /// The ID token is from the future (`iat`), or not to be used yet (`nbf`).
    NotYetValid,
    /// The ID token does not answer this browser's request.
    Nonce,
    /// The provider's keys could not be had.
    KeysUnreachable(Fault),
    /// Another of its addresses did not answer as it should.
    ProviderUnreachable { endpoint: Endpoint, fault: Fault },
    /// UserInfo speaks of another person than the ID token.
    SubjectDiffers,
    /// A gBizIDエントリー account: nobody has checked whom it belongs to.
    EntryAccount,
    /// The account is a corporation's and has no corporate number.
    NoCorporateNumber,
    /// Something missing or unreadable in what the provider said, by its name there.
    Malformed { what: &'static str },
}

/// Where an issuer was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Discovery,
    Callback,
    IdToken,
}

/// An address of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Discovery,
    Authorisation,
    Token,
    UserInfo,
}

/// What was wrong with an answer, or that there was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The address is not `https://`.
    Insecure,
    /// The address is on a host that nobody named.
    Elsewhere,
    /// No connection, or one that broke: why.
    Connection(String),
    /// Not answered in full within five seconds.
    TooSlow,
    /// More than 256 KB.
    TooLarge,
    /// It points elsewhere; nobody follows.
    Redirect,
    /// An HTTP status other than 200.
    Status(u16),
    /// Not JSON by its own word.
    ContentType,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insecure => f.write_str("the address is not https"),
            Self::Elsewhere => f.write_str("the address is neither on the issuer's host nor on one of --oidc-hosts"),
            Self::Connection(why) => write!(f, "no connection: {why}"),
            Self::TooSlow => f.write_str("no whole answer in time"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Redirect => f.write_str("it redirects"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::ContentType => f.write_str("the answer is not JSON"),
        }
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State => f.write_str("the callback's state is not this browser's"),
            Self::Denied { error } => write!(f, "the provider answered with the error {error}"),
            Self::CodeRefused { error } => write!(f, "the provider did not exchange the code: {error}"),
            Self::Issuer(said) => write!(f, "another issuer is named: {said:?}"),
            Self::Audience => f.write_str("the ID token is for another audience"),
            Self::AuthorisedParty => f.write_str("the ID token was issued to another party"),
            Self::Algorithm => f.write_str("the ID token's algorithm is not accepted"),
            Self::Signature => f.write_str("the ID token's signature is wrong"),
            Self::UnknownKey => f.write_str("the ID token's key is not published"),
            Self::Expired => f.write_str("the ID token has expired"),
            Self::NotYetValid => f.write_str("the ID token is not valid yet"),
            Self::Nonce => f.write_str("the ID token's nonce is not this browser's"),
            Self::KeysUnreachable(fault) => write!(f, "the provider's keys could not be had: {fault}"),
            Self::ProviderUnreachable { endpoint, fault } => write!(f, "the provider failed, {endpoint:?}: {fault}"),
            Self::SubjectDiffers => f.write_str("UserInfo is about another subject than the ID token"),
            Self::EntryAccount => f.write_str("an Entry account"),
            Self::NoCorporateNumber => f.write_str("a corporation's account without a corporate number"),
            Self::Malformed { what } => write!(f, "the provider's {what} is missing or unreadable"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// What the person is told. Causes they can do nothing about are one sentence: the log knows more.
    pub fn told(&self) -> Text {
        match self {
            Self::State | Self::CodeRefused { .. } => Text::new(
                "サインインの手続きが途中で切れたか、別の画面から始められたものです。サインイン画面から\
                 やり直してください。",
                "This sign-in was interrupted or began elsewhere. Start again from the sign-in page.",
            ),
            Self::Denied { .. } => Text::new(
                "GビズIDでのサインインが取りやめられました。もう一度サインインするには、サインイン画面からやり直してください。",
                "Signing in with GビズID was cancelled. To sign in, start again from the sign-in page.",
            ),
            Self::EntryAccount => Text::new(
                "gBizIDエントリーのアカウントでは利用できません。書類審査などの本人確認を経たgBizIDプライム、またはその\
                 組織のgBizIDメンバーのアカウントでサインインしてください。",
                "A gBizID Entry account cannot be used here. Sign in with a gBizID Prime account, whose holder has \
                 been verified, or with a gBizID Member account of the same organisation.",
            ),
            Self::NoCorporateNumber => Text::new(
                "このアカウントには法人番号が登録されていません。GビズIDの登録内容を確かめてください。",
                "This account has no corporate number. Check what is registered at GビズID.",
            ),
            Self::KeysUnreachable(_) | Self::ProviderUnreachable { .. } => Text::new(
                "GビズIDから応答がありません。しばらくしてからもう一度サインインしてください。",
                "GビズID does not answer. Sign in again in a while.",
            ),
            Self::Issuer(_)
            | Self::Audience
            | Self::AuthorisedParty
            | Self::Algorithm
            | Self::Signature
            | Self::UnknownKey
            | Self::Expired
            | Self::NotYetValid
            | Self::Nonce
            | Self::SubjectDiffers
            | Self::Malformed { .. } => Text::new(
                "GビズIDからの応答を確かめられなかったため、サインインできませんでした。もう一度サインインし、それでも\
                 同じなら運用者に問い合わせてください。",
                "GビズID's answer could not be verified, so you are not signed in. Sign in again; if it happens again, \
                 ask the operator.",
            ),
        }
    }
}

/// An error code as OAuth defines them (RFC 6749, section 4.1.2.1), cut to what a log line bears.
pub(super) fn error_code(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::error_code;

    #[test]
    fn an_error_code_stays_one_short_word() {
        assert_eq!(error_code("access_denied"), "access_denied");
        assert_eq!(error_code("a b\r\n\u{1b}[31m名"), "ab[31m");
        assert_eq!(error_code(&"a".repeat(1000)).len(), 64);
    }
}
