//! 凭据 — what its page says; never the secret.

use regulation::{
    article,
    operation::credential::{Act, PROCEDURE},
};
use store::operation::{credential::Credential, use_agreement::UseAgreement};
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, above, open, org},
    frame::date,
};

pub async fn facts(door: &Door, credential: &Credential, acting: Option<&Acting>) -> Result<Facts, Refused> {
    Ok(Facts {
        title: format!("凭据 {}", credential.id),
        state: credential.state.to_string(),
        lines: vec![
            ("经营主体", org(door, &credential.entity).await?),
            ("产品", credential.product.clone()),
            ("到期", date(credential.until)),
            ("密钥", "只在领取时显示一次，平台只保存摘要".to_owned()),
        ],
        notice: None,
        due: None,
        clock: "",
        basis: article(19),
        actions: open(door, &PROCEDURE, credential.state, credential, acting, |act| match act {
            Act::Revoke => Action::new("credential.revoke", vec![]).risky(),
        }),
        parent: above::<UseAgreement>(&credential.use_agreement),
    })
}
