# Short names for what is done often; `just --list` shows them.

# what a fresh machine needs beside rustup and gcc: PostgreSQL's server programs, for the tests
setup:
    rustup show active-toolchain
    sudo apt-get update
    sudo apt-get install -y --no-install-recommends postgresql python3-venv

# the server on data/tributary.db
run *arguments:
    cargo run --release --bin tributary -- serve {{arguments}}

# the whole story on sample data
demo *arguments:
    cargo run --release --bin tributary -- demo {{arguments}}

# every test that this machine can run
test *arguments:
    cargo test --workspace {{arguments}}

# as `test`, but fails where PostgreSQL is missing
test-pg *arguments:
    TRIBUTARY_REQUIRE_POSTGRES=1 cargo test --workspace {{arguments}}

# format and lints, as CI checks them
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# formats the code
fmt:
    cargo fmt --all

# intake, batch and deliveries, each beside its baseline; `just bench --database postgres://…` for another database
bench *arguments:
    cargo run --release -p tributary-bench -- intake {{arguments}}
    cargo run --release -p tributary-bench -- batch {{arguments}}
    cargo run --release -p tributary-bench -- deliver {{arguments}}

# everything that must hold before a change lands
ci:
    bash .ci/run
