//! 名称 — how subjects and acts are called on a page.

/// 主题 — the path under which a file is shown, and its official name.
pub const SUBJECTS: &[(&str, &str)] = &[
    ("entry", "授权运营目录条目"),
    ("application", "授权申请"),
    ("plan", "实施方案"),
    ("selection", "选择运营机构"),
    ("candidate", "参选申请"),
    ("complaint", "遴选异议"),
    ("agreement", "授权运营协议"),
    ("demand", "数据需求"),
    ("entry_version", "目录条目的一版"),
    ("supply", "供给"),
    ("product", "公共数据产品和服务"),
    ("use_agreement", "数据开发利用协议"),
    ("credential", "凭据"),
    ("feedback", "社会监督来件"),
    ("organisation", "单位"),
    ("person", "人员"),
    ("session", "会话"),
    ("calendar", "放假安排"),
    ("calendar_edition", "日历版本"),
    ("membership", "任职"),
    ("invitation", "邀请"),
    ("attempts", "登录失败"),
    ("policies", "职权规则"),
    ("draft", "草稿"),
    ("notice", "告知"),
    ("reading", "阅至"),
    ("address", "送达地址"),
    ("endpoint", "接收端点"),
    ("dispatch", "送达"),
    ("outbox", "发件处"),
];

/// 行为 — what the timeline and the buttons call an act.
pub const ACTS: &[(&str, &str)] = &[
    ("organisation.register", "登记单位"),
    ("person.register", "登记人员"),
    ("person.suspend", "停用账号"),
    ("person.resume", "恢复账号"),
    ("person.end", "终止账号"),
    ("person.password", "更换口令"),
    ("organisation.suspend", "停用单位"),
    ("organisation.resume", "恢复单位"),
    ("organisation.end", "终止单位"),
    ("membership.begin", "开始任职"),
    ("membership.suspend", "停用任职"),
    ("membership.resume", "恢复任职"),
    ("membership.end", "终止任职"),
    ("membership.hand_over", "办理交接"),
    ("invitation.issue", "发出邀请"),
    ("invitation.renew", "重置口令"),
    ("invitation.revoke", "撤回邀请"),
    ("invitation.accept", "接受邀请"),
    ("session.prove", "再次验证"),
    ("session.switch", "换任职"),
    ("policies.propose", "提请修改"),
    ("policies.revise", "改稿"),
    ("policies.approve", "同意"),
    ("policies.reject", "不同意"),
    ("policies.withdraw", "撤回"),
    ("session.begin", "登录"),
    ("session.end", "退出"),
    ("session.prove", "再次验证"),
    ("passkey.register", "登记通行密钥"),
    ("passkey.rename", "通行密钥改名"),
    ("passkey.remove", "移除通行密钥"),
    ("passkey.use", "出示通行密钥"),
    ("passkey.suspect", "停用疑似被复制的通行密钥"),
    ("federation.link", "关联单点登录账号"),
    ("federation.unlink", "解除单点登录账号"),
    ("federation.use", "出示单点登录账号"),
    ("person.revoke_passkeys", "移除遗失的通行密钥"),
    ("attempts.fail", "登录失败"),
    ("attempts.forgive", "登录失败清零"),
    ("entry.compile", "编制"),
    ("entry.revise", "修改"),
    ("entry.submit", "提交审查"),
    ("entry.screen", "审查"),
    ("entry.object", "审查不予通过"),
    ("entry.forward", "报送核验"),
    ("entry.publish", "发布"),
    ("entry.return", "退回"),
    ("application.draft", "编制论证"),
    ("application.revise", "修改"),
    ("application.submit", "报请审签"),
    ("application.agree", "审签同意"),
    ("application.deny", "不予同意"),
    ("application.return", "退回"),
    ("application.withdraw", "撤回"),
    ("application.organise", "组织实施"),
    ("entry.suspend", "暂停使用"),
    ("entry.resume", "恢复使用"),
    ("entry.announce", "公告终止"),
    ("entry.call_off", "撤回终止公告"),
    ("entry.end", "终止保障"),
    ("entry.lapse", "期满终止保障"),
    ("plan.draft", "编制"),
    ("plan.revise", "修改"),
    ("plan.consult", "征求意见"),
    ("plan.concur", "同意方案"),
    ("plan.object", "提出不同意见"),
    ("plan.submit", "报请审议"),
    ("plan.adopt", "审议通过"),
    ("plan.return", "退回"),
    ("plan.file", "备案"),
    ("plan.escalate", "逾期督办"),
    ("selection.announce", "公告"),
    ("candidate.apply", "申请参选"),
    ("candidate.register", "登记线下申请"),
    ("candidate.revise", "修改申请"),
    ("candidate.withdraw", "撤回参选"),
    ("candidate.qualify", "审查合格"),
    ("candidate.disqualify", "审查不合格"),
    ("candidate.inquire", "查询失信名单"),
    ("selection.evaluate", "组织评审"),
    ("candidate.score", "评分"),
    ("selection.publicise", "公示候选人"),
    ("complaint.lodge", "提出异议"),
    ("complaint.answer", "答复异议"),
    ("selection.reopen", "重新评审"),
    ("selection.select", "选定"),
    ("selection.fail", "终止遴选"),
    ("candidate.renew", "更新证明"),
    ("selection.warn", "证明到期"),
    ("agreement.draft", "拟订"),
    ("agreement.submit", "提交审议"),
    ("agreement.adopt", "审议通过"),
    ("agreement.return", "退回"),
    ("agreement.sign", "签订"),
    ("agreement.file", "备案"),
    ("agreement.suspend", "暂停提供数据"),
    ("agreement.resume", "恢复提供数据"),
    ("agreement.escalate", "逾期督办"),
    ("draft.save", "保存草稿"),
    ("draft.discard", "删除草稿"),
    ("demand.submit", "提交"),
    ("demand.pass", "通过"),
    ("demand.refuse", "不予通过"),
    ("demand.supply", "供给"),
    ("demand.escalate", "逾期督办"),
    ("product.build", "加工"),
    ("product.propose_price", "报价"),
    ("product.approve_price", "核定价格"),
    ("product.return_price", "退回报价"),
    ("product.publish", "上架"),
    ("product.withdraw", "下架"),
    ("use_agreement.offer", "提出"),
    ("use_agreement.sign", "签订"),
    ("use_agreement.decline", "谢绝"),
    ("use_agreement.end", "终止"),
    ("credential.take", "领取"),
    ("credential.revoke", "吊销"),
    ("feedback.submit", "提交"),
    ("feedback.accept", "受理"),
    ("feedback.decline", "不予受理"),
    ("feedback.answer", "答复"),
    ("feedback.publish", "公开答复"),
    ("feedback.escalate", "逾期督办"),
    ("feedback.recount", "期限重算"),
    ("access.rows", "取数"),
    ("calendar.propose", "提请"),
    ("calendar.revise", "修改"),
    ("calendar.approve", "复核同意"),
    ("calendar.withdraw", "撤回"),
    ("calendar_edition.settle", "重算完毕"),
    ("plan.recount", "期限重算"),
    ("agreement.recount", "期限重算"),
    ("demand.recount", "期限重算"),
    ("notice.remind", "届满前提醒"),
    ("reading.advance", "标为已读"),
    ("address.set", "设置送达地址"),
    ("endpoint.add", "登记接收端点"),
    ("endpoint.rotate", "更换签名密钥"),
    ("endpoint.disable", "停用接收端点"),
    ("endpoint.enable", "启用接收端点"),
    ("outbox.sort", "排件"),
    ("outbox.take", "领取"),
    ("dispatch.attempt", "送出"),
    ("dispatch.replay", "重放"),
];

/// 填写项 — what a form's field is called where it stands without its form.
pub const FIELDS: &[(&str, &str)] = &[
    ("agreement", "授权运营协议"),
    ("entry", "目录条目"),
    ("fields[]", "信息项"),
    ("content.name", "信息资源名称"),
    ("content.summary", "信息资源摘要"),
    ("content.source_duty", "来源职责"),
    ("content.sector", "所属领域"),
    ("content.refresh", "更新周期"),
    ("last_day", "最后一日"),
    ("screen", "审查的一项"),
    ("opinions.national_security", "不危害国家安全"),
    ("opinions.public_interest", "不危害公共利益"),
    ("opinions.trade_secrets", "不侵犯商业秘密"),
    ("opinions.personal_rights", "不侵犯个人隐私、个人信息权益"),
    ("purpose", "用途类别"),
    ("scenario", "应用场景"),
    ("necessity", "必要性说明"),
    ("reason", "理由"),
    ("legal_basis[]", "相关法律法规"),
    ("cited[]", "本办法的条款"),
    ("follows", "前次申请"),
    ("grounds", "事由"),
    ("number", "省级数据主管部门备案号"),
    ("minutes.meeting", "会议名称"),
    ("minutes.session", "届次"),
    ("minutes.date", "会议日期"),
    ("minutes.members:n", "应到人数"),
    ("minutes.present:n", "实到人数"),
    ("minutes.favour:n", "赞成票"),
    ("minutes.against:n", "反对票"),
    ("minutes.abstained:n", "弃权票"),
    ("minutes.digest", "纪要要点"),
    ("opinion", "意见"),
    ("office", "审签机关"),
    ("content.title", "授权运营名称"),
    ("batch", "批次"),
    ("candidate", "候选人"),
    ("representative", "法定代表人"),
    ("offer", "方案和承诺"),
    ("evaluators", "评审人"),
    ("outcome", "结论"),
    ("answer", "答复"),
    ("question", "公开的来件"),
    ("published", "公开的答复"),
    ("price.fen_per_thousand_rows:n", "每千行价格（分）"),
    ("price.basis", "定价说明"),
    ("content", "通知全文"),
    ("name", "名称"),
    ("first", "放假首日"),
    ("last", "放假末日"),
    ("total", "共几天"),
    ("work", "调休上班"),
    ("year", "年份"),
    ("notice", "文号或者标题"),
    ("published", "印发日期"),
    ("address", "出处"),
];

/// The name of a form's field.
pub fn field(code: &str) -> &str {
    // The rows of a table are numbered: `rows.0.first`.
    let row = code.strip_prefix("rows.").and_then(|code| code.split_once('.'));
    find(FIELDS, row.map_or(code.strip_prefix("reasons.").unwrap_or(code), |(_, column)| column))
}

/// The official name of a subject.
pub fn subject(code: &str) -> &str {
    find(SUBJECTS, code)
}

/// The same code, as this list has it; empty where it has none.
pub fn known(code: &str) -> &'static str {
    SUBJECTS.iter().find(|(known, _)| *known == code).map_or("", |(known, _)| known)
}

/// The official name of a subject that this list has; empty where it has none.
pub fn known_name(code: &str) -> &'static str {
    SUBJECTS.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
}

/// Whether whoever acted on one of these may open its page: a file, or a set of rules.
pub fn opens(subject: &str) -> bool {
    const PAGES: [&str; 12] = [
        "entry",
        "plan",
        "selection",
        "candidate",
        "complaint",
        "agreement",
        "demand",
        "supply",
        "product",
        "use_agreement",
        "credential",
        "policies",
    ];
    PAGES.contains(&subject)
}

/// The name of an act.
pub fn act(code: &str) -> &str {
    find(ACTS, code)
}

/// Where a file is shown.
pub fn path(subject: &str, id: &str) -> String {
    match subject {
        "demand" => format!("/operation/demands/{id}"),
        "calendar" => format!("/calendar/proposals/{id}"),
        "policies" => format!("/competence/{id}"),
        "organisation" => format!("/organisations/{id}"),
        "membership" => format!("/organisations/{}", id.split('~').nth(1).unwrap_or_default()),
        "invitation" => "/organisations".to_owned(),
        "person" => "/people".to_owned(),
        "draft" => format!("/drafts/{id}"),
        "notice" | "reading" => "/notices".to_owned(),
        "address" | "endpoint" | "dispatch" => "/notices/settings".to_owned(),
        _ => format!("/files/{subject}/{id}"),
    }
}

fn find<'a>(names: &'a [(&str, &str)], code: &'a str) -> &'a str {
    names.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// The official name of a state, from the code that its row keeps.
pub fn state(subject: &str, code: &str) -> String {
    use regulation::{basics::catalogue, granting, operation};
    fn named<W: serde::de::DeserializeOwned + std::fmt::Display>(code: &str) -> Option<String> {
        serde_json::from_value::<W>(code.into()).ok().map(|word| word.to_string())
    }
    let name = match subject {
        "calendar" => named::<regulation::calendar::proposal::State>(code),
        "entry" => named::<catalogue::State>(code),
        "plan" => named::<granting::plan::State>(code),
        "selection" => named::<granting::selection::State>(code),
        "candidate" => named::<granting::selection::candidate::State>(code),
        "complaint" => named::<granting::selection::complaint::State>(code),
        "agreement" => named::<granting::agreement::State>(code),
        "demand" => named::<operation::demand::State>(code),
        "product" => named::<operation::product::State>(code),
        "use_agreement" => named::<operation::use_agreement::State>(code),
        "credential" => named::<operation::credential::State>(code),
        "feedback" => named::<regulation::supervision::feedback::State>(code),
        "policies" => named::<regulation::competence::State>(code),
        "draft" => named::<regulation::draft::State>(code),
        _ => None,
    };
    name.unwrap_or_else(|| code.to_owned())
}
