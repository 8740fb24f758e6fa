-- What a workspace holds from the first day. Units and conventions: ../../README.md

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what. Everything an operation wrote hangs from its entry.
CREATE TABLE audit (
    key       INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    at        INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    operation TEXT NOT NULL,
    summary   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);

-- Field changes of an operation on single entities. Bulk operations keep before-images in their change set instead.
CREATE TABLE audit_change (
    audit_key  INTEGER NOT NULL REFERENCES audit (key),
    entity     TEXT NOT NULL,
    entity_key INTEGER NOT NULL,
    field      TEXT NOT NULL,
    old_value  TEXT,
    new_value  TEXT,
    PRIMARY KEY (audit_key, entity, entity_key, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_change_entity ON audit_change (entity, entity_key);

-- The change sequence. `images` holds what updated rows held before and after, compressed. `products` holds the keys
-- of the products whose prices, limits, proposals or offers changed, separated by commas; NULL: any product may have changed.
CREATE TABLE change_set (
    key       INTEGER PRIMARY KEY AUTOINCREMENT,
    id        BLOB NOT NULL UNIQUE,
    audit_key INTEGER NOT NULL REFERENCES audit (key),
    at        INTEGER NOT NULL,
    summary   TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    undoable  INTEGER NOT NULL,
    undone_by INTEGER REFERENCES change_set (key),
    images    BLOB,
    products  TEXT
) STRICT;

-- Price lists: zones, countries, channels, store and customer groups.
CREATE TABLE price_list (
    key           INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    code          TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    currency      TEXT NOT NULL,
    tax_mode      TEXT NOT NULL,
    country       TEXT NOT NULL DEFAULT '',
    channel       TEXT NOT NULL DEFAULT '',
    time_zone     TEXT NOT NULL DEFAULT 'UTC',
    rounding      TEXT NOT NULL DEFAULT '{}',
    parent_key    INTEGER REFERENCES price_list (key),
    is_default    INTEGER NOT NULL DEFAULT 0,
    created_seq   INTEGER NOT NULL,
    changed_seq   INTEGER NOT NULL
) STRICT;

CREATE TABLE vat_rate (
    class      TEXT NOT NULL,
    country    TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    rate_bp    INTEGER NOT NULL,
    PRIMARY KEY (class, country, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE exchange_rate (
    base     TEXT NOT NULL,
    quote    TEXT NOT NULL,
    day      INTEGER NOT NULL,
    mantissa INTEGER NOT NULL,
    scale    INTEGER NOT NULL,
    source   TEXT NOT NULL,
    PRIMARY KEY (base, quote, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE brand (
    key  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE supplier (
    key  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A category is its path (`TV & Audio > Headphones`); a moved category is a new path in a new version.
CREATE TABLE category (
    key     INTEGER PRIMARY KEY,
    path    TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE product (
    key               INTEGER PRIMARY KEY,
    id                BLOB NOT NULL UNIQUE,
    sku               TEXT NOT NULL UNIQUE,
    name              TEXT NOT NULL,
    mpn               TEXT,
    brand_key         INTEGER REFERENCES brand (key),
    own_brand         INTEGER,
    supplier_key      INTEGER REFERENCES supplier (key),
    buyer             TEXT,
    category_key      INTEGER REFERENCES category (key),
    item_group_id     TEXT,
    style             TEXT,
    colour            TEXT,
    size              TEXT,
    net_content_micro INTEGER,
    content_unit      TEXT,
    pack_items        INTEGER,
    deposit_minor     INTEGER,
    lifecycle         TEXT,
    role              TEXT,
    key_value         INTEGER,
    vat_class         TEXT,
    tags              TEXT,
    attributes        TEXT,
    created_seq       INTEGER NOT NULL,
    changed_seq       INTEGER NOT NULL
) STRICT;
CREATE INDEX product_changed ON product (changed_seq);

CREATE TABLE product_gtin (
    product_key INTEGER NOT NULL REFERENCES product (key),
    gtin        INTEGER NOT NULL,
    kind        TEXT NOT NULL DEFAULT 'each',
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL,
    PRIMARY KEY (product_key, gtin)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_gtin_number ON product_gtin (gtin);

-- Variants, ladders by size, distances between brands, good-better-best. A product may be in several.
CREATE TABLE family (
    key  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL DEFAULT 'size_ladder'
) STRICT;

CREATE TABLE product_family (
    product_key INTEGER NOT NULL REFERENCES product (key),
    family_key  INTEGER NOT NULL REFERENCES family (key),
    rank        INTEGER,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL,
    PRIMARY KEY (product_key, family_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_family_family ON product_family (family_key);

CREATE TABLE stock (
    product_key INTEGER NOT NULL REFERENCES product (key),
    location    TEXT NOT NULL,
    quantity    INTEGER NOT NULL,
    inbound     INTEGER,
    inbound_day INTEGER,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL,
    PRIMARY KEY (product_key, location)
) STRICT, WITHOUT ROWID;

CREATE TABLE cost (
    product_key  INTEGER NOT NULL REFERENCES product (key),
    cost_type    TEXT NOT NULL,
    supplier_key INTEGER NOT NULL,
    valid_from   INTEGER NOT NULL,
    amount_micro INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    unit         TEXT,
    created_seq  INTEGER NOT NULL,
    changed_seq  INTEGER NOT NULL,
    PRIMARY KEY (product_key, cost_type, supplier_key, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE funding (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    supplier_key INTEGER REFERENCES supplier (key),
    product_key  INTEGER REFERENCES product (key),
    promotion_key INTEGER,
    amount_micro INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER
) STRICT;

CREATE TABLE fee (
    list_key     INTEGER NOT NULL REFERENCES price_list (key),
    category_key INTEGER NOT NULL,
    valid_from   INTEGER NOT NULL,
    percent_bp   INTEGER NOT NULL,
    fixed_micro  INTEGER NOT NULL,
    PRIMARY KEY (list_key, category_key, valid_from)
) STRICT, WITHOUT ROWID;

-- What we charge, have charged and will charge. `valid_to IS NULL`: until further notice.
CREATE TABLE price (
    key                INTEGER PRIMARY KEY,
    product_key        INTEGER NOT NULL REFERENCES product (key),
    list_key           INTEGER NOT NULL REFERENCES price_list (key),
    price_type         TEXT NOT NULL,
    min_quantity_milli INTEGER NOT NULL DEFAULT 0,
    amount_minor       INTEGER NOT NULL,
    valid_from         INTEGER NOT NULL,
    valid_to           INTEGER,
    state              TEXT NOT NULL,
    cause              TEXT NOT NULL,
    cause_key          INTEGER,
    created_seq        INTEGER NOT NULL,
    changed_seq        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX price_validity ON price (product_key, list_key, price_type, min_quantity_milli, valid_from);

-- Limits and reference prices of a product on a list. Four different things beside the own price, never mixed.
CREATE TABLE price_bound (
    product_key      INTEGER NOT NULL REFERENCES product (key),
    list_key         INTEGER NOT NULL REFERENCES price_list (key),
    min_minor        INTEGER,
    max_minor        INTEGER,
    map_minor        INTEGER,
    rrp_minor        INTEGER,
    compare_at_minor INTEGER,
    created_seq      INTEGER NOT NULL,
    changed_seq      INTEGER NOT NULL,
    PRIMARY KEY (product_key, list_key)
) STRICT, WITHOUT ROWID;

-- Leaflet, contract, fixed-price goods.
CREATE TABLE price_lock (
    key         INTEGER PRIMARY KEY,
    product_key INTEGER NOT NULL REFERENCES product (key),
    list_key    INTEGER NOT NULL REFERENCES price_list (key),
    kind        TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_to    INTEGER,
    reason      TEXT NOT NULL,
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX price_lock_start ON price_lock (product_key, list_key, valid_from);

-- A person's price with a reason and an end; it stands above rules and below law and locks.
CREATE TABLE price_override (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    product_key  INTEGER NOT NULL REFERENCES product (key),
    list_key     INTEGER NOT NULL REFERENCES price_list (key),
    amount_minor INTEGER NOT NULL,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER,
    reason       TEXT NOT NULL,
    created_seq  INTEGER NOT NULL,
    changed_seq  INTEGER NOT NULL
) STRICT;

CREATE TABLE promotion (
    key          INTEGER PRIMARY KEY,
    code         TEXT NOT NULL,
    list_key     INTEGER NOT NULL REFERENCES price_list (key),
    product_key  INTEGER NOT NULL REFERENCES product (key),
    name         TEXT NOT NULL,
    mechanic     TEXT NOT NULL,
    value_text   TEXT,
    price_minor  INTEGER,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER,
    funding_micro INTEGER,
    created_seq  INTEGER NOT NULL,
    changed_seq  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX promotion_start ON promotion (product_key, list_key, code, valid_from);

CREATE TABLE competitor (
    key         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    name        TEXT NOT NULL UNIQUE,
    country     TEXT NOT NULL DEFAULT '',
    hints       TEXT NOT NULL DEFAULT '{}',
    created_seq INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE seller (
    key            INTEGER PRIMARY KEY,
    competitor_key INTEGER NOT NULL REFERENCES competitor (key),
    name           TEXT NOT NULL,
    UNIQUE (competitor_key, name)
) STRICT;

-- One of our products on a competitor's page, with what the newest reading said.
CREATE TABLE listing (
    key              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE,
    product_key      INTEGER NOT NULL REFERENCES product (key),
    competitor_key   INTEGER NOT NULL REFERENCES competitor (key),
    url              TEXT NOT NULL,
    match_type       TEXT NOT NULL,
    pack_numerator   INTEGER NOT NULL DEFAULT 1,
    pack_denominator INTEGER NOT NULL DEFAULT 1,
    decision         TEXT NOT NULL DEFAULT 'accepted',
    created_seq      INTEGER NOT NULL,
    changed_seq      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX listing_page ON listing (product_key, url);
CREATE INDEX listing_competitor ON listing (competitor_key);

-- The newest reading of a listing and when it is due again; apart from `listing`, because collection writes it often.
CREATE TABLE listing_reading (
    listing_key   INTEGER PRIMARY KEY REFERENCES listing (key),
    due_at        INTEGER NOT NULL,
    read_at       INTEGER NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL,
    title         TEXT,
    etag          TEXT,
    last_modified TEXT
) STRICT;
CREATE INDEX listing_reading_state ON listing_reading (state);

-- A stretch of unchanged offers: what a buyer could pay, from the first to the last time it was seen.
CREATE TABLE offer_span (
    listing_key    INTEGER NOT NULL REFERENCES listing (key),
    first_seen     INTEGER NOT NULL,
    last_seen      INTEGER NOT NULL,
    times_seen     INTEGER NOT NULL,
    amount_minor   INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    kind           TEXT NOT NULL,
    availability   TEXT NOT NULL,
    condition      TEXT NOT NULL,
    tax_included   INTEGER NOT NULL DEFAULT 1,
    was_minor      INTEGER,
    shipping_minor INTEGER,
    deposit_minor  INTEGER,
    quantity_milli INTEGER,
    seller_key     INTEGER REFERENCES seller (key),
    place          TEXT,
    promotion_text TEXT,
    flags          INTEGER NOT NULL DEFAULT 0,
    confidence     TEXT NOT NULL,
    method         TEXT NOT NULL,
    evidence_key   INTEGER REFERENCES evidence (key),
    PRIMARY KEY (listing_key, first_seen)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_span_first_seen ON offer_span (first_seen);

-- Where a price was read: the piece of the page, and the page itself for a time.
CREATE TABLE evidence (
    key         INTEGER PRIMARY KEY,
    listing_key INTEGER NOT NULL REFERENCES listing (key),
    at          INTEGER NOT NULL,
    url         TEXT NOT NULL,
    fragment    TEXT NOT NULL,
    sha256      BLOB,
    page_zstd   BLOB
) STRICT;
CREATE INDEX evidence_listing ON evidence (listing_key);

-- A stretch of readings that gave no usable price, for the same reason.
CREATE TABLE failure_span (
    listing_key INTEGER NOT NULL REFERENCES listing (key),
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    times       INTEGER NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (listing_key, first_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_run (
    key         INTEGER PRIMARY KEY,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    pages       INTEGER NOT NULL DEFAULT 0,
    prices      INTEGER NOT NULL DEFAULT 0,
    moved       INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    cancelled   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Units sold by day. `list_key` 0: not known on which list.
CREATE TABLE sales (
    product_key       INTEGER NOT NULL REFERENCES product (key),
    day               INTEGER NOT NULL,
    list_key          INTEGER NOT NULL DEFAULT 0,
    units_milli       INTEGER NOT NULL,
    net_revenue_micro INTEGER,
    price_micro       INTEGER,
    promotion         TEXT,
    created_seq       INTEGER NOT NULL,
    changed_seq       INTEGER NOT NULL,
    PRIMARY KEY (product_key, day, list_key)
) STRICT, WITHOUT ROWID;

-- Units of the 28 days up to the newest day of sales: the volumes by which effects are weighed.
CREATE TABLE product_volume (
    product_key INTEGER PRIMARY KEY REFERENCES product (key),
    units_milli INTEGER NOT NULL
) STRICT;

-- Rule sets are versioned; a version is never edited once it has priced.
CREATE TABLE rule_set (
    key        INTEGER PRIMARY KEY,
    version    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;

CREATE TABLE batch (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    rule_set_key INTEGER NOT NULL REFERENCES rule_set (key),
    created_at   INTEGER NOT NULL,
    finished     INTEGER NOT NULL DEFAULT 0,
    totals       TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- Products whose price does not change and needs nobody have no row. `inputs` is all that decided the price.
CREATE TABLE proposal (
    key             INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE,
    batch_key       INTEGER NOT NULL REFERENCES batch (key),
    product_key     INTEGER NOT NULL REFERENCES product (key),
    list_key        INTEGER NOT NULL REFERENCES price_list (key),
    kind            TEXT NOT NULL,
    status          TEXT NOT NULL,
    reason          INTEGER NOT NULL,
    change_bp       INTEGER,
    old_minor       INTEGER,
    new_minor       INTEGER,
    lawful_minor    INTEGER,
    floor_minor     INTEGER,
    ceiling_minor   INTEGER,
    margin_bp       INTEGER,
    cost_micro      INTEGER,
    lowest_minor    INTEGER,
    rule            INTEGER NOT NULL,
    inputs          BLOB NOT NULL,
    decided_by      TEXT,
    decided_at      INTEGER,
    decision_reason TEXT,
    changed_seq     INTEGER NOT NULL
) STRICT;
CREATE INDEX proposal_batch ON proposal (batch_key, status, reason, change_bp);
CREATE INDEX proposal_product ON proposal (product_key);

-- A hand-over to the shop: intent first, then what became of each price.
CREATE TABLE publication (
    key        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    target     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state      TEXT NOT NULL,
    file_name  TEXT,
    sha256     BLOB
) STRICT;

CREATE TABLE publication_price (
    publication_key INTEGER NOT NULL REFERENCES publication (key),
    proposal_key    INTEGER NOT NULL REFERENCES proposal (key),
    old_minor       INTEGER,
    new_minor       INTEGER NOT NULL,
    state           TEXT NOT NULL,
    PRIMARY KEY (publication_key, proposal_key)
) STRICT, WITHOUT ROWID;
