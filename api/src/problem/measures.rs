//! Why a service is not registered, a measure is not taken, or what follows it is not.

use domain::registration::Refusal as R;
use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};
use super::states::{NOT_PASSED, PASSED, state};

/// The clauses that would do, for people.
fn clauses(known: &[String]) -> Text {
    let scheme = domain::scheme::Scheme::bundled();
    let named = known.iter().filter_map(|id| Some((id, &scheme.measure_clause(id)?.clause)));
    let (ja, en): (Vec<_>, Vec<_>) =
        named.map(|(id, clause)| (format!("{id}（{}）", clause.ja), format!("{id} ({})", clause.en))).unzip();
    Text::new(ja.join("、"), en.join(", "))
}

fn at(pointer: &str, read: &str, ja: String, en: String) -> Problem {
    Problem::unreadable(pointer, read, Text::new(ja, en))
}

fn late(code: &'static str, ja: String, en: String) -> Problem {
    conflict(StatusCode::CONFLICT, code, Text::new(ja, en))
}

impl From<R> for Problem {
    fn from(refusal: R) -> Self {
        told(refusal)
    }
}

fn told(refusal: R) -> Problem {
    match refusal {
        R::Concerns { number } => conflict(
            StatusCode::CONFLICT,
            "concerns",
            Text::new(
                format!("{number} についての申請です。新しい登録にはなりません。"),
                format!("It concerns {number} and makes no new registration."),
            ),
        ),
        R::NotFiled => conflict(
            StatusCode::CONFLICT,
            "not_filed",
            Text::new(
                "この登録について受け付けている申請ではありません（別の登録のもの、又はすでに終わったもの）。",
                "Not an application that is filed for this registration: it is another's, or over already.",
            ),
        ),
        R::Filed { application } => conflict(
            StatusCode::CONFLICT,
            "filed",
            Text::new(
                format!("この登録については {application} を受け付けています。終わってから申請してください。"),
                format!("{application} is filed for this registration. Apply once it is over."),
            ),
        ),
        R::OtherCompany { registered } => {
            let number = registered.map_or_else(|| "なし".to_owned(), |number| number.to_string());
            at(
                "/provider/legalEntityNumber",
                "",
                format!("法人番号は変更届では変えられません（登録：{number}）。別の法人に移るときは、合併・譲渡などの承継として事務局に申し出てください。"),
                format!("Another corporate number is another company (registered: {number}): that is a succession. Tell the secretariat."),
            )
        }
        R::NothingChanged => unprocessable(
            "nothing_changed",
            Text::new(
                "いまの申告内容と違うところがありません。変わるところを書き直してから届け出てください。",
                "Nothing differs from what is declared now. Change what changes, then give notice.",
            ),
        ),
        R::General { fields } => late(
            "general",
            format!(
                "要件にかかわる変更がありません（変わる項目：{}）。審査は要らないので、変更の届出として出してください。",
                fields.join("、")
            ),
            format!("No criterion asks about what changes ({}). Notify it; it is not examined.", fields.join(", ")),
        ),
        R::Examined { criteria } => {
            let terms: Vec<Text> = criteria.into_iter().map(domain::criteria::CriterionId::term).collect();
            let list = |pick: fn(&Text) -> &String, between: &str| {
                terms.iter().map(pick).cloned().collect::<Vec<_>>().join(between)
            };
            late(
                "examined",
                format!("要件「{}」にかかわる変更です。届出では変わりません。変更の申請として提出してください。", list(|term| &term.ja, "」「")),
                format!("Criteria ask about it: {}. It is examined first: apply for the change.", list(|term| &term.en, ", ")),
            )
        }
        R::OwnSuccessor => at(
            "/to",
            "",
            "いまの提供事業者とは別の事業者を選んでください。".to_owned(),
            "Name another provider than the one that has it.".to_owned(),
        ),
        R::OtherNumber { organisation } => {
            let number = organisation.map_or_else(|| "なし".to_owned(), |number| number.to_string());
            at(
                "/provider/legalEntityNumber",
                "",
                format!("承継する事業者の法人番号（{number}）と同じものを書いてください。"),
                format!("It has to be the corporate number of the organisation that it goes over to ({number})."),
            )
        }
        R::SuccessionDay { on, earliest, latest } => at(
            "/on",
            &on.to_string(),
            format!("承継の日は {earliest} から今日（{latest}）までの日にしてください（読み取った日：{on}）。"),
            format!("It went over on a day from {earliest} to today, {latest} (read: {on})."),
        ),
        R::OtherClass { registered } => super::register::other_class(registered),
        R::OutsideWindow { window, today } => conflict(
            StatusCode::CONFLICT,
            "outside_window",
            Text::new(
                format!(
                    "更新の申請は {} から {} まで（期限は {}）です。今日は {today} です。",
                    window.opens, window.closes, window.due
                ),
                format!(
                    "A renewal is applied for from {} to {}, in time until {}. Today is {today}.",
                    window.opens, window.closes, window.due
                ),
            ),
        ),
        R::TermBegins { from, earliest, is_exact } => {
            let message = if is_exact {
                Text::new(
                    format!("次の有効期間は、いまの期間が終わる {earliest} から始まります。"),
                    format!("The next term begins where the last one ends, on {earliest}."),
                )
            } else {
                Text::new(
                    format!("登録はすでに失効しています。次の有効期間は {earliest} 以後に始まります。"),
                    format!("The registration has lapsed. The next term begins on {earliest} or later."),
                )
            };
            Problem::unreadable("/from", &from.to_string(), message)
        }
        R::NoGrounds => late(
            "no_grounds",
            "この提案には根拠となる条項と事実が記録されていません。取りやめて、改めて提案してください。".to_owned(),
            "This proposal names neither clause nor facts. Drop it and propose anew.".to_owned(),
        ),
        R::NoFacts => at(
            "/facts",
            "",
            "確かめた事実を書いてください。公開されません。".to_owned(),
            "Say what was found. It is not published.".to_owned(),
        ),
        R::Clauses { known } => {
            let known = clauses(&known);
            at(
                "/clauses",
                "",
                format!("この措置の根拠となる条項を選んでください：{}。", known.ja),
                format!("Name clauses that provide for this: {}.", known.en),
            )
        }
        R::FromPast { from, at: now } => at(
            "/from",
            &from.to_string(),
            format!("効力の始まりは、いま（{now}）より後にしてください（読み取った日時：{from}）。空欄なら直ちに始まります。"),
            format!("It has to begin after now, {now} (read: {from}). Leave it out to begin at once."),
        ),
        R::FromTooFarAhead { from, latest } => at(
            "/from",
            &from.to_string(),
            format!("効力の始まりは {latest} までにしてください（読み取った日時：{from}）。"),
            format!("It has to begin on {latest} at the latest (read: {from})."),
        ),
        R::Corrections { are_needed: true } => at(
            "/corrections",
            "",
            "何を、誰が、いつまでに是正するかを書いてください。".to_owned(),
            "Say what has to be put right, by whom and by when.".to_owned(),
        ),
        R::Corrections { are_needed: false } => at(
            "/corrections",
            "",
            "是正の内容を書けるのは、是正の求めだけです。".to_owned(),
            "Only a demand for correction says what has to be put right.".to_owned(),
        ),
        R::Undertakings(fault) => {
            let mut problem = Problem::from(fault);
            for error in &mut problem.errors {
                error.pointer = error.pointer.replacen("/conditions", "/corrections", 1);
            }
            problem
        }
        R::HearingTooShort { earliest } => at(
            "/hearingUntil",
            "",
            format!("事業者が弁明できる期限を {earliest} 以後の日にしてください。取消しには弁明の機会が必要です。"),
            format!("The provider has to be heard until {earliest} or later. A revocation needs that."),
        ),
        R::HearingTooLong { until, latest } => at(
            "/hearingUntil",
            &until.to_string(),
            format!("弁明の期限は {latest} までにしてください（読み取った日：{until}）。"),
            format!("The provider is heard until {latest} at the latest (read: {until})."),
        ),
        R::HearingOpen { until } => late(
            "hearing_open",
            format!("事業者は {until} まで弁明できます。弁明が届くか、その日が過ぎてから確認してください。"),
            format!("The provider can state its side until {until}. Confirm once it has, or once that day is over."),
        ),
        R::NoEmergency => late(
            "no_emergency",
            "二人目の確認を待つ緊急の一時停止はありません。".to_owned(),
            "No emergency suspension waits for a second person.".to_owned(),
        ),
        R::OwnEmergency => late(
            "own_emergency",
            "緊急の一時停止を行った人は、自分では確認できず、確認されないまま続けて行うこともできません。別の人が行ってください。"
                .to_owned(),
            "Whoever suspended in an emergency neither confirms it nor does so again while nobody has confirmed it. \
             Somebody else has to."
                .to_owned(),
        ),
        R::EmergencyOver { until } => late(
            "emergency_over",
            format!("この緊急の一時停止は、確認されないまま {until} に終わりました。必要なら改めて提案してください。"),
            format!("Nobody confirmed it in time: it ended at {until}. Propose a suspension if it is still needed."),
        ),
        R::NoSuchMeasure { number, .. } => Problem::not_found(&Text::new("措置", "measure"), &number.to_string()),
        R::NoSuchCorrection { number, .. } => {
            Problem::not_found(&Text::new("是正", "correction of this measure"), &number.to_string())
        }
        R::SetAside { measure } => late(
            "set_aside",
            format!("措置 {measure} は異議により取り消されています。"),
            format!("Measure {measure} was set aside."),
        ),
        R::ReportWaits { number } => late(
            "report_waits",
            format!("是正 {number} の前の報告が回答を待っています。回答のあとに報告してください。"),
            format!("The last report on correction {number} waits for its answer. Report again after that."),
        ),
        R::Corrected { number } => late(
            "corrected",
            format!("是正 {number} は、すでに認められています。"),
            format!("Correction {number} was accepted already."),
        ),
        R::NoReport { number } => late(
            "no_report",
            format!("是正 {number} に、回答を待つ報告はありません。"),
            format!("No report on correction {number} waits for an answer."),
        ),
        R::Objected { measure } => late(
            "objected",
            format!("措置 {measure} には、すでに異議が申し立てられています。異議は一つの措置に一度です。"),
            format!("Measure {measure} was objected to already; that is done once."),
        ),
        R::NothingToObject { measure } => late(
            "nothing_to_object",
            format!("措置 {measure} には異議を申し立てられません。"),
            format!("Measure {measure} cannot be objected to."),
        ),
        R::ObjectionLate { until } => late(
            "objection_late",
            format!("異議を申し立てられる期限は{until}でした。"),
            format!("The last day on which this measure could be objected to was {until}."),
        ),
        R::NoObjection { measure } => late(
            "no_objection",
            format!("措置 {measure} に、判断を待つ異議はありません。"),
            format!("No objection to measure {measure} waits to be decided."),
        ),
        R::LastDayTooSoon { last_day, earliest } => at(
            "/lastDay",
            &last_day.to_string(),
            format!("最後の日は {earliest} 以後にしてください（読み取った日：{last_day}）。利用企業が備える時間が必要です。"),
            format!("The last day has to be {earliest} or later (read: {last_day}): users need time."),
        ),
        R::LastDayOutside { last_day } => at(
            "/lastDay",
            &last_day.to_string(),
            format!("{last_day} は登録の有効期間にありません。期間のうちの日にしてください。"),
            format!("{last_day} is not in a term of the registration. Name a day that is."),
        ),
        R::NoWords { field } => at(
            &format!("/{field}"),
            "",
            "内容を書いてください。利用企業が読みます。".to_owned(),
            "Say something: users read it.".to_owned(),
        ),
        R::Evidence(fault) => fault.into(),
        R::Status { found, needed } => state(found, needed),
        R::Denied(denial) => denial.into(),
        R::Proposal(refusal) => refusal.into(),
        R::NoReason => no_reason(),
        R::NotPassed => state(NOT_PASSED, PASSED),
        R::Registered { number } => late(
            "registered",
            format!("すでに {number} として登録されています。"),
            format!("It is registered as {number} already."),
        ),
        R::BeforeDecision { from, decided } => unprocessable(
            "before_decision",
            Text::new(
                format!("登録日 {from} は判定の日 {decided} より前です。"),
                format!("The first day {from} is before the decision on {decided}."),
            ),
        ),
        R::TooFarAhead { from } => unprocessable(
            "too_far_ahead",
            Text::new(
                format!("登録日 {from} は1年より先です。"),
                format!("The first day {from} is more than a year ahead."),
            ),
        ),
    }
}
