//! 遴选异议 — what its page says, to whoever objected and to the agency.

use regulation::{
    article,
    granting::selection::complaint::{Act, Outcome, PROCEDURE},
};
use store::granting::selection::{Selection, complaint::Complaint};
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, Input, above, open, org},
    frame::date,
};

pub async fn facts(door: &Door, complaint: &Complaint, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let mut lines = vec![
        ("提出异议的单位", org(door, &complaint.complainant).await?),
        ("提出之日", date(complaint.lodged)),
        ("事项和理由", complaint.grounds.clone()),
    ];
    lines.extend(complaint.answer_by.map(|by| ("应答复于", date(by))));
    lines.extend(complaint.outcome.map(|outcome| ("结论", format!("异议{outcome}"))));
    lines.extend((!complaint.answer.is_empty()).then(|| ("答复", complaint.answer.clone())));
    Ok(Facts {
        title: format!("对遴选 {} 的异议", complaint.selection),
        state: complaint.state.to_string(),
        lines,
        notice: None,
        due: None,
        clock: "",
        basis: article(14),
        actions: open(door, &PROCEDURE, complaint.state, complaint, acting, |act| match act {
            Act::Lodge => Action::new("complaint.lodge", vec![]),
            Act::Answer => Action::new(
                "complaint.answer",
                vec![
                    Input {
                        options: outcomes(),
                        ..Input::new("outcome", "结论", "select", "成立的，应重新评审或者终止遴选")
                    },
                    Input::new("answer", "答复的理由", "area", "逐项回应；提出异议的单位看得到"),
                ],
            ),
        }),
        parent: above::<Selection>(&complaint.selection),
    })
}

fn outcomes() -> Vec<(String, String)> {
    Outcome::ALL.iter().map(|outcome| (outcome.code(), format!("异议{outcome}"))).collect()
}
