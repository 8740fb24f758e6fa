-- Questions to the assistant with their answers. They change nothing in the workspace, so they belong to no change set.

-- `answer` is the answer as JSON, as it was given; a pinned one stays when the conversation is cleared.
CREATE TABLE assistant_turn (
    key      INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    asked_at INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    question TEXT NOT NULL,
    answer   TEXT NOT NULL,
    pinned   INTEGER NOT NULL DEFAULT 0
) STRICT;
