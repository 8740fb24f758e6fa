-- In cash a list's prices are whole multiples of a step, and only so many of its labels can be changed a day.
ALTER TABLE price_list ADD COLUMN cash_step_minor INTEGER NOT NULL DEFAULT 1;
ALTER TABLE price_list ADD COLUMN labels_per_day INTEGER;

-- How many guardrails that only warn the proposed price crosses.
ALTER TABLE proposal ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
CREATE INDEX proposal_warned ON proposal (batch_key, status) WHERE warnings > 0;
