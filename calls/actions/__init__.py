"""Every change of calls, their numbers and their operators."""
