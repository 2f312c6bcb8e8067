"""The pages of those who own the content: the documents, how they were read, and what readers made of them."""
