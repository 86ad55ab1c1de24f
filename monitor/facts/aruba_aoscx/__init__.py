"""Facts from the running text of AOS-CX."""
