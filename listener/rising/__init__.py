"""Rising terms: what a brand's day speaks of more than the four weeks before. Pure."""

from listener.rising.terms import Rising, rising
from listener.rising.vocabulary import Vocabulary

__all__ = ["Rising", "Vocabulary", "rising"]
