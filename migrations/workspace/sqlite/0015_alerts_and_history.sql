-- How many subjects an alert could not judge at its newest look, because their prices were too old.
ALTER TABLE alert_watch ADD COLUMN unjudged INTEGER NOT NULL DEFAULT 0;

-- Days on which nobody looked at the market had shown the standing of the look before. They are summed up anew once.
INSERT OR REPLACE INTO figure_state (name, value) VALUES ('history_from', -4000000);
