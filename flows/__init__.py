"""What is run: the stages of a run, the digest and its delivery, exports, the command line, the schedule."""
