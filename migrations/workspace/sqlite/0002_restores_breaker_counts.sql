-- Counts of a batch by list and kind are read from the index alone: the proposals themselves are long.
DROP INDEX proposal_batch;
CREATE INDEX proposal_batch ON proposal (batch_key, status, reason, change_bp, kind, list_key);

-- A hand-over that put previous prices back names the one it took back.
ALTER TABLE publication ADD COLUMN restores INTEGER REFERENCES publication (key);

-- Why a batch waits as a whole (JSON: a list of sentences; NULL: it does not), and who let it go on and why.
ALTER TABLE batch ADD COLUMN held_for TEXT;
ALTER TABLE batch ADD COLUMN released_by TEXT;
ALTER TABLE batch ADD COLUMN released_at INTEGER;
ALTER TABLE batch ADD COLUMN release_reason TEXT;
