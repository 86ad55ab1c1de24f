"""What a Junos text says, with braces or as `set` lines. Defaults are those Juniper documents, or they are not said."""
