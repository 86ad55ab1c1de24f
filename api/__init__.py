"""Where people and machines come in: the command line, later the web and the programming interface."""
