"""How long a packet may be that goes through a tunnel: what is to be expected, and what is found."""
