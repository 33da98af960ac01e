//! 接收端点 — where a program of an organisation takes its notices; it may not point back into our own house.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::SignedDuration;
use regulation::Provision;
use store::{
    notice::{Endpoint, Salt},
    party::Organisation,
    record,
};
use url::{Host, Url};

use crate::{File, Recorded, Refused, office::hex};

use super::permitted;

/// 旧密钥并用多久 — both sign meanwhile, so that a receiver can change over without losing anything.
pub const BOTH: SignedDuration = SignedDuration::from_hours(24);
/// How many endpoints an organisation may have, disabled ones too.
const MOST: usize = 10;
/// The longest address, in bytes.
const LONGEST: usize = 800;

/// 不能用的端点.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 读不懂
    #[error("“{0}”不是完整的网址")]
    NotAnAddress(String),
    /// 不是 https
    #[error("接收端点的地址须以 https:// 开头")]
    NotHttps,
    /// 带有口令或者片段
    #[error("接收端点的地址不得带有账号、口令或者“#”之后的部分")]
    Adorned,
    /// 过长
    #[error("接收端点的地址过长")]
    TooLong,
    /// 内部地址
    #[error("“{0}”是内部网络的地址，平台不向它发送")]
    Inside(String),
    /// 太多
    #[error("一个单位至多{MOST}个接收端点")]
    TooMany,
    /// 已停用
    #[error("这个接收端点已经停用（{0}）")]
    Disabled(String),
    /// 在用
    #[error("这个接收端点正在使用")]
    InUse,
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn field(&self) -> &'static str {
        match self {
            Self::NotAnAddress(_) | Self::NotHttps | Self::Adorned | Self::TooLong | Self::Inside(_) => "url",
            Self::TooMany | Self::Disabled(_) | Self::InUse => "",
        }
    }
    fn advice(&self) -> String {
        match self {
            Self::NotAnAddress(_) | Self::NotHttps | Self::Adorned | Self::TooLong => {
                "请填写公网上以 https:// 开头的完整地址，例如 https://notice.example.cn/shuyun"
            }
            Self::Inside(_) => "请填写公网上可以到达的地址；内部系统请在网关上另设入口",
            Self::TooMany => "请在已有的端点中改用一个；停用的端点可以重新启用",
            Self::Disabled(_) => "请先重新启用",
            Self::InUse => "不需要再启用",
        }
        .to_owned()
    }
    fn kind(&self) -> regulation::Kind {
        match self {
            Self::Disabled(_) | Self::InUse | Self::TooMany => regulation::Kind::State,
            _ => regulation::Kind::Content,
        }
    }
}

/// 登记 — the signing key goes with the answer, once, and is kept nowhere.
pub(crate) async fn add(mut file: File<'_>, url: &str) -> Result<Recorded, Refused> {
    file.entitled("endpoint.add", "登记接收端点")?;
    let org = file.acting.org.clone();
    let url = fit(url, file.office.posting.loopback)?;
    let there = file.office.store.children::<Endpoint>(&record::key::<Organisation>(&org)).await;
    if there.map_err(Refused::unavailable)?.len() >= MOST {
        return Err(Fault::TooMany.into());
    }
    let salt = hex(&file.office.random::<16>());
    let endpoint = Endpoint {
        id: file.number("WH"),
        org,
        url,
        salts: vec![Salt { salt: salt.clone(), until: None }],
        since: file.acting.at,
        disabled: String::new(),
    };
    file.write(&endpoint)?;
    let secret = file.office.posting.secret(&endpoint.id, &salt);
    Ok(file.record("add", &endpoint, "在用", Provision::PLATFORM, &endpoint.url)?.with_secret(secret))
}

/// 换密钥 — the old one signs beside the new one for a day.
pub(crate) async fn rotate(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut endpoint: Endpoint = file.read("接收端点", id).await?;
    permitted(&file, "endpoint.rotate", "更换签名密钥", &endpoint)?;
    if !endpoint.disabled.is_empty() {
        return Err(Fault::Disabled(endpoint.disabled).into());
    }
    let at = file.acting.at;
    let end = at.saturating_add(BOTH).unwrap_or(at);
    endpoint.salts.retain(|salt| salt.until.is_none_or(|until| at < until));
    endpoint.salts.truncate(1); // whoever changes twice a day keeps the last two
    for old in &mut endpoint.salts {
        old.until = Some(end);
    }
    let salt = hex(&file.office.random::<16>());
    endpoint.salts.insert(0, Salt { salt: salt.clone(), until: None });
    file.write(&endpoint)?;
    let secret = file.office.posting.secret(&endpoint.id, &salt);
    Ok(file.record("rotate", &endpoint, "在用", Provision::PLATFORM, &id)?.with_secret(secret))
}

/// 停用 — what waits for it is given up when its turn comes.
pub(crate) async fn disable(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut endpoint: Endpoint = file.read("接收端点", id).await?;
    permitted(&file, "endpoint.disable", "停用接收端点", &endpoint)?;
    if !endpoint.disabled.is_empty() {
        return Err(Fault::Disabled(endpoint.disabled).into());
    }
    "本单位停用".clone_into(&mut endpoint.disabled);
    file.write(&endpoint)?;
    file.record("disable", &endpoint, "已停用", Provision::PLATFORM, &id)
}

/// 重新启用 — from now on; what was told meanwhile stays in the mailbox.
pub(crate) async fn enable(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut endpoint: Endpoint = file.read("接收端点", id).await?;
    permitted(&file, "endpoint.enable", "启用接收端点", &endpoint)?;
    if endpoint.disabled.is_empty() {
        return Err(Fault::InUse.into());
    }
    endpoint.url = fit(&endpoint.url, file.office.posting.loopback)?;
    endpoint.disabled.clear();
    endpoint.since = file.acting.at;
    file.write(&endpoint)?;
    file.record("enable", &endpoint, "在用", Provision::PLATFORM, &id)
}

/// 可用的地址 — whole, encrypted, and not in our own house. What a name leads to is looked at again each time
/// something is sent there.
fn fit(url: &str, loopback: bool) -> Result<String, Fault> {
    let typed = url.trim();
    if typed.len() > LONGEST {
        return Err(Fault::TooLong);
    }
    let url = Url::parse(typed).map_err(|_| Fault::NotAnAddress(typed.to_owned()))?;
    let Some(host) = url.host() else { return Err(Fault::NotAnAddress(typed.to_owned())) };
    let address = match &host {
        Host::Domain("localhost") => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
    };
    let here = loopback && address.is_some_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if here => {}
        _ => return Err(Fault::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Fault::Adorned);
    }
    if address.is_some_and(|address| inside(address, loopback)) {
        return Err(Fault::Inside(host.to_string()));
    }
    Ok(url.to_string())
}

/// 内部地址 — whether an address is in somebody's own house, or in nobody's: no notice is sent there.
pub fn inside(address: IpAddr, loopback: bool) -> bool {
    match address {
        _ if loopback && address.is_loopback() => false,
        IpAddr::V4(address) => inside_v4(address),
        IpAddr::V6(address) => inside_v6(address),
    }
}

fn inside_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224 // multicast, reserved, broadcast
        || (a == 100 && (64..128).contains(&b)) // carriers' own
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (18..20).contains(&b)) // for measuring
}

fn inside_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        inside_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded(high, low)
        }
        // 2000::/3 is all that is given out; within it, tunnels and examples are not addresses either.
        [0x2001, 0 | 0xdb8, ..] => true,
        [first, ..] => !(0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_anybodys_own_house_is_taken_however_it_is_written() {
        let inner = [
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://localhost/",
            "https://10.0.0.8/",
            "https://172.16.3.4/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fc00::1]/",
            "https://[fe80::1]/",
        ];
        for url in inner {
            let why = fit(url, false).unwrap_err();
            assert!(matches!(why, Fault::Inside(_) | Fault::NotHttps), "{url}：{why}");
        }
        for url in [
            "ftp://x.cn/",
            "http://x.cn/",
            "javascript:alert(1)",
            "https://",
            "x.cn",
            "",
            "https://a:b@x.cn/",
            "https://x.cn/#a",
        ] {
            assert!(fit(url, true).is_err(), "{url}");
        }
        for url in ["https://hook.example.cn/x?y=1", "https://8.8.8.8/", "https://[2400:3200::1]/"] {
            assert!(fit(url, false).is_ok(), "{url}");
        }
    }

    #[test]
    fn loopback_is_for_tests_only_and_opens_nothing_else() {
        for url in ["http://127.0.0.1:9/hook", "http://localhost:9/", "http://[::1]:9/"] {
            assert!(fit(url, true).is_ok() && fit(url, false).is_err(), "{url}");
        }
        for url in ["http://10.0.0.1/", "https://169.254.169.254/", "http://example.cn/"] {
            assert!(fit(url, true).is_err(), "{url}");
        }
    }
}
