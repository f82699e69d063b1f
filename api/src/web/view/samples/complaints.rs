//! Complaints, in every state.

use domain::act::Role;
use domain::settings::Settings;
use domain::watching::{Closing, Complaint, ComplaintOutcome, ComplaintStage, Grievance, Reply};

use super::desk::frame;
use super::*;
use crate::identity::secret::Secret;
use crate::store::Words;
use crate::web::view::complaints::{
    CaseLine, CasePage, CasesPage, ComplaintPage, FollowPage, Followed, ReceiptPage, Tried, assigning,
};
use crate::web::view::frame::Frame;

const HOURS: u32 = 24;

fn complaint(stage: ComplaintStage) -> Complaint {
    let at = at("2026-11-20T02:00:00Z");
    let is_read = stage != ComplaintStage::Received;
    Complaint {
        id: "C-04HMASW9".parse().expect("an id"),
        version: 3,
        grievance: Grievance::Misuse,
        registration: Some(NUMBER.parse().expect("a number")),
        licence: Some("04HMASW9".parse().expect("a licence")),
        digest: "5e".repeat(32),
        received_at: at,
        acknowledged_at: is_read.then_some(at),
        handler: is_read.then(|| "P-1".parse().expect("a person")),
        replies: if is_read { vec![Reply { text: HOSTILE.to_owned(), at }] } else { Vec::new() },
        closed: (stage == ComplaintStage::Closed).then(|| Closing {
            outcome: ComplaintOutcome::Substantiated,
            reason: HOSTILE.to_owned(),
            at,
        }),
        changed_at: at,
    }
}

fn words() -> Words {
    let some = |text: &str| Some(text.to_owned());
    Words {
        text: some(HOSTILE),
        name: some(HOSTILE),
        contact: some("hanako@example.jp"),
        salt: None,
        secret: String::new(),
    }
}

pub(super) fn add(language: Language, put: &mut Put) {
    let public = |path: &str| Frame::public(language, path, None, true);
    let page = |form| ComplaintPage { frame: public("/complaint"), key: "0".repeat(32), form, hours: HOURS };
    put("complaint", &page(Form::default()));
    let typed = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let wrong = Form::of(vec![typed("/name", HOSTILE), typed("/licence", "??"), typed("/grievance", "misuse")]);
    put(
        "complaint-wrong",
        &page(wrong.with([
            error("/text", "内容を入力してください。", "Write what happened."),
            error("/licence", "番号として読めません。", "This is not a number."),
            error("", TOO_LATE, "Somebody else was first."),
        ])),
    );
    let (received_at, acknowledge_by) = (at("2026-11-20T02:00:00Z"), at("2026-11-21T02:00:00Z"));
    let secret = Secret::from("04HMASW9-7KQ2M4XN");
    put(
        "complaint-receipt",
        &ReceiptPage { frame: public("/complaint"), id: "C-04HMASW9".to_owned(), secret, received_at, acknowledge_by },
    );
    let follow = |form, followed| FollowPage { frame: public("/complaint/progress"), form, followed };
    put("complaint-progress-form", &follow(Form::default(), None));
    let none =
        Form::of(vec![typed("/id", HOSTILE)]).with([error("/id", "受付番号か確認用の符号が違います。", "Wrong.")]);
    put("complaint-progress-wrong", &follow(none, None));
    for (name, stage) in [
        ("complaint-progress-received", ComplaintStage::Received),
        ("complaint-progress", ComplaintStage::Acknowledged),
        ("complaint-progress-closed", ComplaintStage::Closed),
    ] {
        let words = words();
        let kept = (stage != ComplaintStage::Closed).then_some(&words);
        let followed = Followed::new(complaint(stage), kept, Settings::bundled(), stage == ComplaintStage::Closed);
        put(name, &follow(Form::default(), Some(followed)));
    }
}

pub(super) fn add_desk(put: &mut Put) {
    let stages = [ComplaintStage::Received, ComplaintStage::Acknowledged, ComplaintStage::Closed];
    let names = [("P-1".parse().expect("a person"), HOSTILE.to_owned())].into();
    let late = at("2026-11-21T02:00:01Z");
    let line = |stage, now| CaseLine::new(&complaint(stage), &names, Settings::bundled(), now);
    let list =
        |is_closed, lines, next| CasesPage { frame: frame("事務局 一", Role::Secretariat), is_closed, lines, next };
    put("complaints-empty", &list(false, Vec::new(), None));
    let lines = vec![line(stages[0], late), line(stages[0], at("2026-11-20T03:00:00Z")), line(stages[1], late)];
    put("complaints", &list(false, lines, Some("C-04HMASW9".to_owned())));
    put("complaints-closed", &list(true, vec![line(stages[2], late)], None));
    let case = |stage, tried, form| {
        let complaint = complaint(stage);
        let words = words();
        CasePage {
            frame: frame("事務局 一", Role::Secretariat),
            line: line(stage, late),
            stage,
            text: words.text,
            name: words.name,
            contact: words.contact.filter(|_| stage != ComplaintStage::Closed),
            replies: complaint.replies,
            closed: complaint.closed,
            assign: assigning([("P-1".to_owned(), HOSTILE.to_owned())].into_iter()),
            may: true,
            form,
            tried,
        }
    };
    for (name, stage) in ["complaint-case-received", "complaint-case", "complaint-case-closed"].into_iter().zip(stages)
    {
        put(name, &case(stage, None, Form::default()));
    }
    let wrong = Form::default().with([error("/reason", "入力してください。", "Fill this in.")]);
    put("complaint-case-wrong", &case(stages[1], Some(Tried::Close), wrong));
    put("complaint-case-wrong-late", &case(stages[2], Some(Tried::Reply), too_late(&["/text"])));
    let mut read = case(stages[2], None, Form::default());
    (read.may, read.text, read.name) = (false, None, None);
    put("complaint-case-erased", &read);
}
