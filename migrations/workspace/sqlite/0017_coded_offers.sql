-- What few words say in every row of `offer_span` is kept as the word's place in its list (`pricing-domain`), which takes
-- no byte or one, and read as the word. A list only ever grows at its end, by a migration that makes the column anew.
CREATE TABLE coded_offer_span (
    listing_key       INTEGER NOT NULL REFERENCES listing (key),
    first_seen        INTEGER NOT NULL,
    last_seen         INTEGER NOT NULL,
    times_seen        INTEGER NOT NULL,
    amount_minor      INTEGER NOT NULL,
    currency          TEXT NOT NULL,
    kind_code         INTEGER NOT NULL,
    availability_code INTEGER NOT NULL,
    condition_code    INTEGER NOT NULL,
    tax_included      INTEGER NOT NULL DEFAULT 1,
    was_minor         INTEGER,
    shipping_minor    INTEGER,
    deposit_minor     INTEGER,
    quantity_milli    INTEGER,
    seller_key        INTEGER REFERENCES seller (key),
    place             TEXT,
    promotion_text    TEXT,
    flags             INTEGER NOT NULL DEFAULT 0,
    confidence_code   INTEGER NOT NULL,
    method_code       INTEGER NOT NULL,
    evidence_key      INTEGER REFERENCES evidence (key),
    kind TEXT NOT NULL AS (CASE kind_code
        WHEN 0 THEN 'regular' WHEN 1 THEN 'promotion' WHEN 2 THEN 'member' WHEN 3 THEN 'coupon' END) VIRTUAL,
    availability TEXT NOT NULL AS (CASE availability_code
        WHEN 0 THEN 'InStock' WHEN 1 THEN 'LimitedAvailability' WHEN 2 THEN 'BackOrder' WHEN 3 THEN 'PreOrder'
        WHEN 4 THEN 'InStoreOnly' WHEN 5 THEN 'OnlineOnly' WHEN 6 THEN 'OutOfStock' WHEN 7 THEN 'SoldOut'
        WHEN 8 THEN 'Discontinued' WHEN 9 THEN 'Unknown' END) VIRTUAL,
    condition TEXT NOT NULL AS (CASE condition_code
        WHEN 0 THEN 'new' WHEN 1 THEN 'used' WHEN 2 THEN 'refurbished' WHEN 3 THEN 'damaged' END) VIRTUAL,
    confidence TEXT NOT NULL AS (CASE confidence_code
        WHEN 0 THEN 'high' WHEN 1 THEN 'medium' WHEN 2 THEN 'low' END) VIRTUAL,
    method TEXT NOT NULL AS (CASE method_code
        WHEN 0 THEN 'json_ld' WHEN 1 THEN 'microdata' WHEN 2 THEN 'rdfa' WHEN 3 THEN 'open_graph'
        WHEN 4 THEN 'embedded_state' WHEN 5 THEN 'selector' WHEN 6 THEN 'visible' WHEN 7 THEN 'file' END) VIRTUAL,
    PRIMARY KEY (listing_key, first_seen)
) STRICT, WITHOUT ROWID;

INSERT INTO coded_offer_span
    (listing_key, first_seen, last_seen, times_seen, amount_minor, currency, kind_code, availability_code, condition_code,
     tax_included, was_minor, shipping_minor, deposit_minor, quantity_milli, seller_key, place, promotion_text, flags,
     confidence_code, method_code, evidence_key)
SELECT listing_key, first_seen, last_seen, times_seen, amount_minor, currency,
    CASE kind WHEN 'regular' THEN 0 WHEN 'promotion' THEN 1 WHEN 'member' THEN 2 WHEN 'coupon' THEN 3 END,
    CASE availability WHEN 'InStock' THEN 0 WHEN 'LimitedAvailability' THEN 1 WHEN 'BackOrder' THEN 2
    WHEN 'PreOrder' THEN 3 WHEN 'InStoreOnly' THEN 4 WHEN 'OnlineOnly' THEN 5 WHEN 'OutOfStock' THEN 6
    WHEN 'SoldOut' THEN 7 WHEN 'Discontinued' THEN 8 WHEN 'Unknown' THEN 9 END,
    CASE condition WHEN 'new' THEN 0 WHEN 'used' THEN 1 WHEN 'refurbished' THEN 2 WHEN 'damaged' THEN 3 END,
    tax_included, was_minor, shipping_minor, deposit_minor, quantity_milli, seller_key, place, promotion_text, flags,
    CASE confidence WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 END,
    CASE method WHEN 'json_ld' THEN 0 WHEN 'microdata' THEN 1 WHEN 'rdfa' THEN 2 WHEN 'open_graph' THEN 3
    WHEN 'embedded_state' THEN 4 WHEN 'selector' THEN 5 WHEN 'visible' THEN 6 WHEN 'file' THEN 7 END,
    evidence_key
FROM offer_span ORDER BY listing_key, first_seen;

DROP TABLE offer_span;
ALTER TABLE coded_offer_span RENAME TO offer_span;
CREATE INDEX offer_span_first_seen ON offer_span (first_seen);
