//! Certificates a second on one core, each of another holder, beside their symbols alone and beside an ordinary paper.
//!
//!     cargo bench --bench certificates

use std::hint::black_box;

use api::paper::certificate::{Certificate, Modules};
use api::paper::{Block, Paper};
use api::seal::qr::Symbol;

const TIMES: usize = 300;
/// What names are written with, the rarer ones among them.
const NAMES: [&str; 6] = ["髙島製作所", "𠮷野商店", "山﨑電機工業", "渡邊精密", "齋藤運輸倉庫", "大阪見本金属加工"];

fn certificate(number: usize) -> Certificate {
    let link = format!("https://otasuketai.example/{}{number:06}", "8".repeat(350));
    let symbol = Symbol::full(&link).expect("a link of version 9");
    Certificate {
        is_users: true,
        holder: format!("株式会社{}第{number}営業所", NAMES[number % NAMES.len()]),
        holder_number: Some("8120005004150".to_owned()),
        service: "まもるくん中小企業見守りサービス".to_owned(),
        provider: "株式会社見本セキュリティ".to_owned(),
        registration: "2026-001".to_owned(),
        licence: "04HMASW9".to_owned(),
        granted_at: "2026-11-21T01:49:12Z".parse().expect("an instant"),
        last_day: "2028-11-20".parse().expect("a day"),
        host: "otasuketai.example".to_owned(),
        is_sample: false,
        symbol: Modules { side: symbol.side(), runs: symbol.runs() },
    }
}

fn paper(certificate: &Certificate) -> Paper {
    let fact = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    Paper {
        title: "登録証".to_owned(),
        head: certificate.licence.clone(),
        foot: certificate.host.clone(),
        at: certificate.granted_at,
        blocks: vec![Block::Facts(vec![
            fact("使用許諾を受けた者", &certificate.holder),
            fact("サービスの名称", &certificate.service),
            fact("提供事業者", &certificate.provider),
        ])],
        attachment: None,
    }
}

fn a_second(mut print: impl FnMut(usize) -> Vec<u8>) -> f64 {
    black_box(print(0));
    let began = on_the_processor();
    for number in 0..TIMES {
        black_box(print(number));
    }
    TIMES as f64 / (on_the_processor() - began)
}

/// Seconds that this thread has had a core to itself, whatever else runs beside it.
fn on_the_processor() -> f64 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's own time");
    let nanoseconds: f64 = counted.split(' ').next().and_then(|word| word.parse().ok()).expect("a count first");
    nanoseconds / 1e9
}

#[allow(clippy::print_stdout, reason = "a benchmark tells what it found")]
fn main() {
    let certificates = a_second(|number| certificate(number).print().expect("letters that there are"));
    let symbols = a_second(|number| {
        let symbol = Symbol::full(&format!("https://otasuketai.example/{}{number:06}", "8".repeat(350)));
        vec![symbol.expect("a link of version 9").is_dark(0, 0).into()]
    });
    let papers = a_second(|number| paper(&certificate(number)).print().expect("letters that there are"));
    let bytes = certificate(1).print().expect("letters that there are").len();
    println!("certificates: {certificates:.0} a core-second of {bytes} bytes, symbol included");
    println!("their symbols alone: {symbols:.0}; ratio {:.2}", certificates / symbols);
    println!("an ordinary paper of fewer words: {papers:.0}; ratio {:.2}", certificates / papers);
}
