//! 名单查询的设置 — where the service of the public blacklists is reached.

use clap::Args;
use inquiry::Client;
use workflow::Office;

use crate::Fault;

/// What can be typed.
#[derive(Args, Clone, Default)]
#[group(id = "inquiring")]
pub struct Options {
    /// 失信名单查询服务的地址，如 `https://主机/路径/`；不写则不能查询，也就不能选定运营机构
    #[arg(long, value_name = "地址")]
    pub blacklists: Option<String>,
}

impl Options {
    /// Tells the office where to ask, if anywhere.
    ///
    /// # Errors
    /// The address is not one of the web.
    pub fn apply(&self, office: &Office) -> Result<(), Fault> {
        if let Some(address) = &self.blacklists {
            office.inquire_at(Some(Client::new(address)?));
        }
        Ok(())
    }
}
