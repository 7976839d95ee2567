//! Standard output: one JSON object with `--json`, else text for people. Standard error: messages.

use serde_json::Value;
use std::io::{self, Write};

/// Where results go, and in which form.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Output in JSON or as text.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result: the object with `--json`, else the text made from it.
    pub fn print(self, value: &Value, text: impl FnOnce(&Value) -> String) -> io::Result<()> {
        let mut line = if self.json { value.to_string() } else { text(value) };
        if !line.ends_with('\n') {
            line.push('\n');
        }
        io::stdout().lock().write_all(line.as_bytes())
    }
}

/// Tells people something on standard error. When nobody reads it, nothing is lost.
pub fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Columns of a table, with or without heads. A column of nothing but numbers is set to the right.
#[derive(Debug, Default)]
pub struct Table {
    heads: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

/// How a column is set.
struct Column {
    width: usize,
    numbers: bool,
}

impl Table {
    /// A table with these heads.
    pub fn new(heads: &[&str]) -> Self {
        Self { heads: Some(heads.iter().map(|head| (*head).to_owned()).collect()), rows: Vec::new() }
    }

    /// A table without heads.
    pub fn bare() -> Self {
        Self::default()
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The text, with two spaces between columns.
    pub fn text(&self) -> String {
        let count = self.lines().map(Vec::len).max().unwrap_or_default();
        let columns: Vec<Column> = (0..count).map(|place| self.column(place)).collect();
        self.lines().map(|row| line(row, &columns) + "\n").collect()
    }

    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        self.heads.iter().chain(&self.rows)
    }

    fn column(&self, place: usize) -> Column {
        let width = self.lines().filter_map(|row| row.get(place)).map(|cell| cell.chars().count()).max();
        let numbers = self.rows.iter().filter_map(|row| row.get(place)).all(|cell| cell.is_empty() || is_number(cell));
        Column { width: width.unwrap_or_default(), numbers }
    }
}

fn line(row: &[String], columns: &[Column]) -> String {
    let cell = |(text, column): (&String, &Column)| {
        let padding = " ".repeat(column.width.saturating_sub(text.chars().count()));
        if column.numbers { format!("{padding}{text}") } else { format!("{text}{padding}") }
    };
    let cells: Vec<String> = row.iter().zip(columns).map(cell).collect();
    cells.join("  ").trim_end().to_owned()
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// A JSON value as a cell: texts without quotes, nothing for null.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The value at a path of names as a cell.
pub fn cell_at(value: &Value, path: &[&str]) -> String {
    let found = path.iter().try_fold(value, |value, name| value.get(name));
    found.map(cell).unwrap_or_default()
}

/// The `list` of a result as a table of some of its values; each column is its head and a path of names
/// parted by dots.
pub fn list_table(result: &Value, columns: &[(&str, &str)]) -> String {
    let heads: Vec<&str> = columns.iter().map(|(head, _)| *head).collect();
    let mut table = Table::new(&heads);
    for item in result.get("list").and_then(Value::as_array).into_iter().flatten() {
        table.row(columns.iter().map(|(_, path)| cell_at(item, &path.split('.').collect::<Vec<_>>())));
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_line_up_and_numbers_stand_right() {
        let list = json!([{"id": 7, "who": {"name": "Zoë"}}, {"id": 1234, "who": {"name": null}}]);
        let text = list_table(&json!({"list": list}), &[("id", "id"), ("name", "who.name"), ("none", "no.such")]);
        assert_eq!(text, "  id  name  none\n   7  Zoë\n1234\n");
        let mut mixed = Table::bare();
        [("postal", "43229"), ("city", "Upper Arlington")].iter().for_each(|row| {
            mixed.row([row.0.to_owned(), row.1.to_owned()]);
        });
        assert_eq!(mixed.text(), "postal  43229\ncity    Upper Arlington\n");
    }
}
