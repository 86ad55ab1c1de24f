"""Everything fosa knows in one sealed file, and back."""
