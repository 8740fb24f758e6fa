-- Competitors' pages that may offer our products, and which of them a person or an equal code has matched.

-- What a page says of itself. `gtins` are separated by blanks. `ignored`: never to be asked about again.
CREATE TABLE found_page (
    key            INTEGER PRIMARY KEY,
    id             BLOB NOT NULL UNIQUE,
    competitor_key INTEGER NOT NULL REFERENCES competitor (key),
    url            TEXT NOT NULL UNIQUE,
    title          TEXT NOT NULL,
    brand          TEXT,
    gtins          TEXT NOT NULL DEFAULT '',
    mpn            TEXT,
    sku            TEXT,
    amount_minor   INTEGER,
    currency       TEXT,
    read_at        INTEGER NOT NULL,
    ignored        INTEGER NOT NULL DEFAULT 0,
    created_seq    INTEGER NOT NULL,
    changed_seq    INTEGER NOT NULL
) STRICT;
CREATE INDEX found_page_competitor ON found_page (competitor_key);

-- A product that a page may offer; `rank` 0 is the most alike. `reasons` and `conflicts` are JSON arrays of words; a decided pair is kept, so that
-- a rejected one never returns.
CREATE TABLE match_candidate (
    page_key         INTEGER NOT NULL REFERENCES found_page (key),
    product_key      INTEGER NOT NULL REFERENCES product (key),
    rank             INTEGER NOT NULL,
    score            INTEGER NOT NULL,
    verdict          TEXT NOT NULL,
    reasons          TEXT NOT NULL,
    conflicts        TEXT NOT NULL,
    pack_numerator   INTEGER NOT NULL,
    pack_denominator INTEGER NOT NULL,
    price_doubt      INTEGER NOT NULL,
    decision         TEXT NOT NULL DEFAULT 'open',
    decided_at       INTEGER,
    decided_by       TEXT,
    created_seq      INTEGER NOT NULL,
    changed_seq      INTEGER NOT NULL,
    PRIMARY KEY (page_key, product_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_candidate_product ON match_candidate (product_key);
