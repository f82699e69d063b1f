//! Checking a file: line by line, before anybody is licensed by it.

use std::collections::HashMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::licence::{Holder, LicenceId};
use domain::text::Text;
use sha2::{Digest, Sha256};

use super::lines::{Heads, Lines, Next, fault, line_of};
use super::{Choice, Column, Fault, Import, MOST_ROWS, Stage};
use crate::acts::{AtHand, Errand, Refused};
use crate::clock;
use crate::imports::run::origin;
use crate::registry::Registry;
use crate::spreadsheet::Row;
use crate::store::{Error, holder_key};

/// Lines looked up at once.
const PAGE: usize = 500;

/// Checks the file from its first line on, whatever was checked before.
pub(super) async fn check(registry: &Arc<Registry>, import: &Import) -> Result<(), Refused> {
    let today = clock::now().day();
    let mut lines = Lines::of(&registry.store, import);
    let mut progress = Progress { import: import.id.clone(), is_first: true, ..Progress::default() };
    let (mut heads, mut seen) = (None, HashMap::new());
    let mut page = Vec::with_capacity(PAGE);
    let mut is_readable = true;
    loop {
        let next = lines.next().await?;
        let is_end = !matches!(next, Next::Row(_));
        match next {
            Next::Row(row) => match &heads {
                None => match Heads::read(&row) {
                    Ok(found) => heads = Some(found),
                    Err(faults) => {
                        progress.faults.extend(faults);
                        is_readable = false;
                    }
                },
                Some(_) if progress.rows + page.len() as u32 >= MOST_ROWS => {
                    let message = Text::new(
                        format!("利用企業が{MOST_ROWS}行を超えています。ファイルを分けてください。"),
                        format!("There are more than {MOST_ROWS} users. Split the file."),
                    );
                    progress.faults.push(fault(&row, None, "", message));
                    is_readable = false;
                }
                Some(_) => page.push(row),
            },
            Next::Wrong(fault) => {
                progress.faults.push(fault);
                is_readable = false;
            }
            Next::End => {}
        }
        let is_over = is_end || !is_readable;
        if page.len() == PAGE || is_over {
            if let Some(heads) = &heads {
                look(registry, import, heads, std::mem::take(&mut page), today, &mut seen, &mut progress).await?;
            }
            progress.keep(registry).await?;
        }
        if is_over {
            break;
        }
    }
    if is_readable && progress.rows == 0 {
        let message = Text::new("利用企業の行がありません。", "There is no line of a user.");
        progress.faults.push(Fault { line: 1, column: None, read: String::new(), message });
        progress.keep(registry).await?;
    }
    let has_any = is_readable && progress.faulty < progress.rows;
    let is_good = has_any && (progress.faulty == 0 || import.choice == Choice::Valid);
    registry.run(EndCheck { import: import.id.clone(), is_good }, origin(import), clock::now()).await
}

type Seen = HashMap<[u8; 16], u32>;

/// Looks at some lines: each by itself, then whether its user is there already, in the file or under the registration.
async fn look(
    registry: &Registry,
    import: &Import,
    heads: &Heads,
    rows: Vec<Row>,
    today: Day,
    seen: &mut Seen,
    progress: &mut Progress,
) -> Result<(), Error> {
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        progress.rows += 1;
        match heads.holder(&row, today) {
            Ok(holder) => read.push((row, holder)),
            Err(faults) => {
                progress.faulty += 1;
                progress.faults.extend(faults);
            }
        }
    }
    let keys: Vec<String> = read.iter().map(|(_, holder)| holder_key(holder)).collect();
    let licensed: HashMap<String, LicenceId> =
        registry.store.licensed(&import.registration, &keys).await?.into_iter().collect();
    for ((row, holder), key) in read.iter().zip(&keys) {
        let digest = Sha256::digest(key);
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        let first = *seen.entry(short).or_insert(line_of(row.line));
        let message = if first != line_of(row.line) {
            Text::new(
                format!("{first}行目と同じ利用企業です。どちらかを消してください。"),
                format!("The same user stands in line {first} too. Keep one of the two."),
            )
        } else if let Some(licence) = licensed.get(key) {
            already(*licence)
        } else {
            continue;
        };
        progress.faulty += 1;
        progress.faults.push(about(row, holder, message));
    }
    Ok(())
}

/// This user has a licence under this registration.
pub(crate) fn already(licence: LicenceId) -> Text {
    Text::new(
        format!("この利用企業には、すでに使用許諾 {licence} があります。この行を消してください。"),
        format!("This user has licence {licence} already. Take this line out."),
    )
}

fn about(row: &Row, holder: &Holder, message: Text) -> Fault {
    let (column, read) = match holder {
        Holder::User { number: Some(number), .. } => (Column::Number, number.to_string()),
        Holder::User { name, .. } => (Column::Name, name.clone()),
        Holder::Provider => (Column::Name, String::new()),
    };
    fault(row, Some(column), &read, message)
}

/// How far the check has come, and what it has found since that was last written down.
#[derive(Debug, Default)]
struct Progress {
    import: String,
    is_first: bool,
    rows: u32,
    faulty: u32,
    faults: Vec<Fault>,
    kept: u32,
}

impl Progress {
    async fn keep(&mut self, registry: &Arc<Registry>) -> Result<(), Refused> {
        let faults = std::mem::take(&mut self.faults);
        let place = self.kept;
        self.kept += faults.len() as u32;
        let note = Note {
            import: self.import.clone(),
            is_first: std::mem::take(&mut self.is_first),
            rows: self.rows,
            faulty: self.faulty,
            place,
            faults,
        };
        let origin = crate::imports::run::process();
        registry.run(note, origin, clock::now()).await
    }
}

struct Note {
    import: String,
    is_first: bool,
    rows: u32,
    faulty: u32,
    place: u32,
    faults: Vec<Fault>,
}

impl Errand for Note {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let Some(mut import) = at_hand.tx.import(&self.import).await? else { return Ok(()) };
        // Another process was quicker.
        if import.stage != Stage::Checking {
            return Err(Error::Conflict.into());
        }
        if self.is_first {
            at_hand.tx.forget_faults(&self.import).await?;
        }
        at_hand.tx.note_faults(&self.import, self.place, &self.faults).await?;
        (import.rows, import.faulty) = (self.rows, self.faulty);
        at_hand.tx.update_import(&import).await?;
        Ok(())
    }
}

struct EndCheck {
    import: String,
    is_good: bool,
}

impl Errand for EndCheck {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let Some(mut import) = at_hand.tx.import(&self.import).await? else { return Ok(()) };
        if import.stage != Stage::Checking {
            return Err(Error::Conflict.into());
        }
        if self.is_good {
            import.stage = Stage::Issuing;
        } else {
            (import.stage, import.settled_at) = (Stage::Refused, Some(at_hand.at));
            at_hand.tx.forget_pieces(&self.import).await?;
        }
        at_hand.tx.update_import(&import).await?;
        Ok(())
    }
}
