//! 故事里的目录条目 — compiled, screened, published, revised, suspended, ended.

use regulation::basics::{
    catalogue::{Content, Cycle, Field, Origin, Personal, Screen},
    grading::{Degree, Grading, Object},
    sector::Sector,
};
use serde_json::{Value, json};

use super::Town;

/// What a story's entry says; `how` names what is wrong or different with it.
fn content(city: &Content, how: &str) -> Content {
    let sound = Content {
        name: "公交线路站点".into(),
        summary: "全市公交线路及其站点的名称、位置和首末班时间".into(),
        source_duty: "依照公共汽车客运管理规定，承担线路管理职责".into(),
        sector: Some(Sector::Transport),
        refresh: Some(Cycle::Monthly),
        grading: Grading::alike(Degree::None, "站牌上公示的内容"),
        fields: vec![Field { code: "线路".into(), name: "线路名称".into(), ..Field::default() }],
        ..Content::default()
    };
    let revised = |refresh| Content { refresh: Some(refresh), ..city.clone() };
    match how {
        "" => sound,
        "缺项" => Content { summary: String::new(), refresh: None, ..sound },
        "核心" => {
            let mut core = sound;
            core.grading = Grading::alike(Degree::None, "理由");
            if let Some(answer) = core.grading.0.get_mut(&Object::Economy) {
                answer.degree = Some(Degree::Grave);
            }
            core
        }
        "敏感" => {
            let whereabouts = Personal::Whereabouts;
            let field =
                Field { code: "卡号".into(), name: "乘车卡号".into(), personal: whereabouts, ..Field::default() };
            Content { fields: vec![field], grading: Grading::alike(Degree::General, "理由"), ..sound }
        }
        "形似" => Content { name: "公交Α线".into(), ..sound },
        "共享" => {
            Content { origin: Origin::Shared { from: "省交通运输厅".into(), consent: String::new() }, ..sound }
        }
        "每日" => revised(Cycle::Daily),
        "不变" => city.clone(),
        unknown => panic!("故事里的条目“{unknown}”没有人认识"),
    }
}

impl Town {
    /// The request of an act on an entry; nothing where the act is none.
    pub fn on_entry(&self, act: &str, more: &str) -> Option<Value> {
        let id = if self.entry.is_empty() { self.agreement.scope.0.keys().next()? } else { &self.entry };
        let plain = |act: &str| json!({ "act": act, "id": id });
        let grounds = |act: &str| json!({ "act": act, "id": id, "grounds": more });
        let (first, second) = more.split_once('/').unwrap_or((more, ""));
        Some(match act {
            "编制条目" => json!({ "act": "entry.compile", "content": content(&self.city.entry, more) }),
            "修订条目" => json!({ "act": "entry.revise", "id": id, "content": content(&self.city.entry, more) }),
            "提交审查" => plain("entry.submit"),
            "审查" => {
                let all = Screen::ALL.iter().filter(|screen| first == "全部" || first == screen.name());
                let opinions: serde_json::Map<String, Value> =
                    all.map(|screen| (screen.code(), json!(second))).collect();
                json!({ "act": "entry.screen", "id": id, "opinions": opinions })
            }
            "审查不予通过" => {
                let screen = Screen::named(first).map(Screen::code);
                json!({ "act": "entry.object", "id": id, "screen": screen, "reason": second })
            }
            "报送核验" => plain("entry.forward"),
            "发布条目" => plain("entry.publish"),
            "退回条目" => json!({ "act": "entry.return", "id": id, "reason": more }),
            "暂停条目" => grounds("entry.suspend"),
            "恢复条目" => grounds("entry.resume"),
            "公告终止" => json!({ "act": "entry.announce", "id": id, "grounds": first, "last_day": second }),
            "撤回终止公告" => plain("entry.call_off"),
            "终止保障" => plain("entry.end"),
            _ => return None,
        })
    }

    /// 看差异 — what the latest version changes, as the programs are told.
    pub async fn differences(&mut self, who: &str) -> String {
        let id = if self.entry.is_empty() { self.agreement.scope.0.keys().next().unwrap() } else { &self.entry };
        let url = format!("{}/api/v1/entries/{id}/versions", self.address);
        let body: Value = self.client(who).await.get(url).send().await.unwrap().json().await.unwrap();
        let latest = &body["versions"][0];
        let changes = latest["changes"].as_array().unwrap_or_else(|| panic!("{body}")).iter();
        let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
        let told: Vec<String> = changes
            .map(|change| format!("{}{}→{}", text(change, "item"), text(change, "before"), text(change, "after")))
            .collect();
        format!("第{}版：{}", latest["number"], told.join("；"))
    }

    /// 社会公众看目录 — how the entry stands there.
    pub async fn public_entry(&self) -> String {
        let id = if self.entry.is_empty() { self.agreement.scope.0.keys().next().unwrap() } else { &self.entry };
        let url = format!("{}/api/v1/catalogue/{id}", self.address);
        let answer = reqwest::Client::new().get(url).send().await.unwrap();
        if !answer.status().is_success() {
            return "目录里没有".into();
        }
        let body: Value = answer.json().await.unwrap();
        format!("第{}版，{}，{}", body["version"], body["state"].as_str().unwrap(), body["refresh"].as_str().unwrap())
    }
}
