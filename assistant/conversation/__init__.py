"""A question and the conversation before it: made to stand alone, in the words of both."""
