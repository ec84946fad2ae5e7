"""What pages are made of: parts, lists, charts, addresses, downloads, colours."""
