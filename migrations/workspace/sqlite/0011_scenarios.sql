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

-- Price tests. `body` is what was asked for, as JSON; `treated` and `held` are lists of [product key, price on the shelf in
-- minor units, price in the test], as JSON, in the order of the keys.
CREATE TABLE experiment (
    key       INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    body      TEXT NOT NULL,
    starts    INTEGER NOT NULL,
    treated   TEXT NOT NULL,
    held      TEXT NOT NULL,
    kept_at   INTEGER NOT NULL,
    kept_by   TEXT NOT NULL
) STRICT;
