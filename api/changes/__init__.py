"""Changes: plans that have begun, made durable, with everything that happened on the way."""
