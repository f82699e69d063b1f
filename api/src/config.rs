//! Settings, checked when they are read: a wrong one stops the start with its reason.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use domain::licence::token::NAME_AT_10M;
use poem::http::uri::Authority;

/// The prefix of a mark's link for which the token's budget was made, in characters.
const PREFIX: usize = 27;

/// The address people reach the registry at: scheme and host, no path, no closing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
}

/// Why a base URL is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlError {
    /// Neither `https://` nor `http://`.
    Scheme(String),
    /// No host, or more than scheme, host and port.
    Host(String),
    /// `https://host/` may have 40 characters at most, so that marks fit their QR symbol.
    Long { characters: usize },
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(text) => {
                write!(f, "https:// か http:// で始めてください / begin with https:// or http://: {text}")
            }
            Self::Host(text) => {
                write!(f, "ホスト名（とポート）だけを書いてください / give scheme, host and port only: {text}")
            }
            Self::Long { characters } => write!(
                f,
                "{characters} 文字は長すぎます（40 文字まで）。マークのQRコードに収まりません / {characters} characters \
                 are too long for a mark's QR code (40 at most)"
            ),
        }
    }
}

impl std::error::Error for BaseUrlError {}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.ok_or_else(|| BaseUrlError::Scheme(text.to_owned()))?.trim_end_matches('/');
        let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        if !host.bytes().all(is_host) || !names_a_host(host) {
            return Err(BaseUrlError::Host(text.to_owned()));
        }
        let text = text.trim_end_matches('/').to_owned();
        match text.len() + 1 {
            characters @ 41.. => Err(BaseUrlError::Long { characters }),
            _ => Ok(Self { text }),
        }
    }
}

/// A name of parts, or an IPv6 address in brackets, and a port there can be.
fn names_a_host(authority: &str) -> bool {
    let Ok(read) = authority.parse::<Authority>() else { return false };
    let name = read.host();
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-');
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.contains(['[', ']', ':']) && name.split('.').all(is_part),
    };
    is_name && (authority == name || read.port_u16().is_some())
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl BaseUrl {
    /// An address under this one; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.text.split_once("://").map_or(&self.text, |(_, host)| host)
    }

    /// Do browsers reach us over TLS?
    pub fn is_secure(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// The log's name: its address without the scheme (C2SP tlog-tiles).
    pub fn log_origin(&self) -> String {
        format!("{}/log", self.host())
    }

    /// Bytes of a holder's name that fit a token behind this address: a longer address leaves a shorter name, so that
    /// the symbol stays within version 10-M.
    pub fn name_bytes(&self) -> usize {
        NAME_AT_10M - (self.text.len() + 1).saturating_sub(PREFIX)
    }

    /// What stands behind this address in a link to it, if it is one.
    pub fn strip<'a>(&self, link: &'a str) -> Option<&'a str> {
        link.strip_prefix(&self.text)?.strip_prefix('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port() {
        for (text, kept) in [
            ("https://otasuketai.example", "https://otasuketai.example"),
            ("https://otasuketai.example/", "https://otasuketai.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://register-1.example:65535", "https://register-1.example:65535"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap().to_string(), kept);
        }
        for text in [
            "otasuketai.example",
            "ftp://x",
            "https://",
            "https://a/b",
            "https://a?x",
            "https://A",
            "https://a@b",
            "https://[:",
            "https://[]",
            "https://[::1",
            "https://:80",
            "https://:99999999",
            "https://a:",
            "https://a:65536",
            "https://..",
            "https://a..b",
            "https://.a",
            "https://-a",
            "https://a:b",
            "https://::1",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
        let longest = format!("https://{}", "a".repeat(31));
        assert!(longest.parse::<BaseUrl>().is_ok());
        assert_eq!(format!("{longest}a").parse::<BaseUrl>(), Err(BaseUrlError::Long { characters: 41 }));
    }
}
