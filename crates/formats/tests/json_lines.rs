//! JSON lines, plain and gzipped, there and back.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use tributary_formats::{Block, Blocks, FormatError, Part, Writer, open, read};

fn values(bytes: &[u8]) -> Vec<Value> {
    read(bytes).unwrap().map(|row| row.unwrap().value).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn rows_come_back_as_written_plain_and_gzipped() {
    let rows = vec![json!({"name": "Zoë", "n": 1}), json!({"nested": {"list": [1, null, true]}}), json!([])];
    let folder = tempfile::tempdir().unwrap();
    for name in ["rows.jsonl", "rows.jsonl.gz"] {
        let path = folder.path().join(name);
        let mut writer = Writer::create(&path).unwrap();
        rows.iter().for_each(|row| writer.write(row).unwrap());
        writer.finish().unwrap();
        assert_eq!(tributary_formats::is_gzip(&std::fs::read(&path).unwrap()), name.ends_with(".gz"));
        let back: Vec<Value> = open(&path).unwrap().map(|row| row.unwrap().value).collect();
        assert_eq!(back, rows, "{name}");
    }
}

#[test]
fn the_first_bytes_decide_not_the_name() {
    assert_eq!(values(&gzip("{\"a\":1}\n")), vec![json!({"a": 1})]);
    assert_eq!(values(b"{\"a\":1}"), vec![json!({"a": 1})]);
    assert!(values(b"").is_empty());
    assert_eq!(values(b"7"), vec![json!(7)]);
}

#[test]
fn joined_gzip_files_are_read_to_the_end() {
    let joined = [gzip("1\n2\n"), gzip("3\n")].concat();
    assert_eq!(values(&joined), vec![json!(1), json!(2), json!(3)]);
}

#[test]
fn a_byte_order_mark_blank_lines_and_dos_line_ends_mean_nothing() {
    let text = "\u{feff}{\"a\":1}\r\n\r\n  \n{\"b\":2}\r\n";
    let lines: Vec<usize> = read(text.as_bytes()).unwrap().map(|row| row.unwrap().line).collect();
    assert_eq!(lines, vec![1, 4]);
    assert_eq!(values(&gzip(text)), vec![json!({"a": 1}), json!({"b": 2})]);
}

#[test]
fn a_bad_line_is_named_without_its_text_and_the_next_row_still_comes() {
    let text = "{\"email\":\"ada@example.org\"}\n{\"email\":ada@example.org}\n{\"cut\":\n{\"b\":2}\n";
    let rows: Vec<_> = read(text.as_bytes()).unwrap().collect();
    let messages: Vec<String> = rows.iter().filter_map(|row| row.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(messages, ["line 2, column 10: not a JSON value", "line 3, column 0: the JSON value ends too early"]);
    assert_eq!(rows.last().unwrap().as_ref().unwrap().line, 4);
}

#[test]
fn bytes_that_are_not_utf8_are_an_error_of_their_line() {
    let rows: Vec<_> = read(&b"1\n\"\xff\"\n2\n"[..]).unwrap().collect();
    assert_eq!(rows.len(), 3);
    assert!(matches!(rows[1], Err(FormatError::Json { line: 2, .. })));
}

#[test]
fn gzip_that_is_cut_short_is_an_error_and_ends_the_rows() {
    let whole = gzip(&"{\"a\":1}\n".repeat(2000));
    let cut = whole.get(..whole.len() / 2).unwrap();
    let rows: Vec<_> = read(cut).unwrap().collect();
    assert!(matches!(rows.last(), Some(Err(FormatError::Read { .. }))));
    assert_eq!(rows.iter().filter(|row| row.is_err()).count(), 1);
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let endless = std::io::repeat(b'x');
    let rows: Vec<_> = read(endless).unwrap().collect();
    assert!(matches!(rows.as_slice(), [Err(FormatError::TooLong { line: 1, .. })]));
}

#[test]
fn a_missing_file_is_named() {
    let error = open("no/such/file.jsonl".as_ref()).unwrap_err();
    assert!(error.to_string().contains("no/such/file.jsonl"));
    assert_eq!(error.line(), None);
}

#[test]
fn blocks_hold_the_same_rows_and_line_numbers() {
    let text = b"{\"a\":1}\n\nnot json\n{\"a\":2}\r\n \n{\"a\":3}";
    let told = |row: Result<tributary_formats::Row, FormatError>| match row {
        Ok(row) => (row.line, row.value.to_string()),
        Err(error) => (0, error.to_string()),
    };
    let one_by_one: Vec<_> = read(&text[..]).unwrap().map(told).collect();
    for (size, part) in (1..40).flat_map(|size| [(size, 1), (size, 9), (size, 100)]) {
        let mut blocks = Blocks::read(&text[..]).unwrap();
        let blocks: Vec<Block> = std::iter::from_fn(|| blocks.next_block(size).unwrap()).collect();
        let whole: Vec<_> = blocks.iter().flat_map(Block::lines).map(|line| told(line.row())).collect();
        assert_eq!(whole, one_by_one, "{size}");
        let parts = blocks.iter().flat_map(|block| block.parts(part)).flat_map(Part::lines);
        assert_eq!(parts.map(|line| told(line.row())).collect::<Vec<_>>(), one_by_one, "{size} {part}");
    }
}

#[test]
fn blocks_end_where_reading_fails() {
    let whole = gzip(&"{\"a\":1}\n".repeat(2000));
    let mut blocks = Blocks::read(whole.get(..whole.len() / 2).unwrap()).unwrap();
    let error = loop {
        match blocks.next_block(1000) {
            Ok(block) => assert!(block.is_some(), "the end was never missed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, FormatError::Read { .. }));
    let mut endless = Blocks::read(std::io::repeat(b'x')).unwrap();
    assert!(matches!(endless.next_block(1 << 20), Err(FormatError::TooLong { line: 1, .. })));
}
