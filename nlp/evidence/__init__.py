"""What later coverage says of a pledge.

In: pledges with their commitments, and passages of later articles. Out: evidence with stance, reason and
confidence; and quotations that an outlet changed. The last package of the flow.
"""
