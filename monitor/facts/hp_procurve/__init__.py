"""Facts from the running text of ArubaOS-Switch (ProCurve)."""
