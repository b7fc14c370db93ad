"""What a file name gives away: times, telephone and identity numbers, mail addresses, names. Pure; opens nothing."""

from scanner.filenames.masking import mask, mask_file, mask_quoted, mask_target
from scanner.filenames.read import tokens
from scanner.filenames.token import IDENTITIES, INDIRECT, MACHINE, PEOPLE, TIMES, Token

__all__ = [
    "IDENTITIES", "INDIRECT", "MACHINE", "PEOPLE", "TIMES", "Token", "mask", "mask_file", "mask_quoted", "mask_target",
    "tokens",
]
