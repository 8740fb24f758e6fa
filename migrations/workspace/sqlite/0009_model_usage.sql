-- What language models used in each month. It changes nothing in the workspace, so it belongs to no change set.
--
-- `month` counts from year 0: year × 12 + month − 1. `cost_micro` is in 10⁻⁶ of the currency of the settings at the time.
CREATE TABLE model_usage (
    month         INTEGER PRIMARY KEY,
    calls         INTEGER NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_micro    INTEGER NOT NULL
) STRICT;
