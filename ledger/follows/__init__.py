"""What people follow, and how often they are told: values, read from files and pages and written to letters.

`follow` holds the values. A letter is made of them in `flows.digest`, sent in `flows.delivery`.
"""
