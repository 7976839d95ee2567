//! Layers, mistakes and masking.

use super::*;

fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into_iter()
}

fn with(pairs: &[(&str, &str)]) -> Config {
    load_from(None, variables(pairs)).unwrap().config
}

fn mistakes(file: &str, pairs: &[(&str, &str)]) -> Vec<Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, file).unwrap();
    load_from(Some(&path), variables(pairs)).unwrap_err().0
}

#[test]
fn the_shipped_defaults_are_right_and_those_of_the_engine() {
    let loaded = load_from(None, std::iter::empty()).unwrap();
    assert!(loaded.origins.is_empty());
    let engine = tributary_engine::Settings::default();
    let config = loaded.config;
    assert_eq!(config.batch.chunk_rows, engine.batch.chunk_rows);
    assert_eq!(config.batch.lease_seconds, engine.batch.lease_seconds);
    assert_eq!((config.intake.queue, config.intake.group_rows), (engine.intake.queue, engine.intake.group_rows));
    assert_eq!(config.webhook.retry_steps, engine.delivery.steps);
    assert_eq!(config.webhook.in_flight, engine.delivery.in_flight);
    assert_eq!(config.webhook.lease_seconds, engine.delivery.lease_seconds);
    assert_eq!(config.webhook.compat_header, engine.delivery.compat_header);
    assert!((config.matching.auto_probability - engine.matching.auto_probability).abs() < 1e-12);
    assert!((config.matching.review_probability - engine.matching.review_probability).abs() < 1e-12);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, "[batch]\nchunk_rows = 7\nthreads = 3\n[server]\nlisten = \"0.0.0.0:1\"\n").unwrap();
    let loaded = load_from(Some(&path), variables(&[("TRIBUTARY_BATCH__CHUNK_ROWS", "9")])).unwrap();
    assert_eq!((loaded.config.batch.chunk_rows, loaded.config.batch.threads), (9, 3));
    assert_eq!(loaded.config.server.listen, "0.0.0.0:1");
    assert_eq!(loaded.config.batch.lease_seconds, 60);
    assert_eq!(loaded.origins["batch.chunk_rows"], "TRIBUTARY_BATCH__CHUNK_ROWS");
    assert!(loaded.origins["batch.threads"].ends_with("own.toml"));
    assert!(!loaded.origins.contains_key("batch.lease_seconds"));
}

#[test]
fn the_variables_that_scripts_use_are_understood() {
    let config = with(&[
        ("TRIBUTARY_DATABASE__URL", "postgres://a:b@localhost/x"),
        ("TRIBUTARY_SERVER__LISTEN", "127.0.0.1:0"),
        ("TRIBUTARY_WEBHOOK__ALLOW_CIDRS", "127.0.0.0/8, ::1/128"),
        ("TRIBUTARY_WEBHOOK__ALLOW_HTTP", "true"),
        ("TRIBUTARY_WEBHOOK__RETRY_STEPS", "0,1,2"),
        ("TRIBUTARY_LIMITS__REQUESTS_PER_HOUR", "0"),
        ("TRIBUTARY_SCHEDULE__ENABLED", "false"),
        ("TRIBUTARY_SCHEDULE__CRON", "30 2 * * 1-5"),
        ("TRIBUTARY_MATCHING__AUTO_PROBABILITY", "0.97"),
        ("TRIBUTARY_LOG__FORMAT", "json"),
        ("TRIBUTARY_TEST_PG", "postgres://not/ours"),
    ]);
    assert_eq!(config.database.url, "postgres://a:b@localhost/x");
    assert_eq!(config.webhook.allow_cidrs, ["127.0.0.0/8", "::1/128"]);
    assert!(config.webhook.allow_http);
    assert_eq!(config.webhook.retry_steps, [0, 1, 2]);
    assert_eq!(config.limits.requests_per_hour, 0);
    assert!(!config.schedule.enabled);
    assert_eq!(config.schedule.cron, "30 2 * * 1-5");
    assert!((config.matching.auto_probability - 0.97).abs() < 1e-12);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn lists_may_be_toml_or_one_item_or_empty_in_the_environment() {
    let steps = |text| with(&[("TRIBUTARY_WEBHOOK__RETRY_STEPS", text)]).webhook.retry_steps;
    assert_eq!(steps("[1, 2]"), [1, 2]);
    assert_eq!(steps("5"), [5]);
    assert!(with(&[("TRIBUTARY_WEBHOOK__ALLOW_CIDRS", "")]).webhook.allow_cidrs.is_empty());
}

#[test]
fn every_mistake_is_told_at_once_with_its_key_and_origin() {
    let file = "[server]\nlisten = \"nowhere\"\nport = 1\n[batch]\nchunk_rows = \"many\"\n[colour]\nred = 1\n";
    let found = mistakes(file, &[("TRIBUTARY_WEBHOOK__ALLOW_CIDRS", "10.0.0.0/99"), ("TRIBUTARY_LOG__FORMAT", "xml")]);
    let keys: Vec<&str> = found.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        ["batch.chunk_rows", "colour.red", "server.port", "log.format", "server.listen", "webhook.allow_cidrs"]
    );
    assert!(found.iter().any(|problem| problem.origin == "TRIBUTARY_LOG__FORMAT"));
    assert!(found.first().unwrap().origin.ends_with("own.toml"));
}

#[test]
fn broken_toml_and_a_missing_file_are_mistakes_of_the_file() {
    assert!(mistakes("[server\n", &[])[0].key.is_empty());
    let missing = load_from(Some("no/such.toml".as_ref()), std::iter::empty()).unwrap_err();
    assert!(missing.to_string().contains("no/such.toml"));
}

#[test]
fn rules_that_join_two_keys_are_checked() {
    let found = mistakes("[webhook]\ntimeout_seconds = 40\n[matching]\nreview_probability = 0.999\n", &[]);
    let keys: Vec<&str> = found.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["matching.review_probability", "webhook.lease_seconds"]);
}

#[test]
fn passwords_are_masked_everywhere() {
    let secret = "hunter2-öß";
    let urls = [
        format!("postgres://app:{secret}@db:5432/x"),
        format!("postgres://db/x?user=app&password={secret}"),
        format!("postgres://app:{secret}@db:port/x"),
    ];
    for url in urls {
        let shown = masked_url(&url);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
    assert_eq!(masked_url("sqlite:data/tributary.db"), "sqlite:data/tributary.db");
    assert_eq!(masked_url("postgres://app@db/x"), "postgres://app@db/x");
    let loaded = load_from(None, variables(&[("TRIBUTARY_DATABASE__URL", "postgres://a:hunter2@db/x")])).unwrap();
    assert!(!to_toml(&loaded).unwrap().contains("hunter2"));
    assert!(!to_json(&loaded.config).unwrap().to_string().contains("hunter2"));
}

#[test]
fn what_dump_prints_loads_again() {
    let loaded = load_from(None, variables(&[("TRIBUTARY_LIMITS__REQUESTS_PER_HOUR", "12")])).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dumped.toml");
    std::fs::write(&path, to_toml(&loaded).unwrap()).unwrap();
    assert_eq!(load_from(Some(&path), std::iter::empty()).unwrap().config, loaded.config);
}

#[test]
fn the_examples_are_right() {
    for name in ["small.toml", "scale.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/examples").join(name);
        load_from(Some(&path), std::iter::empty()).unwrap();
    }
}
