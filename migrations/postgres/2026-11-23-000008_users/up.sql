-- People who sign in: to the console, or for a token of the API.

CREATE TABLE app_user (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    -- In lower case.
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
    password_hash TEXT NOT NULL,
    totp_secret TEXT,
    -- Time step of the last code that was used; none while the second factor is being set up.
    totp_step BIGINT,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    disabled_at BIGINT,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, email)
);

-- By the SHA-256 of the token: the token itself is never stored.
CREATE TABLE user_session (
    organization_id BIGINT NOT NULL,
    hash TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('console', 'access', 'refresh')),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, hash),
    FOREIGN KEY (organization_id, user_id) REFERENCES app_user (organization_id, id)
);

CREATE INDEX user_session_user ON user_session (organization_id, user_id);
