"""Letters of three days of the county, to be looked at: ``python -m tests.golden.letters`` makes them."""
