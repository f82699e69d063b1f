//! Reading the table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Power, Scope};
use crate::act::Role;

/// Role × act × object, as an auditor reads it.
pub const TABLE: &str = include_str!("table.txt");

/// Of which things a role may do something; the table's own head explains the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Never,
    Own,
    Held,
    Assigned,
    Apart,
    Anew,
    Any,
}

impl Reach {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "-" => Self::Never,
            "own" => Self::Own,
            "held" => Self::Held,
            "assigned" => Self::Assigned,
            "apart" => Self::Apart,
            "anew" => Self::Anew,
            "any" => Self::Any,
            _ => return None,
        })
    }
}

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    reaches: BTreeMap<Role, Reach>,
    pub(super) scope: Option<Scope>,
    pub(super) is_fresh: bool,
}

impl Row {
    pub(super) fn reach(&self, role: Role) -> Reach {
        self.reaches.get(&role).copied().unwrap_or(Reach::Never)
    }
}

static ROWS: LazyLock<BTreeMap<Power, Row>> =
    LazyLock::new(|| read(TABLE).expect("the bundled table is read by a test of this crate"));

pub(super) fn row(power: Power) -> &'static Row {
    ROWS.get(&power).expect("every act has its line: a test of this crate counts them")
}

/// Reads the table; names the line and the word that are wrong.
fn read(table: &str) -> Result<BTreeMap<Power, Row>, String> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let heads = lines.next().ok_or("the table has no heads")?;
    let roles = heads[1..].iter().take(Role::ALL.len()).map(|head| head.parse()).collect::<Result<Vec<Role>, _>>()?;
    if heads.len() != Role::ALL.len() + 3 || heads[heads.len() - 2..] != ["key", "sign-in"] {
        return Err(format!("the heads are not act, every role, key, sign-in: {heads:?}"));
    }
    let mut rows = BTreeMap::new();
    for cells in lines {
        let wrong = |word: &str| format!("{}: {word}", cells[0]);
        if cells.len() != heads.len() {
            return Err(wrong("a cell is missing or too many"));
        }
        let power: Power = cells[0].parse()?;
        let reach = |(role, word): (&Role, &&str)| Ok((*role, Reach::read(word).ok_or_else(|| wrong(word))?));
        let reaches = roles.iter().zip(&cells[1..]).map(reach).collect::<Result<_, String>>()?;
        let scope = match cells[cells.len() - 2] {
            "-" => None,
            word => Some(word.parse()?),
        };
        let is_fresh = match cells[cells.len() - 1] {
            "fresh" => true,
            "any" => false,
            word => return Err(wrong(word)),
        };
        if rows.insert(power, Row { reaches, scope, is_fresh }).is_some() {
            return Err(wrong("there twice"));
        }
    }
    match Power::ALL.iter().find(|power| !rows.contains_key(power)) {
        Some(missing) => Err(format!("{missing}: not in the table")),
        None => Ok(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_line_and_every_line_an_act() {
        let rows = read(TABLE).expect("the table is readable");
        assert_eq!(rows.len(), Power::ALL.len());
        let lonely = rows.iter().find(|(_, row)| row.reaches.values().all(|reach| *reach == Reach::Never));
        assert!(lonely.is_none(), "nobody may: {lonely:?}");
    }

    /// An auditor reads everything and changes nothing.
    #[test]
    fn an_auditor_changes_nothing() {
        for (power, row) in read(TABLE).expect("the table is readable") {
            let reads = power.as_str().ends_with(".read");
            assert_eq!(row.reach(Role::Auditor) != Reach::Never, reads, "{power}");
        }
    }

    #[test]
    fn a_wrong_table_is_refused_by_its_word() {
        let line = TABLE.lines().find(|line| line.starts_with("trail.read")).expect("there");
        for (wrong, complaint) in [
            (TABLE.replace("assigned  any ", "asigned   any "), "asigned"),
            (TABLE.replace("trail.read", "trail.raed"), "trail.raed"),
            (TABLE.replace(line, ""), "trail.read: not in the table"),
            (format!("{TABLE}{line}\n"), "there twice"),
            (TABLE.replace(line, &line.replacen("any", "", 1)), "a cell is missing"),
            (TABLE.replace("auditor operator key", "operator auditor kye"), "heads"),
            (TABLE.replace("fresh", "new"), "new"),
            (TABLE.replace("licences:read ", "licences:raed "), "licences:raed"),
        ] {
            let error = read(&wrong).expect_err(complaint);
            assert!(error.contains(complaint), "{error}");
        }
    }
}
