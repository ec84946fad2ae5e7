"""Hosts that misbehave, on which the crawl is tried."""
