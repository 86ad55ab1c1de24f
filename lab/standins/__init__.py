"""Stand-ins for what an office speaks to and does not own: a platform's hosts, names, a domain system that asks.

None of it is the platform, nor made after it: nobody has told its paths, its messages or its certificates. One process
for all of them.
"""
