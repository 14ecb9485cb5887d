"""Statements <-> Label Studio: config, tasks, client, embedded server, sync."""
