//! 网站 — what stands at the foot of every page: who runs it, where to ask, under which numbers it is filed.

use serde::Deserialize;

/// 网站标识. What is not configured says so; no number is invented.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// 名称
    pub name: String,
    /// 主办单位
    pub host: String,
    /// 承办单位
    pub operator: String,
    /// 联系电话
    pub telephone: String,
    /// 联系邮箱
    pub mail: String,
    /// 服务时间
    pub hours: String,
    /// 网站标识码
    pub code: String,
    /// 互联网信息服务备案号
    pub icp: String,
    /// 公安机关备案号
    pub police: String,
}

/// What stands where nothing has been configured.
const BLANK: &str = "待配置";

impl Default for Site {
    fn default() -> Self {
        let blank = || BLANK.to_owned();
        Self {
            name: "锦川市公共数据运营服务平台".to_owned(),
            host: "锦川市数据局".to_owned(),
            operator: "锦川市数据局信息中心".to_owned(),
            telephone: blank(),
            mail: blank(),
            hours: "工作日 9:00—12:00，13:00—17:00".to_owned(),
            code: blank(),
            icp: blank(),
            police: blank(),
        }
    }
}
