-- Scenarios that a person kept. `body` is the scenario and `answer` what came of it, as JSON; `sequence` and `rule_set_key`
-- say on which catalogue and rules. `basis` is all that decided the answer, compressed, so that it can be computed again;
-- NULL where the catalogue was too large to be kept with it.
CREATE TABLE scenario (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    body         TEXT NOT NULL,
    answer       TEXT NOT NULL,
    sequence     INTEGER NOT NULL,
    rule_set_key INTEGER NOT NULL REFERENCES rule_set (key),
    kept_at      INTEGER NOT NULL,
    kept_by      TEXT NOT NULL,
    basis        BLOB
) STRICT;
