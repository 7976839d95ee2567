//! The two schemas are the same, every key is led by the organization, and migrations go both ways.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use std::collections::BTreeMap;
use tributary_store::StoreError;
use tributary_testkit::pg;

/// What the test reads of a catalogue: a table, a name in it, and whether (and what) it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    flag: bool,
}

/// Facts per table.
type Facts = BTreeMap<String, Vec<(String, bool)>>;

/// Columns in order; the flag says that it may be null.
const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS name, c.\"notnull\" = 0 AS flag \
    FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
    AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text AS name, is_nullable = 'YES' AS flag \
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' \
    ORDER BY table_name COLLATE \"C\", ordinal_position";

/// Primary and unique keys as lists of columns; the flag says that it is the primary one.
const SQLITE_KEYS: &str = "SELECT m.name AS table_name, group_concat(c.name, ',') AS name, i.origin = 'pk' AS flag \
    FROM sqlite_schema m, pragma_index_list(m.name) i, (SELECT 1) CROSS JOIN pragma_index_info(i.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' AND i.origin <> 'c' \
    GROUP BY m.name, i.name";
const POSTGRES_KEYS: &str = "SELECT t.relname::text AS table_name, \
    string_agg(a.attname::text, ',' ORDER BY array_position(k.conkey, a.attnum)) AS name, k.contype = 'p' AS flag \
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (k.conkey) \
    WHERE n.nspname = 'public' AND k.contype IN ('p', 'u') AND t.relname NOT LIKE '\\_\\_%' GROUP BY t.relname, k.oid, k.contype";

/// Other indexes: name and columns; the flag says that it is partial.
const SQLITE_INDEXES: &str = "SELECT m.name AS table_name, i.name || ': ' || group_concat(c.name, ',') AS name, \
    i.partial = 1 AS flag FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
    WHERE m.type = 'table' AND i.origin = 'c' GROUP BY m.name, i.name";
const POSTGRES_INDEXES: &str = "SELECT t.relname::text AS table_name, \
    x.relname::text || ': ' || string_agg(a.attname::text, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) AS name, \
    i.indpred IS NOT NULL AS flag FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid \
    JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey) WHERE n.nspname = 'public' \
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u')) \
    GROUP BY t.relname, x.relname, i.indpred";

/// Foreign keys as lists of columns with the table they refer to; the flag says that they are checked at the end.
const SQLITE_FOREIGN: &str = "SELECT m.name AS table_name, group_concat(k.\"from\", ',') || ' > ' || k.\"table\" AS name, \
    m.sql LIKE '%DEFERRABLE INITIALLY DEFERRED%' AS flag \
    FROM sqlite_schema m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' GROUP BY m.name, k.id";
const POSTGRES_FOREIGN: &str = "SELECT t.relname::text AS table_name, \
    string_agg(a.attname::text, ',' ORDER BY array_position(k.conkey, a.attnum)) || ' > ' || r.relname::text AS name, \
    k.condeferred AS flag FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (k.conkey) WHERE k.contype = 'f' \
    GROUP BY t.relname, r.relname, k.oid, k.condeferred";

struct Files {
    _folder: tempfile::TempDir,
    url: String,
    paths: [String; 2],
}

fn sqlite() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (url, paths) = (format!("sqlite:{}", path("x.db")), [path("x.db"), path("x-held.db")]);
    Files { _folder: folder, url, paths }
}

fn sqlite_facts(files: &Files, sql: &str) -> Facts {
    let read = |path: &String| {
        let mut conn = SqliteConnection::establish(path).unwrap();
        diesel::sql_query(sql).load::<Fact>(&mut conn).unwrap()
    };
    collected(files.paths.iter().flat_map(read))
}

fn postgres_facts(database: &pg::TestDatabase, sql: &str) -> Facts {
    collected(pg::query(database.url(), sql).unwrap().into_iter().map(|row| {
        let [table_name, name, flag] = <[String; 3]>::try_from(row).unwrap();
        Fact { table_name, name, flag: flag == "t" }
    }))
}

/// Columns stay in their order; everything else has none.
fn collected(facts: impl Iterator<Item = Fact>) -> Facts {
    let mut tables = Facts::new();
    for fact in facts {
        tables.entry(fact.table_name).or_default().push((fact.name, fact.flag));
    }
    tables
}

fn sorted(mut facts: Facts) -> Facts {
    facts.values_mut().for_each(|names| names.sort());
    facts
}

/// How many tables the migrations make, and how many migrations there are.
fn described() -> (usize, usize) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let texts: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path().join("up.sql")).unwrap())
        .collect();
    let tables = texts.iter().map(|text| text.lines().filter(|line| line.starts_with("CREATE TABLE ")).count()).sum();
    (tables, texts.len())
}

fn both() -> Option<(Files, pg::TestDatabase)> {
    let files = sqlite();
    tributary_db::migrate(&files.url).unwrap();
    let database = pg::migrated("tributary", |url| {
        tributary_db::migrate(url).unwrap();
    })?;
    Some((files, database))
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let Some((files, database)) = both() else { return };
    let columns = sqlite_facts(&files, SQLITE_COLUMNS);
    assert_eq!(columns, postgres_facts(&database, POSTGRES_COLUMNS));
    assert_eq!(columns.len(), described().0);
}

#[test]
fn both_databases_have_the_same_keys() {
    let Some((files, database)) = both() else { return };
    let mut keys = sqlite_facts(&files, SQLITE_KEYS);
    // SQLite keeps no index for a key that is the row number.
    keys.insert("organization".to_owned(), vec![("organization_id".to_owned(), true)]);
    assert_eq!(sorted(keys), sorted(postgres_facts(&database, POSTGRES_KEYS)));
}

#[test]
fn both_databases_have_the_same_indexes_and_foreign_keys() {
    let Some((files, database)) = both() else { return };
    let (sqlite, postgres) = (sqlite_facts(&files, SQLITE_INDEXES), postgres_facts(&database, POSTGRES_INDEXES));
    assert_eq!(sorted(sqlite), sorted(postgres));
    let (sqlite, postgres) = (sqlite_facts(&files, SQLITE_FOREIGN), postgres_facts(&database, POSTGRES_FOREIGN));
    assert_eq!(sorted(sqlite), sorted(postgres));
}

#[test]
fn every_key_and_index_is_led_by_the_organization() {
    let files = sqlite();
    tributary_db::migrate(&files.url).unwrap();
    for sql in [SQLITE_KEYS, SQLITE_INDEXES, SQLITE_FOREIGN] {
        for (table, names) in sqlite_facts(&files, sql) {
            for (name, _) in names {
                let columns = name.rsplit(": ").next().unwrap();
                assert!(columns.starts_with("organization_id"), "{table}: {name}");
            }
        }
    }
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let names = |folder: &str| {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

fn goes_both_ways(url: &str, tables: impl Fn() -> usize) {
    let all = tributary_db::pending(url).unwrap();
    assert_eq!(tributary_db::migrate(url).unwrap(), all);
    assert_eq!(tables(), described().0);
    assert!(tributary_db::pending(url).unwrap().is_empty());
    assert!(tributary_db::migrate(url).unwrap().is_empty());
    assert_eq!(tributary_db::revert(url).unwrap().len(), all.len());
    assert_eq!(tables(), 0);
    assert_eq!(tributary_db::pending(url).unwrap(), all);
    assert_eq!(tributary_db::migrate(url).unwrap(), all);
    assert_eq!(tables(), described().0);
}

#[test]
fn migrations_apply_revert_and_reapply_on_sqlite() {
    let files = sqlite();
    goes_both_ways(&files.url, || sqlite_facts(&files, SQLITE_COLUMNS).len());
}

#[test]
fn migrations_apply_revert_and_reapply_on_postgres() {
    let Some(database) = pg::database() else { return };
    goes_both_ways(database.url(), || postgres_facts(&database, POSTGRES_COLUMNS).len());
}

#[test]
fn two_processes_may_migrate_one_database_at_once() {
    let files = sqlite();
    migrate_at_once(&files.url);
    if let Some(database) = pg::database() {
        migrate_at_once(database.url());
    }
}

fn migrate_at_once(url: &str) {
    let applied: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| tributary_db::migrate(url).unwrap().len())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(applied, described().1);
}

#[test]
fn a_damaged_migration_table_is_reported_as_such() {
    let files = sqlite();
    let mut conn = SqliteConnection::establish(&files.paths[0]).unwrap();
    diesel::sql_query("CREATE TABLE organization (x)").execute(&mut conn).unwrap();
    let failed = tributary_db::migrate(&files.url);
    assert!(matches!(failed, Err(StoreError::Migration(_))), "{failed:?}");
}
