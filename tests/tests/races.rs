//! Many at once: exactly one wins, the others are told, and the log has no gap; in one process and in two on one
//! database.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::staff::BODY;
use tests::{Answer, Case, Cast, Client, Database, Register, declaration, licences, pass, text, version};

tests::on_both!(
    one_of_two_wins_in_one_process,
    one_of_two_wins_in_two_processes,
    sixty_four_callers_each_get_their_own_answer,
    sixty_four_callers_at_two_processes,
    one_request_sent_by_many_is_done_once,
    two_examiners_never_stand_in_each_others_way,
    a_measure_is_known_to_the_other_process,
    the_command_works_beside_the_server,
    fsck_sees_one_moment_while_acts_run,
    a_thousand_races,
);

/// Races of each kind.
const ROUNDS: usize = 6;

/// Does both as nearly at once as two threads can.
fn both<T: Send>(first: impl FnOnce() -> T + Send, second: impl FnOnce() -> T + Send) -> [T; 2] {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            barrier.wait();
            second()
        });
        barrier.wait();
        let first = first();
        [first, other.join().expect("the other side does not panic")]
    })
}

/// The winner's answer; the loser was told that somebody else came first.
#[track_caller]
fn winner(answers: [Answer; 2]) -> Value {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status < 300);
    let told: Vec<String> = answers.iter().map(Answer::told).collect();
    assert_eq!((won.len(), lost.len()), (1, 1), "{told:#?}");
    let code = text(&lost[0].json(), "code").to_owned();
    lost[0].refused(lost[0].status, &code);
    let is_told = matches!(
        (lost[0].status, code.as_str()),
        (412, "stale") | (409, "licensed" | "registered" | "conflict" | "state")
    );
    assert!(is_told, "{told:#?}");
    won[0].ok()
}

/// Two callers with connections of their own, at one server or at two.
struct Ring<'a> {
    cast: &'a Cast,
    clients: [Client; 2],
}

impl<'a> Ring<'a> {
    fn submit(&self) -> Case<'a> {
        Case::submit(&self.clients[0], self.cast, &declaration())
    }

    /// Two acts on one version of a case, one through each client. The case is then what the winner made of it.
    #[track_caller]
    fn race(&self, case: &Case<'_>, acts: [(&tests::Person, &str, &Value); 2]) {
        let [first, second] = acts;
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        let won = winner(both(|| ways[0].act(first.0, first.1, first.2), || ways[1].act(second.0, second.1, second.2)));
        assert_eq!(version(&won), case.version() + 1);
        for way in &ways {
            let path = format!("/api/v1/applications/{}", case.id());
            assert_eq!(way.by(&self.cast.auditor).get(&path).send().ok(), won);
        }
    }

    fn decide_and_decide(&self) {
        let case = self.submit().accept().judge().recommend();
        let fail = json!({ "verdict": "fail", "reason": "確かめられない。" });
        let Cast { decision_maker, second_decision_maker, .. } = self.cast;
        let proposals = [
            (second_decision_maker, case.propose()),
            (decision_maker, case.act(second_decision_maker, "decision", &fail).ok()),
        ];
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        let confirm = |at: usize| ways[at].confirm(proposals[at].0, &proposals[at].1);
        winner(both(|| confirm(0), || confirm(1)));
        let path = format!("/api/v1/applications/{}", case.id());
        let decided = case.by(&self.cast.auditor).get(&path).send().ok();
        assert_eq!((version(&decided), &decided["stage"]), (case.version() + 1, &json!("decided")));
    }

    fn accept_and_return(&self) {
        let case = self.submit();
        let back = json!({ "reasons": [{ "pointer": "/service/name", "reason": "理由" }] });
        let secretariat = &self.cast.secretariat;
        self.race(&case, [(secretariat, "acceptance", &case.both_examiners()), (secretariat, "return", &back)]);
    }

    fn withdraw_and_decide(&self) {
        let case = self.submit().accept().judge().recommend();
        let why = json!({ "reason": "やめる" });
        let proposal = case.propose();
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        winner(both(
            || ways[0].act(&self.cast.provider, "withdrawal", &why),
            || ways[1].confirm(&self.cast.second_decision_maker, &proposal),
        ));
    }

    /// The applicant withdraws on the page while somebody decides. Who comes too late has what they typed before them.
    fn withdraw_on_the_page_and_decide(&self, typed: &str) {
        let case = self.submit().accept().judge().recommend();
        let proposal = case.propose();
        let deciding = case.through(&self.clients[1]);
        let provider = self.clients[0].signed_in(&self.cast.provider);
        let (path, seen) = (format!("/applications/{}/withdraw", case.id()), case.version().to_string());
        let form = [("version", seen.as_str()), ("/reason", typed)];
        let [withdrawn, decided] = both(
            || provider.ask("POST", &path).form(&form).send(),
            || deciding.confirm(&self.cast.second_decision_maker, &proposal),
        );
        let now = case.by(&self.cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
        assert_eq!(version(&now), case.version() + 1, "one act was done: {now}");
        match text(&now, "stage") {
            "withdrawn" => {
                assert_eq!((withdrawn.status, text(&now, "withdrawn")), (303, typed), "{}", withdrawn.told());
                decided.refused(409, "state");
            }
            "decided" => {
                assert!(decided.status == 200 && matches!(withdrawn.status, 409 | 412), "{}", withdrawn.told());
                assert!(withdrawn.text().contains(typed), "what was typed is lost: {}", withdrawn.told());
            }
            other => panic!("{other}: {now}"),
        }
    }

    /// Two examiners save their judgements of one criterion, again and again: each has their own, and both are kept.
    fn judge_and_judge(&self, times: usize) {
        let case = self.submit().accept();
        let criterion = case.judgements()["judgements"][0]["criterion"].clone();
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        let [first, second] = &self.cast.examiners;
        for time in 0..times {
            let reasons = [first, second].map(|by| format!("{}の{time}回目の判断", by.id));
            let judging = |at: usize| {
                let judgement = json!({ "criterion": criterion, "answer": "met", "reason": reasons[at] });
                ways[at].act([first, second][at], "judgements", &json!({ "judgements": [judgement] }))
            };
            for (answer, reason) in both(|| judging(0), || judging(1)).iter().zip(&reasons) {
                assert_eq!(text(&answer.ok()["judgements"][0], "reason"), reason);
            }
        }
        let kept = case.by(&self.cast.auditor).get(&format!("/api/v1/applications/{}/examinations", case.id())).send();
        let last = |by: &tests::Person| format!("{}の{}回目の判断", by.id, times - 1);
        assert!([first, second].iter().all(|by| kept.text().contains(&last(by))), "{}", kept.told());
    }

    fn recommend_and_recommend(&self) {
        let case = self.submit().accept().judge();
        let [first, second] = &self.cast.examiners;
        self.race(&case, [(first, "recommendation", &pass()), (second, "recommendation", &pass())]);
    }

    fn register_and_register(&self) {
        let case = self.submit().pass();
        let from = json!({ "from": case.today() });
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        let enter = |way: &Case<'_>| way.act(&self.cast.secretariat, "registration", &from);
        winner(both(|| enter(&ways[0]), || enter(&ways[1])));
    }

    fn grant_and_grant(&self) {
        let case = self.submit().pass();
        let registration = case.register();
        for (by, body) in [
            (&self.cast.secretariat, json!({ "holderKind": "provider" })),
            (&self.cast.provider, case.user("見本工業株式会社")),
            (
                &self.cast.provider,
                json!({ "holderNumber": "9000000000000", "holderKind": "user", "holderName": "見本", "contractFrom": case.today() }),
            ),
        ] {
            let clients = self.clients.each_ref().map(|client| client.signed_in(by));
            let grant = |client: &Client| client.post(&licences(&registration), &body).send();
            winner(both(|| grant(&clients[0]), || grant(&clients[1])));
        }
        let held = case.by(&self.cast.auditor).get(&licences(&registration)).send().ok();
        assert_eq!(held["items"].as_array().map(Vec::len), Some(3));
    }

    fn suspend_and_revoke(&self) {
        let case = self.submit().pass();
        let registration = case.register();
        let ways = [&self.clients[0], &self.clients[1]].map(|client| case.through(client));
        let measure = |way: &Case<'_>, measure| way.measure(&registration, measure, "理由");
        winner(both(|| measure(&ways[0], "suspend"), || measure(&ways[1], "revoke")));
    }
}

fn every_pair(register: &Register, cast: &Cast, clients: [Client; 2]) {
    let ring = Ring { cast, clients };
    for _ in 0..ROUNDS {
        ring.decide_and_decide();
        ring.accept_and_return();
        ring.withdraw_and_decide();
        ring.recommend_and_recommend();
        ring.register_and_register();
        ring.grant_and_grant();
        ring.suspend_and_revoke();
    }
    register.assert_whole();
}

fn one_of_two_wins_in_one_process(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    every_pair(&register, &cast, [server.client(), server.client()]);
}

fn one_of_two_wins_in_two_processes(database: Database) {
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    every_pair(&register, &cast, servers.each_ref().map(|server| server.client()));
}

/// Many submissions at once: everybody gets their own application back, and their leaves fill the log without a gap.
fn many_submit(register: &Register, cast: &Cast, clients: &[Client]) {
    const CALLERS: usize = 64;
    let before = register.fsck().document["acts"].as_u64().expect("a count");
    let barrier = Barrier::new(CALLERS);
    let answers: Vec<(String, Answer)> = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let (client, barrier) = (clients[caller % clients.len()].apart(), &barrier);
                let mut own = declaration();
                own["service"]["summary"] = json!(format!("{caller}人目の申請"));
                scope.spawn(move || {
                    let by = client.signed_in(&cast.provider);
                    // The connection stands before the start, so that the requests do arrive together.
                    by.get("/health/live").send();
                    barrier.wait();
                    (text(&own["service"], "summary").to_owned(), by.post("/api/v1/applications", &own).send())
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("every caller is answered")).collect()
    });
    for (summary, answer) in &answers {
        assert_eq!(text(&answer.ok()["declaration"]["service"], "summary"), summary);
    }
    let mut ids: Vec<String> = answers.iter().map(|(_, answer)| text(&answer.ok(), "id").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), CALLERS, "every application has a number of its own");
    let mut leaves: Vec<u64> =
        answers.iter().map(|(_, answer)| answer.header("log-leaf").parse().expect("a leaf")).collect();
    leaves.sort_unstable();
    assert!(leaves.into_iter().eq(before..before + CALLERS as u64), "the log has no gap");
    register.assert_whole();
}

fn sixty_four_callers_each_get_their_own_answer(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    for _ in 0..2 {
        many_submit(&register, &cast, &[server.client()]);
    }
    server.end();
    register.assert_whole();
}

fn sixty_four_callers_at_two_processes(database: Database) {
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    for _ in 0..2 {
        many_submit(&register, &cast, &servers.each_ref().map(|server| server.client()));
    }
    servers.into_iter().for_each(tests::Server::end);
    register.assert_whole();
}

fn one_request_sent_by_many_is_done_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    for round in 0..ROUNDS {
        let barrier = Barrier::new(8);
        let answers: Vec<Answer> = thread::scope(|scope| {
            let senders: Vec<_> = (0..8)
                .map(|sender| {
                    let client = servers[sender % 2].client().signed_in(&cast.provider);
                    let (barrier, key) = (&barrier, format!("the-same-request-{round}"));
                    scope.spawn(move || {
                        barrier.wait();
                        client.post("/api/v1/applications", &declaration()).key(&key).send()
                    })
                })
                .collect();
            senders.into_iter().map(|sender| sender.join().expect("every sender is answered")).collect()
        });
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (201, &answers[0].body), "{}", answer.told());
        }
    }
    let mine = servers[0].client().signed_in(&cast.provider).get("/api/v1/applications").send().ok();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(ROUNDS));
    register.assert_whole();
}

fn two_examiners_never_stand_in_each_others_way(database: Database) {
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    for _ in 0..ROUNDS {
        let case = Case::submit(&servers[0].client(), &cast, &declaration()).accept();
        let judgements = case.judgements();
        let ways = servers.each_ref().map(|server| case.through(&server.client()));
        let [first, second] = &cast.examiners;
        for answer in
            both(|| ways[0].act(first, "judgements", &judgements), || ways[1].act(second, "judgements", &judgements))
        {
            answer.ok();
        }
        case.recommend();
    }
    register.assert_whole();
}

fn a_measure_is_known_to_the_other_process(database: Database) {
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    let case = Case::submit(&servers[0].client(), &cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_provider(&registration);
    let there = case.through(&servers[1].client());
    let says = |answer: &str| there.marks(&licence).iter().all(|mark| text(mark, "answer") == answer);
    assert!(says("valid"), "the other process has it in memory now");
    case.measure(&registration, "suspend", "確認のため").ok();
    let begun = Instant::now();
    while !says("suspended") {
        assert!(begun.elapsed() < Duration::from_secs(2), "others learn of it within a moment");
        thread::sleep(Duration::from_millis(10));
    }
    register.assert_whole();
}

fn the_command_works_beside_the_server(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let by = server.client().signed_in(&cast.provider);
            while !is_done.load(Ordering::Relaxed) {
                by.post("/api/v1/applications", &declaration()).send().ok();
            }
        });
        for person in 0..3 {
            let late = register.admit("auditor", &format!("監査人 {person}"), BODY);
            let by = server.client().signed_in(&late);
            assert_eq!(by.get("/api/v1/applications").send().status, 200);
        }
        is_done.store(true, Ordering::Relaxed);
    });
    server.end();
    register.assert_whole();
}

fn fsck_sees_one_moment_while_acts_run(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let client = server.client().apart();
                while !is_done.load(Ordering::Relaxed) {
                    Case::submit(&client, &cast, &declaration()).accept();
                }
            });
        }
        let findings: Vec<_> = (0..6).map(|_| register.fsck()).collect();
        is_done.store(true, Ordering::Relaxed);
        for findings in findings {
            assert_eq!(findings.status, 0, "{}", findings.said);
        }
    });
    register.assert_whole();
}

/// The three that meet most often, a thousand times in all, from four places at once: one outcome each, and nobody's
/// text is lost.
fn a_thousand_races(database: Database) {
    const PLACES: usize = 4;
    const JUDGED: usize = 100;
    const DECIDED: usize = 75;
    assert_eq!(PLACES * (JUDGED + 2 * DECIDED), 1_000);
    let (register, cast) = Register::staffed(database);
    let servers = [register.serve(), register.serve()];
    thread::scope(|scope| {
        for place in 0..PLACES {
            let ring = Ring { cast: &cast, clients: servers.each_ref().map(|server| server.client()) };
            scope.spawn(move || {
                ring.judge_and_judge(JUDGED);
                for time in 0..DECIDED {
                    ring.decide_and_decide();
                    ring.withdraw_on_the_page_and_decide(&format!("{place}-{time}の取下げの理由"));
                }
            });
        }
    });
    servers.into_iter().for_each(tests::Server::end);
    register.assert_whole();
}
