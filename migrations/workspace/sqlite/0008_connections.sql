-- Shops and other receivers of prices. Their keys are in the system's keychain, never here. `list_key`: whose prices go
-- there (NULL: of a shop the default list's, of a receiver those of all lists). `facts`: what the shop said of itself last
-- (JSON). A removed one stays for the hand-overs that name it.
CREATE TABLE connection (
    key        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    list_key   INTEGER REFERENCES price_list (key),
    facts      TEXT,
    created_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX connection_name ON connection (name COLLATE NOCASE) WHERE removed_at IS NULL;

-- What became of the newest of each task.
CREATE TABLE connection_run (
    connection_key INTEGER NOT NULL REFERENCES connection (key),
    task           TEXT NOT NULL,
    at             INTEGER NOT NULL,
    failed         INTEGER NOT NULL,
    message        TEXT NOT NULL,
    PRIMARY KEY (connection_key, task)
) STRICT, WITHOUT ROWID;

-- A hand-over to a shop: the prices that are intended are recorded before anything is sent. `due_at`: when it is taken up
-- (again) by itself; NULL: when a person says so.
ALTER TABLE publication ADD COLUMN connection_key INTEGER REFERENCES connection (key);
ALTER TABLE publication ADD COLUMN other_prices TEXT NOT NULL DEFAULT 'leave';
ALTER TABLE publication ADD COLUMN due_at INTEGER;
ALTER TABLE publication ADD COLUMN ended_at INTEGER;
ALTER TABLE publication ADD COLUMN message TEXT NOT NULL DEFAULT '';
CREATE INDEX publication_due ON publication (due_at) WHERE due_at IS NOT NULL;

-- `part`: what is sent at once. `shown_minor`: what the shop showed when it was looked at last.
ALTER TABLE publication_price ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publication_price ADD COLUMN shown_minor INTEGER;
ALTER TABLE publication_price ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE publication_price ADD COLUMN settled_seq INTEGER;
ALTER TABLE publication_price ADD COLUMN settled_at INTEGER;
CREATE INDEX publication_price_proposal ON publication_price (proposal_key);
