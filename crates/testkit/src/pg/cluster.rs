//! A throw-away cluster on a Unix socket, shared by all test processes of one run.

use super::stop;
use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// No network port, so nothing to collide with.
const SETTINGS: &str = "-c listen_addresses='' -c max_connections=300 -c timezone=UTC -c log_min_messages=fatal";
/// Durability costs time, and a throw-away cluster needs none.
const FORGETFUL: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";
/// What is committed survives the server's own death.
const DURABLE: &str = "-c fsync=off -c synchronous_commit=on";

/// Waits until the parent is gone (looked up in /proc, since another user's process cannot be signalled), then
/// stops the cluster and removes its folder.
const WATCHDOG: &str = r#"while [ -d "/proc/$1" ]; do sleep 1; done
"$2/pg_ctl" -D "$3/data" -m immediate stop >/dev/null 2>&1; rm -rf "$3""#;

/// A running cluster.
pub(super) struct Cluster {
    folder: PathBuf,
}

/// Whom the server runs as: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// The cluster of this test run, started by whoever comes first; none when PostgreSQL is not installed.
    pub(super) fn shared() -> Option<Self> {
        let programs = programs()?;
        let parent = std::os::unix::process::parent_id();
        let folder = std::env::temp_dir().join(format!("tributary-pg-{parent}"));
        let cluster = Self { folder };
        let account = account();
        prepare(&cluster.folder, account);
        cluster.once("cluster", || start(&cluster.folder, &programs, account, (FORGETFUL, parent)));
        Some(cluster)
    }

    /// A cluster of the caller's own that remembers what was committed; none when PostgreSQL is not installed.
    /// It ends with the process.
    pub(super) fn own(name: &str) -> Option<Self> {
        let programs = programs()?;
        let own = std::process::id();
        let cluster = Self { folder: std::env::temp_dir().join(format!("tributary-pg-{own}-{name}")) };
        let account = account();
        prepare(&cluster.folder, account);
        start(&cluster.folder, &programs, account, (DURABLE, own));
        Some(cluster)
    }

    /// Kills the server as a crash does, and starts it again.
    pub(super) fn crash(&self) {
        let Some(programs) = programs() else { stop("PostgreSQL is gone") };
        let restarted = command(&programs.join("pg_ctl"), &self.folder, account())
            .args(["-w", "-m", "immediate", "-D"])
            .arg(self.folder.join("data"))
            .args(["-l"])
            .arg(self.folder.join("log"))
            .arg("restart")
            .status();
        must(restarted.is_ok_and(|status| status.success()), "pg_ctl restart failed");
    }

    /// URL of a database of the cluster.
    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?user=tributary&host={}", self.folder.display())
    }

    /// Does something once per run: a lock file keeps the others waiting, a mark tells that it was done.
    pub(super) fn once(&self, name: &str, work: impl FnOnce()) {
        let lock = File::options().create(true).append(true).open(self.folder.join(format!("{name}.lock")));
        let Ok(lock) = lock else { stop("the lock file of the cluster cannot be opened") };
        if lock.lock().is_err() {
            stop("the cluster cannot be locked");
        }
        let mark = self.folder.join(format!("{name}.ready"));
        if !mark.exists() {
            work();
            if File::create(mark).is_err() {
                stop("the mark of the cluster cannot be written");
            }
        }
    }
}

/// The folder with initdb and pg_ctl: from the search path, else the highest version where Debian puts them.
fn programs() -> Option<PathBuf> {
    let has = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("pg_ctl").exists();
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(has) {
        return Some(found);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<_> = versions.filter_map(|path| Some((number(&path)?, path.join("bin")))).collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).find(has)
}

/// As root: the account `postgres`, or `nobody`. Otherwise none, and everything runs as it is.
fn account() -> Option<Account> {
    if !is_root() {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Account { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    };
    find("postgres").or_else(|| find("nobody"))
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn prepare(folder: &Path, account: Option<Account>) {
    if fs::create_dir_all(folder).is_err() {
        stop("the folder of the cluster cannot be made");
    }
    if let Some(account) = account
        && chown(folder, Some(account.uid), Some(account.gid)).is_err()
    {
        stop("the folder of the cluster cannot be given away");
    }
}

/// Starts a cluster with these settings, for as long as the process with this number lives.
fn start(folder: &Path, programs: &Path, account: Option<Account>, (settings, parent): (&str, u32)) {
    let data = folder.join("data");
    let initdb = command(&programs.join("initdb"), folder, account)
        .args(["--no-sync", "--auth=trust", "--username=tributary", "--encoding=UTF8", "--locale=C", "-D"])
        .arg(&data)
        .status();
    must(initdb.is_ok_and(|status| status.success()), "initdb failed");
    let options = format!("-k '{}' {SETTINGS} {settings}", folder.display());
    let started = command(&programs.join("pg_ctl"), folder, account)
        .args(["-w", "-o", &options, "-l"])
        .arg(folder.join("log"))
        .arg("-D")
        .arg(&data)
        .arg("start")
        .status();
    must(started.is_ok_and(|status| status.success()), "pg_ctl start failed");
    let watchdog = command(Path::new("sh"), folder, account)
        .args(["-c", WATCHDOG, "watchdog", &parent.to_string()])
        .arg(programs)
        .arg(folder)
        .process_group(0)
        .spawn();
    must(watchdog.is_ok(), "the watchdog of the cluster did not start");
}

fn command(program: &Path, folder: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

fn must(done: bool, why: &str) {
    if !done {
        stop(why);
    }
}
