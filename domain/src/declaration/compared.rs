//! What one declaration says otherwise than another.

use serde_json::{Map, Value};

use super::Declaration;

impl Declaration {
    /// Where `after` says something else, as JSON Pointers, in the order of their names. Lists, such as the prices, are
    /// compared whole: a line that moved changes the list.
    pub fn changed_in(&self, after: &Self) -> Vec<String> {
        let mut found = Vec::new();
        compare(&document(self), &document(after), String::new(), &mut found);
        found
    }

    /// The same with what `other` says at each of `pointers`, which are places where both have a section.
    pub fn with_fields_of(&self, other: &Self, pointers: &[String]) -> Self {
        let (mut own, other) = (document(self), document(other));
        for pointer in pointers {
            let Some((section, name)) = pointer.rsplit_once('/') else { continue };
            let Some(section) = own.pointer_mut(section).and_then(Value::as_object_mut) else { continue };
            match other.pointer(pointer) {
                Some(value) => drop(section.insert(name.to_owned(), value.clone())),
                None => drop(section.remove(name)),
            }
        }
        serde_json::from_value(own).unwrap_or_else(|_| self.clone())
    }
}

fn document(declaration: &Declaration) -> Value {
    serde_json::to_value(declaration).expect("a declaration has a JSON form")
}

fn compare(before: &Value, after: &Value, at: String, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for name in names(before, after) {
                let of = |section: &Map<String, Value>| section.get(name).cloned().unwrap_or(Value::Null);
                compare(&of(before), &of(after), format!("{at}/{name}"), found);
            }
        }
        _ if before == after => {}
        _ => found.push(at),
    }
}

fn names<'a>(before: &'a Map<String, Value>, after: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
}
