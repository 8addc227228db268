"""Answers POST over TLS with one embedding, with a certificate that it signs itself.

Argument: the name or address that the certificate is for. Prints the port, the file of the
certificate, and, each time, a line for a request; serves until its standard input ends.
"""

import http.server
import os
import ssl
import subprocess
import sys
import tempfile
import threading

subject = sys.argv[1]
folder = tempfile.TemporaryDirectory()
certificate = os.path.join(folder.name, "certificate.pem")
key = os.path.join(folder.name, "key.pem")
kind = "IP" if subject[0].isdigit() else "DNS"
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
     "-nodes", "-days", "2", "-keyout", key, "-out", certificate, "-subj", "/CN=hunch-test",
     "-addext", f"subjectAltName={kind}:{subject}"],
    check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"data": [{"embedding": [1, 2, 3]}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, address):
        # Clients that do not trust it go away.
        pass

    def finish_request(self, request, address):
        super().finish_request(context.wrap_socket(request, server_side=True), address)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port)
print(certificate, flush=True)
sys.stdin.read()
folder.cleanup()
os._exit(0)
