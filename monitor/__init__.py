"""Code that reads devices and judges what it finds, and never writes to one."""
