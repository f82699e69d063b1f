//! Paces taken in turns, so that a ratio holds on a machine that is busy with other things.
//!
//! What is compared runs in turns of a few milliseconds; each turn gives one ratio, and the median of the ratios is
//! what counts. Times are a thread's own time on the processor where the kernel tells it (`schedstat`), so that other
//! processes' work is not counted either.

#![allow(dead_code, reason = "each benchmark uses its own part of this")]

use std::fs;
use std::io;
use std::time::{Duration, Instant};

/// A thread whose time on the processor is read.
#[derive(Clone, Debug)]
pub struct Thread(String);

impl Thread {
    /// The thread that asks.
    pub fn this() -> io::Result<Self> {
        let task = fs::read_link("/proc/thread-self")?;
        Ok(Self(format!("/proc/{}/schedstat", task.display())))
    }

    /// Microseconds that the thread has had the processor. It must rest now: the kernel adds up when it stops.
    pub fn spent(&self) -> f64 {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
    }
}

/// Microseconds on the processor and by the clock on the wall.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    pub processor: f64,
    pub wall: f64,
}

/// What `thread` spends on each of `count` pieces of work that `run` has it do.
pub fn spend(thread: &Thread, count: usize, run: impl FnOnce()) -> Spent {
    let rest = || std::thread::sleep(Duration::from_micros(200));
    rest();
    let (before, begin) = (thread.spent(), Instant::now());
    run();
    let wall = begin.elapsed().as_secs_f64() * 1e6;
    rest();
    Spent { processor: (thread.spent() - before) / count as f64, wall: wall / count as f64 }
}

/// The middle value, and how far the middle half lies around it, as a fraction of it.
pub fn median(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |part: usize| values[values.len() * part / 4];
    (at(2), (at(3) - at(1)) / 2.0 / at(2))
}
