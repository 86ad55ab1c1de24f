"""HPE ProCurve, later ArubaOS-Switch (2530, 2540, 2930F...): what is known of its texts."""
