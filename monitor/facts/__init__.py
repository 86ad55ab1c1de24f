"""What a device's texts and readings say, without the words of its maker."""
