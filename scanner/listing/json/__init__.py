"""JSON -> entries or values: of any product by its keys, of some products as they document it. Knows no other room."""
