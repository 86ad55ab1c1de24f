"""Reports: what was found, in an order a reader can act on."""
