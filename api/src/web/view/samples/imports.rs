//! Many users attested with one file.

use domain::act::Role;

use super::*;
use crate::imports::{Choice, Column, Fault, Import, Stage};
use crate::spreadsheet::Encoding;
use crate::web::view::imports::{ImportPage, ImportsPage};

fn import(stage: Stage, [rows, faulty, issued]: [u32; 3]) -> Import {
    Import {
        id: "I-04HMASW9".to_owned(),
        request: None,
        registration: NUMBER.parse().expect("a number"),
        organisation: "9000000000000".parse().expect("an organisation"),
        person: "P-04HMASW9".parse().expect("a person"),
        proof: "session:x".to_owned(),
        choice: Choice::Valid,
        name: HOSTILE.to_owned(),
        stage,
        sender: String::new(),
        bytes: 4_096,
        digest: None,
        encoding: (stage != Stage::Receiving).then_some(Encoding::ShiftJis),
        begun_at: at("2026-11-02T02:00:00Z"),
        settled_at: stage.is_settled().then(|| at("2026-11-02T02:01:00Z")),
        rows,
        faulty,
        issued,
        line: 0,
        trouble: (stage == Stage::Stopped).then(|| "registration_not_in_force".to_owned()),
    }
}

pub(super) fn add_desk(put: &mut Put) {
    let frame = || super::desk::frame("例示 花子", Role::ProviderOwner);
    let list = |key: Option<&str>, imports, form| ImportsPage {
        frame: frame(),
        number: NUMBER.to_owned(),
        service: HOSTILE.to_owned(),
        key: key.map(str::to_owned),
        imports,
        form,
    };
    let key = "0".repeat(32);
    put("imports-closed", &list(None, Vec::new(), Form::default()));
    let sent = vec![import(Stage::Issuing, [9_000, 3, 250]), import(Stage::Done, [20, 0, 20])];
    put("imports", &list(Some(&key), sent, Form::default()));
    let wrong = Form::of(vec![("choice".to_owned(), "valid".to_owned())]);
    let wrong = wrong.with([error("/file", "CSVファイルを選んでください。", "Choose a CSV file.")]);
    put("imports-wrong", &list(Some(&key), Vec::new(), wrong));
    let fault = |column, read: &str| Fault {
        line: 7,
        column,
        read: read.to_owned(),
        message: Text::new("直してください。", "Mend it."),
    };
    let faults = || vec![fault(Some(Column::Number), HOSTILE), fault(None, "")];
    for (name, stage, counts, faults) in [
        ("import-receiving", Stage::Receiving, [0; 3], Vec::new()),
        ("import-checking", Stage::Checking, [500, 0, 0], Vec::new()),
        ("import-issuing", Stage::Issuing, [9_000, 2, 250], faults()),
        ("import-done", Stage::Done, [9_000, 0, 9_000], Vec::new()),
        ("import-done-but", Stage::Done, [9_000, 2, 8_998], faults()),
        ("import-refused", Stage::Refused, [9_000, 2, 0], faults()),
        ("import-stopped", Stage::Stopped, [9_000, 2, 250], faults()),
    ] {
        let has_more = stage == Stage::Refused;
        let import = import(stage, counts);
        put(name, &ImportPage { frame: frame(), service: SERVICE.to_owned(), import, faults, has_more });
    }
}
