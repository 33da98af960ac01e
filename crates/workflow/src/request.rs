//! 办理请求 — every act that the platform knows, in the order of the Measures. This is the table of contents.

mod naming;

use std::collections::BTreeMap;

use jiff::civil::Date;
use regulation::{
    StandingAct,
    basics::catalogue::Screen,
    calendar::Import,
    granting::agreement,
    operation::{demand::Refusal, pricing::Price, product, use_agreement},
};
use serde::{Deserialize, Serialize};
use store::{
    granting::{Minutes, agreement::Agreement, plan::Plan},
    operation::demand::Demand,
    supervision::feedback::Feedback,
};

use crate::{
    File, Recorded, Refused, basics,
    calendar::{recount, settle},
    competence,
    deadlines::escalate,
    draft, granting,
    notice::{self, dispatch, endpoint},
    operation::{self, demand, supply},
    party,
    supervision::feedback,
};

/// 办理请求 — as a page, a program or the demonstration sends it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "act")]
#[expect(missing_docs, reason = "each act is documented where it stands; the names are the acts")]
pub enum Request {
    #[serde(rename = "organisation.register")]
    OrganisationRegister(party::organisation::Register),
    #[serde(rename = "organisation.suspend")]
    OrganisationSuspend { id: String, reason: String },
    #[serde(rename = "organisation.resume")]
    OrganisationResume { id: String, reason: String },
    #[serde(rename = "organisation.end")]
    OrganisationEnd { id: String, reason: String },
    #[serde(rename = "person.register")]
    PersonRegister(party::person::Register),
    #[serde(rename = "person.suspend")]
    PersonSuspend { id: String, reason: String },
    #[serde(rename = "person.resume")]
    PersonResume { id: String, reason: String },
    #[serde(rename = "person.end")]
    PersonEnd { id: String, reason: String },
    #[serde(rename = "membership.begin")]
    MembershipBegin(party::membership::Begin),
    #[serde(rename = "membership.suspend")]
    MembershipSuspend { id: String, reason: String },
    #[serde(rename = "membership.resume")]
    MembershipResume { id: String, reason: String },
    #[serde(rename = "membership.end")]
    MembershipEnd { id: String, reason: String },
    #[serde(rename = "membership.hand_over")]
    MembershipHandOver { id: String, to: String },
    #[serde(rename = "invitation.issue")]
    InvitationIssue(party::invitation::Issue),
    #[serde(rename = "invitation.renew")]
    InvitationRenew { membership: String },
    #[serde(rename = "invitation.revoke")]
    InvitationRevoke { id: String },
    #[serde(rename = "person.revoke_passkeys")]
    PersonRevokePasskeys { id: String, reason: String },

    #[serde(rename = "policies.propose")]
    PoliciesPropose(competence::Proposal),
    #[serde(rename = "policies.revise")]
    PoliciesRevise(competence::Proposal),
    #[serde(rename = "policies.approve")]
    PoliciesApprove { id: String, digest: String },
    #[serde(rename = "policies.reject")]
    PoliciesReject { id: String, reason: String },
    #[serde(rename = "policies.withdraw")]
    PoliciesWithdraw { id: String },

    #[serde(rename = "entry.compile")]
    EntryCompile(basics::catalogue::Compile),
    #[serde(rename = "entry.revise")]
    EntryRevise(basics::catalogue::Revise),
    #[serde(rename = "entry.submit")]
    EntrySubmit { id: String },
    #[serde(rename = "entry.screen")]
    EntryScreen {
        id: String,
        #[serde(default)]
        opinions: BTreeMap<Screen, String>,
    },
    #[serde(rename = "entry.object")]
    EntryObject { id: String, screen: Screen, reason: String },
    #[serde(rename = "entry.forward")]
    EntryForward { id: String },
    #[serde(rename = "entry.publish")]
    EntryPublish { id: String },
    #[serde(rename = "entry.return")]
    EntryReturn { id: String, reason: String },
    #[serde(rename = "entry.suspend")]
    EntrySuspend { id: String, grounds: String },
    #[serde(rename = "entry.resume")]
    EntryResume { id: String, grounds: String },
    #[serde(rename = "entry.announce")]
    EntryAnnounce { id: String, grounds: String, last_day: Date },
    #[serde(rename = "entry.call_off")]
    EntryCallOff { id: String },
    #[serde(rename = "entry.end")]
    EntryEnd { id: String },
    #[serde(rename = "entry.lapse")]
    EntryLapse { id: String },

    #[serde(rename = "calendar.propose")]
    CalendarPropose(Import),
    #[serde(rename = "calendar.revise")]
    CalendarRevise(basics::calendar::Revise),
    #[serde(rename = "calendar.approve")]
    CalendarApprove { id: String, digest: String },
    #[serde(rename = "calendar.withdraw")]
    CalendarWithdraw { id: String, reason: String },
    #[serde(rename = "calendar_edition.settle")]
    CalendarSettle { id: String },
    #[serde(rename = "plan.recount")]
    PlanRecount { id: String },
    #[serde(rename = "agreement.recount")]
    AgreementRecount { id: String },
    #[serde(rename = "demand.recount")]
    DemandRecount { id: String },

    #[serde(rename = "application.draft")]
    ApplicationDraft(granting::application::Draft),
    #[serde(rename = "application.revise")]
    ApplicationRevise(granting::application::Revise),
    #[serde(rename = "application.submit")]
    ApplicationSubmit { id: String },
    #[serde(rename = "application.agree")]
    ApplicationAgree {
        id: String,
        #[serde(default)]
        opinion: String,
    },
    #[serde(rename = "application.deny")]
    ApplicationDeny {
        id: String,
        #[serde(default)]
        reason: String,
    },
    #[serde(rename = "application.return")]
    ApplicationReturn {
        id: String,
        #[serde(default)]
        reason: String,
    },
    #[serde(rename = "application.withdraw")]
    ApplicationWithdraw { id: String },

    #[serde(rename = "plan.draft")]
    PlanDraft(granting::plan::Draft),
    #[serde(rename = "plan.revise")]
    PlanRevise(granting::plan::Revise),
    #[serde(rename = "plan.consult")]
    PlanConsult { id: String },
    #[serde(rename = "plan.concur")]
    PlanConcur {
        id: String,
        #[serde(default)]
        opinion: String,
    },
    #[serde(rename = "plan.object")]
    PlanObject {
        id: String,
        #[serde(default)]
        opinion: String,
    },
    #[serde(rename = "plan.submit")]
    PlanSubmit { id: String },
    #[serde(rename = "plan.adopt")]
    PlanAdopt { id: String, minutes: Minutes },
    #[serde(rename = "plan.return")]
    PlanReturn { id: String, reason: String },
    #[serde(rename = "plan.file")]
    PlanFile { id: String, number: String },
    #[serde(rename = "plan.escalate")]
    PlanEscalate { id: String },

    #[serde(rename = "selection.announce")]
    SelectionAnnounce(granting::selection::Announce),
    #[serde(rename = "candidate.apply")]
    CandidateApply(granting::selection::candidate::Apply),
    #[serde(rename = "candidate.register")]
    CandidateRegister(granting::selection::candidate::Register),
    #[serde(rename = "candidate.revise")]
    CandidateRevise(granting::selection::candidate::Revise),
    #[serde(rename = "candidate.withdraw")]
    CandidateWithdraw { id: String },
    #[serde(rename = "candidate.qualify")]
    CandidateQualify { id: String },
    #[serde(rename = "candidate.disqualify")]
    CandidateDisqualify { id: String, reason: String },
    #[serde(rename = "candidate.inquire")]
    CandidateInquire { id: String },
    #[serde(rename = "selection.evaluate")]
    SelectionEvaluate { id: String, evaluators: String },
    #[serde(rename = "candidate.score")]
    CandidateScore(granting::selection::candidate::Score),
    #[serde(rename = "selection.publicise")]
    SelectionPublicise { id: String },
    #[serde(rename = "complaint.lodge")]
    ComplaintLodge { selection: String, grounds: String },
    #[serde(rename = "complaint.answer")]
    ComplaintAnswer(granting::selection::complaint::Answer),
    #[serde(rename = "selection.reopen")]
    SelectionReopen { id: String, reason: String },
    #[serde(rename = "selection.select")]
    SelectionSelect(granting::selection::Select),
    #[serde(rename = "selection.fail")]
    SelectionFail { id: String, reason: String },
    #[serde(rename = "candidate.renew")]
    CandidateRenew(granting::selection::candidate::Renew),
    #[serde(rename = "selection.warn")]
    SelectionWarn { id: String },

    #[serde(rename = "agreement.draft")]
    AgreementDraft(granting::agreement::Draft),
    #[serde(rename = "agreement.submit")]
    AgreementSubmit { id: String },
    #[serde(rename = "agreement.adopt")]
    AgreementAdopt { id: String, minutes: Minutes },
    #[serde(rename = "agreement.return")]
    AgreementReturn { id: String, reason: String },
    #[serde(rename = "agreement.sign")]
    AgreementSign { id: String },
    #[serde(rename = "agreement.file")]
    AgreementFile { id: String, number: String },
    #[serde(rename = "agreement.suspend")]
    AgreementSuspend { id: String, grounds: String },
    #[serde(rename = "agreement.resume")]
    AgreementResume { id: String, grounds: String },
    #[serde(rename = "agreement.escalate")]
    AgreementEscalate { id: String },

    #[serde(rename = "draft.save")]
    DraftSave(draft::Save),
    #[serde(rename = "draft.discard")]
    DraftDiscard { id: String },
    #[serde(rename = "demand.submit")]
    DemandSubmit(demand::Submission),
    #[serde(rename = "demand.pass")]
    DemandPass { id: String },
    #[serde(rename = "demand.refuse")]
    DemandRefuse {
        id: String,
        #[serde(default)]
        reason: String,
        #[serde(default)]
        legal_basis: Vec<String>,
        /// 从本办法选定的条款，与写下的一并告知
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cited: Vec<String>,
    },
    #[serde(rename = "demand.supply")]
    DemandSupply { id: String, batch: String },
    #[serde(rename = "demand.escalate")]
    DemandEscalate { id: String },

    #[serde(rename = "product.build")]
    ProductBuild(operation::product::Build),
    #[serde(rename = "product.propose_price")]
    ProductProposePrice { id: String, price: Price },
    #[serde(rename = "product.approve_price")]
    ProductApprovePrice { id: String },
    #[serde(rename = "product.return_price")]
    ProductReturnPrice { id: String, reason: String },
    #[serde(rename = "product.publish")]
    ProductPublish { id: String },
    #[serde(rename = "product.withdraw")]
    ProductWithdraw { id: String, reason: String },

    #[serde(rename = "use_agreement.offer")]
    UseAgreementOffer(operation::use_agreement::Offer),
    #[serde(rename = "use_agreement.sign")]
    UseAgreementSign { id: String },
    #[serde(rename = "use_agreement.decline")]
    UseAgreementDecline { id: String },
    #[serde(rename = "use_agreement.end")]
    UseAgreementEnd { id: String },

    #[serde(rename = "credential.take")]
    CredentialTake { use_agreement: String },
    #[serde(rename = "credential.revoke")]
    CredentialRevoke { id: String },

    #[serde(rename = "feedback.submit")]
    FeedbackSubmit(feedback::Submission),
    #[serde(rename = "feedback.accept")]
    FeedbackAccept { id: String },
    #[serde(rename = "feedback.decline")]
    FeedbackDecline {
        id: String,
        #[serde(default)]
        reason: String,
    },
    #[serde(rename = "feedback.answer")]
    FeedbackAnswer {
        id: String,
        #[serde(default)]
        answer: String,
    },
    #[serde(rename = "feedback.publish")]
    FeedbackPublish {
        id: String,
        #[serde(default)]
        question: String,
        #[serde(default)]
        published: String,
    },
    #[serde(rename = "feedback.escalate")]
    FeedbackEscalate { id: String },
    #[serde(rename = "feedback.recount")]
    FeedbackRecount { id: String },

    #[serde(rename = "notice.remind")]
    NoticeRemind { about: String },
    #[serde(rename = "reading.advance")]
    ReadingAdvance { up_to: i64 },
    #[serde(rename = "address.set")]
    AddressSet(notice::address::Set),
    #[serde(rename = "endpoint.add")]
    EndpointAdd { url: String },
    #[serde(rename = "endpoint.rotate")]
    EndpointRotate { id: String },
    #[serde(rename = "endpoint.disable")]
    EndpointDisable { id: String },
    #[serde(rename = "endpoint.enable")]
    EndpointEnable { id: String },
    #[serde(rename = "outbox.sort")]
    OutboxSort { from: i64, to: i64 },
    #[serde(rename = "outbox.take")]
    OutboxTake { ids: Vec<String>, holder: String },
    #[serde(rename = "dispatch.attempt")]
    DispatchAttempt { id: String, holder: String, outcome: dispatch::Outcome, said: String },
    #[serde(rename = "dispatch.replay")]
    DispatchReplay { id: String },
}

impl Request {
    /// Leads the request to its act.
    #[rustfmt::skip] // It is a table; let it look like one.
    #[expect(clippy::too_many_lines, reason = "it is a table; whoever looks for an act finds it here")]
    pub(crate) async fn carry_out(&self, file: File<'_>) -> Result<Recorded, Refused> {
        use {basics::calendar, basics::catalogue as entry, granting::{agreement as grant, application, plan, selection}, selection::{candidate, complaint, expiry}};
        use party::{invitation, membership, organisation, person};
        use regulation::granting::{application::Act as Case, plan::Act as Plans};
        use operation::{credential as token, product as work, use_agreement as licence};
        match self {
            Self::OrganisationRegister(ask)           => organisation::register(file, ask).await,
            Self::OrganisationSuspend { id, reason }  => organisation::stand(file, id, StandingAct::Suspend, reason).await,
            Self::OrganisationResume { id, reason }   => organisation::stand(file, id, StandingAct::Resume, reason).await,
            Self::OrganisationEnd { id, reason }      => organisation::stand(file, id, StandingAct::End, reason).await,
            Self::PersonRegister(ask)                 => person::register(file, ask).await,
            Self::PersonSuspend { id, reason }        => person::stand(file, id, StandingAct::Suspend, reason).await,
            Self::PersonResume { id, reason }         => person::stand(file, id, StandingAct::Resume, reason).await,
            Self::PersonEnd { id, reason }            => person::stand(file, id, StandingAct::End, reason).await,
            Self::MembershipBegin(ask)                => membership::begin(file, ask).await,
            Self::MembershipSuspend { id, reason }    => membership::stand(file, id, StandingAct::Suspend, reason).await,
            Self::MembershipResume { id, reason }     => membership::stand(file, id, StandingAct::Resume, reason).await,
            Self::MembershipEnd { id, reason }        => membership::stand(file, id, StandingAct::End, reason).await,
            Self::MembershipHandOver { id, to }       => membership::hand_over(file, id, to).await,
            Self::InvitationIssue(ask)                => invitation::issue(file, ask).await,
            Self::InvitationRenew { membership }      => invitation::renew(file, membership).await,
            Self::InvitationRevoke { id }             => invitation::revoke(file, id).await,
            Self::PersonRevokePasskeys { id, reason } => party::passkey::revoke(file, id, reason).await,
            Self::PoliciesPropose(ask)                => competence::propose(file, ask).await,
            Self::PoliciesRevise(ask)                 => competence::revise(file, ask).await,
            Self::PoliciesApprove { id, digest }      => competence::approve(file, id, digest).await,
            Self::PoliciesReject { id, reason }       => competence::reject(file, id, reason).await,
            Self::PoliciesWithdraw { id }             => competence::withdraw(file, id).await,
            Self::EntryCompile(ask)                   => entry::compile(file, ask).await,
            Self::EntryRevise(ask)                    => entry::revise(file, ask).await,
            Self::EntrySubmit { id }                  => entry::submit(file, id).await,
            Self::EntryScreen { id, opinions }        => entry::screen(file, id, opinions).await,
            Self::EntryObject { id, screen, reason }  => entry::object(file, id, *screen, reason).await,
            Self::EntryForward { id }                 => entry::forward(file, id).await,
            Self::EntryPublish { id }                 => entry::publish(file, id).await,
            Self::EntryReturn { id, reason }          => entry::send_back(file, id, reason).await,
            Self::EntrySuspend { id, grounds }        => entry::suspend(file, id, grounds).await,
            Self::EntryResume { id, grounds }         => entry::resume(file, id, grounds).await,
            Self::EntryAnnounce { id, grounds, last_day } => entry::announce(file, id, grounds, *last_day).await,
            Self::EntryCallOff { id }                 => entry::call_off(file, id).await,
            Self::EntryEnd { id }                     => entry::end(file, id).await,
            Self::EntryLapse { id }                   => entry::lapse(file, id).await,
            Self::CalendarPropose(ask)                => calendar::propose(file, ask).await,
            Self::CalendarRevise(ask)                 => calendar::revise(file, ask).await,
            Self::CalendarApprove { id, digest }      => calendar::approve(file, id, digest).await,
            Self::CalendarWithdraw { id, reason }     => calendar::withdraw(file, id, reason).await,
            Self::CalendarSettle { id }               => settle(file, id).await,
            Self::PlanRecount { id }                  => recount::<Plan>(file, id).await,
            Self::AgreementRecount { id }             => recount::<Agreement>(file, id).await,
            Self::DemandRecount { id }                => recount::<Demand>(file, id).await,
            Self::ApplicationDraft(ask)               => application::draft(file, ask).await,
            Self::ApplicationRevise(ask)              => application::revise(file, ask).await,
            Self::ApplicationSubmit { id }            => application::submit(file, id).await,
            Self::ApplicationAgree { id, opinion }    => application::agree(file, id, opinion).await,
            Self::ApplicationDeny { id, reason }      => application::decline(file, id, Case::Deny, reason).await,
            Self::ApplicationReturn { id, reason }    => application::decline(file, id, Case::Return, reason).await,
            Self::ApplicationWithdraw { id }          => application::withdraw(file, id).await,
            Self::PlanDraft(ask)                      => plan::draft(file, ask).await,
            Self::PlanRevise(ask)                     => plan::revise(file, ask).await,
            Self::PlanConsult { id }                  => plan::consult(file, id).await,
            Self::PlanConcur { id, opinion }          => plan::answer(file, id, Plans::Concur, opinion).await,
            Self::PlanObject { id, opinion }          => plan::answer(file, id, Plans::Object, opinion).await,
            Self::PlanSubmit { id }                   => plan::submit(file, id).await,
            Self::PlanAdopt { id, minutes }           => plan::adopt(file, id, minutes).await,
            Self::PlanReturn { id, reason }           => plan::send_back(file, id, reason).await,
            Self::PlanFile { id, number }             => plan::file_with_province(file, id, number).await,
            Self::PlanEscalate { id }                 => escalate::<Plan>(file, id).await,
            Self::SelectionAnnounce(ask)              => selection::announce(file, ask).await,
            Self::CandidateApply(ask)                 => candidate::apply(file, ask).await,
            Self::CandidateRegister(ask)              => candidate::register(file, ask).await,
            Self::CandidateRevise(ask)                => candidate::revise(file, ask).await,
            Self::CandidateWithdraw { id }            => candidate::withdraw(file, id).await,
            Self::CandidateQualify { id }             => candidate::qualify(file, id).await,
            Self::CandidateDisqualify { id, reason }  => candidate::disqualify(file, id, reason).await,
            Self::CandidateInquire { id }             => candidate::inquire(file, id).await,
            Self::SelectionEvaluate { id, evaluators } => selection::evaluate(file, id, evaluators).await,
            Self::CandidateScore(ask)                 => candidate::score(file, ask).await,
            Self::SelectionPublicise { id }           => selection::publicise(file, id).await,
            Self::ComplaintLodge { selection, grounds } => complaint::lodge(file, selection, grounds).await,
            Self::ComplaintAnswer(ask)                => complaint::answer(file, ask).await,
            Self::SelectionReopen { id, reason }      => selection::reopen(file, id, reason).await,
            Self::SelectionSelect(ask)                => selection::select(file, ask).await,
            Self::SelectionFail { id, reason }        => selection::fail(file, id, reason).await,
            Self::CandidateRenew(ask)                 => candidate::renew(file, ask).await,
            Self::SelectionWarn { id }                => expiry::warn(file, id).await,
            Self::AgreementDraft(ask)                 => grant::draft(file, ask).await,
            Self::AgreementSubmit { id }              => grant::submit(file, id).await,
            Self::AgreementAdopt { id, minutes }      => grant::adopt(file, id, minutes).await,
            Self::AgreementReturn { id, reason }      => grant::send_back(file, id, reason).await,
            Self::AgreementSign { id }                => grant::sign(file, id).await,
            Self::AgreementFile { id, number }        => grant::file_with_province(file, id, number).await,
            Self::AgreementSuspend { id, grounds }    => grant::suspend_or_resume(file, id, agreement::Act::Suspend, grounds).await,
            Self::AgreementResume { id, grounds }     => grant::suspend_or_resume(file, id, agreement::Act::Resume, grounds).await,
            Self::AgreementEscalate { id }            => escalate::<Agreement>(file, id).await,
            Self::DraftSave(ask)                      => draft::save(file, ask).await,
            Self::DraftDiscard { id }                 => draft::discard(file, id).await,
            Self::DemandSubmit(ask)                   => demand::submit(file, ask).await,
            Self::DemandPass { id }                   => demand::pass(file, id).await,
            Self::DemandRefuse { id, reason, legal_basis, cited } => {
                let refusal = Refusal { reason: reason.clone(), legal_basis: [cited.as_slice(), legal_basis].concat() };
                demand::refuse(file, id, &refusal).await
            }
            Self::DemandSupply { id, batch }          => supply::supply(file, id, batch).await,
            Self::DemandEscalate { id }               => escalate::<Demand>(file, id).await,
            Self::ProductBuild(ask)                   => work::build(file, ask).await,
            Self::ProductProposePrice { id, price }   => work::propose_price(file, id, price).await,
            Self::ProductApprovePrice { id }          => work::advance(file, id, product::Act::ApprovePrice, "").await,
            Self::ProductReturnPrice { id, reason }   => work::advance(file, id, product::Act::ReturnPrice, reason).await,
            Self::ProductPublish { id }               => work::advance(file, id, product::Act::Publish, "").await,
            Self::ProductWithdraw { id, reason }      => work::advance(file, id, product::Act::Withdraw, reason).await,
            Self::UseAgreementOffer(ask)              => licence::offer(file, ask).await,
            Self::UseAgreementSign { id }             => licence::advance(file, id, use_agreement::Act::Sign).await,
            Self::UseAgreementDecline { id }          => licence::advance(file, id, use_agreement::Act::Decline).await,
            Self::UseAgreementEnd { id }              => licence::advance(file, id, use_agreement::Act::End).await,
            Self::CredentialTake { use_agreement }    => token::take(file, use_agreement).await,
            Self::CredentialRevoke { id }             => token::revoke(file, id).await,
            Self::FeedbackSubmit(ask)                 => feedback::submit(file, ask).await,
            Self::FeedbackAccept { id }               => feedback::accept(file, id).await,
            Self::FeedbackDecline { id, reason }      => feedback::decline(file, id, reason).await,
            Self::FeedbackAnswer { id, answer }       => feedback::answer(file, id, answer).await,
            Self::FeedbackPublish { id, question, published } => feedback::publish(file, id, question, published).await,
            Self::FeedbackEscalate { id }             => escalate::<Feedback>(file, id).await,
            Self::FeedbackRecount { id }              => recount::<Feedback>(file, id).await,
            Self::NoticeRemind { about }              => notice::remind(file, about).await,
            Self::ReadingAdvance { up_to }            => notice::reading::advance(file, *up_to).await,
            Self::AddressSet(ask)                     => notice::address::set(file, ask).await,
            Self::EndpointAdd { url }                 => endpoint::add(file, url).await,
            Self::EndpointRotate { id }               => endpoint::rotate(file, id).await,
            Self::EndpointDisable { id }              => endpoint::disable(file, id).await,
            Self::EndpointEnable { id }               => endpoint::enable(file, id).await,
            Self::OutboxSort { from, to }             => dispatch::sort(file, *from, *to).await,
            Self::OutboxTake { ids, holder }          => dispatch::take(file, ids, holder).await,
            Self::DispatchAttempt { id, holder, outcome, said } => dispatch::attempt(file, (id, holder), *outcome, said).await,
            Self::DispatchReplay { id }               => dispatch::replay(file, id).await,
        }
    }
}
