//! 来件的办理 — what the implementing agency sees of what the public wrote, and what it may do.

use regulation::supervision::feedback::{Act, PROCEDURE, State};
use store::supervision::feedback::Feedback;
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, Input, open},
    frame::date,
    names,
};

/// 来件.
#[expect(clippy::unused_async, reason = "as the facts of every other subject")]
pub async fn facts(door: &Door, feedback: &Feedback, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let contact = if feedback.contact.is_empty() { "匿名" } else { &feedback.contact };
    let open_to_all =
        if feedback.open { "来件人同意公开（略去个人信息）" } else { "来件人不同意公开" };
    let mut lines = vec![
        ("类别", feedback.kind.to_string()),
        ("内容", feedback.text.clone()),
        ("收到", date(feedback.received)),
        ("联系方式", contact.to_owned()),
        ("公开", open_to_all.to_owned()),
    ];
    if feedback.about.is_empty() {
        lines.insert(1, ("针对", about("")));
    }
    if !feedback.answer.is_empty() {
        let name = if feedback.state == State::Declined { "不予受理的理由" } else { "答复" };
        lines.push((name, feedback.answer.clone()));
    }
    if let Some(published) = &feedback.published {
        lines.push(("公开的来件", published.question.clone()));
        lines.push(("公开的答复", published.answer.clone()));
    }
    if !feedback.escalated.is_empty() {
        let days: Vec<String> = feedback.escalated.iter().map(|day| date(*day)).collect();
        lines.push(("逾期督办", days.join("、")));
    }
    Ok(Facts {
        title: feedback.title.clone(),
        state: feedback.state.to_string(),
        lines,
        notice: None,
        due: feedback.due.clone(),
        clock: if feedback.state == State::Received { "受理时限" } else { "答复时限" },
        basis: feedback.kind.provision(),
        actions: open(door, &PROCEDURE, feedback.state, feedback, acting, |act| action(act, feedback)),
        parent: feedback.about.clone(),
    })
}

fn action(act: Act, feedback: &Feedback) -> Action {
    match act {
        Act::Submit => Action::new("feedback.submit", vec![]),
        Act::Accept => Action::new("feedback.accept", vec![]),
        Act::Decline => {
            let reason = Input::new("reason", "理由", "area", "来件人凭编号和查询码可以看到");
            Action::new("feedback.decline", vec![reason]).risky()
        }
        Act::Answer => {
            let answer =
                Input::new("answer", "答复", "area", "来件人凭编号和查询码可以看到；针对所提的每一点，写明依据");
            Action::new("feedback.answer", vec![answer])
        }
        Act::Publish => {
            let hint = "任何人都可以看到。请略去姓名、电话、住址等个人信息；像电话号码、身份号码、邮箱的，平台不予公开";
            let question = Input::new("question", "公开的来件", "area", hint).filled(feedback.text.clone());
            let answer =
                Input::new("published", "公开的答复", "area", "同样略去个人信息").filled(feedback.answer.clone());
            Action::new("feedback.publish", vec![question, answer])
        }
    }
}

/// 授权运营协议 XY-…
pub fn about(key: &str) -> String {
    match key.split_once('/') {
        Some((subject, id)) => format!("{} {id}", names::subject(subject)),
        None => "没有特定对象".to_owned(),
    }
}

/// The colour of a state.
pub fn tone(state: State) -> &'static str {
    match state {
        State::Answered | State::Published => "ok",
        State::Declined => "danger",
        State::Draft | State::Received | State::Accepted => "warn",
    }
}
