"""An office made of network namespaces, to try everything on."""
