"""Making the built-in model's file: ``python -m sentiment.training``, see ``docs/model-card.md``."""
