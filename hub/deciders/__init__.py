"""Deciders: pure functions from what is known and what arrives to the events that follow."""
