//! A record in words, part by part: what a page shows and what is printed are the same.

use domain::act::{Determination, Verdict};
use domain::calendar::{Day, Instant};
use domain::criteria::Conclusion;
use domain::declaration::Declaration;
use domain::evidence::EvidenceFile;
use domain::examination::Answer;
use domain::reading::day_text;
use domain::record::{By, Entry, Given, Judged, Reader, Submitted};

use super::{Found, words};
use crate::paper::{Block, Cell, Head, Table};
use crate::web::view::declaration::declared;

pub(super) fn blocks(found: &Found) -> Vec<Block> {
    let mut blocks = vec![summary(found)];
    decided(found, &mut blocks);
    blocks.push(heading(2, "要件ごとの評価と判断"));
    blocks.push(Block::Table(criteria(found)));
    if found.record.reader == Reader::Whole {
        blocks.push(heading(2, "審査員と利害関係"));
        blocks.push(Block::Table(examiners(found)));
    }
    for submission in &found.record.submissions {
        submitted(found, submission, &mut blocks);
    }
    blocks.push(heading(2, "処分・手続の記録"));
    blocks.push(Block::Text(
        "行われた順です。番号は公開されたログの葉の番号で、葉のハッシュ（RFC 6962）とログの検査点から、記録がそのままであることを確かめられます。"
            .to_owned(),
    ));
    blocks.push(Block::Table(acts(found)));
    blocks
}

fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading { level, text: text.into() }
}

fn summary(found: &Found) -> Block {
    let record = &found.record;
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut fact = |name: &str, what: String| facts.push((name.to_owned(), what));
    fact("申請", record.application.to_string());
    if let Some(Submitted { declaration, .. }) = record.submissions.last() {
        let (provider, service) = (&declaration.provider, &declaration.service);
        fact("サービス", service.name.clone());
        fact("申請者", format!("{}（{}）", provider.trade_name, record.owner));
        fact("種類", format!("{}類・{}", u8::from(service.class), service.kind.term().ja));
    }
    fact("状態", words::stage(record.stage).to_owned());
    fact("最初の提出", moment(record.submitted_at));
    if let Some(due) = record.due {
        fact("審査の期限", day(due));
    }
    fact("基準の版", format!("{}（SHA-256 {}）", record.edition, record.edition_digest));
    if let Some(registered) = &record.registration {
        let term = format!("{}から{}まで", day(registered.term.from), day(registered.term.last_day()));
        fact("登録", format!("{}　{term}", registered.number));
    }
    fact("この記録の範囲", found.scope().to_owned());
    fact("この記録の SHA-256", found.digest.clone());
    Block::Facts(facts)
}

fn decided(found: &Found, blocks: &mut Vec<Block>) {
    let record = &found.record;
    let mut facts = Vec::new();
    if let Some(opinion) = &record.recommendation {
        facts.push(("推薦意見".to_owned(), determined(opinion)));
    }
    if let Some(decision) = &record.decision {
        facts.push(("判定".to_owned(), determined(&decision.determination)));
        facts.push(("判定の日時".to_owned(), moment(decision.at)));
    }
    if !facts.is_empty() {
        blocks.push(heading(2, "推薦意見と判定"));
        blocks.push(Block::Facts(facts));
    }
}

fn determined(of: &Determination) -> String {
    let verdict = if of.verdict == Verdict::Pass { "合格" } else { "不合格" };
    format!("{verdict}\n{}", of.reason)
}

fn criteria(found: &Found) -> Table {
    let row = |judged: &Judged| -> Vec<Cell> {
        let finding = &judged.finding;
        let given: Vec<String> = judged.judgements.iter().map(|given| answered(found, given)).collect();
        let asked =
            if judged.is_asked { String::new() } else { "\n（この申請には問われない）".to_owned() };
        vec![
            format!("{}\n{}{asked}", finding.criterion.term().ja, finding.clause.ja).into(),
            format!("{}\n{}", finding.conclusion.term().ja, finding.reason.ja).into(),
            given.join("\n").into(),
        ]
    };
    let has = |judged: &&Judged| judged.finding.conclusion != Conclusion::NotInForce;
    Table {
        caption: "要件ごとの、計算による評価と審査員の判断".to_owned(),
        heads: heads(&[("要件", 3), ("評価（計算による所見）", 5), ("審査員の判断", 5)]),
        rows: found.record.criteria.iter().filter(has).map(row).collect(),
    }
}

fn answered(found: &Found, given: &Given) -> String {
    let answer = match given.answer {
        Answer::Met => "充足",
        Answer::Unmet => "不充足",
        Answer::NotApplicable => "対象外",
    };
    let who = match &given.examiner {
        Some(person) => words::person(person, &found.names),
        None => format!("審査員{}", given.seat),
    };
    format!("{who}：{answer}（記録 {}）\n{}", given.seq, given.reason)
}

fn examiners(found: &Found) -> Table {
    let record = &found.record;
    let person = |id| words::person(id, &found.names);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for seat in &record.examiners {
        let who = seat.examiner.as_ref().map(person).unwrap_or_default();
        rows.push(vec![format!("担当{}", seat.seat).into(), who.into(), Cell::default()]);
    }
    for interest in &record.interests {
        let tie = match &interest.tie {
            None => "利害関係はない".to_owned(),
            Some(tie) if interest.is_waived => format!("{tie}（免除された）"),
            Some(tie) => tie.clone(),
        };
        let said = format!("{}\n{tie}", moment(interest.at));
        rows.push(vec!["利害関係の申告".into(), person(&interest.examiner).into(), said.into()]);
    }
    for replaced in &record.replaced {
        let who = format!("{} → {}", person(&replaced.examiner), person(&replaced.by));
        rows.push(vec!["交代".into(), who.into(), format!("{}\n{}", moment(replaced.at), replaced.reason).into()]);
    }
    for waiver in &record.waivers {
        let said = format!("{}\n{}", moment(waiver.at), waiver.reason);
        rows.push(vec!["利益相反の免除".into(), person(&waiver.examiner).into(), said.into()]);
    }
    Table {
        caption: "だれが担当し、何を申告したか".to_owned(),
        heads: heads(&[("何を", 3), ("だれが", 5), ("内容", 7)]),
        rows,
    }
}

fn submitted(found: &Found, submission: &Submitted, blocks: &mut Vec<Block>) {
    let Submitted { number, seq, at, declaration, evidence } = submission;
    blocks.push(heading(2, format!("申告した内容（{number}回目の提出）")));
    blocks.push(Block::Text(format!("{}　記録 {seq}", moment(*at))));
    declared_in(declaration, blocks);
    blocks.push(heading(3, "証跡のファイル"));
    if evidence.is_empty() {
        blocks.push(Block::Text("ファイルはありません。".to_owned()));
    } else {
        blocks.push(Block::Table(files(found, evidence)));
    }
}

fn declared_in(declaration: &Declaration, blocks: &mut Vec<Block>) {
    for section in declared(declaration) {
        blocks.push(heading(3, section.title));
        for entry in section.entries {
            blocks.push(Block::Facts(entry.into_iter().map(|one| (one.label, one.words)).collect()));
        }
    }
}

fn files(found: &Found, evidence: &[EvidenceFile]) -> Table {
    let row = |file: &EvidenceFile| -> Vec<Cell> {
        let pages = file.pages.map(|pages| format!("・{pages}ページ")).unwrap_or_default();
        let day_of = file.speaks_of.map(|of| format!("\n{}のもの", day(of))).unwrap_or_default();
        let links = file.links.iter().map(|link| {
            let page = link.page.map(|page| format!(" {page}ページ")).unwrap_or_default();
            format!("{}{page} {}", link.criterion.term().ja, link.note)
        });
        let by = words::person(&file.uploaded_by, &found.names);
        vec![
            format!("{}\n{}・{}バイト{pages}{day_of}", file.name, file.media, file.bytes).into(),
            links.collect::<Vec<_>>().join("\n").into(),
            format!("{}\n{by}\nSHA-256 {}", moment(file.uploaded_at), file.digest).into(),
        ]
    };
    Table {
        caption: "証跡のファイル".to_owned(),
        heads: heads(&[("ファイル", 4), ("何を示すか", 4), ("送られた日時・人・SHA-256", 5)]),
        rows: evidence.iter().map(row).collect(),
    }
}

fn acts(found: &Found) -> Table {
    let row = |entry: &Entry| -> Vec<Cell> {
        let mut lines = words::fields(&entry.fields, &found.names);
        lines.extend(entry.submission.map(|number| format!("{number}回目の提出の内容は上にあります。")));
        lines.push(format!("葉のハッシュ {}", entry.leaf_hash));
        let seq = Cell { text: entry.seq.to_string(), link: Some(format!("/api/v1/log/leaves/{}", entry.seq)) };
        vec![
            seq,
            at(entry.at, entry.day).into(),
            entry.what.ja.clone().into(),
            by(found, &entry.by).into(),
            lines.join("\n").into(),
        ]
    };
    Table {
        caption: "行われた順の処分・手続".to_owned(),
        heads: heads(&[("記録", 2), ("いつ", 6), ("何を", 4), ("だれが", 5), ("内容", 11)]),
        rows: found.record.acts.iter().map(row).collect(),
    }
}

fn by(found: &Found, by: &By) -> String {
    let role = words::role(by.role);
    let role = by.seat.map_or_else(|| role.clone(), |seat| format!("{role}{seat}"));
    match &by.person {
        Some(person) => format!("{}\n{role}", words::person(person, &found.names)),
        None => role,
    }
}

fn heads(of: &[(&'static str, u8)]) -> Vec<Head> {
    of.iter().map(|(text, share)| Head { text, share: *share }).collect()
}

fn day(day: Day) -> String {
    day_text(day).ja
}

/// The day and the time in Japan, and the instant as the log has it.
fn at(at: Instant, day: Day) -> String {
    let (h, m, s) = at.time_in_japan();
    format!("{day} {h:02}:{m:02}:{s:02}\n{at}")
}

fn moment(at: Instant) -> String {
    let (h, m, s) = at.time_in_japan();
    format!("{} {h}時{m:02}分{s:02}秒（日本時間）", day_text(at.day()).ja)
}
