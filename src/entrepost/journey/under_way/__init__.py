"""Items under way: where each is and when it arrives, by an exact filter over what was heard and what was not."""
