"""What a person types. Every module imports lightly at its top and heavily inside its commands, so that
``listener --help`` answers at once.
"""
