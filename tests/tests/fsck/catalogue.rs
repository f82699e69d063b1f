//! Tables, columns and rows as the database itself lists them. Values are SQL literals throughout.

use tests::{Engine, Sql};

/// What no act leads to: migrations' own bookkeeping (a row too many there stops the start, `journey`), the engine's,
/// what is kept of people beyond their roles (`api/src/account`),
/// what was uploaded, whether or not an act names it, drafts, what complaints say and files that attest users (`journey`), what examiners have not
/// sent, and what people and systems are told (`telling`).
const NOT_THE_REGISTERS: [&str; 29] = [
    "announcements",
    "api_keys",
    "calendars",
    "ceremonies",
    "complaint_words",
    "credentials",
    "deliveries",
    "draft_files",
    "drafts",
    "failures",
    "identities",
    "import_faults",
    "import_pieces",
    "imports",
    "links",
    "mail_choices",
    "mail_faults",
    "messages",
    "organisations",
    "posting",
    "profiles",
    "seaql_migrations",
    "secrets",
    "sessions",
    "sqlite_sequence",
    "trail",
    "uploads",
    "webhooks",
    "working_papers",
];

/// A table of the register.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub is_key: bool,
    pub is_nullable: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Integer,
    Bytes,
    Text,
}

/// One row: a literal for each column.
pub type Row = Vec<String>;

/// Every table of the register.
pub fn tables(sql: &Sql, engine: Engine) -> Vec<Table> {
    let names = sql.texts(match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Engine::Postgres => {
            "SELECT table_name::text FROM information_schema.tables
             WHERE table_schema = 'public' ORDER BY table_name"
        }
    });
    let own = names.into_iter().filter(|name| !NOT_THE_REGISTERS.contains(&name.as_str()));
    own.map(|name| Table { columns: columns(sql, engine, &name), name }).collect()
}

fn columns(sql: &Sql, engine: Engine, table: &str) -> Vec<Column> {
    let rows = sql.rows(&match engine {
        Engine::Sqlite => {
            format!("SELECT name, lower(type), pk > 0, \"notnull\" = 0 FROM pragma_table_info('{table}')")
        }
        Engine::Postgres => format!(
            "SELECT c.column_name::text, c.data_type::text, k.column_name IS NOT NULL, c.is_nullable = 'YES'
             FROM information_schema.columns c
             LEFT JOIN information_schema.table_constraints t
               ON t.table_schema = 'public' AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
             LEFT JOIN information_schema.key_column_usage k
               ON k.constraint_name = t.constraint_name AND k.column_name = c.column_name
             WHERE c.table_schema = 'public' AND c.table_name = '{table}' ORDER BY c.ordinal_position"
        ),
    });
    rows.iter()
        .map(|row| {
            let declared: String = row.try_get_by_index(1).expect("types are words");
            Column {
                name: row.try_get_by_index(0).expect("names are words"),
                kind: kind(&declared),
                is_key: row.try_get_by_index(2).expect("yes or no"),
                is_nullable: row.try_get_by_index(3).expect("yes or no"),
            }
        })
        .collect()
}

fn kind(declared: &str) -> Kind {
    match declared.split('(').next().unwrap_or_default() {
        "boolean" => Kind::Boolean,
        "integer" | "bigint" => Kind::Integer,
        "blob" | "bytea" => Kind::Bytes,
        "text" | "varchar" | "character varying" => Kind::Text,
        other => panic!("teach this test what a plausible {other} is"),
    }
}

impl Table {
    /// Every row, in the order of the keys.
    pub fn rows(&self, sql: &Sql, engine: Engine) -> Vec<Row> {
        let literal = |column: &Column| match engine {
            Engine::Sqlite => format!("quote(\"{}\")", column.name),
            Engine::Postgres => format!("quote_nullable(\"{}\"::text)", column.name),
        };
        let literals: Vec<String> = self.columns.iter().map(literal).collect();
        let keys: Vec<String> = self.keys().map(|(_, column)| format!("\"{}\"", column.name)).collect();
        let query = format!("SELECT {} FROM \"{}\" ORDER BY {}", literals.join(", "), self.name, keys.join(", "));
        let text = |row: &sea_orm::QueryResult, index| row.try_get_by_index(index).expect("a literal is text");
        sql.rows(&query).iter().map(|row| (0..self.columns.len()).map(|index| text(row, index)).collect()).collect()
    }

    /// The columns of the key, with their places.
    pub fn keys(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.is_key)
    }

    /// The condition that picks a row.
    pub fn is(&self, row: &Row) -> String {
        let each = self.keys().map(|(index, column)| format!("\"{}\" = {}", column.name, row[index]));
        each.collect::<Vec<_>>().join(" AND ")
    }

    /// How `fsck` names a row: its key, parts joined by a slash.
    pub fn named(&self, row: &Row) -> String {
        self.keys().map(|(index, _)| row[index].trim_matches('\'')).collect::<Vec<_>>().join("/")
    }

    /// Changes one field of a row. An error when the database itself refuses, as for a key that is taken.
    pub fn set(&self, sql: &Sql, row: &Row, column: usize, literal: &str) -> Result<(), sea_orm::DbErr> {
        let name = &self.columns[column].name;
        let update = format!("UPDATE \"{}\" SET \"{name}\" = {literal} WHERE {}", self.name, self.is(row));
        sql.try_execute(&update).map(|touched| assert_eq!(touched, 1, "{update}"))
    }

    pub fn delete(&self, sql: &Sql, row: &Row) {
        assert_eq!(sql.execute(&format!("DELETE FROM \"{}\" WHERE {}", self.name, self.is(row))), 1);
    }

    pub fn insert(&self, sql: &Sql, row: &Row) -> Result<u64, sea_orm::DbErr> {
        sql.try_execute(&format!("INSERT INTO \"{}\" VALUES ({})", self.name, row.join(", ")))
    }
}
