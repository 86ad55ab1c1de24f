"""Probes that are asked now and then. A kind of probe is a module and a row of `monitor.probes.table`."""
