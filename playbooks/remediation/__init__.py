"""The way from one text of a command line to another, where the device does not find it itself: hier_config, tamed."""
