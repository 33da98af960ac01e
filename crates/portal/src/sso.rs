//! 单点登录 — OpenID Connect with one provider: code flow, PKCE, state and nonce; everything that comes back is checked.
//!
//! Only who somebody is comes from there. What they may do is decided here, by their memberships.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    SignatureVerificationError, TokenResponse as _,
    core::{
        CoreAuthPrompt, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
        CoreResponseType,
    },
};
use regulation::{Kind, Provision};
use tokio::sync::RwLock;
use url::Url;
use workflow::party::{ceremony::Outside, federation::Account};

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/sign-in/sso/callback";
/// How long the provider is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what the provider said about itself is believed.
const KNOWN: SignedDuration = SignedDuration::from_hours(1);
/// How far apart the provider's clock and ours may be.
const SKEW: SignedDuration = SignedDuration::from_mins(2);
/// 认可的签名算法 — those with a public key: a shared secret signs nothing here.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPssSha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::EdDsa,
];

/// A client that knows where to send people and where to change a code into a token.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// 设置.
#[derive(Clone, Debug)]
pub struct Setting {
    /// 签发方的地址
    pub issuer: String,
    /// 本平台在签发方登记的编号
    pub client: String,
    /// 本平台在签发方的密钥
    pub secret: String,
}

/// 单点登录.
#[derive(Debug)]
pub struct SingleSignOn {
    issuer: IssuerUrl,
    client: ClientId,
    secret: ClientSecret,
    callback: RedirectUrl,
    http: openidconnect::reqwest::Client,
    known: RwLock<Option<(Timestamp, CoreProviderMetadata)>>,
}

/// 单点登录没有办成.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 没有配置
    #[error("本平台没有配置单点登录")]
    Unconfigured,
    /// 没有应答
    #[error("单点登录的服务器没有应答，或者应答不合规范")]
    Unreachable,
    /// 已用过、已过期或者不是这个浏览器
    #[error("这一次单点登录已经用过、超过了5分钟，或者不是在这个浏览器开始的")]
    Spent,
    /// 取消
    #[error("单点登录处没有同意登录")]
    Denied,
    /// 其他错误
    #[error("单点登录处没有办成，错误代码“{0}”")]
    Answered(String),
    /// 不可信
    #[error("单点登录交来的身份没有通过核对：{0}")]
    Untrue(&'static str),
    /// 填写的内容太长
    #[error("填写的内容太长，不能带过单点登录")]
    Long,
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Unconfigured => "请用口令或者通行密钥登录",
            Self::Unreachable | Self::Answered(_) => "请稍后重试，或者用口令、通行密钥登录",
            Self::Spent => "请回到登录页重新开始",
            Self::Denied => "请重新开始；确需登录的，请在单点登录处选择同意",
            Self::Untrue(_) => "请重新开始；仍然如此的，请联系运维人员核对单点登录的配置",
            Self::Long => "请用口令或者通行密钥登录，填写的内容会保留",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Unconfigured | Self::Spent => Kind::State,
            Self::Denied | Self::Untrue(_) => Kind::Role,
            Self::Unreachable | Self::Answered(_) => Kind::Outside,
            Self::Long => Kind::Content,
        }
    }
}

impl Fault {
    /// What the provider's own error code means. Its description is not shown: anybody can write one into an address.
    pub fn answered(code: &str) -> Self {
        match code {
            "access_denied" | "login_required" | "interaction_required" | "consent_required" => Self::Denied,
            "temporarily_unavailable" | "server_error" => Self::Unreachable,
            other => Self::Answered(
                other.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').take(40).collect(),
            ),
        }
    }
}

impl SingleSignOn {
    /// Made ready; the provider is asked about itself when somebody first comes.
    ///
    /// # Errors
    /// An address is none, or is not to be trusted.
    pub fn new(setting: &Setting, origin: &Url) -> Result<Self, String> {
        let issuer: Url = setting.issuer.parse().map_err(|why| format!("签发方的地址不对（{why}）"))?;
        let near = matches!(issuer.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if issuer.scheme() != "https" && !(issuer.scheme() == "http" && near) {
            return Err("签发方的地址须以 https:// 开头".into());
        }
        let callback = origin.join(CALLBACK).map_err(|why| why.to_string())?;
        // No redirect is followed: the provider's addresses are those that it told.
        let http = openidconnect::reqwest::Client::builder()
            .redirect(openidconnect::reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|why| why.to_string())?;
        Ok(Self {
            issuer: IssuerUrl::new(setting.issuer.clone()).map_err(|why| why.to_string())?,
            client: ClientId::new(setting.client.clone()),
            secret: ClientSecret::new(setting.secret.clone()),
            callback: RedirectUrl::new(callback.into()).map_err(|why| why.to_string())?,
            http,
            known: RwLock::new(None),
        })
    }

    /// 签发方.
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Where to send whoever wants to sign in. `anew` asks the provider not to rely on an earlier sign-in.
    pub async fn address(&self, outside: &Outside, anew: bool) -> Result<Url, Fault> {
        let client = self.ask(outside.since, false).await?;
        let (state, nonce) = (outside.state.clone(), outside.nonce.clone());
        let verifier = PkceCodeVerifier::new(outside.verifier.clone());
        let request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let request =
            if anew { request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO) } else { request };
        Ok(request.url().0)
    }

    /// Whose account it is, from the code that came back.
    pub async fn account(&self, outside: &Outside, code: &str, anew: bool, at: Timestamp) -> Result<Account, Fault> {
        let client = self.ask(at, false).await?;
        let exchange = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let exchange = exchange.map_err(|_| Fault::Unreachable)?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(outside.verifier.clone()));
        let answer = exchange.request_async(&self.http).await.map_err(|why| match why {
            openidconnect::RequestTokenError::ServerResponse(_) => Fault::Untrue("授权码无效"),
            _ => Fault::Unreachable,
        })?;
        let token = answer.id_token().ok_or(Fault::Untrue("没有身份令牌"))?;
        match self.checked(&client, token, (outside, anew), at) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // Its keys may have changed since it was last asked.
                let client = self.ask(at, true).await?;
                self.checked(&client, token, (outside, anew), at)
            }
            checked => checked,
        }
        .map_err(|why| Fault::Untrue(reason(&why)))
    }

    /// The token, with its signature, issuer, audience, nonce, times, and the time of the sign-in itself.
    fn checked(
        &self,
        client: &Client,
        token: &CoreIdToken,
        (outside, anew): (&Outside, bool),
        at: Timestamp,
    ) -> Result<Account, ClaimsVerificationError> {
        let since = outside.since.saturating_sub(SKEW).unwrap_or(outside.since).as_second();
        let second = u64::try_from(at.as_second()).unwrap_or_default();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || (std::time::UNIX_EPOCH + Duration::from_secs(second)).into())
            .set_auth_time_verifier_fn(move |signed_in| match signed_in {
                Some(signed_in) if anew && signed_in.timestamp() >= since => Ok(()),
                _ if anew => Err("没有重新登录".into()),
                _ => Ok(()),
            });
        let claims = token.claims(&verifier, &Nonce::new(outside.nonce.clone()))?;
        Ok(Account { issuer: self.issuer.to_string(), subject: claims.subject().to_string() })
    }

    /// The provider, as it describes itself.
    async fn ask(&self, at: Timestamp, anew: bool) -> Result<Client, Fault> {
        let known = self.known.read().await.clone();
        let fresh = known.filter(|(since, _)| !anew && since.duration_until(at) < KNOWN);
        let metadata = if let Some((_, metadata)) = fresh {
            metadata
        } else {
            let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
            let metadata = asked.map_err(|_| Fault::Unreachable)?;
            *self.known.write().await = Some((at, metadata.clone()));
            metadata
        };
        let client = CoreClient::from_provider_metadata(metadata, self.client.clone(), Some(self.secret.clone()));
        Ok(client.set_redirect_uri(self.callback.clone()))
    }
}

/// What was wrong, in words.
fn reason(why: &ClaimsVerificationError) -> &'static str {
    match why {
        ClaimsVerificationError::Expired(_) => "已过期，或者两边的时钟相差太多",
        ClaimsVerificationError::InvalidAudience(_) => "不是给本平台的",
        ClaimsVerificationError::InvalidAuthTime(_) => "没有重新登录",
        ClaimsVerificationError::InvalidIssuer(_) => "签发方不对",
        ClaimsVerificationError::InvalidNonce(_) => "不是答复这一次的",
        ClaimsVerificationError::SignatureVerification(_) => "签名不对",
        _ => "内容不合规范",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_reached_by_https_or_on_this_machine() {
        let table = [
            ("https://id.example", true),
            ("http://localhost:3000", true),
            ("http://127.0.0.1:3000/oidc", true),
            ("http://id.example", false),
            ("ftp://localhost", false),
            ("身份", false),
        ];
        let origin: Url = "http://localhost:8080".parse().unwrap();
        for (issuer, taken) in table {
            let setting = Setting { issuer: issuer.into(), client: "shuyun".into(), secret: "密钥".into() };
            assert_eq!(SingleSignOn::new(&setting, &origin).is_ok(), taken, "{issuer}");
        }
    }

    #[test]
    fn an_error_code_from_outside_never_becomes_a_sentence() {
        assert_eq!(Fault::answered("access_denied"), Fault::Denied);
        assert_eq!(Fault::answered("<b>打这个电话</b>"), Fault::Answered("bb".into()));
        let long = Fault::answered(&"a".repeat(1000)).to_string();
        assert!(long.chars().count() < 70, "{long}");
    }
}
