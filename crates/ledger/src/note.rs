//! 签名文本 — C2SP signed notes: a text, an empty line, and one line per signature (Ed25519, type 0x01).

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _};
use sha2::{Digest as _, Sha256};

/// The signature type that key ids and encoded keys begin with.
const ED25519: u8 = 0x01;
const DASH: &str = "\u{2014} ";
// The specification asks for a limit and for at least 16 signatures; these are those of Go's note package.
const MAX_BYTES: usize = 1_000_000;
const MAX_SIGNATURES: usize = 100;

/// 签名文本之误 — what is wrong with a key or with a note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 密钥名称
    #[error("密钥名称不得为空，不得含空白、加号或控制字符：{0:?}")]
    Name(String),
    /// 验证密钥
    #[error("验证密钥的格式不正确")]
    Key,
    /// 正文
    #[error("签名文本的正文应以换行结尾，且不得含换行以外的控制字符")]
    Text,
    /// 过大
    #[error("签名文本过大或签名过多")]
    TooLarge,
    /// 无签名
    #[error("签名文本缺少签名部分")]
    Unsigned,
    /// 签名行
    #[error("签名文本第{0}行签名的格式不正确")]
    Line(usize),
    /// 签名无效
    #[error("“{0}”的签名无效，文本或签名已被改动")]
    Signature(String),
    /// 无可信签名
    #[error("签名文本没有任何可信密钥的签名")]
    Untrusted,
}

/// 签名密钥 — signs notes in one name. The seed is wiped when the key is dropped and never printed.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey, // wipes itself
    public: VerifyingKey,
}

impl SigningKey {
    /// 由种子生成 — the key of this name and seed; whoever holds the seed holds the key.
    ///
    /// # Errors
    ///
    /// When the name cannot stand in a signature line.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Fault> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey::new(name, secret.verifying_key())?;
        Ok(Self { secret, public })
    }

    /// 验证密钥 — the public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.public.clone()
    }

    /// 签名 — the note: this text with our signature under it.
    ///
    /// # Errors
    ///
    /// When the text does not end in a newline, holds control characters, or is too large.
    pub fn sign(&self, text: &str) -> Result<String, Fault> {
        if !text.ends_with('\n') || has_control(text) {
            return Err(Fault::Text);
        }
        let VerifyingKey { name, id, .. } = &self.public;
        let signature = self.secret.sign(text.as_bytes()).to_bytes();
        let note = format!("{text}\n{DASH}{name} {}\n", STANDARD.encode([&id[..], &signature].concat()));
        if note.len() > MAX_BYTES { Err(Fault::TooLarge) } else { Ok(note) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

/// 验证密钥 — a name and a public key. Prints and parses as a vkey, `name+id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, Fault> {
        if !is_name(name) {
            return Err(Fault::Name(name.to_owned()));
        }
        if key.is_weak() {
            return Err(Fault::Key); // under a small-order key some signature fits every text
        }
        let digest =
            Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize();
        let id = std::array::from_fn(|i| digest[i]);
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// 名称 — under which this key signs; for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id);
        let key = STANDARD.encode([&[ED25519], &self.key.as_bytes()[..]].concat());
        write!(f, "{}+{id:08x}+{key}", self.name)
    }
}

impl FromStr for VerifyingKey {
    type Err = Fault;

    fn from_str(vkey: &str) -> Result<Self, Fault> {
        // Base64 may contain '+', names may not: split at the first two only.
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(_id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Fault::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| Fault::Key)?;
        let Some((&ED25519, key)) = bytes.split_first() else {
            return Err(Fault::Key);
        };
        let key = ed25519_dalek::VerifyingKey::try_from(key).map_err(|_| Fault::Key)?;
        let parsed = Self::new(name, key)?;
        // Its one spelling, id included: a mistyped name or key does not pass.
        if parsed.to_string() == vkey { Ok(parsed) } else { Err(Fault::Key) }
    }
}

/// 验签 — the text of a note that at least one known key has signed, and no known key has signed wrongly.
///
/// Signatures of unknown keys are ignored, as witnesses and future algorithms require.
///
/// # Errors
///
/// When the note is malformed, a known key's signature is wrong, or no known key has signed.
pub fn open<'a>(note: &'a str, known: &[VerifyingKey]) -> Result<&'a str, Fault> {
    if note.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
    }
    if has_control(note) {
        return Err(Fault::Text);
    }
    // The text may hold empty lines; the last one is the separator.
    let (text, lines) = note
        .rfind("\n\n")
        .and_then(|end| note.split_at_checked(end + 1))
        .and_then(|(text, rest)| Some((text, rest.strip_prefix('\n')?.strip_suffix('\n')?)))
        .ok_or(Fault::Unsigned)?;

    let mut trusted = false;
    for (number, line) in (1..).zip(lines.split('\n')) {
        if number > MAX_SIGNATURES {
            return Err(Fault::TooLarge);
        }
        let (name, id, signature) = signature_line(line).ok_or(Fault::Line(number))?;
        // Name and id together say which key; sharing only one of them says nothing.
        for key in known.iter().filter(|key| key.name == name && key.id == id) {
            if !key.verifies(text, &signature) {
                return Err(Fault::Signature(key.name.clone()));
            }
            trusted = true;
        }
    }
    if trusted { Ok(text) } else { Err(Fault::Untrusted) }
}

fn signature_line(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
    let mut id = STANDARD.decode(signature).ok().filter(|bytes| bytes.len() > 4)?;
    let signature = id.split_off(4);
    is_name(name).then_some((name, id.try_into().ok()?, signature))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !has_control(name) && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_wiped_and_never_printed() {
        fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        let key = SigningKey::from_seed("log.example", &[0xAB; 32]).unwrap();
        wiped(&key.secret);
        let shown = format!("{key:?} {key:#?}").to_lowercase();
        for seed in ["abab", "171, 171", "0xab", &STANDARD.encode([0xAB; 30]).to_lowercase()] {
            assert!(!shown.contains(seed), "{shown}");
        }
    }
}
