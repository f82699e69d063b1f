//! The public pages, in both languages.

use tests::{Case, Database, Register, declaration};

use crate::desk::Desk;
use crate::look::faults;

#[test]
fn every_public_page_in_both_languages() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let number = registration["number"].as_str().expect("it has a number");
    let day = case.today();
    let [year, month, of_month] = [0, 1, 2].map(|part| day.split('-').nth(part).unwrap_or_default());
    let desk = Desk::new(&server, true);
    let pages = [
        "/".to_owned(),
        "/register".to_owned(),
        "/register?q=osaka&class=2&monitoring=network&state=valid".to_owned(),
        "/register?q=%E5%A4%A7%E9%98%AA".to_owned(),
        format!("/register/{number}"),
        format!("/register/{number}?year={year}&month={month}&day={of_month}"),
        format!("/register/{number}?year=x"),
        "/verify".to_owned(),
        "/offline".to_owned(),
        "/verify/many".to_owned(),
        "/keys".to_owned(),
        "/editions".to_owned(),
        "/sign-in".to_owned(),
        "/nothing/here".to_owned(),
    ];
    let mut wrong = Vec::new();
    for (language, page) in ["ja", "en"].iter().flat_map(|language| pages.iter().map(move |page| (*language, page))) {
        let path = if language == "ja" { page.clone() } else { format!("/en{}", page.trim_end_matches('/')) };
        desk.go(&path);
        wrong.extend(seen(&desk, &path, language));
    }
    for (language, path) in [("ja", "/verify"), ("en", "/en/verify")] {
        desk.go(path);
        desk.fill("code", "どこにもない");
        desk.browser.leave_by(&desk.browser.find("//main//button"));
        assert_eq!(desk.value("code"), "どこにもない", "what was typed is kept");
        wrong.extend(seen(&desk, "/verify, typed wrong", language));
        let title = desk.browser.title();
        assert!(title.starts_with(if language == "ja" { "エラー：" } else { "Error: " }), "{title}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page that is open; where a folder is named by OTASUKETAI_PICTURES, pictures of it are left there.
pub fn seen(desk: &Desk, what: &str, language: &str) -> Vec<String> {
    // Where nothing is, or something typed is refused, the browser complains of exactly that.
    let due = [("/nothing", "404 (Not Found)"), ("typed wrong", "422 (Unprocessable")];
    let is_due = |fault: &str| due.iter().any(|(page, complaint)| what.contains(page) && fault.contains(complaint));
    let faults = faults(desk, language).into_iter().filter(|fault| !is_due(fault));
    let found = faults.map(|fault| format!("{language} {what}: {fault}")).collect();
    if let Some(folder) = std::env::var_os("OTASUKETAI_PICTURES") {
        for (width, height) in [(390, 844), (1280, 900)] {
            desk.browser.resize(width, height);
            let name: String = what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            let file = std::path::Path::new(&folder).join(format!("{language}-{name}-{width}.png"));
            std::fs::write(file, desk.browser.picture()).expect("the folder can be written to");
        }
    }
    found
}
