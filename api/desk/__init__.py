"""The desk: where the command line and the edge bring what is to be done, and prove who they are."""
