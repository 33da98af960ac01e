//! 名称 — how subjects and acts are called on a page.

/// 主题 — the path under which a file is shown, and its official name.
pub const SUBJECTS: &[(&str, &str)] = &[
    ("entry", "授权运营目录条目"),
    ("plan", "实施方案"),
    ("selection", "选择运营机构"),
    ("agreement", "授权运营协议"),
    ("demand", "数据需求"),
    ("supply", "供给"),
    ("product", "公共数据产品和服务"),
    ("use_agreement", "数据开发利用协议"),
    ("credential", "凭据"),
    ("organisation", "单位"),
    ("person", "人员"),
    ("session", "会话"),
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
    ("person.password", "更换口令"),
    ("session.begin", "登录"),
    ("session.end", "退出"),
    ("attempts.fail", "登录失败"),
    ("attempts.forgive", "登录失败清零"),
    ("entry.compile", "编制"),
    ("entry.revise", "修改"),
    ("entry.submit", "提交核验"),
    ("entry.publish", "发布"),
    ("entry.return", "退回"),
    ("plan.draft", "编制"),
    ("plan.submit", "报请审议"),
    ("plan.adopt", "审议通过"),
    ("plan.return", "退回"),
    ("plan.file", "备案"),
    ("plan.escalate", "逾期督办"),
    ("selection.announce", "公告"),
    ("selection.select", "选定"),
    ("selection.fail", "终止遴选"),
    ("agreement.draft", "拟订"),
    ("agreement.submit", "提交审议"),
    ("agreement.adopt", "审议通过"),
    ("agreement.return", "退回"),
    ("agreement.sign", "签订"),
    ("agreement.file", "备案"),
    ("agreement.suspend", "暂停提供数据"),
    ("agreement.resume", "恢复提供数据"),
    ("agreement.escalate", "逾期督办"),
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
    ("access.rows", "取数"),
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
    ("purpose", "用途类别"),
    ("scenario", "应用场景"),
    ("necessity", "必要性说明"),
    ("reason", "理由"),
    ("legal_basis[]", "相关法律法规"),
    ("grounds", "事由"),
    ("number", "省级数据主管部门备案号"),
    ("minutes.meeting", "会议名称"),
    ("minutes.date", "会议日期"),
    ("batch", "批次"),
    ("price.fen_per_thousand_rows:n", "每千行价格（分）"),
    ("price.basis", "定价说明"),
];

/// The name of a form's field.
pub fn field(code: &str) -> &str {
    find(FIELDS, code)
}

/// The official name of a subject.
pub fn subject(code: &str) -> &str {
    find(SUBJECTS, code)
}

/// The same code, as this list has it; empty where it has none.
pub fn known(code: &str) -> &'static str {
    SUBJECTS.iter().find(|(known, _)| *known == code).map_or("", |(known, _)| known)
}

/// How many characters of a title are shown in a list.
const LONGEST: usize = 32;

/// The title of a record, whatever it is of, as a list shows it; empty where it has none.
pub fn title(body: &serde_json::Value) -> String {
    let told =
        |pointer: &&str| body.pointer(pointer).and_then(|title| title.as_str()).filter(|title| !title.is_empty());
    let places = ["/scenario", "/title", "/content/name", "/name", "/sections/name", "/notice", "/batch"];
    let first = |title: &str| title.split(['。', '\n']).next().unwrap_or_default().chars().collect::<Vec<_>>();
    let title = places.iter().find_map(told).map(first).unwrap_or_default();
    let cut = if title.len() > LONGEST { "…" } else { "" };
    title.iter().take(LONGEST).collect::<String>() + cut
}

/// The name of an act.
pub fn act(code: &str) -> &str {
    find(ACTS, code)
}

/// Where a file is shown.
pub fn path(subject: &str, id: &str) -> String {
    if subject == "demand" { format!("/operation/demands/{id}") } else { format!("/files/{subject}/{id}") }
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
        "entry" => named::<catalogue::State>(code),
        "plan" => named::<granting::plan::State>(code),
        "selection" => named::<granting::selection::State>(code),
        "agreement" => named::<granting::agreement::State>(code),
        "demand" => named::<operation::demand::State>(code),
        "product" => named::<operation::product::State>(code),
        "use_agreement" => named::<operation::use_agreement::State>(code),
        "credential" => named::<operation::credential::State>(code),
        _ => None,
    };
    name.unwrap_or_else(|| code.to_owned())
}
