"""Exits with 0 if it trusts the server on a port of this machine for a host name."""

import socket
import ssl
import sys

port, name = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile="ca.pem")
with socket.create_connection(("127.0.0.1", port)) as connection:
    context.wrap_socket(connection, server_hostname=name).close()
