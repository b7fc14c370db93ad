"""HTML of any product -> entries, told by structure. Knows the shared modules above and `text`, for text in a page."""
