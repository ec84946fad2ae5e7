"""What a clause undertakes, as an act that stands alone: verb first, without its subject.

In: the words of a clause and its article. Out: "run the first franchised buses", "" where no act is told.
"""
