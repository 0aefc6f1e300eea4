"""The browser app's HTTP server, from what comes in to what goes out: request, door, answer, connection, server."""
