//! 各方 — the parties and what each answers for (Articles 3 and 8).
#![doc = include_str!("../text/measures/08.md")]

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Instrument, Procedure, Provision, Violation, article,
    procedure::{self, step},
};

words! {
    /// 身份 — the capacity in which a party acts.
    pub enum Role {
        /// The municipal data authority: organises and supervises the operation (Article 8).
        ImplementingAgency = "实施机构",
        /// Holds the data, catalogues it, reviews demands for it, supplies it (Articles 8, 22).
        DataProvider = "公共数据提供单位",
        /// Authorised to process the data and offer products and services (Article 3).
        Operator = "运营机构",
        /// Develops further what the operator delivers (Article 3).
        BusinessEntity = "经营主体",
        /// Adopts the implementation plan by collective decision (Article 13).
        MunicipalGovernment = "市人民政府",
        /// Applies for a grant in its own sector or for a scenario (Article 9).
        MunicipalDepartment = "市级部门",
        /// Applies for a grant by scenario, and by nothing else (Articles 8 and 9).
        DistrictGovernment = "区县政府",
        /// Writes the case for what its district government applies for (Article 9).
        DistrictDataAuthority = "区县数据主管部门",
        /// Signs off what municipal departments apply for: the leader in charge, of the Party committee or the
        /// government (Article 9).
        MunicipalLeader = "市委市政府分管领导",
        /// Signs off what the district applies for: the head of its government (Article 9).
        DistrictLeader = "区县政府主要领导",
        /// Reads everything and changes nothing.
        Auditor = "监督审计",
        /// Brings people of its own organisation in, and sees them out.
        OrganisationAdministrator = "单位管理员",
        /// 三员之一: keeps organisations and accounts; holds no business role.
        SystemAdministrator = "系统管理员",
        /// 三员之一: proposes who may do what; holds no business role.
        SecurityAdministrator = "安全管理员",
        /// 三员之一: reads what the other two did; changes nothing, holds no business role.
        AuditAdministrator = "审计管理员",
        /// The platform's clock: finds what is overdue and escalates it; decides nothing.
        Clock = "平台时限服务",
        /// The program itself while a platform is founded; nobody signs in as it.
        Founder = "建库程序",
        /// Whoever writes in without signing in; the door acts in this capacity, nobody signs in as it.
        Public = "社会公众",
    }
}

impl Role {
    /// 三员 — who keeps the platform; separate people, without any business of their own (三员分立).
    pub const KEEPERS: [Self; 3] = [Self::SystemAdministrator, Self::SecurityAdministrator, Self::AuditAdministrator];

    /// 邀请 — whom this role may bring in: administrators bring in their own people, keepers other keepers
    /// but never their own kind, and the program whoever it founds with.
    pub fn invites(self, invited: Self) -> bool {
        match self {
            Self::OrganisationAdministrator => !Self::KEEPERS.contains(&invited) && !invited.is_the_program(),
            Self::SystemAdministrator => {
                matches!(
                    invited,
                    Self::OrganisationAdministrator | Self::SecurityAdministrator | Self::AuditAdministrator
                )
            }
            Self::SecurityAdministrator => invited == Self::SystemAdministrator,
            Self::Founder => !invited.is_the_program(),
            _ => false,
        }
    }

    /// 分立 — whether one person may hold both: a keeper holds nothing else.
    pub fn goes_with(self, other: Self) -> bool {
        self == other || !(Self::KEEPERS.contains(&self) || Self::KEEPERS.contains(&other))
    }

    /// Whether this is the program, or everybody, and not a party: nobody holds it, nobody signs in as it.
    pub const fn is_the_program(self) -> bool {
        matches!(self, Self::Clock | Self::Founder | Self::Public)
    }
}

words! {
    /// 层级 — at which level of administration an organisation stands.
    pub enum Level {
        Provincial = "省级",
        Municipal = "市级",
        District = "区县级",
        /// Enterprises and others that stand at none.
        None = "不分层级",
    }
}

words! {
    /// 状况 — whether an organisation, an account or a membership counts now.
    pub enum Standing {
        InForce = "在用",
        Suspended = "停用",
        Ended = "已终止",
    }
}

words! {
    /// 状况变更.
    pub enum StandingAct {
        Suspend = "停用",
        Resume = "恢复",
        End = "终止",
    }
}

impl procedure::State for Standing {}

/// 办理程序 — how organisations, accounts and memberships cease and resume; ended is for good.
#[rustfmt::skip] // It is a table; let it look like one.
pub const STANDING: Procedure<Standing, StandingAct> = {
    use {Role::*, Standing::*, StandingAct::*};
    Procedure(&[
        step(InForce,   Suspend, SystemAdministrator,       Suspended, Provision::PLATFORM),
        step(InForce,   Suspend, OrganisationAdministrator, Suspended, Provision::PLATFORM),
        step(Suspended, Resume,  SystemAdministrator,       InForce,   Provision::PLATFORM),
        step(Suspended, Resume,  OrganisationAdministrator, InForce,   Provision::PLATFORM),
        step(InForce,   End,     SystemAdministrator,       Ended,     Provision::PLATFORM),
        step(InForce,   End,     OrganisationAdministrator, Ended,     Provision::PLATFORM),
        step(Suspended, End,     SystemAdministrator,       Ended,     Provision::PLATFORM),
        step(Suspended, End,     OrganisationAdministrator, Ended,     Provision::PLATFORM),
    ])
};

words! {
    /// 主体性质 — what kind of organisation it is.
    pub enum Nature {
        StateOrgan = "党政机关",
        Institution = "事业单位",
        LegalPerson = "企业法人",
        UnincorporatedOrganisation = "非法人组织",
    }
}

impl Nature {
    /// 法人组织 — whether it can become an operator (第三条第四项).
    ///
    /// # Errors
    /// [`Unfit::Operator`] for an unincorporated organisation.
    pub fn check_operator(self) -> Result<(), Unfit> {
        if self == Self::UnincorporatedOrganisation { Err(Unfit::Operator) } else { Ok(()) }
    }

    /// 法人或者非法人组织 — whether it can become a business entity (第三条第五项).
    ///
    /// # Errors
    /// [`Unfit::BusinessEntity`] for a state organ.
    pub fn check_business_entity(self) -> Result<(), Unfit> {
        if self == Self::StateOrgan { Err(Unfit::BusinessEntity) } else { Ok(()) }
    }
}

/// 主体不适格 — why an organisation cannot take a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// 不是法人组织
    #[error("运营机构应当是法人组织")]
    Operator,
    /// 不是法人或者非法人组织
    #[error("经营主体应当是从事再开发的法人或者非法人组织，党政机关不是经营主体")]
    BusinessEntity,
}

impl Violation for Unfit {
    fn provision(&self) -> Provision {
        match self {
            Self::Operator => article(3).item(4),
            Self::BusinessEntity => article(3).item(5),
        }
    }
}

/// 统一社会信用代码 — the unified social credit code, checked by GB 32100-2015.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// 统一社会信用代码有误 — what is wrong with a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccFault {
    /// 长度不对
    #[error("统一社会信用代码应为18位，填写的是{0}位")]
    Length(usize),
    /// 有不用的字符
    #[error("统一社会信用代码第{0}位“{1}”不是代码字符（不用 I、O、S、V、Z）")]
    Character(usize, char),
    /// 校验位不符
    #[error("统一社会信用代码校验位应为“{0}”，请核对是否有一位填错")]
    Check(char),
}

impl Violation for UsccFault {
    fn provision(&self) -> Provision {
        Instrument::Platform.article(0)
    }
}

impl Uscc {
    const ALPHABET: &'static [u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    /// Reads and checks a code.
    ///
    /// # Errors
    /// The first [`UsccFault`].
    pub fn parse(text: &str) -> Result<Self, UsccFault> {
        let code = text.trim().to_ascii_uppercase();
        let length = code.chars().count();
        if length != 18 {
            return Err(UsccFault::Length(length));
        }
        let mut digits = Vec::with_capacity(18);
        for (place, character) in code.chars().enumerate() {
            let digit = Self::ALPHABET.iter().position(|known| char::from(*known) == character);
            digits.push(digit.ok_or(UsccFault::Character(place + 1, character))?);
        }
        let check = Self::check_digit(&digits);
        if digits.last() == Some(&check) {
            Ok(Self(code))
        } else {
            Err(UsccFault::Check(char::from(Self::ALPHABET[check])))
        }
    }

    /// The whole code for the first 17 characters; the sample city makes its codes by this.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn complete(first_17: &str) -> Result<Self, UsccFault> {
        match Self::parse(&format!("{first_17}0")) {
            Err(UsccFault::Check(right)) => Self::parse(&format!("{first_17}{right}")),
            other => other,
        }
    }

    /// 登记管理机关行政区划 — digits 3 to 8: where the code was given (GB/T 2260).
    pub fn region(&self) -> &str {
        self.0.get(2..8).unwrap_or_default()
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn check_digit(digits: &[usize]) -> usize {
        let sum: usize = digits.iter().zip(Self::WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        (31 - sum % 31) % 31
    }
}

impl TryFrom<String> for Uscc {
    type Error = UsccFault;
    fn try_from(text: String) -> Result<Self, UsccFault> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_credit_code_is_accepted_and_each_kind_of_error_is_named() {
        assert!(Uscc::parse("91350100M000100Y43").is_ok());
        let told = ["91350100M000100Y4", "91350100M000I00Y43", "91350100M000100Y44"]
            .map(|code| Uscc::parse(code).unwrap_err().to_string());
        assert_eq!(
            told,
            [
                "统一社会信用代码应为18位，填写的是17位",
                "统一社会信用代码第13位“I”不是代码字符（不用 I、O、S、V、Z）",
                "统一社会信用代码校验位应为“3”，请核对是否有一位填错",
            ]
        );
    }

    #[test]
    fn an_unincorporated_organisation_cannot_be_an_operator() {
        let told = Nature::UnincorporatedOrganisation.check_operator().unwrap_err();
        assert_eq!(format!("{told}（{}）", told.provision()), "运营机构应当是法人组织（第三条第四项）");
        assert!(Nature::LegalPerson.check_business_entity().is_ok());
    }
}
