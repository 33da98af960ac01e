//! 选择运营机构 — how stories announce, apply, examine, evaluate, object and select.

use std::sync::atomic::Ordering;

use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::Town;

/// 正在讲的一次遴选.
#[derive(Default)]
pub struct Selecting {
    plan: String,
    id: String,
    /// 参选单位的名称和申请的编号
    candidates: Vec<(String, String)>,
    complaint: String,
    mode: &'static str,
}

const OURS: &str = "锦川数据运营有限公司";
const EVALUATORS: [&str; 5] = [
    "陆知远，锦川大学，无利害关系",
    "邵文，市标准化研究院，无利害关系",
    "谭秋，西岭律师事务所，无利害关系",
    "汪海生，市大数据研究院，无利害关系",
    "尹若兰，锦川财经学院，无利害关系",
];
/// Companies that take part on paper.
const OTHERS: [(&str, &str); 4] = [
    ("西岭智数科技有限公司", "91510199MAC30KY29J"),
    ("青羊湖数据服务有限公司", "91510199MAD41TW7XD"),
    ("云岭信息有限公司", "91510199MAE52RX879"),
    (OURS, "91510199MAC10JC16M"),
];

impl Town {
    /// One act of a selection, if it is one; what comes of it.
    pub async fn selecting(&mut self, who: &str, act: &str, more: &str) -> Option<String> {
        let request = match act {
            "整体方案" | "分领域方案" | "依场景方案" => return Some(self.plan(act).await),
            "名单服务" => return Some(self.service(more).await),
            "查到期的证明" => return Some(self.look_for_expired().await),
            "看遴选公告" => return Some(self.look_at_the_selection().await),
            "评分" | "评四人" => return Some(self.score(who, act, more).await),
            _ => self.asked(act, more)?,
        };
        Some(self.send(who, &request).await)
    }

    fn asked(&self, act: &str, more: &str) -> Option<Value> {
        let id = self.selecting.id.as_str();
        let (one, two) = more.split_once('/').unwrap_or((more, ""));
        let candidate = |name: &str| {
            let found = self.selecting.candidates.iter().rev().find(|(known, _)| known == name);
            found.map_or_else(|| name.to_owned(), |(_, id)| id.clone())
        };
        Some(match act {
            "公告遴选" => self.announcement(more),
            "申请参选" => {
                json!({ "act": "candidate.apply", "selection": id, "representative": "宗远航", "offer": "建设运营平台", "evidence": self.proof(more) })
            }
            "修改申请" => {
                json!({ "act": "candidate.revise", "id": candidate(OURS), "representative": "宗远航", "offer": "另加服务承诺", "evidence": self.proof(more) })
            }
            "撤回参选" => json!({ "act": "candidate.withdraw", "id": candidate(OURS) }),
            "登记参选" => {
                let uscc = OTHERS.iter().find(|(name, _)| *name == one).map_or("9151", |(_, uscc)| uscc);
                json!({ "act": "candidate.register", "selection": id, "name": one, "uscc": uscc, "representative": if two == "贾守信" { two } else { "凌岳" }, "evidence": self.proof(two) })
            }
            "审查合格" => json!({ "act": "candidate.qualify", "id": candidate(one) }),
            "查询名单" => json!({ "act": "candidate.inquire", "id": candidate(one) }),
            "审查不合格" => json!({ "act": "candidate.disqualify", "id": candidate(one), "reason": two }),
            "组织评审" => {
                let mut named: Vec<String> = EVALUATORS.iter().map(|one| (*one).to_owned()).collect();
                match one {
                    "" => {}
                    "三人" => named.truncate(3),
                    "四人" => named.truncate(4),
                    instead => instead.clone_into(&mut named[0]),
                }
                json!({ "act": "selection.evaluate", "id": id, "evaluators": named.join("\n") })
            }
            "公示候选人" => json!({ "act": "selection.publicise", "id": id }),
            "提出异议" => json!({ "act": "complaint.lodge", "selection": id, "grounds": more }),
            "答复异议" => {
                let outcome = if one == "成立" { "upheld" } else { "dismissed" };
                json!({ "act": "complaint.answer", "id": self.selecting.complaint, "outcome": outcome, "answer": two })
            }
            "重新评审" => json!({ "act": "selection.reopen", "id": id, "reason": more }),
            "选定" => json!({ "act": "selection.select", "id": id, "candidate": candidate(one), "reason": two }),
            "终止遴选" => json!({ "act": "selection.fail", "id": id, "reason": more }),
            "更新证明" => {
                let until = json!({ "text": "新的证明", "expires": more });
                json!({ "act": "candidate.renew", "id": candidate(OURS), "evidence": { "team": until } })
            }
            "拟订协议" => {
                json!({ "act": "agreement.draft", "selection": id, "title": "新的协议", "scope": self.agreement.scope, "clauses": self.city.agreement, "period": { "from": "2025-11-01", "until": "2028-10-31" } })
            }
            _ => return None,
        })
    }

    /// 公告 — 方式/截止日/受邀单位或者“缺…”.
    fn announcement(&self, more: &str) -> Value {
        let mut parts = more.split('/');
        let (method, deadline) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let rest = parts.next().unwrap_or_default();
        let method = regulation::granting::selection::Method::named(method).unwrap();
        let criteria = match rest {
            "标准合计九十" => "技术方案 40\n服务能力 30\n安全保障 20",
            "没有标准" => "",
            _ => "技术方案 40\n服务能力 30\n安全保障 30",
        };
        let invitees = if rest.contains("公司") { rest.replace('、', "\n") } else { String::new() };
        let how = if rest == "没有办法" { "" } else { "在平台申请" };
        json!({ "act": "selection.announce", "plan": self.selecting.plan, "method": method, "notice": "选择运营机构", "how": how, "asked": "条件的证明", "deadline": deadline, "criteria": criteria, "invitees": invitees })
    }

    /// 证明 — of every condition of the mode; “缺…” without one, “…到期2025-10-01” with one that ends then.
    fn proof(&self, how: &str) -> Value {
        let conditions: &[&str] = match self.selecting.mode {
            "分领域方案" => &["sector_rules", "sector_record", "sector_means", "sector_other"],
            "依场景方案" => &["scenario_team", "scenario_security", "scenario_other"],
            _ => &["standing", "platform", "security", "ecosystem", "team", "other"],
        };
        let mut proof = serde_json::Map::new();
        for condition in conditions.iter().filter(|condition| how.strip_prefix('缺') != Some(condition)) {
            let until = how.split_once("到期").filter(|(which, _)| which == condition);
            let until = until.map_or("2027-09-01", |(_, until)| until);
            let (file, sha256) =
                if how == "不附制度" { ("", String::new()) } else { ("证明.pdf", "ab".repeat(32)) };
            proof.insert(
                (*condition).to_owned(),
                json!({ "text": "见附件", "file": file, "sha256": sha256, "expires": until }),
            );
        }
        Value::Object(proof)
    }

    /// A plan of another mode, drafted, submitted and adopted; the walk's own is the whole mode's.
    async fn plan(&mut self, mode: &str) -> String {
        self.selecting = Selecting {
            mode: ["整体方案", "分领域方案", "依场景方案"].into_iter().find(|known| *known == mode).unwrap(),
            ..Selecting::default()
        };
        if mode == "整体方案" {
            let plan = self.office.store.list::<store::granting::plan::Plan>("", 1).await.unwrap().remove(0);
            self.selecting.plan = plan.id;
            return plan.state.name().to_owned();
        }
        let (author, leader, joint, what) = if mode == "分领域方案" {
            ("市级部门", "市政府分管领导", "市级部门", "分领域")
        } else {
            ("区县数据主管部门", "区县政府主要领导", "区县政府", "")
        };
        self.apply(author, "编制论证", what).await;
        self.apply(author, "报请审签", "").await;
        self.apply(leader, "审签同意", "").await;
        for (who, act) in
            [("实施机构", "编制方案"), ("实施机构", "征求意见"), (joint, "同意方案"), ("实施机构", "报请审议")]
        {
            self.planned(who, act, "").await;
        }
        let told = self.planned("市人民政府", "审议通过", "").await;
        self.selecting.plan.clone_from(&self.plan);
        told
    }

    async fn score(&mut self, who: &str, act: &str, more: &str) -> String {
        let (name, points) = more.split_once('/').unwrap();
        let points: u16 = points.parse().unwrap();
        let one = points.min(40);
        let two = (points - one).min(30);
        let scores = json!({ "1": one, "2": two, "3": points - one - two });
        let id = self.selecting.candidates.iter().rev().find(|(known, _)| known == name).unwrap().1.clone();
        let mut told = String::new();
        for evaluator in EVALUATORS.iter().take(if act == "评四人" { 4 } else { 5 }) {
            let evaluator = evaluator.split('，').next().unwrap();
            let score = json!({ "act": "candidate.score", "id": id, "evaluator": evaluator, "scores": scores });
            told = self.send(who, &score).await;
        }
        told
    }

    /// 名单查询服务 — stopped, not configured, or the simulator again.
    async fn service(&self, how: &str) -> String {
        let address = match how {
            "断开" => "http://127.0.0.1:9/".to_owned(),
            _ => server::commands::simulate::begin().await.unwrap(),
        };
        let client = inquiry::Client::new(&address).unwrap();
        self.office.inquire_at((how != "没有配置").then_some(client));
        how.to_owned()
    }

    async fn look_for_expired(&self) -> String {
        let at = Timestamp::from_millisecond(self.clock.load(Ordering::SeqCst)).unwrap();
        let found = self.office.warn_of_what_expired(at).await.unwrap();
        let selection =
            self.office.store.get::<store::granting::selection::Selection>(&self.selecting.id).await.unwrap();
        let selection = selection.unwrap().0;
        let expired: Vec<&str> = selection.expired.iter().map(|(condition, _)| condition.name()).collect();
        format!("提示{found}次，{}，到期：{}", selection.state, expired.join("、"))
    }

    /// What everybody reads, without signing in.
    async fn look_at_the_selection(&self) -> String {
        let url = format!("{}/api/v1/selections/{}", self.address, self.selecting.id);
        let body: Value = Client::new().get(url).send().await.unwrap().json().await.unwrap();
        let ranked = body["candidates"].as_array().unwrap();
        let ranked: Vec<String> =
            ranked.iter().map(|one| format!("{}{}", one["name"].as_str().unwrap(), one["score_hundredths"])).collect();
        let told = [
            body["state"].as_str().unwrap().to_owned(),
            ranked.join("、"),
            body["reason"].as_str().unwrap().to_owned(),
        ];
        told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；")
    }

    async fn send(&mut self, who: &str, request: &Value) -> String {
        let client = self.client(who).await;
        let answer = client.post(format!("{}/acts", self.address)).json(request).send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if !done {
            let mut told = self.refused(&body);
            let known =
                self.selecting.candidates.iter().map(|(_, id)| id).chain([&self.selecting.id, &self.selecting.plan]);
            for id in known.filter(|id| !id.is_empty()) {
                told = told.replace(id.as_str(), "〇");
            }
            return told;
        }
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        match request["act"].as_str().unwrap_or_default() {
            "selection.announce" => self.selecting.id = id,
            "candidate.apply" => self.selecting.candidates.push((OURS.to_owned(), id)),
            "candidate.register" => {
                self.selecting.candidates.push((request["name"].as_str().unwrap_or_default().to_owned(), id));
            }
            "complaint.lodge" => self.selecting.complaint = id,
            _ => {}
        }
        body["state"].as_str().unwrap_or_default().to_owned()
    }
}
