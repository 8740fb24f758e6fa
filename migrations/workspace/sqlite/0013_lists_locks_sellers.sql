-- Which customers and stores a price list is for, beside country and channel.
ALTER TABLE price_list ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE price_list ADD COLUMN store_group TEXT NOT NULL DEFAULT '';
ALTER TABLE price_list ADD COLUMN customer_group TEXT NOT NULL DEFAULT '';

-- A lock may name the price: a contract's, or one that a person holds (`kind` is held) whatever rules say. It stands above
-- rules; floors and ceilings hold for it. Overrides, supplier funding and channel fees that stood apart never held a row:
-- a price that is held is a lock, funding is the promotion's, fees are guardrails of the rule set.
ALTER TABLE price_lock ADD COLUMN amount_minor INTEGER;
DROP TABLE price_override;
DROP TABLE funding;
DROP TABLE fee;

-- Who sells on a marketplace, and how much is sold, as the page says.
ALTER TABLE quarantined_reading ADD COLUMN seller_key INTEGER REFERENCES seller (key);
ALTER TABLE evidence ADD COLUMN pack TEXT;

-- The first digit of a GTIN-14 tells a case from a piece (GS1 General Specifications, 3.3.2): 1 to 8.
UPDATE product_gtin SET kind = 'case' WHERE gtin BETWEEN 10000000000000 AND 89999999999999;
