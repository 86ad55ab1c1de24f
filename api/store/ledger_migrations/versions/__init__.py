"""The steps, named by their number. A step that has been released is never changed."""
