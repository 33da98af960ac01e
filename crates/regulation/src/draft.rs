//! 草稿 — a form that is not sent yet: nobody's case, no term runs. All of it is our own rule (平台规则).

use crate::{Kind, Provision, Violation};

words! {
    /// 草稿状态.
    pub enum State { Kept = "保留", Sent = "已提交", Discarded = "已删除" }
}

/// How many drafts a person keeps at a time.
pub const MOST: usize = 50;

/// How large a draft may be, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// 草稿有误.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 已提交
    #[error("这份草稿已经提交，编号是{0}")]
    Sent(String),
    /// 已删除
    #[error("这份草稿已经删除")]
    Discarded,
    /// 又改过
    #[error("您打开这一页之后，这份草稿又保存过，现在的内容和这一页的不同")]
    Changed,
    /// 没有这种表单
    #[error("没有“{0}”这种表单，不能保存草稿")]
    Formless(String),
    /// 太多
    #[error("已有{0}份草稿，每人最多{0}份")]
    Many(usize),
    /// 太大
    #[error("草稿的内容共{0}字节，最多{1}字节")]
    Large(usize, usize),
}

impl State {
    /// 还在 — whether the draft may still be saved or sent; `became` is what it was sent as.
    ///
    /// # Errors
    /// The [`Fault`] that says what became of it.
    pub fn check_kept(self, became: &str) -> Result<(), Fault> {
        match self {
            Self::Kept => Ok(()),
            Self::Sent => Err(Fault::Sent(became.to_owned())),
            Self::Discarded => Err(Fault::Discarded),
        }
    }
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Sent(_) => "请到该件的卷宗查看办理到哪一步；还要提的，请另行发起".to_owned(),
            Self::Discarded => "还要办理的，请核对下面的内容后重新保存或者提交".to_owned(),
            Self::Changed => "请从“我的草稿”重新打开，看过现在的内容再提交".to_owned(),
            Self::Formless(_) => "请从页面上的表单保存草稿".to_owned(),
            Self::Many(_) => "请先提交或者删除不用的草稿".to_owned(),
            Self::Large(..) => "请缩短内容后再保存".to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Sent(_) | Self::Discarded | Self::Changed | Self::Many(_) => Kind::State,
            Self::Formless(_) | Self::Large(..) => Kind::Content,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kept_draft_goes_on_and_a_sent_one_says_what_it_became() {
        assert_eq!(State::Kept.check_kept(""), Ok(()));
        assert_eq!(State::Discarded.check_kept(""), Err(Fault::Discarded));
        let told = State::Sent.check_kept("XQ-1").unwrap_err();
        assert_eq!((told.to_string().as_str(), told.kind()), ("这份草稿已经提交，编号是XQ-1", Kind::State));
    }
}
