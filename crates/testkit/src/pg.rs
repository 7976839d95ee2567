//! PostgreSQL for tests: one throw-away cluster per test run, a fresh database per test.
//!
//! All test processes of one `cargo test` or `cargo nextest run` share a cluster, since its folder is named
//! by their common parent. A watchdog stops it and removes the folder when that parent is gone.
//! `TRIBUTARY_TEST_POSTGRES` names a server to be used instead; with `TRIBUTARY_REQUIRE_POSTGRES=1` a
//! machine without PostgreSQL fails the tests rather than skipping them.

mod cluster;

use cluster::Cluster;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

/// Server to be used instead of an own cluster, as a URL of a database on it.
const SERVER: &str = "TRIBUTARY_TEST_POSTGRES";
/// Set to 1 where tests must not be skipped.
const REQUIRED: &str = "TRIBUTARY_REQUIRE_POSTGRES";

/// An empty database of a test.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    /// On a server that is not thrown away: where to drop it from.
    drop_from: Option<String>,
}

impl TestDatabase {
    /// URL of the database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = &self.drop_from {
            let name = database_name(&self.url).unwrap_or_default();
            let _ = execute(server, &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
        }
    }
}

/// A new empty database, or none (with a line on standard output) when there is no PostgreSQL.
///
/// # Panics
/// When there is none although `TRIBUTARY_REQUIRE_POSTGRES=1`, and when a server that is there does not work.
#[must_use]
pub fn database() -> Option<TestDatabase> {
    create(&server()?, None)
}

/// A copy of the template database of this name, which `migrate` (given its URL) has filled once per run. All
/// crates that ask for the same name get copies of the same template.
///
/// # Panics
/// As [`database`], and when `migrate` panics.
#[must_use]
pub fn migrated(template: &str, migrate: impl FnOnce(&str)) -> Option<TestDatabase> {
    let server = server()?;
    let Server::Own(cluster) = &server else {
        let database = create(&server, None)?;
        migrate(database.url());
        return Some(database);
    };
    let template = format!("template_{template}");
    cluster.once(&template, || {
        run(&cluster.url("postgres"), &format!("CREATE DATABASE {template}"));
        migrate(&cluster.url(&template));
    });
    create(&server, Some(&template))
}

/// A server of the test's own, for what cannot be done to the one that all share.
pub struct OwnServer(Cluster);

impl OwnServer {
    /// Starts one, or none when there is no PostgreSQL. `name` tells it from others of the same process.
    ///
    /// # Panics
    /// When a server that is installed does not start.
    #[must_use]
    pub fn start(name: &str) -> Option<Self> {
        Cluster::own(name).map(Self)
    }

    /// URL of its only database.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url("postgres")
    }

    /// Kills it as a crash does, and starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn crash(&self) {
        self.0.crash();
    }
}

enum Server {
    Own(Cluster),
    Given(String),
}

fn server() -> Option<Server> {
    if let Ok(url) = std::env::var(SERVER) {
        return Some(Server::Given(url));
    }
    match Cluster::shared() {
        Some(cluster) => Some(Server::Own(cluster)),
        None if std::env::var(REQUIRED).is_ok_and(|value| value == "1") => {
            stop("PostgreSQL is required but initdb and pg_ctl were not found")
        }
        None => {
            println!("skipped: PostgreSQL is not installed (neither on the search path nor in /usr/lib/postgresql)");
            None
        }
    }
}

fn create(server: &Server, template: Option<&str>) -> Option<TestDatabase> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("t_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let copied = template.map(|name| format!(" TEMPLATE {name} STRATEGY file_copy")).unwrap_or_default();
    let sql = format!("CREATE DATABASE {name}{copied}");
    match server {
        Server::Own(cluster) => {
            run(&cluster.url("postgres"), &sql);
            Some(TestDatabase { url: cluster.url(&name), drop_from: None })
        }
        Server::Given(url) => {
            run(url, &sql);
            let own = with_database(url, &name);
            Some(TestDatabase { url: own, drop_from: Some(url.clone()) })
        }
    }
}

/// The URL with another database name.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let scheme = base.find("://").map_or(0, |at| at + 3);
    let (head, tail) = base.split_at(scheme);
    let authority = tail.split('/').next().unwrap_or_default();
    format!("{head}{authority}/{name}{query}")
}

fn database_name(url: &str) -> Option<&str> {
    url.split('?').next()?.rsplit('/').next()
}

fn run(url: &str, sql: &str) {
    if let Err(error) = execute(url, sql) {
        stop(&format!("{sql}: {error:?}"))
    }
}

/// Runs statements; works inside asynchronous tests too.
///
/// # Errors
/// When the server cannot be reached or refuses.
///
/// # Panics
/// When no runtime can be made.
pub fn execute(url: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    query(url, sql).map(|_| ())
}

/// Runs statements and hands back their rows as text, with nothing for null.
///
/// # Errors
/// When the server cannot be reached or refuses.
///
/// # Panics
/// When no runtime can be made.
pub fn query(url: &str, sql: &str) -> Result<Vec<Vec<String>>, tokio_postgres::Error> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { stop("no tokio runtime") };
        runtime.block_on(ask(url, sql))
    };
    // On a thread of its own: a runtime cannot be entered from inside another.
    std::thread::scope(|scope| scope.spawn(work).join().unwrap_or_else(|_| stop("the thread panicked")))
}

async fn ask(url: &str, sql: &str) -> Result<Vec<Vec<String>>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let messages = client.simple_query(sql).await?;
    let text =
        |row: &SimpleQueryRow| (0..row.len()).map(|column| row.get(column).unwrap_or_default().to_owned()).collect();
    Ok(messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(text(row)),
            _ => None,
        })
        .collect())
}

#[expect(clippy::panic, reason = "a test helper has nobody to hand an error to")]
fn stop(why: &str) -> ! {
    panic!("{why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_database_is_its_own() {
        let (Some(first), Some(second)) = (database(), database()) else { return };
        assert_ne!(first.url(), second.url());
        execute(first.url(), "CREATE TABLE here (x INT)").unwrap();
        assert!(execute(second.url(), "SELECT * FROM here").is_err());
    }

    #[test]
    fn a_copy_of_the_template_has_its_tables() {
        for _ in 0..2 {
            let Some(copy) = migrated("once", |url| execute(url, "CREATE TABLE once (x INT)").unwrap()) else { return };
            execute(copy.url(), "SELECT * FROM once").unwrap();
        }
    }

    #[test]
    fn the_database_name_of_a_url_is_replaced() {
        assert_eq!(with_database("postgres://u@h:1/a?sslmode=disable", "b"), "postgres://u@h:1/b?sslmode=disable");
        assert_eq!(with_database("postgres://u@h", "b"), "postgres://u@h/b");
        assert_eq!(with_database("postgres:///a?host=/tmp/x", "b"), "postgres:///b?host=/tmp/x");
    }
}
