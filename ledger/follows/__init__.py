"""What people follow, how often they are told, and how they begin and end it without an account.

`follow` holds the values, `followers` who follows by a page, `links` the signed links of letters. Letters are
made in `flows.digest` and sent in `flows.delivery`; the dashboard's server answers the links.
"""
