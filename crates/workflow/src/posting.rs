//! 送达的设置 — whether notices may leave the house by e-mail, how far webhooks may reach, and what signs them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use store::notice::{Endpoint, Salt};

/// 送达的设置 — an endpoint's signing key is derived from the platform's own and a salt, so that no row and no
/// event ever holds what signs.
#[derive(Clone)]
pub struct Posting {
    key: [u8; 32],
    /// 已配置发信
    pub mail: bool,
    /// Webhook 可以送到本机（只供试验）
    pub loopback: bool,
}

impl Posting {
    /// No e-mail, no loopback.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, mail: false, loopback: false }
    }

    /// 签名密钥 — in the form in which Standard Webhooks hands it over.
    pub fn secret(&self, endpoint: &str, salt: &str) -> String {
        let mut block = [0; 64]; // HMAC fills a shorter key up with zeros itself; so no length can be wrong
        block[..32].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in ["webhook", endpoint, salt] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        format!("whsec_{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// 现用的签名密钥 — the new one first; the old one beside it for as long as it is still good.
    pub fn secrets(&self, endpoint: &Endpoint, at: Timestamp) -> Vec<String> {
        let good = |salt: &&Salt| salt.until.is_none_or(|until| at < until);
        endpoint.salts.iter().filter(good).map(|salt| self.secret(&endpoint.id, &salt.salt)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_one_endpoint_one_salt_and_one_platform() {
        let (here, there) = (Posting::new([1; 32]), Posting::new([2; 32]));
        let told =
            [here.secret("WH-1", "a"), here.secret("WH-1", "b"), here.secret("WH-2", "a"), there.secret("WH-1", "a")];
        for (place, one) in told.iter().enumerate() {
            assert!(one.starts_with("whsec_") && one.len() == 50, "{one}");
            assert!(!told[place + 1..].contains(one));
        }
        assert_eq!(here.secret("WH-1", "a"), told[0]);
    }
}
