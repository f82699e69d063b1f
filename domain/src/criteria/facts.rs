//! What a criterion is assessed on, and the comparisons that many criteria make.

use super::finding::{Basis, Check, Shortfall};
use super::track_record::TrackRecord;
use crate::calendar::Day;
use crate::declaration::Declaration;
use crate::edition::{Bound, Criterion, Limit, LimitName};
use crate::text::Text;

/// The declaration, the register's history, and the criterion as the governing edition words it.
pub(super) struct Facts<'a> {
    pub(super) declaration: &'a Declaration,
    pub(super) day: Day,
    /// None where the register was not asked.
    pub(super) record: Option<&'a TrackRecord>,
    pub(super) criterion: &'a Criterion,
    /// Where a draft says nothing yet that can be read; the declaration has something in its place there that nobody
    /// said. Empty for what was submitted.
    pub(super) missing: &'a [String],
}

impl Facts<'_> {
    /// Whether something is declared to be so.
    pub(super) fn declared(&self, is_so: bool, pointer: &str, what: (&str, &str)) -> Check {
        self.declared_on(self.criterion, is_so, pointer, what)
    }

    /// The same where what has to be declared depends on a limit.
    pub(super) fn declared_on(
        &self,
        basis: impl Into<Basis>,
        is_so: bool,
        pointer: &str,
        (ja, en): (&str, &str),
    ) -> Check {
        let what = Text::new(ja, en);
        if self.lacks(pointer) {
            Check::not_filled_in(pointer, what)
        } else if is_so {
            Check::declared(basis, what)
        } else {
            Check::not_declared(basis, pointer, what)
        }
    }

    /// Does a draft not say yet what stands at this place, or some of it?
    pub(super) fn lacks(&self, pointer: &str) -> bool {
        let is_at_or_below = |one: &str, other: &str| {
            one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.missing.iter().any(|missing| is_at_or_below(missing, pointer) || is_at_or_below(pointer, missing))
    }

    /// Whether something is described in words.
    pub(super) fn described(&self, words: &str, pointer: &str, what: (&str, &str)) -> Check {
        self.declared(!words.trim().is_empty(), pointer, what)
    }

    /// Compares a declared whole number with a limit; `what` is what the number is of.
    pub(super) fn figure(&self, name: LimitName, declared: u64, pointer: &str, (ja, en): (&str, &str)) -> Check {
        if self.lacks(pointer) {
            return Check::not_filled_in(pointer, Text::new(ja, en));
        }
        let limit = self.limit(name);
        let measure = name.measure();
        let figure = measure.text(declared);
        let Some(value) = limit.value else {
            let reason = Text::new(
                format!("{ja}は{}ですが、比べる値が分かっていません。", figure.ja),
                format!("{en}: {}; the figure to compare it with is not known.", figure.en),
            );
            return Check::holds(limit, reason);
        };
        let asked = measure.text(value);
        let (by, within, beyond) = match name.bound() {
            Bound::AtMost => {
                (declared.saturating_sub(value), ("上限", "以下", "at most"), ("を", "超えています", "over"))
            }
            Bound::AtLeast => {
                (value.saturating_sub(declared), ("下限", "以上", "at least"), ("に", "足りません", "short of"))
            }
        };
        let (bound, side, side_en) = within;
        if by == 0 {
            let reason = Text::new(
                format!("{ja}は{}で、{bound}の{}{side}です。", figure.ja, asked.ja),
                format!("{en}: {}, {side_en} {}.", figure.en, asked.en),
            );
            return Check::holds(limit, reason);
        }
        let (particle, verb, verb_en) = beyond;
        let off = measure.text(by);
        let reason = Text::new(
            format!("{ja}は{}で、{bound}の{}{particle}{}{verb}。", figure.ja, asked.ja, off.ja),
            format!("{en}: {}, {} {verb_en} {}.", figure.en, off.en, asked.en),
        );
        Check::fails(limit, Shortfall::Figure { pointer: Some(pointer.to_owned()), measure, by }, reason)
    }

    /// A limit that the reader made sure of: one the criterion needs, or one of a group that [`Facts::has`] answered for.
    pub(super) fn limit(&self, name: LimitName) -> &Limit {
        self.criterion.limit(name).expect("the reader refuses an edition without a limit its criterion needs")
    }

    /// Does the edition set this limit?
    pub(super) fn has(&self, name: LimitName) -> bool {
        self.criterion.limit(name).is_some()
    }
}
