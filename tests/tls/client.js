// Exits with 0 if it trusts the server on a port of this machine for a host name.
const { readFileSync } = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');

const [port, name] = process.argv.slice(2);
const options = { socket: net.connect(port, '127.0.0.1'), host: name, ca: readFileSync('ca.pem') };
const connection = tls.connect(net.isIP(name) ? options : { ...options, servername: name }, () => connection.end());
