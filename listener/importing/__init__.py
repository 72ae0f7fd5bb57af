"""Mentions from files that other tools exported: reading the rows, knowing the columns, storing the mentions."""
