"""Plain text as `ls -l`, `dir` and their like print it -> entries. Knows no other room."""
