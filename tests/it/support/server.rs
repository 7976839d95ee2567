//! A running `tributary serve`.

use super::Client;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the log says once HTTP is served.
const LISTENING: &str = "listening on http://";
/// Longest start, migrations included.
const START: Duration = Duration::from_secs(60);
/// Lines of the log that are shown when a story fails.
const SHOWN: usize = 30;

/// The process; killed when dropped.
pub struct Server {
    child: Child,
    base: String,
    log: Arc<Mutex<VecDeque<String>>>,
}

impl Server {
    /// Starts the command and waits until it serves.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, told) = channel();
        let log = Arc::new(Mutex::new(VecDeque::new()));
        let (pipe, kept) = (child.stderr.take().unwrap(), log.clone());
        std::thread::spawn(move || follow(pipe, &kept, &tell));
        let mut server = Self { child, base: String::new(), log };
        server.base = told.recv_timeout(START).expect("the server says where it listens");
        server
    }

    /// Where it listens, as `http://ADDRESS`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A client with this key.
    pub fn client(&self, key: &str) -> Client {
        Client::new(&self.base, key)
    }

    /// Whether one of the last lines of its log says this.
    pub fn logged(&self, text: &str) -> bool {
        self.log.lock().unwrap().iter().any(|line| line.contains(text))
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Asks it to stop, as a service manager does; it must end with status 0.
    pub fn stop(mut self) {
        self.signal("TERM");
        let ended = super::until("the server's end", || self.child.try_wait().unwrap());
        assert_eq!(ended.code(), Some(0));
    }
}

/// Keeps the end of the log, and tells where the server listens.
fn follow(pipe: ChildStderr, log: &Mutex<VecDeque<String>>, tell: &Sender<String>) {
    for line in BufReader::new(pipe).lines().map_while(Result::ok) {
        if let Some((_, address)) = line.split_once(LISTENING) {
            // Nobody waits any more when the start took too long.
            let _ = tell.send(format!("http://{}", address.split_whitespace().next().unwrap_or_default()));
        }
        let mut log = log.lock().unwrap();
        log.push_back(line);
        if log.len() > SHOWN {
            log.pop_front();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log.lock().unwrap();
            println!("--- end of the server's log\n{}\n---", log.iter().cloned().collect::<Vec<_>>().join("\n"));
        }
    }
}
