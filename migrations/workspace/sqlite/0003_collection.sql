-- How a competitor is collected and which of its readings count (JSON; what is missing is as usual).
ALTER TABLE competitor ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

-- Where the values of a competitor's sites stand, in the form of a recipe's file.
CREATE TABLE site_recipe (
    competitor_key INTEGER NOT NULL REFERENCES competitor (key),
    site           TEXT NOT NULL,
    body           TEXT NOT NULL,
    changed_at     INTEGER NOT NULL,
    changed_by     TEXT NOT NULL,
    PRIMARY KEY (competitor_key, site)
) STRICT, WITHOUT ROWID;

-- Stretches of readings that may be no price at all. They stand apart, so that nothing uses them; an accepted one
-- becomes a span, a rejected one is remembered.
CREATE TABLE quarantined_reading (
    key             INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE,
    listing_key     INTEGER NOT NULL REFERENCES listing (key),
    first_seen      INTEGER NOT NULL,
    last_seen       INTEGER NOT NULL,
    times_seen      INTEGER NOT NULL,
    amount_minor    INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    availability    TEXT NOT NULL,
    condition       TEXT NOT NULL,
    was_minor       INTEGER,
    shipping_minor  INTEGER,
    promotion_text  TEXT,
    flags           INTEGER NOT NULL,
    confidence      TEXT NOT NULL,
    method          TEXT NOT NULL,
    evidence_key    INTEGER REFERENCES evidence (key),
    cause           TEXT NOT NULL,
    decision        TEXT NOT NULL DEFAULT 'waiting',
    decided_at      INTEGER,
    decided_by      TEXT,
    decision_reason TEXT
) STRICT;
CREATE UNIQUE INDEX quarantined_reading_start ON quarantined_reading (listing_key, first_seen);
CREATE INDEX quarantined_reading_decision ON quarantined_reading (decision, last_seen);

-- How long a page may be taken for unchanged without asking, and how to ask (RFC 9111). `reader`: the version that read it.
CREATE TABLE page_cache (
    listing_key INTEGER PRIMARY KEY REFERENCES listing (key),
    reader      TEXT NOT NULL,
    policy      TEXT NOT NULL
) STRICT;

-- What is remembered of each origin (scheme, host, port): robots.txt, pace, pauses, budget, cookies.
CREATE TABLE origin_state (
    origin TEXT PRIMARY KEY,
    state  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- When a competitor is collected: a cron pattern in a time zone.
CREATE TABLE collection_schedule (
    competitor_key INTEGER PRIMARY KEY REFERENCES competitor (key),
    pattern        TEXT NOT NULL,
    time_zone      TEXT NOT NULL,
    paused         INTEGER NOT NULL DEFAULT 0,
    next_at        INTEGER,
    last_at        INTEGER
) STRICT;

-- Listings that a run has taken; those of a run that ended without giving them back are free again.
CREATE TABLE listing_lease (
    listing_key INTEGER PRIMARY KEY REFERENCES listing (key),
    run_key     INTEGER NOT NULL REFERENCES collection_run (key)
) STRICT;
CREATE INDEX listing_lease_run ON listing_lease (run_key);

-- The program ended in the middle of this run.
ALTER TABLE collection_run ADD COLUMN broken_off INTEGER NOT NULL DEFAULT 0;

CREATE INDEX evidence_page ON evidence (at) WHERE page_zstd IS NOT NULL;
