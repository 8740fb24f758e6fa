-- A list may hold prices of another one (`parent_key`): those of a type, from a quantity on. Its own rows are ordinary ones.
ALTER TABLE price_list ADD COLUMN price_type TEXT NOT NULL DEFAULT 'regular';
ALTER TABLE price_list ADD COLUMN min_quantity_milli INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX price_list_part ON price_list (parent_key, price_type, min_quantity_milli) WHERE parent_key IS NOT NULL;
