//! 信 — what a letter says: which case, how it stands, until when, and where to open it; nothing of what the case holds.

use jiff::civil::Date;
use regulation::notice::Reason;
use store::notice::Notice;

/// 用词 — how pages call a subject and where they show a file; handed in by the program.
#[derive(Clone)]
pub struct Words {
    /// 主题的名称
    pub subject: fn(&str) -> &str,
    /// 卷宗页的路径
    pub path: fn(&str, &str) -> String,
    /// 门户的地址，如 `https://shuyun.example.cn`
    pub origin: String,
}

/// 信.
pub struct Letter {
    pub subject: String,
    pub plain: String,
    pub html: String,
}

impl Words {
    /// The letter of a notice.
    pub fn letter(&self, notice: &Notice) -> Letter {
        let (subject, id) = notice.about.split_once('/').unwrap_or_default();
        let name = (self.subject)(subject);
        let origin = self.origin.trim_end_matches('/');
        let link = format!("{origin}{}", (self.path)(subject, id));
        let settings = format!("{origin}/notices/settings");
        let lead = match notice.reason {
            Reason::Yours => "这一事项已转到贵单位，请在期限内办理。",
            Reason::Progress => "贵单位参与的这一事项有新的进展。",
            Reason::Soon => "这一事项的期限即将届满，请及时办理。期限届满不等于通过，逾期将督办并公开。",
            Reason::Overdue => "这一事项已逾期，现予督办并公开。期限届满不等于通过。",
            Reason::Expired => "运营机构应当具备的条件，有证明已经到期，请及时更新。平台不因到期自行作出决定。",
        };
        let mut lines = vec![("事项", format!("{name} {id}")), ("状态", notice.state.clone())];
        lines.extend(notice.due.map(|due| ("期限届满", format!("{} 24:00", date(due)))));
        lines.push(("依据", notice.basis.clone()));
        let plain: String = lines.iter().map(|(label, value)| format!("{label}：{value}\n")).collect();
        let rows: String = lines
            .iter()
            .map(|(label, value)| format!("<tr><th align=\"left\">{label}</th><td>{}</td></tr>", escaped(value)))
            .collect();
        let foot = "本邮件由平台自动发出，请勿回复。事项的内容请登录后查看。";
        Letter {
            subject: format!("【{}】{name} {id}：{}", notice.reason, notice.state),
            plain: format!("{lead}\n\n{plain}\n查看：{link}\n\n{foot}\n不再接收或者改变接收范围：{settings}\n"),
            html: format!(
                "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{reason}</title></head><body>\
                 <p>{lead}</p><table cellpadding=\"6\">{rows}</table><p><a href=\"{link}\">查看这一事项</a></p>\
                 <p><small>{foot}<a href=\"{settings}\">不再接收或者改变接收范围</a></small></p></body></html>",
                reason = notice.reason,
                link = escaped(&link),
                settings = escaped(&settings),
            ),
        }
    }
}

fn date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_which_case_until_when_and_where_and_keeps_markup_from_working() {
        let notice = Notice {
            id: "TZ-1".into(),
            mailbox: "mailbox/公共数据提供单位@jiaotong".into(),
            org: "jiaotong".into(),
            reason: Reason::Yours,
            about: "demand/XQ-<1>".into(),
            act: "demand.pass".into(),
            by: "ju".into(),
            state: "提供单位审核".into(),
            basis: "第二十三条第一款".into(),
            due: Some(jiff::civil::date(2025, 9, 8)),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let words = Words {
            subject: |_| "数据需求",
            path: |_, id| format!("/operation/demands/{id}"),
            origin: "https://x.cn/".into(),
        };
        let letter = words.letter(&notice);
        assert_eq!(letter.subject, "【待您办理】数据需求 XQ-<1>：提供单位审核");
        assert!(letter.plain.contains("期限届满：2025年9月8日 24:00\n依据：第二十三条第一款\n"), "{}", letter.plain);
        assert!(letter.plain.contains("查看：https://x.cn/operation/demands/XQ-<1>\n"), "{}", letter.plain);
        assert!(
            letter.html.contains("<td>数据需求 XQ-&lt;1&gt;</td>") && !letter.html.contains("<1>"),
            "{}",
            letter.html
        );
    }
}
