//! How large an enterprise is: SME 「中小企業者」, small 「小規模企業者」, or neither.
//!
//! The limits are data with their sources, `programmes/sme-definitions.toml`; here is only how they are applied.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::citation::Citation;
use crate::edition::Standing;
use crate::text::Text;

/// What an enterprise does, as far as the limits tell enterprises apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Industry {
    /// 製造業、建設業、運輸業その他
    ManufacturingAndOthers,
    /// 卸売業
    Wholesale,
    /// サービス業
    Services,
    /// 小売業（飲食店を含む）
    Retail,
    /// ゴム製品製造業（自動車・航空機用タイヤ、チューブ及び工業用ベルトを除く）
    RubberProducts,
    /// ソフトウェア業、情報処理サービス業
    SoftwareAndInformationProcessing,
    /// 旅館業
    Ryokan,
}

/// Which definition applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSet {
    /// 中小企業基本法
    BasicAct,
    /// With the special orders that subsidies use.
    SpecialOrders,
}

/// What the definition asks about an enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enterprise {
    pub industry: Industry,
    /// 資本金の額又は出資の総額 in yen; `None` where there is none, as with a sole proprietor.
    pub capital_yen: Option<u64>,
    /// 常時使用する従業員の数; directors and temporary staff are not counted.
    pub regular_employees: u32,
}

/// The limits of one industry, all inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub industry: Industry,
    pub capital_yen: u64,
    pub regular_employees: u32,
    pub small_employees: u32,
}

/// The size of an enterprise and which limits it is within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeFinding {
    pub size: Size,
    /// `None` when the enterprise has no capital to compare.
    pub is_within_capital: Option<bool>,
    pub is_within_employees: bool,
    pub limits: Limits,
}

/// Smallest first. A small enterprise is an SME as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 小規模企業者
    Small,
    /// 中小企業者, but not small.
    Medium,
    /// Neither.
    Large,
}

/// One definition as the data file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub id: RuleSet,
    pub name: Text,
    /// A provisional definition never decides a case by itself.
    pub standing: Standing,
    /// None until a person has read the source: then the definition is provisional.
    #[serde(default)]
    pub citation: Option<Citation>,
    row: Vec<Limits>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule_set: Vec<Definition>,
}

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../programmes/sme-definitions.toml"))
        .expect("the file is built in, and the tests of this module read it");
    file.rule_set
});

impl RuleSet {
    /// Its wording, source and limits.
    pub fn definition(self) -> &'static Definition {
        DEFINITIONS.iter().find(|definition| definition.id == self).expect("the tests ask for every rule set")
    }
}

impl Definition {
    /// The limits that apply to an industry.
    pub fn limits(&self, industry: Industry) -> Limits {
        *self.row.iter().find(|row| row.industry == industry).expect("the tests ask for every industry")
    }

    /// The size of an enterprise: an SME when either limit is kept, small by its employees alone.
    pub fn size_of(&self, enterprise: &Enterprise) -> SizeFinding {
        let limits = self.limits(enterprise.industry);
        let is_within_capital = enterprise.capital_yen.map(|capital| capital <= limits.capital_yen);
        let is_within_employees = enterprise.regular_employees <= limits.regular_employees;
        let size = if enterprise.regular_employees <= limits.small_employees {
            Size::Small
        } else if is_within_employees || is_within_capital == Some(true) {
            Size::Medium
        } else {
            Size::Large
        };
        SizeFinding { size, is_within_capital, is_within_employees, limits }
    }
}

impl Size {
    /// Is an enterprise of this size an SME 「中小企業者」?
    pub fn is_sme(self) -> bool {
        self != Self::Large
    }
}

#[cfg(test)]
mod tests {
    use super::Industry::*;
    use super::RuleSet::*;
    use super::*;

    /// Rule set, industry, capital limit, employee limit, small limit, as the sources print them.
    const TABLE: [(RuleSet, Industry, u64, u32, u32); 14] = [
        (BasicAct, ManufacturingAndOthers, 300_000_000, 300, 20),
        (BasicAct, Wholesale, 100_000_000, 100, 5),
        (BasicAct, Services, 50_000_000, 100, 5),
        (BasicAct, Retail, 50_000_000, 50, 5),
        (BasicAct, RubberProducts, 300_000_000, 300, 20),
        (BasicAct, SoftwareAndInformationProcessing, 50_000_000, 100, 5),
        (BasicAct, Ryokan, 50_000_000, 100, 5),
        (SpecialOrders, ManufacturingAndOthers, 300_000_000, 300, 20),
        (SpecialOrders, Wholesale, 100_000_000, 100, 5),
        (SpecialOrders, Services, 50_000_000, 100, 5),
        (SpecialOrders, Retail, 50_000_000, 50, 5),
        (SpecialOrders, RubberProducts, 300_000_000, 900, 20),
        (SpecialOrders, SoftwareAndInformationProcessing, 300_000_000, 300, 5),
        (SpecialOrders, Ryokan, 50_000_000, 200, 5),
    ];

    #[test]
    fn every_limit_is_inclusive_and_either_is_enough() {
        for (rules, industry, capital, employees, small) in TABLE {
            let size = |capital_yen, regular_employees| {
                rules.definition().size_of(&Enterprise { industry, capital_yen, regular_employees }).size
            };
            let over = Some(capital + 1);
            for (capital_yen, regular_employees, expected) in [
                (over, 0, Size::Small),
                (over, small - 1, Size::Small),
                (over, small, Size::Small),
                (over, small + 1, Size::Medium),
                (over, employees - 1, Size::Medium),
                (over, employees, Size::Medium),
                (over, employees + 1, Size::Large),
                (Some(capital - 1), employees + 1, Size::Medium),
                (Some(capital), employees + 1, Size::Medium),
                (Some(capital), u32::MAX, Size::Medium),
                (Some(u64::MAX), u32::MAX, Size::Large),
                // Without capital only the employees count.
                (None, small, Size::Small),
                (None, employees, Size::Medium),
                (None, employees + 1, Size::Large),
            ] {
                let case = format!("{rules:?} {industry:?} {capital_yen:?} {regular_employees}");
                assert_eq!(size(capital_yen, regular_employees), expected, "{case}");
            }
        }
    }

    #[test]
    fn the_finding_says_which_limit_was_kept() {
        let enterprise = Enterprise { industry: Retail, capital_yen: Some(50_000_000), regular_employees: 51 };
        let finding = BasicAct.definition().size_of(&enterprise);
        assert_eq!((finding.is_within_capital, finding.is_within_employees), (Some(true), false));
        assert!(finding.size.is_sme() && Size::Small.is_sme() && !Size::Large.is_sme());
    }

    /// Exactly one row for each industry in each rule set, and a source for what is official.
    #[test]
    fn the_definitions_are_complete() {
        assert_eq!(DEFINITIONS.len(), 2);
        for rules in [BasicAct, SpecialOrders] {
            let definition = rules.definition();
            let mut industries: Vec<Industry> = definition.row.iter().map(|row| row.industry).collect();
            industries.sort();
            let every = TABLE.iter().filter(|row| row.0 == rules).map(|row| row.1).collect::<Vec<_>>();
            assert_eq!(industries, every);
            assert_eq!(definition.standing == Standing::Official, definition.citation.is_some());
        }
    }

    #[test]
    fn a_misspelt_field_is_refused_with_its_line() {
        let text = include_str!("../../programmes/sme-definitions.toml").replacen("capital_yen", "capitol_yen", 1);
        let error = toml::from_str::<File>(&text).expect_err("an unknown field").to_string();
        assert!(error.contains("line 18") && error.contains("capitol_yen"), "{error}");
    }
}
