//! History taken back or rewritten, with every table made to match. Only a checkpoint that was published tells.

use serde_json::json;
use tests::{Case, Database, declaration};

use crate::catalogue::{Row, Table, tables};
use crate::populated::Populated;

tests::on_both!(the_last_act_is_taken_back, the_last_act_is_rewritten);

/// Everything in the database.
struct Dump(Vec<(Table, Vec<Row>)>);

impl Dump {
    fn of(populated: &Populated) -> Self {
        let engine = populated.register.database().engine();
        let tables = tables(&populated.sql, engine).into_iter();
        Self(
            tables
                .map(|table| (table.rows(&populated.sql, engine), table))
                .map(|(rows, table)| (table, rows))
                .collect(),
        )
    }

    /// Puts everything back as it was, but for the checkpoints: somebody outside has seen those.
    fn restore(&self, populated: &Populated) {
        for (table, rows) in self.0.iter().filter(|(table, _)| table.name != "checkpoints") {
            populated.sql.execute(&format!("DELETE FROM \"{}\"", table.name));
            for row in rows {
                table.insert(&populated.sql, row).expect("the table is empty");
            }
        }
    }
}

/// One more act, and the checkpoint for it.
fn act(populated: &Populated, summary: &str) {
    let server = populated.register.serve();
    let mut declaration = declaration();
    declaration["service"]["summary"] = json!(summary);
    Case::submit(&server.client(), &populated.cast, &declaration);
    server.end();
}

fn the_last_act_is_taken_back(database: Database) {
    let populated = Populated::small(database);
    let before = Dump::of(&populated);
    act(&populated, "なかったことにされる申請");
    populated.assert_clean();
    before.restore(&populated);
    let findings = populated.register.fsck();
    assert!(findings.status == 1 && findings.name("checkpoints"), "{}", findings.said);
}

fn the_last_act_is_rewritten(database: Database) {
    let populated = Populated::small(database);
    let before = Dump::of(&populated);
    act(&populated, "本当の申請");
    before.restore(&populated);
    act(&populated, "すり替えた申請");
    let findings = populated.register.fsck();
    assert!(findings.status == 1 && findings.name("checkpoints"), "{}", findings.said);
}
