"""Changes that outlive the process that makes them: the engine, the record, the schedule."""
