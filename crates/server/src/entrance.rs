//! 入口设置 — the flags that say where people reach the portal and which single sign-on it trusts.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use portal::{Entrance, Setting, SingleSignOn};
use url::Url;
use workflow::Office;

use crate::Fault;

/// What can be typed.
#[derive(Args, Clone, Debug, Default)]
#[group(id = "entrance")] // the commands' own options have taken the name
pub struct Options {
    /// 对外的地址，如 `https://data.jinchuan.example`；通行密钥、单点登录和安全的 Cookie 都要它
    #[arg(long, value_name = "地址")]
    pub origin: Option<String>,
    /// 单点登录签发方的地址（OpenID Connect）
    #[arg(long, value_name = "地址")]
    pub sso_issuer: Option<String>,
    /// 本平台在单点登录处登记的客户端编号
    #[arg(long, value_name = "编号")]
    pub sso_client: Option<String>,
    /// 存放客户端密钥的文件
    #[arg(long, value_name = "文件")]
    pub sso_secret_file: Option<PathBuf>,
}

impl Options {
    /// The office and the portal's entrance as they were typed.
    ///
    /// # Errors
    /// An address is none or is not to be trusted, or half of the single sign-on was left out.
    pub fn apply(&self, office: Office) -> Result<(Office, Entrance), Fault> {
        let Some(typed) = &self.origin else {
            return if self.sso_issuer.is_none() && self.sso_client.is_none() && self.sso_secret_file.is_none() {
                Ok((office, Entrance::default()))
            } else {
                Err(Fault::Entrance("单点登录须同时用 --origin 写明对外的地址".into()))
            };
        };
        let origin = origin(typed)?;
        let office = office.at(&origin).map_err(|why| Fault::Entrance(format!("--origin {typed}：{why}")))?;
        let sso = match (&self.sso_issuer, &self.sso_client, &self.sso_secret_file) {
            (None, None, None) => None,
            (Some(issuer), Some(client), Some(file)) => {
                let secret = std::fs::read_to_string(file)
                    .map_err(|why| Fault::NoFile { path: file.clone(), why: why.to_string() })?;
                let (issuer, client, secret) = (issuer.clone(), client.clone(), secret.trim().to_owned());
                let setting = Setting { issuer, client, secret };
                Some(Arc::new(SingleSignOn::new(&setting, &origin).map_err(Fault::Entrance)?))
            }
            _ => {
                let told = "--sso-issuer、--sso-client、--sso-secret-file 须一起写";
                return Err(Fault::Entrance(told.into()));
            }
        };
        Ok((office, Entrance { origin: Some(origin), sso }))
    }
}

/// 对外的地址 — by https, or on this machine.
fn origin(typed: &str) -> Result<Url, Fault> {
    let wrong = |why: &str| Fault::Entrance(format!("--origin {typed}：{why}"));
    let origin: Url = typed.parse().map_err(|_| wrong("不是地址"))?;
    let bare = origin.path() == "/" && origin.query().is_none() && origin.fragment().is_none();
    let anonymous = origin.username().is_empty() && origin.password().is_none();
    match (origin.scheme(), origin.host_str()) {
        _ if !bare || !anonymous => Err(wrong("只写协议、主机名和端口")),
        ("https", _) | ("http", Some("localhost")) => Ok(origin),
        _ => Err(wrong("须以 https:// 开头；试用可以写 http://localhost:端口")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_name_by_https_or_this_machine() {
        let table = [
            ("https://data.jinchuan.example", true),
            ("https://data.jinchuan.example:8443/", true),
            ("http://localhost:8080", true),
            ("http://data.jinchuan.example", false),
            ("http://127.0.0.1:8080", false),
            ("https://data.jinchuan.example/portal", false),
            ("https://a@data.jinchuan.example", false),
            ("锦川", false),
        ];
        for (typed, taken) in table {
            assert_eq!(origin(typed).is_ok(), taken, "{typed}");
        }
    }
}
