//! What a scan costs on a slow line: 1.6 Mb/s, 150 ms there and back.

use serde_json::Value;
use tests::{Browser, Demonstration, Tap, wait_for};

const MOST_BYTES: usize = 30 * 1024;
const MOST_REQUESTS: usize = 3;

/// Bytes and requests are held to what they may be; the time is told, since it is this machine's too: at most 1.0 s.
#[test]
fn a_scan_costs_little() {
    let demo = Demonstration::start();
    let base = demo.client().base().to_owned();
    let port = base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("an address ends with its port");
    let browser = Browser::start(true);
    browser.slow_down(200_000, 150);
    for mark in demo.marks() {
        // A host that the browser has never seen: a connection is made, and nothing is kept.
        let tap = Tap::on(port);
        let code = mark.link.rsplit('/').next().expect("a last part");
        browser.open(&format!("{}/{code}", tap.base()));
        assert!(browser.words().contains(&mark.holder), "the answer is there");
        // A page may be loaded a moment before it is painted.
        let paint = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
        let painted = wait_for(|| browser.run(paint).as_f64(), || "it is not painted".to_owned());
        let (heard, requests) = (tap.heard(), tap.said().matches(" HTTP/1.1\r\n").count());
        println!("{}: {heard} bytes in {requests} requests, painted after {painted:.0} ms", mark.kind);
        assert!((1_000..=MOST_BYTES).contains(&heard), "{heard} bytes");
        assert!((1..=MOST_REQUESTS).contains(&requests), "{requests} requests:\n{}", tap.said());
        let scripts = browser.run("return document.scripts.length");
        assert_eq!(scripts, Value::from(0), "it needs no script");
    }
}
