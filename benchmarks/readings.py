"""What the stages after the ingest would find in a made-up post: made from its tone, without any model."""

from functools import cache
from hashlib import blake2b

from benchmarks.generator import TONES, Post
from storage.records import Score, Stance, StanceReading

MODEL = "made-up"
TOPICS = {
    "App": ("app", "update", "aggiornamento", "actualización", "mise à jour"),
    "Delivery": (
        "delivery",
        "order",
        "lieferung",
        "bestellung",
        "livraison",
        "commande",
        "pedido",
        "entrega",
    ),
    "Service": ("service desk", "kundendienst", "service client", "servizio clienti", "atención al cliente"),
    "Price": ("cent", "costs", "kostet", "coûte", "cuesta", "costa"),
}
"""Words that stand in the made-up texts, by topic."""


def key(post: Post) -> str:
    """The same for texts that say the same."""
    return blake2b(f"{post.language}\n{post.text}".encode(), digest_size=16).hexdigest()


def score(post: Post) -> Score:
    """Of each ten readings one takes the tone for another; the surer, the more probable."""
    return _score(post.tone, post.serial * 2654435761 % 1000)


@cache
def _score(tone: int, chance: int) -> Score:
    found = (tone + (chance % 10 == 0)) % len(TONES)
    sure = 0.5 + chance / 2500
    rest = (1 - sure) / 3
    ps = [2 * rest if place == (found + 1) % 3 else rest for place in range(3)]
    ps[found] = sure
    return Score(p_negative=ps[0], p_neutral=ps[1], p_positive=ps[2])


def stance(post: Post) -> StanceReading:
    """Reviews say it in stars; of the others some recommend the brand or warn against it."""
    if post.rating is not None:
        found = (
            Stance.PROMOTING
            if post.rating == 5
            else Stance.DETRACTING
            if post.rating <= 2
            else Stance.INDIFFERENT
        )
        return StanceReading(
            stance=found, evidence=f"{post.rating:.0f}/5" if found != Stance.INDIFFERENT else None
        )
    takes_sides = post.serial * 40503 % 100 < 20
    if post.tone == 1 or not takes_sides:
        return StanceReading(stance=Stance.INDIFFERENT)
    side = Stance.PROMOTING if post.tone else Stance.DETRACTING
    return StanceReading(stance=side, evidence=post.text[-40:])


def aspects(post: Post) -> list[tuple[int, str, str]]:
    """Position in TOPICS, matched word, the sentence around it."""
    said = post.text.lower()
    found = []
    for number, words in enumerate(TOPICS.values()):
        for word in words:
            if (start := said.find(word)) >= 0:
                end = post.text.find(". ", start)
                found.append((number, word, post.text[: end + 1] if end > 0 else post.text))
                break
    return found
