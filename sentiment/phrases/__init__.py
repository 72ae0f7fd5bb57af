"""How people recommend, warn and leave: the tables that ``sentiment.stance`` reads with, one per language.

To add a phrase, write it into the table of its language, in the notation of ``sentiment.phrases.notation``.
"""

from sentiment.phrases import dutch, english, german, romance

PHRASES = (*german.PHRASES, *english.PHRASES, *romance.PHRASES, *dutch.PHRASES)
