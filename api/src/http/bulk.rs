//! `/bulk`: many at once, looked at before they are done.

use std::sync::Arc;

use domain::text::Text;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::request::{Caller, checked_key, day};
use crate::bulk::{self, Bulk, Line, Outcome};
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What is done to many.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "BulkKind", rename_all = "snake_case")]
enum KindName {
    /// What passed enters the register.
    Enter,
    /// Providers of registered services are licensed.
    License,
    /// Providers are reminded of what is due within thirty days, or late.
    Remind,
    /// Licences that a compromised key signed are signed anew.
    Reissue,
}

/// What is to be done, and to which lines.
#[derive(Object, Debug)]
#[oai(rename = "Bulk", skip_serializing_if_is_none)]
struct BulkBody {
    kind: KindName,
    /// The first day of the terms of new services, `YYYY-MM-DD`; for `enter`.
    #[oai(validator(max_length = 20))]
    first: Option<String>,
    /// Lines as a preview names them; a preview without any looks at everything that can be done, at most 100.
    #[oai(validator(max_items = 100))]
    lines: Option<Vec<String>>,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "BulkOutcome", rename_all = "snake_case")]
enum OutcomeName {
    /// It would be done.
    Would,
    Done,
    /// It is not done: `problem` says why.
    Refused,
}

/// A line, and what became of it or would.
#[derive(Object, Debug)]
#[oai(rename = "BulkLine", skip_serializing_if_is_none)]
struct LineView {
    /// To be sent back: what it is about, and the version that was seen.
    line: String,
    title: String,
    outcome: OutcomeName,
    /// What it led to, or would, in Japanese and English.
    ja: Option<String>,
    en: Option<String>,
    /// The code of the reason why it is not done.
    problem: Option<String>,
}

/// Lines of one kind.
#[derive(Object, Debug)]
#[oai(rename = "BulkLines", rename_all = "camelCase")]
struct LinesView {
    lines: Vec<LineView>,
    /// There is more that it could be done to.
    is_cut: bool,
}

#[OpenApi(tag = "Chapter::Day")]
impl Api {
    /// Shows what would be done to many, line by line
    ///
    /// Each line is rehearsed by the very deed; nothing is kept.
    #[oai(path = "/bulk/preview", method = "post", operation_id = "previewBulk")]
    async fn preview(&self, caller: Caller, body: Body<BulkBody>) -> Result<Json<LinesView>, Problem> {
        let (bulk, lines) = read(&body.0)?;
        bulk::may(&caller.0, bulk)?;
        let (lines, is_cut) = match lines {
            Some(lines) => (lines, false),
            None => bulk::candidates(&self.registry, &caller.0, bulk).await?,
        };
        let outcomes = bulk::run(&self.registry, &caller.0, bulk, lines, None).await?;
        Ok(Json(LinesView { lines: outcomes.iter().map(|one| view(one, OutcomeName::Would)).collect(), is_cut }))
    }

    /// Does it to many
    ///
    /// Each line is a deed of its own: one that is refused, since its version is another now for instance, stops none of
    /// the others. Sent again under the same `Idempotency-Key`, what was done is answered and not done again. A reminder is
    /// sent once a day.
    #[oai(path = "/bulk", method = "post", operation_id = "performBulk")]
    async fn perform(
        &self,
        caller: Caller,
        body: Body<BulkBody>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<LinesView>, Problem> {
        let (bulk, lines) = read(&body.0)?;
        bulk::may(&caller.0, bulk)?;
        // Without a key, each request is another one: what is done already is refused for that.
        let drawn = || data_encoding::HEXLOWER.encode(&self.registry.draw_name());
        let key = checked_key(key.0)?.unwrap_or_else(drawn);
        let lines = lines.filter(|lines| !lines.is_empty()).ok_or_else(|| {
            let message = Text::new("行を一つ以上書いてください。", "Name one line at the least.");
            Problem::unreadable("/lines", "", message)
        })?;
        let outcomes = bulk::run(&self.registry, &caller.0, bulk, lines, Some(&key)).await?;
        let lines = outcomes.iter().map(|one| view(one, OutcomeName::Done)).collect();
        Ok(Json(LinesView { lines, is_cut: false }))
    }
}

fn read(body: &BulkBody) -> Result<(Bulk, Option<Vec<Line>>), Problem> {
    let needed = || {
        let message = Text::new("新規の登録の初日を書いてください。", "Name the first day of new terms.");
        Problem::unreadable("/first", "", message)
    };
    let first = body.first.as_deref().map(|text| day("/first", text)).transpose()?;
    let bulk = match body.kind {
        KindName::Enter => Bulk::Enter { first: first.ok_or_else(needed)? },
        KindName::License => Bulk::License,
        KindName::Remind => Bulk::Remind,
        KindName::Reissue => Bulk::Reissue,
    };
    let line = |(index, text): (usize, &String)| {
        text.parse::<Line>().map_err(|_| {
            let message =
                Text::new("下見の答えの line をそのまま書いてください。", "Write a line as a preview names it.");
            Problem::unreadable(&format!("/lines/{index}"), text, message)
        })
    };
    let lines = body.lines.as_ref().map(|lines| lines.iter().enumerate().map(line).collect()).transpose()?;
    Ok((bulk, lines))
}

fn view(one: &Outcome, done: OutcomeName) -> LineView {
    let (outcome, words, problem) = match &one.result {
        Ok(words) => (done, words.clone(), None),
        Err(problem) => (OutcomeName::Refused, problem.detail.clone(), Some(problem.code.to_string())),
    };
    LineView {
        line: one.line.word(),
        title: one.title.ja.clone(),
        outcome,
        ja: Some(words.ja),
        en: Some(words.en),
        problem,
    }
}
