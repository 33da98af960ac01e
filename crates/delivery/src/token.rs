//! 令牌 — what a program shows: `sy_<编号>.<密钥>`; only the digest of the secret is ever kept.

use sha2::{Digest, Sha256};

/// 令牌 — as it arrived, not yet believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// 凭据编号
    pub credential: &'a str,
    /// 密钥
    pub secret: &'a str,
}

impl<'a> Token<'a> {
    const PREFIX: &'static str = "sy_";

    /// Reads an `Authorization` header's value.
    pub fn parse(header: &'a str) -> Option<Self> {
        let (scheme, token) = header.trim().split_once(' ')?;
        let (credential, secret) = token.trim().strip_prefix(Self::PREFIX)?.split_once('.')?;
        let plain = |text: &str| {
            (1..=128).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        (scheme.eq_ignore_ascii_case("bearer") && plain(credential) && plain(secret))
            .then_some(Self { credential, secret })
    }

    /// The whole token, shown once to whoever took it.
    pub fn write(credential: &str, secret: &str) -> String {
        format!("{}{credential}.{secret}", Self::PREFIX)
    }
}

/// 摘要 — what is kept of a secret.
pub fn digest(secret: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_written_token_is_read_back_and_nonsense_is_not() {
        let header = format!("Bearer {}", Token::write("PJ-20250901-7K3M9Q", "abc_DEF-9"));
        let token = Token::parse(&header).unwrap();
        assert_eq!((token.credential, token.secret), ("PJ-20250901-7K3M9Q", "abc_DEF-9"));
        for nonsense in [
            "",
            "Bearer",
            "Bearer x",
            "Basic sy_a.b",
            "Bearer sy_a",
            "Bearer sy_.b",
            "Bearer sy_a.b c",
            "Bearer sy_甲.乙",
        ] {
            assert!(Token::parse(nonsense).is_none(), "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(header in ".{0,200}") {
            let _ = Token::parse(&header);
        }
    }
}
