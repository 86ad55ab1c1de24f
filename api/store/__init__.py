"""What outlives a process: events, the last picture, reports; on SQLite or PostgreSQL."""
