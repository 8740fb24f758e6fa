-- Who approved first where two persons are needed; the proposal waits until another one approves too.
ALTER TABLE proposal ADD COLUMN first_by TEXT;
CREATE INDEX proposal_first ON proposal (batch_key) WHERE first_by IS NOT NULL;

-- Products of a list that nobody wants to decide before a time; it outlives the batch.
CREATE TABLE snooze (
    product_key INTEGER NOT NULL REFERENCES product (key),
    list_key    INTEGER NOT NULL REFERENCES price_list (key),
    until       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (product_key, list_key)
) STRICT, WITHOUT ROWID;

-- What people say about the price of a product in a list; it outlives the batch.
CREATE TABLE price_comment (
    key         INTEGER PRIMARY KEY,
    product_key INTEGER NOT NULL REFERENCES product (key),
    list_key    INTEGER NOT NULL REFERENCES price_list (key),
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX price_comment_product ON price_comment (product_key, list_key);

-- What runs by itself: collect, price, approve by policy, hand over. `settings` is JSON.
CREATE TABLE automation (
    key        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    pattern    TEXT NOT NULL,
    time_zone  TEXT NOT NULL,
    paused     INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER,
    last_at    INTEGER,
    settings   TEXT NOT NULL
) STRICT;

-- What each turn did. `report` is JSON; it stands once the turn has ended.
CREATE TABLE automation_run (
    key            INTEGER PRIMARY KEY,
    automation_key INTEGER NOT NULL REFERENCES automation (key) ON DELETE CASCADE,
    started_at     INTEGER NOT NULL,
    finished_at    INTEGER,
    report         TEXT
) STRICT;
CREATE INDEX automation_run_started ON automation_run (started_at);
