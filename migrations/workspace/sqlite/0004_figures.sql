-- Figures by day, so that no page scans history. All of it can be computed again from facts and is written apart from
-- operations, without a change set. Days are days since 1970-01-01 in UTC.

-- What figures are kept by, beside day, list and competitor. In other tables key 0 stands for all segments together.
CREATE TABLE segment (
    key      INTEGER PRIMARY KEY,
    category TEXT NOT NULL,
    brand    TEXT NOT NULL,
    role     TEXT NOT NULL,
    UNIQUE (category, brand, role)
) STRICT;

-- How the standing on a list against a competitor (0: against the lowest offer of all) stood at the end of the newest
-- day: priced products, wins, ties, losses, and the sums of the basket index, Σ(units × price), in thousandths of minor
-- units.
CREATE TABLE market_standing (
    list_key       INTEGER NOT NULL,
    competitor_key INTEGER NOT NULL,
    segment_key    INTEGER NOT NULL,
    products       INTEGER NOT NULL,
    win            INTEGER NOT NULL,
    tie            INTEGER NOT NULL,
    loss           INTEGER NOT NULL,
    own            INTEGER NOT NULL,
    theirs         INTEGER NOT NULL,
    PRIMARY KEY (list_key, competitor_key, segment_key)
) STRICT, WITHOUT ROWID;

-- By how much it changed on a day; days without a change have no row, so that the file grows with what happens.
CREATE TABLE market_day (
    list_key       INTEGER NOT NULL,
    day            INTEGER NOT NULL,
    competitor_key INTEGER NOT NULL,
    segment_key    INTEGER NOT NULL,
    products       INTEGER NOT NULL,
    win            INTEGER NOT NULL,
    tie            INTEGER NOT NULL,
    loss           INTEGER NOT NULL,
    own            INTEGER NOT NULL,
    theirs         INTEGER NOT NULL,
    PRIMARY KEY (list_key, day, competitor_key, segment_key)
) STRICT, WITHOUT ROWID;

-- Price changes of competitors by the hour they were first seen in; changes are held at 10⁻⁹ of the price before.
CREATE TABLE change_hour (
    hour           INTEGER NOT NULL,
    competitor_key INTEGER NOT NULL,
    segment_key    INTEGER NOT NULL,
    lowered        INTEGER NOT NULL,
    raised         INTEGER NOT NULL,
    signed         INTEGER NOT NULL,
    absolute       INTEGER NOT NULL,
    PRIMARY KEY (hour, competitor_key, segment_key)
) STRICT, WITHOUT ROWID;

-- Net sales by day and segment, with the cost in force that day.
CREATE TABLE sales_day (
    list_key      INTEGER NOT NULL,
    day           INTEGER NOT NULL,
    segment_key   INTEGER NOT NULL,
    units_milli   INTEGER NOT NULL,
    revenue_micro INTEGER NOT NULL,
    costed_micro  INTEGER NOT NULL,
    cost_micro    INTEGER NOT NULL,
    promotion_micro INTEGER NOT NULL,
    PRIMARY KEY (list_key, day, segment_key)
) STRICT, WITHOUT ROWID;

-- Net sales by week (from its Monday) and product: bridges are about products. Only sales with a known cost.
CREATE TABLE sales_week (
    week          INTEGER NOT NULL,
    list_key      INTEGER NOT NULL,
    product_key   INTEGER NOT NULL,
    units_milli   INTEGER NOT NULL,
    revenue_micro INTEGER NOT NULL,
    cost_micro    INTEGER NOT NULL,
    PRIMARY KEY (week, list_key, product_key)
) STRICT, WITHOUT ROWID;

-- How far figures are: `market` is the place of the change sequence that `market_standing` shows. The others say from
-- when on they are stale (an hour or a day); no row: they are up to date.
CREATE TABLE figure_state (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything before this migration is summed up once.
INSERT INTO figure_state (name, value) VALUES ('changes_from', -4000000), ('history_from', -4000000), ('sales_from', -4000000);
