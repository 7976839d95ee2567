//! A world of its own for each story: an empty database, settings, a folder.

use super::{Server, binary, conserved, skipped};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use tributary_testkit::pg::{self, TestDatabase};

/// Settings of every process: a free port, receivers on this machine, no budget, no nights.
const SETTINGS: &[(&str, &str)] = &[
    ("TRIBUTARY_SERVER__LISTEN", "127.0.0.1:0"),
    ("TRIBUTARY_WEBHOOK__ALLOW_CIDRS", "127.0.0.0/8"),
    ("TRIBUTARY_WEBHOOK__ALLOW_HTTP", "true"),
    ("TRIBUTARY_LIMITS__REQUESTS_PER_HOUR", "0"),
    ("TRIBUTARY_SCHEDULE__ENABLED", "false"),
];

/// A database and the settings of the processes that work on it.
#[derive(Clone)]
pub struct World {
    folder: Arc<tempfile::TempDir>,
    url: String,
    settings: Vec<(String, String)>,
    /// Dropped with the last clone.
    _database: Option<Arc<TestDatabase>>,
}

impl World {
    /// A world on a new SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tributary.db").display());
        Self::new(folder, url, None)
    }

    /// A world on a new PostgreSQL database.
    pub fn postgres() -> Self {
        let database = pg::database().expect("PostgreSQL was there a moment ago");
        let url = database.url().to_owned();
        Self::new(tempfile::tempdir().unwrap(), url, Some(Arc::new(database)))
    }

    /// Whether PostgreSQL can be used; tells when it cannot.
    pub fn postgres_is_here() -> bool {
        static HERE: OnceLock<bool> = OnceLock::new();
        let here = *HERE.get_or_init(|| pg::database().is_some());
        if !here {
            skipped(std::thread::current().name().unwrap_or_default(), "PostgreSQL is not installed");
        }
        here
    }

    /// A world on a database that is there already, and empty.
    pub fn on(url: &str) -> Self {
        Self::new(tempfile::tempdir().unwrap(), url.to_owned(), None)
    }

    fn new(folder: tempfile::TempDir, url: String, database: Option<Arc<TestDatabase>>) -> Self {
        let settings = SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut settings: Vec<_> = settings.collect();
        settings.push(("TRIBUTARY_DATABASE__URL".to_owned(), url.clone()));
        Self { folder: Arc::new(folder), url, settings, _database: database }
    }

    /// The same world with another setting.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The world's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the world's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with these arguments and nothing of the caller's own settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TRIBUTARY_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).args(arguments);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end, whatever that is.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The one JSON object that a command prints.
    pub fn cli(&self, arguments: &[&str]) -> Value {
        let done = self.run(&[arguments, &["--json"]].concat());
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        let told: Value =
            serde_json::from_slice(&done.stdout).expect("one JSON value and nothing else on standard output");
        if arguments.starts_with(&["batch", "run"]) {
            conserved::run(&told);
        }
        told
    }

    /// A new organization, by id.
    pub fn organization(&self, name: &str) -> String {
        self.cli(&["organization", "create", name, "--time-zone", "UTC"])["id"].to_string()
    }

    /// A new key that may do everything.
    pub fn key(&self, organization: &str) -> String {
        let made = self.cli(&["key", "create", "--organization", organization, "--name", "story"]);
        made["key"].as_str().unwrap().to_owned()
    }

    /// Loads contacts that are on file already.
    pub fn load(&self, organization: &str, rows: &[Value]) {
        let file = self.file("on_file.jsonl");
        super::write_rows(&file, rows);
        let file = file.display().to_string();
        self.cli(&["import", &file, "--organization", organization, "--source", "crm", "--as", "contacts"]);
    }

    /// The decisions of an organization as exported, in order of receipt.
    pub fn decisions(&self, organization: &str) -> Vec<Value> {
        let file = self.file("decisions.jsonl");
        let path = file.display().to_string();
        self.cli(&["export", "decisions", "--organization", organization, "--output", &path]);
        read_lines(&file)
    }

    /// Starts `serve`.
    pub fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }
}

/// The rows of a JSON lines file.
pub fn read_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
