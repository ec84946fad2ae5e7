"""The exported site: pledges as pages that run no script, replaced whole in one step."""
