//! 链条 — the facts of a lawful chain, and the grant that they amount to.

use jiff::civil::Date;
use regulation::{
    basics::catalogue,
    granting::{agreement, plan},
    operation::{credential, demand, product, use_agreement},
};
use subtle::ConstantTimeEq;

use crate::{Denied, digest};

/// 链条 — how every link stands, as read from the store.
#[derive(Clone, Debug)]
pub struct Chain {
    /// 凭据编号
    pub credential: String,
    /// 密钥摘要
    pub secret_sha256: String,
    /// 凭据状态
    pub credential_state: credential::State,
    /// 凭据到期
    pub credential_until: Date,
    /// 经营主体
    pub entity: String,
    /// 开发利用协议
    pub use_agreement: String,
    /// 其状态
    pub use_agreement_state: use_agreement::State,
    /// 其期限
    pub use_period: agreement::Period,
    /// 产品
    pub product: String,
    /// 其状态
    pub product_state: product::State,
    /// 产品数据表及版本
    pub table: Option<(String, i64)>,
    /// 需求状态
    pub demand_state: demand::State,
    /// 目录条目状态
    pub entry_state: catalogue::State,
    /// 目录条目公告终止的最后一日
    pub entry_until: Option<Date>,
    /// 授权运营协议状态
    pub agreement_state: agreement::State,
    /// 授权期限
    pub agreement_period: agreement::Period,
    /// 实施方案状态
    pub plan_state: plan::State,
    /// 链上各行的主键和版本
    pub rows: Vec<(String, i64)>,
}

/// 通行 — what one credential may have, until a row of its chain changes.
#[derive(Clone, Debug)]
pub struct Grant {
    /// 凭据
    pub credential: String,
    /// 经营主体
    pub entity: String,
    /// 开发利用协议
    pub use_agreement: String,
    /// 产品
    pub product: String,
    /// 产品数据表
    pub table: String,
    /// 版本
    pub version: i64,
    /// 链上各行的主键和版本
    pub rows: Vec<(String, i64)>,
    secret_sha256: String,
    until: Date,
    supplied_until: Option<Date>,
    windows: [agreement::Period; 2],
}

impl Chain {
    /// 凭据是否属实 — compares the secret in constant time.
    fn knows(&self, secret: &str) -> bool {
        bool::from(digest(secret).as_bytes().ct_eq(self.secret_sha256.as_bytes()))
    }

    /// Walks the chain from the credential upwards. Nobody learns anything before showing the secret.
    ///
    /// # Errors
    /// The first link that does not hold.
    pub fn compile(self, secret: &str) -> Result<Grant, Denied> {
        if !self.knows(secret) {
            return Err(Denied::Unknown);
        }
        if self.credential_state != credential::State::Valid {
            return Err(Denied::Revoked);
        }
        if self.use_agreement_state != use_agreement::State::InForce {
            return Err(Denied::UseAgreement);
        }
        if self.demand_state != demand::State::Supplied {
            return Err(Denied::Supply);
        }
        match self.entry_state {
            state if state.in_use() => {}
            catalogue::State::Ended => return Err(Denied::EntryEnded),
            _ => return Err(Denied::EntrySuspended),
        }
        match self.agreement_state {
            agreement::State::Suspended | agreement::State::SuspendedUnfiled => return Err(Denied::Suspended),
            state if !state.active() => return Err(Denied::Agreement),
            _ => {}
        }
        if !self.plan_state.in_force() {
            return Err(Denied::Plan);
        }
        let Some((table, version)) = self.table.filter(|_| self.product_state == product::State::Published) else {
            return Err(Denied::Product);
        };
        Ok(Grant {
            credential: self.credential,
            entity: self.entity,
            use_agreement: self.use_agreement,
            product: self.product,
            table,
            version,
            rows: self.rows,
            secret_sha256: self.secret_sha256,
            until: self.credential_until,
            supplied_until: self.entry_until,
            windows: [self.use_period, self.agreement_period],
        })
    }
}

impl Grant {
    /// 放行 — whether this secret may have this product on this day.
    ///
    /// # Errors
    /// [`Denied`] with what stands against it.
    pub fn admit(&self, secret: &str, product: &str, day: Date) -> Result<(), Denied> {
        if !bool::from(digest(secret).as_bytes().ct_eq(self.secret_sha256.as_bytes())) {
            return Err(Denied::Unknown);
        }
        if product != self.product {
            return Err(Denied::OtherProduct(product.to_owned()));
        }
        if day > self.until {
            return Err(Denied::Expired(self.until));
        }
        if self.supplied_until.is_some_and(|last| day > last) {
            return Err(Denied::EntryEnded);
        }
        match self.windows.iter().find(|window| !window.covers(day)) {
            Some(window) => Err(Denied::OutsideTerm(window.from, window.until)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn chain() -> Chain {
        let period = agreement::Period { from: date(2025, 9, 1), until: date(2026, 8, 31) };
        Chain {
            credential: "PJ-1".into(),
            secret_sha256: digest("秘密"),
            credential_state: credential::State::Valid,
            credential_until: date(2026, 6, 30),
            entity: "公司".into(),
            use_agreement: "XY-1".into(),
            use_agreement_state: use_agreement::State::InForce,
            use_period: period,
            product: "CP-1".into(),
            product_state: product::State::Published,
            table: Some(("cp_1".into(), 1)),
            demand_state: demand::State::Supplied,
            entry_state: catalogue::State::Published,
            entry_until: None,
            agreement_state: agreement::State::Filed,
            agreement_period: period,
            plan_state: plan::State::Filed,
            rows: vec![],
        }
    }

    #[test]
    fn each_broken_link_shuts_the_gate_and_names_its_article() {
        type Break = fn(&mut Chain);
        let broken: [(&str, Break); 10] = [
            ("所依据的目录条目已暂停使用（第八条第一款）", |c| {
                c.entry_state = catalogue::State::Suspended;
            }),
            ("所依据的目录条目已终止数据保障（第二十六条第二款）", |c| {
                c.entry_state = catalogue::State::Ended;
            }),
            ("凭据已吊销（第十九条第一款）", |c| c.credential_state = credential::State::Revoked),
            ("数据开发利用协议不在履行中（第二十五条第一款）", |c| {
                c.use_agreement_state = use_agreement::State::Ended;
            }),
            ("产品已不在架（第八条第五款）", |c| c.product_state = product::State::Withdrawn),
            ("产品已不在架（第八条第五款）", |c| c.table = None),
            ("所依据的数据需求没有完成供给（第二十三条第一款）", |c| {
                c.demand_state = demand::State::AwaitingSupply;
            }),
            ("授权运营协议已暂停提供数据（第三十四条第一款）", |c| {
                c.agreement_state = agreement::State::Suspended;
            }),
            ("授权运营协议不在履行中（第十六条）", |c| {
                c.agreement_state = agreement::State::AwaitingAgency;
            }),
            ("授权运营实施方案没有生效（第十三条）", |c| c.plan_state = plan::State::Draft),
        ];
        for (told, breaks) in broken {
            let mut chain = chain();
            breaks(&mut chain);
            let denied = chain.compile("秘密").unwrap_err();
            assert_eq!(format!("{denied}（{}）", regulation::Violation::provision(&denied)), told);
        }
    }

    #[test]
    fn without_the_secret_nobody_learns_how_the_chain_stands() {
        let mut chain = chain();
        chain.agreement_state = agreement::State::Suspended;
        assert_eq!(chain.compile("猜的").unwrap_err(), Denied::Unknown);
    }

    #[test]
    fn what_was_announced_to_end_is_delivered_until_its_last_day_and_not_after() {
        let mut chain = chain();
        chain.entry_state = catalogue::State::Ending;
        chain.entry_until = Some(date(2025, 9, 15));
        let grant = chain.compile("秘密").unwrap();
        assert_eq!(grant.admit("秘密", "CP-1", date(2025, 9, 15)), Ok(()));
        assert_eq!(grant.admit("秘密", "CP-1", date(2025, 9, 16)), Err(Denied::EntryEnded));
    }

    #[test]
    fn the_day_decides_at_every_request() {
        let grant = chain().compile("秘密").unwrap();
        assert_eq!(grant.admit("秘密", "CP-1", date(2025, 9, 1)), Ok(()));
        assert_eq!(grant.admit("秘密", "CP-2", date(2025, 9, 1)), Err(Denied::OtherProduct("CP-2".into())));
        assert_eq!(grant.admit("猜的", "CP-1", date(2025, 9, 1)), Err(Denied::Unknown));
        assert_eq!(grant.admit("秘密", "CP-1", date(2026, 7, 1)), Err(Denied::Expired(date(2026, 6, 30))));
        let early = grant.admit("秘密", "CP-1", date(2025, 8, 31)).unwrap_err();
        assert_eq!(early.to_string(), "授权运营期限为2025-09-01至2026-08-31，今天不在期限内");
    }
}
