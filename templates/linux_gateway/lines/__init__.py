"""The program that keeps a gateway's tunnels and default route on lines that carry.

Through every line echo requests go to the far ends of our own tunnels and to the provider's router, four a second,
also while nobody needs the line: that a second line is dead is to be known before the first one is. Tunnels that this
gateway opens take the first way whose far end answers; those that far ends open it opens itself when charon has begun
anew, for they still believe in associations with the one before. The default route goes by the first line through
which a far end answers, or, where none does by any, the provider's router. Told in /run/fosa/lines.

Of two gateways that share their addresses only the one that holds them does any of this. When it begins to, it calls
every far end at once, whose old security association the new one replaces; when it ceases to, it ends all of them. For
a moment both may have worked, because they did not hear each other: far ends then have an association with the one
that has ceased since, and would believe in it until DPD; the one that goes on calls them anew, whatever it believes in
itself. The one that stands by asks for the providers' routers by ARP, from no address: it may not use the lines' own.
Who holds the addresses, and whether keepalived lives, is told in /run/fosa/pair.

This folder is what day 0 installs. Only the standard library; Python 3.9 and later. Nothing is imported late.
"""
