//! A clock for the real server that stands where a test sets it (libfaketime).

use std::fs;
use std::path::{Path, PathBuf};

use domain::calendar::{Day, Instant};
use tests::{Register, Server};

/// So many years after a day of 2021 to 2024, no leap day, that all of them lie ahead of the machine's clock.
pub fn ahead(day: &str) -> Day {
    let (year, month, day) = day.parse::<Day>().expect("a day").ymd();
    let years = api::clock::now().day().ymd().0 + 1 - 2021;
    Day::from_ymd(year + years, month, day).expect("no leap day")
}

/// A clock that stands where it is set.
pub struct Clock(PathBuf);

impl Clock {
    pub fn new(register: &Register) -> Self {
        Self(register.data().join("clock"))
    }

    /// Sets it to `utc`, such as `2021-05-01T15:00:00Z`, [`ahead`].
    pub fn set(&self, utc: &str) -> Instant {
        let then: Instant = utc.parse().expect("an instant");
        let of_day = u32::try_from(then.unix() - then.day().start().unix()).expect("less than a day");
        let moved = ahead(&then.day().to_string()).start().plus_seconds(of_day);
        self.set_to(moved);
        moved
    }

    /// Sets it to an instant.
    pub fn set_to(&self, moved: Instant) {
        // Written beside and moved there: the server reads it at every look at the clock.
        let fresh = self.0.with_extension("new");
        fs::write(&fresh, moved.to_string().replace('T', " ").replace('Z', "\n")).expect("the folder is ours");
        fs::rename(&fresh, &self.0).expect("the folder is ours");
    }

    /// The file it is read from.
    pub fn file(&self) -> &Path {
        &self.0
    }

    /// A server that looks at this clock.
    pub fn serve(&self, register: &Register) -> Server {
        let file = format!("FAKETIME_TIMESTAMP_FILE={}", self.0.display());
        let library = format!("LD_PRELOAD={}", library());
        // What is measured, as how long a request may take, stays real.
        let settings = ["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "TZ=UTC"];
        register.serve_under(&[["env", library.as_str(), file.as_str()].as_slice(), &settings].concat())
    }
}

/// Debian's package `faketime` puts it below the machine's own folder.
pub fn library() -> String {
    let folders = fs::read_dir("/usr/lib").expect("there is one").filter_map(Result::ok);
    let found = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists());
    found.expect("tests/run installs faketime").display().to_string()
}
