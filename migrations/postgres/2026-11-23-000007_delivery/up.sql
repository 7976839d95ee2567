-- Delivery of events: a feed in order of commit, secrets that overlap, replays, pauses, retention.

-- Place of an event in the feed. It is given under a lock that lasts until the commit, so it follows the
-- order of commits, which the order of ids does not.
ALTER TABLE event ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
UPDATE event SET position = n.position FROM (SELECT organization_id, id, row_number() OVER
    (PARTITION BY organization_id ORDER BY id) AS position FROM event) AS n
    WHERE n.organization_id = event.organization_id AND n.id = event.id;
INSERT INTO id_counter (organization_id, name, next)
    SELECT organization_id, 'event', max(position) + 1 FROM event GROUP BY organization_id;
CREATE UNIQUE INDEX event_position ON event (organization_id, position);
-- Replay of one contact's events.
CREATE INDEX event_contact ON event (organization_id, contact_id, position);

-- Secrets and headers are sealed text. `options` are the signature schemes beside the standard one.
ALTER TABLE webhook ADD COLUMN previous_secrets TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webhook ADD COLUMN headers TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
-- Set while the system has paused deliveries: since when, and when the next probe is due.
ALTER TABLE webhook ADD COLUMN paused_at BIGINT;
ALTER TABLE webhook ADD COLUMN probe_at BIGINT;
-- When the operator was told that this receiver fails.
ALTER TABLE webhook ADD COLUMN warned_at BIGINT;

-- Attempts made before the delivery was last replayed: the schedule begins anew, the numbers go on.
ALTER TABLE delivery ADD COLUMN earlier_attempts INTEGER NOT NULL DEFAULT 0;
-- What is not delivered, for lists and for the probe of a paused receiver.
CREATE INDEX delivery_open ON delivery (organization_id, webhook_id, event_id) WHERE state <> 'delivered';

-- Counted when a delivery ends, since the rows themselves are removed in time.
CREATE TABLE delivery_total (
    organization_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    PRIMARY KEY (organization_id, webhook_id)
);
INSERT INTO delivery_total (organization_id, webhook_id, delivered)
    SELECT organization_id, webhook_id, count(*) FROM delivery WHERE state = 'delivered'
    GROUP BY organization_id, webhook_id;

-- A request to send events again, done in steps. No foreign key: it outlives its subscription.
CREATE TABLE replay (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    contact_id BIGINT,
    since BIGINT,
    until BIGINT,
    only_dead BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Events up to this place are dealt with, and those after the last place happened later.
    position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    replayed BIGINT NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX replay_running ON replay (organization_id, id) WHERE state = 'running';
