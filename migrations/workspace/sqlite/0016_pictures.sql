-- Pictures for the review of matches: where they are, and small copies of those that somebody looked at.
ALTER TABLE found_page ADD COLUMN image_url TEXT;
ALTER TABLE product ADD COLUMN image_url TEXT;

-- A picture by its address. `small` is a copy made here, as JPEG; NULL: there is none, for the `problem` in words.
CREATE TABLE picture (
    url        TEXT PRIMARY KEY,
    fetched_at INTEGER NOT NULL,
    small      BLOB,
    problem    TEXT NOT NULL DEFAULT ''
) STRICT;

-- Colour and size are free attributes, called as the shop calls them; these columns were never written.
ALTER TABLE product DROP COLUMN colour;
ALTER TABLE product DROP COLUMN size;
