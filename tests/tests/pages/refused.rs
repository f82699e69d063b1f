//! Forms that are refused: whoever sent them is told why, and what they typed is still there.

use tests::{Answer, Case, Client, Database, Person, Register, declaration, text, version};

const TYPED: &str = "長い時間をかけて書いた理由";
const LATE: &str = "別の人が先に変更しました";

#[test]
fn the_second_of_two_is_told_and_loses_nothing() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let desk = Desk { client: server.client() };
    let id = case.id().to_owned();
    let opinion = [("/verdict", "pass"), ("/reason", TYPED)];
    let [first, second] = &cast.examiners;

    let path = format!("/examinations/{id}/recommendation");
    desk.send(second, &path, case.version(), &opinion).keeps(409, "まだ判断されていない要件があります");
    let case = case.judge();
    desk.send(first, &path, case.version(), &opinion).leads_to("/examinations");
    desk.send(second, &path, case.version(), &opinion).keeps(412, LATE);

    let path = format!("/decisions/{id}");
    let proposal = desk.send(&cast.decision_maker, &path, case.version() + 1, &opinion).proposes();
    desk.send(&cast.decision_maker, &format!("{proposal}/confirm"), 1, &[]).forbids();
    desk.send(&cast.second_decision_maker, &format!("{proposal}/confirm"), 1, &[]).leads_to(&proposal);
    desk.send(&cast.decision_maker, &path, case.version() + 1, &opinion).keeps(412, LATE);
    let drop = [("/reason", TYPED)];
    desk.send(&cast.decision_maker, &format!("{proposal}/drop"), 1, &drop).refuses(409, "「処理済み」");
    desk.send(&cast.provider, &format!("/applications/{id}/withdraw"), case.version(), &[("/reason", TYPED)])
        .keeps(412, LATE);
    let reasons = [("/reasons/0/pointer", "/service/name"), ("/reasons/0/reason", TYPED)];
    desk.send(&cast.secretariat, &format!("/intake/{id}/return"), case.version(), &reasons).keeps(412, LATE);
    register.assert_whole();
}

#[test]
fn measures_and_licences_cross_each_other() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_user(&registration, "見本工業株式会社");
    let desk = Desk { client: server.client() };
    let page = format!("/register/{}", text(&registration, "number"));
    let reason = [("/reason", TYPED)];

    let suspend = format!("{page}/measures/suspend");
    let reasoned = [("/clauses", "criteria_unmet"), ("/facts", TYPED), ("/reason", TYPED)];
    let proposal = desk.send(&cast.secretariat, &suspend, version(&registration), &reasoned).proposes();
    desk.send(&cast.second_secretariat, &format!("{proposal}/confirm"), 1, &[]).leads_to(&proposal);
    desk.send(&cast.secretariat, &suspend, version(&registration), &reasoned).keeps(412, LATE);
    desk.send(&cast.secretariat, &suspend, version(&registration) + 1, &reasoned).keeps(409, "「一時停止中」");
    let day = case.today();
    let [year, month, of_month] = [0, 1, 2].map(|part| day.split('-').nth(part).unwrap_or_default());
    let user = [
        ("/holderName", TYPED),
        ("/contractFrom/year", year),
        ("/contractFrom/month", month),
        ("/contractFrom/day", of_month),
    ];
    let grant = format!("{page}/licences");
    desk.send(&cast.provider, &grant, version(&registration) + 1, &user).keeps(409, "「一時停止中」");

    let end = format!("/licences/{}/end", text(&licence, "id"));
    let anchor = format!("f-end-{}-reason", text(&licence, "id"));
    for (sent, reason, status) in [(version(&licence), "", 422), (version(&licence) + 7, TYPED, 412)] {
        let Sent(answer) = desk.send(&cast.provider, &end, sent, &[("/reason", reason)]);
        assert_eq!(answer.status, status, "{}", answer.told());
        let page = answer.text();
        assert!(page.contains("<title>エラー：") && page.contains(&format!("href=\"#{anchor}\"")), "{page}");
        assert!(page.contains(&format!("id=\"{anchor}-error\">＊")) && page.contains(reason), "{page}");
    }
    let Sent(strangers) = desk.send(&cast.stranger, &end, version(&licence), &[("/reason", "")]);
    assert_eq!(strangers.status, 403, "{}", strangers.told());
    desk.send(&cast.provider, &end, version(&licence), &reason).leads_to(&page);
    desk.send(&cast.provider, &end, version(&licence), &reason).keeps(412, LATE);
    register.assert_whole();
}

#[test]
fn an_auditor_is_offered_nothing_and_a_return_names_a_field() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let desk = Desk { client: server.client() };
    let case = Case::submit(&server.client(), &cast, &declaration());
    let reasons = [("/reasons/0/pointer", "/nonsense/x"), ("/reasons/0/reason", TYPED)];
    let Sent(refused) =
        desk.send(&cast.secretariat, &format!("/intake/{}/return", case.id()), case.version(), &reasons);
    assert_eq!(refused.status, 422, "{}", refused.told());
    assert!(refused.text().contains("id=\"f-return-reasons-0-pointer-error\">＊"), "{}", refused.text());
    assert!(refused.text().contains(TYPED) && !refused.text().contains("nonsense"), "{}", refused.text());

    let case = case.pass();
    for (person, is_offered) in [(&cast.secretariat, true), (&cast.auditor, false)] {
        let page = desk.open(person, &format!("/intake/{}", case.id()));
        assert_eq!(page.contains("<button>登録する</button>"), is_offered, "{page}");
    }
}

#[test]
fn what_the_public_types_is_read_generously() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_user(&registration, "見本工業株式会社");
    let (number, id) = (text(&registration, "number"), text(&licence, "id"));
    for (typed, path) in [
        (id.to_owned(), format!("/{id}")),
        (wide(id), format!("/{id}")),
        (format!("　{}　", wide(number)), format!("/register/{number}")),
        (wide(text(&licence, "miniLink")), format!("/{id}")),
    ] {
        let form = encoded(&[("code", &typed)]);
        let answer = server.client().ask("POST", "/verify").body("application/x-www-form-urlencoded", form).send();
        assert_eq!((answer.status, answer.header("location")), (303, path.as_str()), "{typed}");
    }

    let day = case.today();
    let [year, month, of_month] = [0, 1, 2].map(|part| day.split('-').nth(part).unwrap_or_default());
    let reiwa = format!("令和{}", year.parse::<u16>().expect("a year") - 2018);
    let asked = |year: &str, month: &str, day: &str| {
        let query = encoded(&[("year", year), ("month", month), ("day", day)]);
        server.client().get(&format!("/register/{number}?{query}")).send().text().to_owned()
    };
    let page = asked(&reiwa, month, of_month);
    assert!(page.contains("class=\"card\" role=\"status\"") && !page.contains("エラー："), "{page}");
    let page = asked("2026", "2", "30");
    assert!(page.contains("<title>エラー：") && page.contains("という日はありません"), "{page}");
    assert!(page.contains("href=\"#year\""), "the summary leads to the boxes: {page}");

    let home = server.client().get("/en/").send();
    assert_eq!(home.status, 200, "{}", home.told());
    assert!(home.text().contains("<html lang=\"en\">"));
}

/// Somebody at the register's own pages.
struct Desk {
    client: Client,
}

/// What came of a form.
struct Sent(Answer);

impl Desk {
    fn send(&self, by: &Person, path: &str, version: u64, fields: &[(&str, &str)]) -> Sent {
        let version = version.to_string();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version.as_str())]).collect();
        Sent(self.client.signed_in(by).ask("POST", path).form(&fields).send())
    }

    fn open(&self, by: &Person, path: &str) -> String {
        let answer = self.client.signed_in(by).get(path).send();
        assert_eq!(answer.status, 200, "{}", answer.told());
        answer.text().to_owned()
    }
}

impl Sent {
    #[track_caller]
    fn leads_to(self, path: &str) {
        let Self(answer) = self;
        assert_eq!((answer.status, answer.header("location")), (303, path), "{}", answer.told());
    }

    /// Waits for a second person: the proposal's page.
    #[track_caller]
    fn proposes(self) -> String {
        let Self(answer) = self;
        let place = answer.header("location").to_owned();
        assert!(answer.status == 303 && place.starts_with("/proposals/Q-"), "{}", answer.told());
        place
    }

    #[track_caller]
    fn forbids(self) {
        assert_eq!(self.0.status, 403, "{}", self.0.told());
    }

    /// Refused with this reason; what was typed is of no use any more.
    #[track_caller]
    fn refuses(self, status: u16, why: &str) {
        let Self(answer) = self;
        assert_eq!(answer.status, status, "{}", answer.told());
        assert!(answer.text().contains(why), "{}", answer.told());
    }

    /// Refused, with this reason at the head of the page and what was typed further down.
    #[track_caller]
    fn keeps(self, status: u16, why: &str) {
        let Self(answer) = self;
        assert_eq!(answer.status, status, "{}", answer.told());
        let page = answer.text();
        assert!(page.contains("<title>エラー："), "{page}");
        let (_, summary) = page.split_once("role=\"alert\"").unwrap_or_else(|| panic!("no summary: {page}"));
        let (summary, rest) = summary.split_once("</ul>").expect("a summary ends");
        assert!(summary.contains(why), "{summary}");
        assert!(rest.contains(TYPED), "what was typed is lost: {rest}");
    }
}

/// In full width, as a Japanese keyboard types it.
fn wide(text: &str) -> String {
    let wide = |c: char| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c };
    text.chars().map(wide).collect()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pair = |(name, value): &(&str, &str)| format!("{}={}", escaped(name), escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
