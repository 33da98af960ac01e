//! 授权怎样来 — applications and plans, as stories write, sign off and adopt them.

use regulation::granting::{application::Part, plan::Section};
use serde_json::{Value, json};

use crate::Town;

/// 停车场泊位 — what the district asks for: two fields of the city's own entry.
const FIELDS: [(&str, &str); 2] = [("停车场名称", "让车主认得是哪一处"), ("总泊位", "判断一处还能不能进")];

impl Town {
    /// 授权申请.
    pub async fn apply(&mut self, who: &str, act: &str, what: &str) -> String {
        let id = &self.application;
        let office = match who {
            "区县数据主管部门" => "qinghe-district",
            _ if what == "报错机关" => "qinghe-district",
            _ => "government-office",
        };
        let request = match act {
            "编制论证" => json!({ "act": "application.draft", "office": office, "content": case(what) }),
            "改论证" => json!({ "act": "application.revise", "id": id, "office": office, "content": case(what) }),
            "报请审签" => json!({ "act": "application.submit", "id": id }),
            "审签同意" => json!({ "act": "application.agree", "id": id, "opinion": what }),
            "不予同意" => json!({ "act": "application.deny", "id": id, "reason": what }),
            "退回论证" => json!({ "act": "application.return", "id": id, "reason": what }),
            _ => json!({ "act": "application.withdraw", "id": id }),
        };
        let (done, body) = self.tell(who, &request).await;
        if !done {
            let taken = Some(self.taken.as_str()).filter(|taken| !taken.is_empty());
            let told = self.refused(&body);
            return taken.map_or(told.clone(), |taken| told.replace(taken, "〇"));
        }
        let drafted = act == "编制论证";
        if drafted {
            body["id"].as_str().unwrap_or_default().clone_into(&mut self.application);
        }
        if act == "审签同意" {
            self.taken.clone_from(&self.application);
        }
        body["state"].as_str().unwrap_or_default().to_owned()
    }

    /// 实施方案.
    pub async fn planned(&mut self, who: &str, act: &str, what: &str) -> String {
        let id = self.plan.clone();
        let request = match act {
            "编制方案" => self.drafted("plan.draft", what),
            "改方案" => self.drafted("plan.revise", what),
            "征求意见" => json!({ "act": "plan.consult", "id": id }),
            "同意方案" => json!({ "act": "plan.concur", "id": id, "opinion": what }),
            "提出不同意见" => json!({ "act": "plan.object", "id": id, "opinion": what }),
            "报请审议" => json!({ "act": "plan.submit", "id": id }),
            "审议通过" => json!({ "act": "plan.adopt", "id": id, "minutes": minutes(what) }),
            "退回方案" => json!({ "act": "plan.return", "id": id, "reason": what }),
            _ => json!({ "act": "plan.file", "id": id, "number": what }),
        };
        let (done, body) = self.tell(who, &request).await;
        if !done {
            let entry = self.agreement.scope.0.keys().next().unwrap().clone();
            return self.refused(&body).replace(&entry, "〇").replace(&self.application, "〇");
        }
        if act == "编制方案" {
            body["id"].as_str().unwrap_or_default().clone_into(&mut self.plan);
        }
        body["state"].as_str().unwrap_or_default().to_owned()
    }

    fn drafted(&self, act: &str, what: &str) -> Value {
        let sections: serde_json::Map<String, Value> =
            Section::ALL.iter().map(|section| (section.code(), json!(format!("{section}：已写明")))).collect();
        let entry = self.agreement.scope.0.keys().next().unwrap();
        let mut fields: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
        let mut needs: serde_json::Map<String, Value> = FIELDS
            .iter()
            .map(|(field, reason)| ((*field).to_owned(), json!({ "output": "停车诱导屏", "reason": reason })))
            .collect();
        let mut products = vec![
            json!({ "name": "停车诱导屏", "group": "public", "form": "公共信息服务" }),
            json!({ "name": "泊位查询接口", "group": "industry", "form": "接口" }),
        ];
        match what {
            "多要一项" => fields.push("登记手机号"),
            "用途不在清单" => needs["总泊位"]["output"] = json!("广告投放"),
            "只有收费产品" => drop(products.remove(0)),
            _ => {}
        }
        let mut request = json!({
            "act": act, "sections": sections, "products": products,
            "scope": { entry: fields }, "needs": { entry: needs },
        });
        if what == "缺两项" {
            request["sections"]["security"] = json!(" ");
            request["sections"].as_object_mut().unwrap().remove("supervision");
        }
        if act == "plan.revise" {
            request["id"] = json!(self.plan);
        } else if what != "整体" {
            request["application"] = json!(self.application);
        }
        request
    }

    /// Sends a request as somebody; tells whether it was done, and what was answered.
    pub async fn tell(&mut self, who: &str, request: &Value) -> (bool, Value) {
        let client = self.client(who).await;
        let answer = client.post(format!("{}/acts", self.address)).json(request).send().await.unwrap();
        (answer.status().is_success(), answer.json().await.unwrap())
    }
}

/// 论证.
fn case(what: &str) -> Value {
    let feasibility: serde_json::Map<String, Value> =
        Part::ALL.iter().map(|part| (part.code(), json!(format!("{part}：已论证")))).collect();
    let mut case = json!({
        "title": "清河区停车便民授权运营", "kind": "scenario", "scenario": "清河区医院周边停车诱导",
        "scenario_kind": "convenience", "necessity": "整体授权的产品不覆盖医院周边的分时泊位",
        "resources": "停车场泊位小时数据的名称和总泊位两项", "feasibility": feasibility,
    });
    match what {
        "分领域" | "别的领域" => {
            case["kind"] = json!("sector");
            case["sector"] = json!(if what == "分领域" { "transport" } else { "housing" });
            case["title"] = json!("本领域公共数据授权运营");
        }
        "缺三处" => {
            case["title"] = json!("");
            case["necessity"] = json!(" ");
            case["feasibility"].as_object_mut().unwrap().remove("risk");
        }
        "同一场景" => case["scenario"] = json!("清河区，医院周边 停车诱导"),
        _ => {}
    }
    case
}

/// 会议记录.
fn minutes(what: &str) -> Value {
    let (present, favour) = match what {
        "到会不足" => (5, 5),
        "票数不够" => (9, 5),
        _ => (10, 10),
    };
    json!({
        "meeting": "市人民政府常务会议", "session": "第31次", "date": "2025-09-01", "members": 11,
        "present": present, "favour": favour, "against": present - favour, "abstained": 0, "digest": "同意实施",
    })
}
