"""What the network should be: the office, read from a folder of YAML files."""
