"""Loaded by every Python that finds this folder on PYTHONPATH: connections lead to this machine or nowhere."""

import socket

_connect = socket.socket.connect


def _guarded(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(101, "the network is cut for this test")
    return _connect(self, address)


socket.socket.connect = _guarded
