//! From a declaration to a mark that a stranger checks, by forms alone: with scripts, and without.

use std::cell::RefCell;

use serde_json::{Value, json};
use tests::{Cast, Database, Person, Register, Server, declaration};

use crate::desk::Desk;
use crate::public::seen;

/// What is asked about, and answered differently at first: only people can judge it.
const DISPUTED: &str = "help_desk";

#[test]
fn the_whole_path_with_scripts() {
    let stage = Stage::new(true);
    let id = stage.apply_by_pasting();
    stage.to_the_mark(&id);
    stage.register.assert_whole();
    let wrong = stage.wrong.into_inner();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_whole_path_without_scripts() {
    let stage = Stage::new(false);
    stage.desk.browser.open("data:text/html,<p>off</p><script>document.querySelector('p').textContent='on'</script>");
    assert_eq!(stage.desk.browser.words(), "off", "scripts run");
    let id = stage.apply_by_filling_in();
    stage.to_the_mark(&id);
    stage.register.assert_whole();
}

struct Stage {
    register: Register,
    cast: Cast,
    server: Server,
    desk: Desk,
    javascript: bool,
    /// What is wrong with how the pages look.
    wrong: RefCell<Vec<String>>,
}

impl Stage {
    fn new(javascript: bool) -> Self {
        let (register, cast) = Register::staffed(Database::sqlite());
        let server = register.serve();
        let desk = Desk::new(&server, javascript);
        Self { register, cast, server, desk, javascript, wrong: RefCell::default() }
    }

    /// Looks closely at the page that is open; once, in the journey with scripts.
    fn look(&self, what: &str) {
        if self.javascript {
            // A form that came back complains of its status.
            let faults = seen(&self.desk, what, "ja").into_iter().filter(|fault| !fault.contains("status of 4"));
            self.wrong.borrow_mut().extend(faults);
        }
    }

    /// The provider pastes the declaration into a draft: first what is no JSON, then what the schema refuses, then what is
    /// right.
    fn apply_by_pasting(&self) -> String {
        let desk = &self.desk;
        desk.sign_in(&self.cast.provider);
        assert_eq!(desk.path(), "/applications");
        self.look("applications-none");
        desk.go("/applications/new");
        self.look("applications-new");
        desk.press("下書きを始める");
        self.look("draft-begun");
        let first = desk.path();
        desk.fill("declaration", "{ no JSON");
        desk.press("JSONを下書きに入れる");
        assert_eq!(desk.mistakes(), ["declaration"]);
        assert_eq!(desk.value("declaration"), "{ no JSON");

        let mut faulty = declaration();
        faulty["service"]["name"] = json!("");
        desk.fill("declaration", &faulty.to_string());
        desk.press("JSONを下書きに入れる");
        self.look("draft-to-mend");
        desk.expect("提出の前に直すところ（1か所）");
        desk.follow("サービス：サービス名");
        assert_eq!(desk.mistakes(), ["/service/name"]);
        self.look("draft-mistaken");
        desk.press("申請者");
        assert_eq!(desk.value("/provider/tradeName"), "大阪商工会議所", "what was pasted is in the fields");

        desk.go(&first);
        desk.fill("declaration", &declaration().to_string());
        desk.press("JSONを下書きに入れる");
        self.look("draft-whole");
        desk.press("提出する");
        self.applied()
    }

    /// The provider fills in every field, step by step, with two mistakes at first.
    fn apply_by_filling_in(&self) -> String {
        let desk = &self.desk;
        desk.sign_in(&self.cast.provider);
        desk.follow("新しい申請");
        desk.press("下書きを始める");
        declare(desk, "", &declaration());
        desk.fill("/provider/postalCode", "12-34");
        desk.fill("/provider/address", "");
        desk.press("保存して次へ");
        assert_eq!(desk.mistakes(), ["/provider/postalCode"], "what is merely missing stops nobody yet");
        assert_eq!(desk.value("/provider/postalCode"), "12-34", "what was typed is kept");
        desk.browser.click("//*[@class='errors']//a");
        let focused = desk.browser.run_on(&desk.browser.focused(), "return arguments[0].name");
        let at = desk.browser.run("return document.querySelector(':target').name");
        assert!(focused == "/provider/postalCode" || at == "/provider/postalCode", "the summary leads to the field");
        desk.fill("/provider/postalCode", "０００−００００");
        desk.press("保存して次へ");
        declare(desk, "", &declaration());
        desk.press("保存して次へ");
        desk.press("料金の行を増やす");
        declare(desk, "", &declaration());
        desk.press("保存して次へ");
        declare(desk, "", &declaration());
        desk.press("保存して次へ");
        desk.press("提出する");
        assert!(desk.browser.title().starts_with("エラー："), "{}", desk.browser.title());
        desk.follow("提供する事業者：市区町村・町名・番地");
        assert_eq!(desk.mistakes(), ["/provider/address"], "now it does");
        desk.fill("/provider/address", "大阪市（例示）");
        desk.press("確認・提出");
        desk.press("提出する");
        self.applied()
    }

    /// The application that was just submitted is exactly what was declared.
    fn applied(&self) -> String {
        let path = self.desk.path();
        let id =
            path.strip_prefix("/applications/").unwrap_or_else(|| panic!("{path}:\n{}", self.desk.browser.words()));
        let by = self.server.client().signed_in(&self.cast.auditor);
        let known = by.get(&format!("/api/v1/applications/{id}")).send().ok();
        assert_eq!(known["declaration"], declaration());
        id.to_owned()
    }

    fn to_the_mark(&self, id: &str) {
        self.send_back(id);
        self.answer(id);
        self.accept(id);
        self.declare(id);
        self.ask(id);
        self.judge(id);
        self.reconcile(id);
        self.recommend(id);
        self.decide(id);
        let number = self.register(id);
        let link = self.license(&number);
        self.check_and_suspend(&number, &link);
    }

    fn send_back(&self, id: &str) {
        let desk = &self.desk;
        desk.sign_in(&self.cast.secretariat);
        assert_eq!(desk.path(), "/intake");
        self.look("intake");
        desk.go(&format!("/intake/{id}"));
        self.look("intake-case");
        desk.fill("/reasons/0/pointer", "/service/summary");
        desk.press("差し戻す");
        assert_eq!(desk.mistakes(), ["/reasons/0/reason"]);
        self.look("intake-mistaken");
        assert_eq!(desk.value("/reasons/0/pointer"), "/service/summary", "what was chosen is kept");
        desk.fill("/reasons/0/reason", "提供を始めた年を書いてください。");
        desk.press("差し戻す");
        assert_eq!(desk.path(), "/intake");
    }

    fn answer(&self, id: &str) {
        let desk = &self.desk;
        desk.sign_in(&self.cast.provider);
        desk.go(&format!("/applications/{id}"));
        desk.expect("提供を始めた年を書いてください。");
        self.look("application-returned");
        desk.press("直して再提出する");
        self.look("draft-returned");
        desk.follow("サービス：サービスの概要");
        desk.expect("差戻しの理由：提供を始めた年を書いてください。");
        desk.fill("/service/summary", "2020年4月に提供を始めた見守りサービス（例示）。");
        desk.press("確認・提出");
        desk.press("提出する");
        assert_eq!(desk.path(), format!("/applications/{id}"), "{}", desk.browser.words());
        desk.expect("2回目");
    }

    fn accept(&self, id: &str) {
        let desk = &self.desk;
        desk.sign_in(&self.cast.secretariat);
        desk.go(&format!("/intake/{id}"));
        let [first, second] = &self.cast.examiners;
        desk.fill("/examiner1", &first.id);
        desk.fill("/examiner2", &first.id);
        desk.press("受理する");
        assert!(desk.browser.title().starts_with("エラー："), "one examiner is not two");
        assert_eq!(desk.value("/examiner1"), first.id, "who was chosen is kept");
        desk.fill("/examiner2", &second.id);
        desk.press("受理する");
        assert_eq!(desk.path(), "/intake", "{}", desk.browser.words());
    }

    /// Each examiner says that nothing ties them to the applicant; before that they see whose case it is, and no more.
    fn declare(&self, id: &str) {
        let desk = &self.desk;
        for examiner in &self.cast.examiners {
            desk.sign_in(examiner);
            desk.go(&format!("/examinations/{id}"));
            assert_eq!(desk.path(), format!("/examinations/{id}/interest"), "{}", desk.browser.words());
            desk.expect("大阪商工会議所");
            assert!(!desk.says("あなたの判断"), "nothing of the case is shown");
            desk.press("申告する");
            assert_eq!(desk.mistakes(), ["/answer"]);
            self.look("interest");
            desk.fill("/answer", "none");
            desk.press("申告する");
            assert_eq!(desk.path(), format!("/examinations/{id}"), "{}", desk.browser.words());
            desk.expect("あなたの判断");
        }
    }

    /// One examiner asks about the help desk, and the applicant answers on the page of the application.
    fn ask(&self, id: &str) {
        let desk = &self.desk;
        let asked = "窓口の受付時間は、規程のどこにありますか。";
        desk.sign_in(&self.cast.examiners[0]);
        desk.go(&format!("/examinations/{id}"));
        desk.fill(&format!("/questions/{DISPUTED}/text"), asked);
        desk.browser.leave_by(&desk.browser.find(&format!("//button[@name='ask'][@value='{DISPUTED}']")));
        desk.expect(asked);
        self.look("examination-asked");
        desk.sign_in(&self.cast.provider);
        desk.expect("質問");
        self.look("applications-asked");
        desk.go(&format!("/applications/{id}"));
        desk.expect(asked);
        desk.press("回答する");
        assert_eq!(desk.mistakes(), ["/text"]);
        self.look("application-asked");
        desk.fill("/text", "規程の第5条です。");
        desk.press("回答する");
        desk.expect("規程の第5条です。");
        assert!(!desk.has("回答する"), "it is answered once");
        self.look("application-answered");
    }

    /// Both judge, the second one otherwise about one criterion.
    fn judge(&self, id: &str) {
        let desk = &self.desk;
        for (index, examiner) in self.cast.examiners.iter().enumerate() {
            desk.sign_in(examiner);
            assert_eq!(desk.path(), "/examinations");
            desk.go(&format!("/examinations/{id}"));
            assert!(!desk.says("審査員一人目の理由"), "the other's judgement is hidden until both are done");
            desk.expect("規程の第5条です。");
            self.look("examination");
            let names = desk.browser.run(
                "return [...new Set([...document.querySelectorAll('input[type=radio][name^=\"/judgements/\"]')].map(r => r.name))]",
            );
            let names: Vec<&str> = names.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
            assert!(names.len() > 10, "{names:?}");
            for name in names {
                let is_disputed = index == 1 && name == format!("/judgements/{DISPUTED}/answer");
                let answer = if is_disputed { "unmet" } else { "met" };
                desk.browser.click(&format!("//input[@name='{name}'][@value='{answer}']"));
                let reason = name.replace("/answer", "/reason");
                desk.fill(&reason, if index == 0 { "審査員一人目の理由" } else { "証跡のとおり。" });
            }
            desk.press("判断を保存する");
        }
    }

    /// Both are done, and see what they answered differently; the second one is convinced.
    fn reconcile(&self, id: &str) {
        let desk = &self.desk;
        desk.go(&format!("/examinations/{id}"));
        desk.expect("審査員一人目の理由");
        desk.expect("判断が分かれた要件");
        assert!(!desk.has("推薦意見を出す"), "nothing is recommended before");
        self.look("examination-disputed");
        desk.fill(&format!("/judgements/{DISPUTED}/answer"), "met");
        desk.fill(&format!("/judgements/{DISPUTED}/reason"), "");
        desk.press("協議の結果を記録する");
        assert_eq!(desk.mistakes(), [format!("/judgements/{DISPUTED}/reason")]);
        desk.fill(&format!("/judgements/{DISPUTED}/reason"), "協議し、回答から一元化されていると判断した。");
        desk.press("協議の結果を記録する");
        assert!(!desk.says("判断が分かれた要件"), "{}", desk.browser.words());
    }

    fn recommend(&self, id: &str) {
        let desk = &self.desk;
        desk.go(&format!("/examinations/{id}"));
        self.look("examination-done");
        desk.fill("/verdict", "pass");
        desk.press("推薦意見を出す");
        assert_eq!(desk.mistakes(), ["/reason"]);
        desk.fill("/reason", "すべての要件を充足する。");
        desk.press("推薦意見を出す");
    }

    fn decide(&self, id: &str) {
        let desk = &self.desk;
        desk.sign_in(&self.cast.decision_maker);
        assert_eq!(desk.path(), "/decisions");
        desk.go(&format!("/decisions/{id}"));
        desk.expect("すべての要件を充足する。");
        self.look("decision");
        desk.fill("/verdict", "pass");
        desk.fill("/reason", "推薦意見のとおり。");
        desk.press("判定を提案する");
        self.second(&self.cast.second_decision_maker, "proposal-decision");
    }

    /// A second person confirms the proposal whose page is open.
    fn second(&self, person: &Person, look: &str) {
        let desk = &self.desk;
        let path = desk.path();
        assert!(path.starts_with("/proposals/Q-"), "{path}: {}", desk.browser.words());
        desk.expect("別の人が確認します");
        desk.sign_in(person);
        desk.go("/proposals");
        desk.go(&path);
        self.look(look);
        let button = desk.browser.find("//section[@aria-labelledby='confirm']//button");
        desk.browser.leave_by(&button);
        desk.expect("処理済み");
    }

    /// The registration's number.
    fn register(&self, id: &str) -> String {
        let desk = &self.desk;
        desk.sign_in(&self.cast.secretariat);
        desk.go(&format!("/intake/{id}"));
        desk.fill_day("/from", &api::clock::now().day().to_string());
        self.look("intake-passed");
        desk.press("登録する");
        self.look("registration-secretariat");
        let path = desk.path();
        let number = path.strip_prefix("/register/").unwrap_or_else(|| panic!("{path}:\n{}", desk.browser.words()));
        desk.press("提供事業者にマークの使用を許諾する");
        desk.expect("提供事業者");
        assert!(!desk.has("提供事業者にマークの使用を許諾する"), "its provider has one now");
        number.to_owned()
    }

    /// What the QR code of a user's mark holds.
    fn license(&self, number: &str) -> String {
        let desk = &self.desk;
        desk.sign_in(&self.cast.provider);
        desk.go(&format!("/register/{number}"));
        desk.fill("/holderName", "見本工業株式会社");
        desk.press("許諾する");
        assert_eq!(desk.mistakes(), ["/contractFrom/year"]);
        assert_eq!(desk.value("/holderName"), "見本工業株式会社");
        desk.fill_day("/contractFrom", &api::clock::now().day().to_string());
        desk.press("許諾する");
        self.look("registration-provider");
        let card = desk.browser.find("//article[.//h3='見本工業株式会社']//a[contains(@href, '/qr.png')]");
        let path = desk.browser.run_on(&card, "return new URL(arguments[0].href).pathname");
        let png = self.server.client().get(path.as_str().expect("a path")).send();
        let mut read = api::seal::scan::scan_png(&png.body).expect("a code can be read");
        read.pop().expect("at least one")
    }

    fn check_and_suspend(&self, number: &str, link: &str) {
        let desk = &self.desk;
        let path = link.strip_prefix("https://otasuketai.example").expect("a mark leads to the register");
        desk.sign_in(&self.cast.secretariat);
        desk.go(path);
        for words in ["有効", "見本工業株式会社", "見ていたものと名前は同じですか"] {
            desk.expect(words);
        }
        desk.go(&format!("/register/{number}/measures"));
        self.look("measures-secretariat");
        desk.browser.click("//summary[normalize-space()='一時停止を提案する']");
        desk.browser.click("//*[@id='f-suspended-clauses']");
        for (id, words) in [("facts", "立入調査で確かめた。"), ("reason", "審査の報告に偽りの疑いがある。")]
        {
            let field = desk.browser.find(&format!("//*[@id='f-suspended-{id}']"));
            desk.browser.type_into(&field, words);
        }
        desk.press("一時停止を提案する");
        self.second(&self.cast.second_secretariat, "proposal-measure");
        desk.go(&format!("/register/{number}"));
        desk.expect("一時停止中");
        desk.go(path);
        for words in ["一時停止", "審査の報告に偽りの疑いがある。", "見本工業株式会社"] {
            desk.expect(words);
        }
    }
}

/// Fills in every field of a declaration that the page has; a field's name is the JSON Pointer of what it fills.
pub fn declare(desk: &Desk, pointer: &str, value: &Value) {
    let fill = |name: &str, value: &str| {
        if desk.browser.seek(&format!("//form[@data-draft]//*[@name='{name}']")).is_some() {
            desk.fill(name, value);
        }
    };
    for (name, values) in tests::drafts::typed(value) {
        values.iter().for_each(|value| fill(&format!("{pointer}{name}"), value));
    }
}
