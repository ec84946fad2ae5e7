"""What pages are made of: parts, lists, tallies, addresses, downloads, colours."""
