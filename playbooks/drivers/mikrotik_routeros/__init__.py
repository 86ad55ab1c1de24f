"""RouterOS by netmiko: a backup and an entry of the scheduler take back what nobody confirms, by a restart."""
