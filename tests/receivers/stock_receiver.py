"""A webhook receiver as the libraries' documentation shows it, with nothing of this project in it.

Prints its URL, then a line of JSON per request: {"accepted": bool, "type": str or null}. A request counts as
accepted when both libraries accept it.
Needs the subscription's secret in WEBHOOK_SECRET.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import standardwebhooks
import svix

SECRET = os.environ["WEBHOOK_SECRET"]
VERIFIERS = [standardwebhooks.Webhook(SECRET), svix.Webhook(SECRET)]
REFUSALS = (standardwebhooks.WebhookVerificationError, svix.WebhookVerificationError)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            events = [verifier.verify(body, headers) for verifier in VERIFIERS]
            accepted, kind = True, events[0]["type"]
        except REFUSALS:
            accepted, kind = False, None
        # One write, since requests are answered in threads.
        print(json.dumps({"accepted": accepted, "type": kind}) + "\n", end="", flush=True)
        self.send_response(204 if accepted else 400)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(f"http://127.0.0.1:{server.server_port}/events", flush=True)
server.serve_forever()
