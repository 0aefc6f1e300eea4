"""Putting a model on a device: what the course hands to those who build for one."""
