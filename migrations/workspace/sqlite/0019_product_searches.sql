-- For which products a competitor's search was asked, so that the next run goes on where this one ended. By article number
-- and without references: what is forgotten here is only asked for once more, and nothing is held back by it.
CREATE TABLE product_search (
    competitor_key INTEGER NOT NULL,
    sku            TEXT NOT NULL,
    searched_at    INTEGER NOT NULL,
    PRIMARY KEY (competitor_key, sku)
) STRICT, WITHOUT ROWID;
