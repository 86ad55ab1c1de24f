"""What a text of Cisco IOS says."""
