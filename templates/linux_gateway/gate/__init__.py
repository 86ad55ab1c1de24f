"""The gate: the only program of fosa on a gateway. It reads, checks, applies and takes back a whole configuration.

    gate read|write "WORDS OF THE SSH COMMAND"     forced command of fosa-read and fosa-write, by sudo
    gate boot                                      before anything loads rules: takes back what was armed
    gate fire TOKEN                                the dead-man's sleeper, started by commit

A commit arms a sleeper that takes everything back unless `confirm` comes first; the rename of one folder decides
between the two. Only the standard library; Python 3.9 and later. Everything read has a bound.

Three requests are streams: `vici` lets questions to charon and its events pass, `links` tells which interfaces are up,
and `sniff` listens for a while whether anything leaves a line that must not.

This folder is what day 0 installs. Nothing is imported late: a sleeper outlives the files it was started from.
"""
