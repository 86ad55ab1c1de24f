"""What an export of RouterOS says. What it leaves out is as MikroTik's manual says it is by default, or is not said."""
