"""Answers every request with its path."""

from wsgiref.simple_server import make_server


def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


make_server("", 8000, answer).serve_forever()
