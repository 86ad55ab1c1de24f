"""HPE ProCurve and ArubaOS-Switch, by netmiko."""
