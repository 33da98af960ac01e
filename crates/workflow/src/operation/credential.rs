//! 凭据 — taken by the business entity under its use agreement; shown once, kept only as a digest (Articles 19 and 25).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use regulation::{
    Period, article,
    operation::{
        credential::{Act, Fault, PROCEDURE, State},
        use_agreement,
    },
};
use store::operation::{credential::Credential, use_agreement::UseAgreement};

use crate::{File, Recorded, Refused, refused::Overreach};

/// 领取 — the secret goes with the answer and is kept nowhere.
pub async fn take(mut file: File<'_>, agreement: &str) -> Result<Recorded, Refused> {
    file.entitled("credential.take", "领取凭据")?;
    let agreement: UseAgreement = file.read("数据开发利用协议", agreement).await?;
    if agreement.entity != file.acting.org {
        return Err(Overreach::Foreign.into());
    }
    if agreement.state != use_agreement::State::InForce {
        return Err(Fault::NoAgreement(agreement.id).into());
    }
    let secret = URL_SAFE_NO_PAD.encode(file.office.random::<32>());
    let lifetime = file.terms().end_of(Period::CredentialLifetime, file.today());
    let credential = Credential {
        id: file.number("PJ"),
        use_agreement: agreement.id.clone(),
        entity: agreement.entity,
        operator: agreement.operator,
        product: agreement.product,
        secret_sha256: delivery::digest(&secret),
        until: lifetime.min(agreement.period.until),
        state: State::Valid,
    };
    file.write(&credential)?;
    let token = delivery::Token::write(&credential.id, &secret);
    let basis = article(25).paragraph(1);
    Ok(file.record("take", &credential, credential.state.name(), basis, &agreement.id)?.with_secret(token))
}

/// 吊销 — at once.
pub async fn revoke(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut credential: Credential = file.read("凭据", id).await?;
    let step = file.step(&PROCEDURE, (credential.state, Act::Revoke), &credential)?;
    credential.state = step.to;
    file.write(&credential)?;
    file.record("revoke", &credential, credential.state.name(), step.basis, &id)
}
