"""Servers the hub can start for itself: PostgreSQL from a wheel, Apache Kafka from its jars, a Chromium for tests."""
