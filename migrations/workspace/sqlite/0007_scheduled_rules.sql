-- A version of the rules may wait: as a draft, or until its time comes.
ALTER TABLE rule_set ADD COLUMN in_force_from INTEGER;
