//! 规矩怎样改 — the rules of competence and the working calendar, as stories change them.

use serde_json::{Value, json};

use crate::Town;

impl Town {
    /// 职权规则 — proposing, revising and agreeing to a set.
    pub async fn rule(&mut self, who: &str, act: &str, what: &str) -> String {
        const PRICES: &str = "\n@id(\"核价由负责人办\")\n@basis(\"第二十四条第一款\")\n@rule(\"价格由实施机构负责人核定\")\nforbid (principal, action == Action::\"product.approve_price\", resource) unless { principal.post == \"负责人\" };\n";
        const SAID: &str = "@id(\"某条\")\n@basis(\"平台规则\")\n@rule(\"试一试\")\n";
        let more = match what {
            "负责人核价并说明" => format!("{PRICES}// 价格关系收费\n"),
            "系统管理员审议" => format!(
                "{SAID}permit (principal in Role::\"系统管理员\", action == Action::\"agreement.adopt\", resource);"
            ),
            "堵死" => format!("{SAID}forbid (principal, action == Action::\"policies.propose\", resource);"),
            "没有依据" => PRICES.replace("第二十四条第一款", "第九十九条"),
            _ => PRICES.to_owned(),
        };
        let mut files = workflow::competence::Competence::built_in().files;
        files.get_mut("separation").unwrap().push_str(&more);
        let (id, drafts) = &self.rules;
        let digest = if what == "旧稿" { drafts.first() } else { drafts.last() };
        let request = match act {
            "提请规则" => json!({ "act": "policies.propose", "files": files, "reason": "价格关系收费" }),
            "改稿" => json!({ "act": "policies.revise", "id": id, "files": files, "reason": "补一行说明" }),
            _ => json!({ "act": "policies.approve", "id": id, "digest": digest }),
        };
        let client = self.client(who).await;
        let answer = client.post(format!("{}/acts", self.address)).json(&request).send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if !done {
            return self.refused(&body);
        }
        if act != "同意规则" {
            body["id"].as_str().unwrap_or_default().clone_into(&mut self.rules.0);
            self.rules.1.push(workflow::approval::digest(&files));
        }
        body["state"].as_str().unwrap_or_default().to_owned()
    }

    /// 工作日历 — entering, revising and approving a year's arrangement.
    pub async fn arrange(&mut self, who: &str, act: &str, what: &str) -> String {
        const DRILL: &str = include_str!("../../../../sample-city/drill_notice.txt");
        let dragon_boat = DRILL.lines().find(|line| line.starts_with("五、")).unwrap();
        let content = match what {
            "演练通知" => DRILL.to_owned(),
            "空壳" => r#"{ "year": 2027, "papers": [], "days": [] }"#.to_owned(),
            "缺端午节" => DRILL.replace(dragon_boat, ""),
            "少写一天" => DRILL.replace("共3天。9月6日", "共2天。9月6日"),
            "周五上班" => DRILL.replace("9月6日（周六）", "9月12日（周五）"),
            "周日也上班" => DRILL.replace("9月6日（周六）上班", "9月6日（周六）、9月7日（周日）上班"),
            _ => String::new(),
        };
        let id = &self.calendar.id;
        let digest = if what == "旧稿" { self.calendar.digests.first() } else { self.calendar.digests.last() };
        let request = match act {
            "录入" => json!({ "act": "calendar.propose", "content": content }),
            "修改安排" => json!({ "act": "calendar.revise", "id": id, "content": content }),
            _ => json!({ "act": "calendar.approve", "id": id, "digest": digest }),
        };
        let client = self.client(who).await;
        let answer = client.post(format!("{}/acts", self.address)).json(&request).send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if !done {
            return self.refused(&body);
        }
        body["id"].as_str().unwrap().clone_into(&mut self.calendar.id);
        let url = format!("{}/api/v1/calendar/proposals/{}", self.address, self.calendar.id);
        let proposal: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        self.calendar.digests.push(proposal["digest"].as_str().unwrap().to_owned());
        body["state"].as_str().unwrap().to_owned()
    }
}
