//! An edition as an OSCAL catalog: a group for each class, a control for each criterion.

use domain::edition::{Bound, ClassRules, Criterion, Edition, Limit, PublishedEdition};
use serde_json::{Value, json};

use super::{VERSION, control_id, namespace, objective_id, property, uuid};
use crate::config::BaseUrl;

/// The edition as it is published now.
pub fn catalog(base: &BaseUrl, edition: &Edition, published: &PublishedEdition) -> Value {
    let digest = edition.digest_hex();
    json!({ "catalog": {
        "uuid": uuid(base, &format!("edition/{}/{digest}", edition.id)),
        "metadata": {
            "title": edition.title.ja,
            "last-modified": published.changed_at,
            "version": edition.id,
            "oscal-version": VERSION,
            "props": [
                property(base, "digest", &digest),
                property(base, "in-force-from", &edition.in_force_from.to_string()),
                property(base, "standing", &word_of(&edition.standing)),
            ],
            "links": [{ "href": base.join(&format!("/api/v1/editions/{}", edition.id)), "rel": "alternate" }],
            "remarks": edition.title.en,
        },
        "groups": edition.classes.iter().map(|rules| group(base, rules)).collect::<Vec<_>>(),
    } })
}

fn group(base: &BaseUrl, rules: &ClassRules) -> Value {
    let number = u8::from(rules.class);
    let controls = rules.criteria.iter().map(|criterion| control(base, rules, criterion));
    json!({
        "id": format!("class-{number}"), "class": "service-class", "title": format!("{number}類"),
        "props": [property(base, "standing", &word_of(&rules.standing))],
        "controls": controls.collect::<Vec<_>>(),
    })
}

fn control(base: &BaseUrl, rules: &ClassRules, criterion: &Criterion) -> Value {
    let id = control_id(rules.class, criterion.id);
    let kinds = criterion.kinds.iter().map(|kind| property(base, "kind", &word_of(kind)));
    let of_its_own = [
        property(base, "clause", &criterion.clause.ja),
        property(base, "standing", &word_of(&criterion.standing)),
        property(base, "decided-by", &word_of(&criterion.decided_by)),
        property(base, "may-overrule", &criterion.judgement.may_overrule.to_string()),
    ];
    let mut control = json!({
        "id": id, "class": "criterion", "title": criterion.id.term().ja,
        "props": of_its_own.into_iter().chain(kinds).collect::<Vec<_>>(),
        "parts": [
            { "id": format!("{id}_smt"), "name": "statement", "prose": criterion.wording.ja },
            {
                "id": objective_id(rules.class, criterion.id), "name": "assessment-objective",
                "ns": namespace(base), "prose": format!("「{}」を充足する。", criterion.id.term().ja),
            },
        ],
    });
    if !criterion.limits.is_empty() {
        let params = criterion.limits.iter().map(|limit| parameter(&id, limit));
        control["params"] = json!(params.collect::<Vec<_>>());
    }
    if let Some(url) = &criterion.citation.url {
        let text = &criterion.citation.source.ja;
        control["links"] = json!([{ "href": url, "rel": "reference", "text": text }]);
    }
    control
}

fn parameter(control: &str, limit: &Limit) -> Value {
    let mut parameter = json!({
        "id": format!("{control}_prm.{}", word_of(&limit.name)),
        "label": limit.name.term().ja,
        "usage": match limit.name.bound() {
            Bound::AtMost => "以下",
            Bound::AtLeast => "以上",
        },
    });
    // A figure that is not known is not there.
    if let Some(value) = limit.value {
        parameter["values"] = json!([value.to_string()]);
    }
    parameter
}

/// The word that a closed set is serialised as.
fn word_of(word: &impl serde::Serialize) -> String {
    json!(word).as_str().unwrap_or_default().to_owned()
}
