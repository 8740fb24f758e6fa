-- What people want to be alerted of (JSON, as at the contract).
CREATE TABLE alert_rule (
    key        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;

-- What each alert knew at its newest look: which subjects are beyond their limit, references of changes. It is written
-- apart from operations. `version` rises with each look, so that of two programs only one tells what it saw.
CREATE TABLE alert_watch (
    rule_key   INTEGER PRIMARY KEY REFERENCES alert_rule (key),
    version    INTEGER NOT NULL,
    looked_seq INTEGER NOT NULL,
    looked_at  INTEGER NOT NULL,
    beyond     INTEGER NOT NULL,
    known      BLOB NOT NULL
) STRICT;

-- Alerts that were given, with the rule as it was then (JSON): history outlives the rule.
CREATE TABLE alert (
    key     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    rule_id BLOB NOT NULL,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;
CREATE INDEX alert_rule_history ON alert (rule_id, key);

-- Each way of an alert to a person, with how sending stands.
CREATE TABLE alert_delivery (
    key       INTEGER PRIMARY KEY,
    alert_key INTEGER NOT NULL REFERENCES alert (key),
    way       TEXT NOT NULL,
    target    TEXT NOT NULL,
    due_at    INTEGER NOT NULL,
    state     TEXT NOT NULL DEFAULT 'waiting',
    attempts  INTEGER NOT NULL DEFAULT 0,
    taken_at  INTEGER,
    sent_at   INTEGER,
    error     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX alert_delivery_alert ON alert_delivery (alert_key);
CREATE INDEX alert_delivery_due ON alert_delivery (due_at) WHERE state IN ('waiting', 'sending');
